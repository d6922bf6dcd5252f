/** The segments of a log by base offset; the last one is active. */
import { assert } from "../base/assert.ts";
import type { Segment } from "./segment.ts";

export class SegmentList {
  private list: Segment[] = [];

  get all(): readonly Segment[] {
    return this.list;
  }

  get count(): number {
    return this.list.length;
  }

  get first(): Segment {
    assert(this.list.length > 0, "a log has a segment");
    return this.list[0] as Segment;
  }

  get active(): Segment {
    assert(this.list.length > 0, "a log has a segment");
    return this.list[this.list.length - 1] as Segment;
  }

  get sizeBytes(): number {
    let sum = 0;
    for (const segment of this.list) sum += segment.sizeBytes;
    return sum;
  }

  /** The place of the segment that may hold the offset; -1 where all begin above it. */
  floorIndex(offset: number): number {
    let low = -1;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.list[middle] as Segment).baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  at(index: number): Segment | undefined {
    return this.list[index];
  }

  /** From the one that may hold the offset on. */
  from(offset: number): Segment[] {
    return this.list.slice(Math.max(0, this.floorIndex(offset)));
  }

  add(segment: Segment): void {
    assert(this.list.length === 0 || segment.baseOffset > this.active.baseOffset, "segments are added at the end");
    this.list.push(segment);
  }

  remove(segment: Segment): void {
    const at = this.list.indexOf(segment);
    assert(at >= 0, "a removed segment was in the log");
    this.list.splice(at, 1);
  }

  /** Neighbours give way to one that covers their offsets. */
  replace(inputs: readonly Segment[], output: Segment): void {
    const at = this.list.indexOf(inputs[0] as Segment);
    assert(at >= 0 && inputs.every((segment, n) => this.list[at + n] === segment), "neighbours are replaced");
    this.list.splice(at, inputs.length, output);
  }

  baseOffsets(): number[] {
    return this.list.map((segment) => segment.baseOffset);
  }
}

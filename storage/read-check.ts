/**
 * Nothing is served that has not been found whole. What this process appended or recovered it knows; every other range
 * is read and checked once, before it is first served, and again whenever its pages had left memory. Where a
 * read begins the offset index says, which has no checksum: its entry must agree with the batch that it points at.
 */
import type { Disk } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import * as batch from "../protocol/records/batch.ts";
import { isIntact, lastOffsetOf, leaderEpochOf } from "./batch-facts.ts";
import { WholeWalk } from "./batch-walk.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { Segment } from "./segment.ts";

/** File positions that need no check. */
export class CheckedRanges {
  /** Ascending, with gaps between them. */
  private ranges: { from: number; to: number }[] = [];

  covers(from: number, to: number): boolean {
    if (from >= to) return true;
    for (let n = this.ranges.length - 1; n >= 0; n--) {
      const range = this.ranges[n] as { from: number; to: number };
      if (range.from <= from) return to <= range.to;
    }
    return false;
  }

  add(from: number, to: number): void {
    if (from >= to) return;
    const last = this.ranges.at(-1);
    if (last !== undefined && last.to === from) {
      last.to = to; // an append
      return;
    }
    this.join(from, to);
  }

  private join(from: number, to: number): void {
    const apart = this.ranges.filter((range) => range.to < from || range.from > to);
    const joined = this.ranges.filter((range) => range.to >= from && range.from <= to);
    const start = Math.min(from, ...joined.map((range) => range.from));
    this.ranges = [...apart, { from: start, to: Math.max(to, ...joined.map((range) => range.to)) }];
    this.ranges.sort((a, b) => a.from - b.from);
  }

  forget(from: number, to: number): void {
    const pieces = this.ranges.flatMap((range) => [
      { from: range.from, to: Math.min(range.to, from) },
      { from: Math.max(range.from, to), to: range.to },
    ]);
    this.ranges = pieces.filter((range) => range.from < range.to);
  }
}

/** What the neighbours of a range say. */
export interface Surroundings {
  readonly disk: Disk;
  readonly epochs: LeaderEpochs;
  /** No batch of the segment reaches this offset: the next segment's base, or the end of the log. */
  readonly endOffset: number;
}

/** A check of the batches in [from, to), in steps. `from` is where a batch begins. */
export class RangeCheck {
  private readonly segment: Segment;
  private readonly from: number;
  private readonly to: number;
  private readonly around: Surroundings;
  private readonly walk: WholeWalk;
  private next: number;

  constructor(segment: Segment, from: number, to: number, around: Surroundings, blockBytes: number) {
    this.segment = segment;
    this.from = from;
    this.to = to;
    this.around = around;
    this.walk = new WholeWalk(
      around.disk,
      segment.file.get(),
      from,
      segment.sizeBytes,
      Math.min(blockBytes, to - from),
    );
    this.next = from === 0 ? segment.baseOffset : Number.NEGATIVE_INFINITY;
  }

  /** True when all of the range is whole. @throws CORRUPT_MESSAGE */
  step(budgetBytes: number): boolean {
    const { walk, to } = this;
    const until = Math.min(to, walk.position + walk.sizeBytes + budgetBytes);
    while (walk.position + walk.sizeBytes < until) {
      const position = walk.position + walk.sizeBytes;
      if (!walk.next()) throw this.damaged(position, "no whole batch is there");
      const fault = this.faultOf(walk.bytes, walk.at);
      if (fault !== null) throw this.damaged(position, fault);
      this.next = lastOffsetOf(walk.bytes, walk.at) + 1;
    }
    if (walk.position + walk.sizeBytes < to) return false;
    this.compareWithNext(walk.position + walk.sizeBytes);
    this.segment.checked.add(this.from, walk.position + walk.sizeBytes);
    return true;
  }

  /** Offsets and epoch are not in the checksum: the neighbours and the leader epochs must agree with them. */
  private faultOf(bytes: Uint8Array, at: number): string | null {
    if (!isIntact(bytes, at)) return "the checksum does not fit the batch";
    const last = lastOffsetOf(bytes, at);
    if (batch.magic(bytes, at) < 2) return last < this.next ? `offset ${last} follows ${this.next - 1}` : null;
    const base = batch.baseOffset(bytes, at);
    if (base < this.next || last < base) return `offset ${base} follows ${this.next - 1}`;
    const { epochs } = this.around;
    const epoch = leaderEpochOf(bytes, at);
    const expected = epoch === batch.NO_LEADER_EPOCH ? null : epochs.epochFor(base);
    return expected === null || expected === epoch ? null : `its leader epoch is ${epoch}, not ${expected}`;
  }

  /** A wrong offset of the last batch shows in what follows it. */
  private compareWithNext(position: number): void {
    const { segment, around } = this;
    let bound = around.endOffset;
    if (position < segment.sizeBytes) {
      const header = segment.headersFrom(position);
      if (header.next() && batch.magic(header.bytes, header.at) >= 2) {
        bound = Math.min(bound, batch.baseOffset(header.bytes, header.at));
      }
    }
    if (this.next > bound) throw this.damaged(position, `offset ${bound} follows ${this.next - 1}`);
  }

  private damaged(position: number, why: string): KafkaError {
    return new KafkaError("CORRUPT_MESSAGE", `${this.segment.file.path} is damaged at byte ${position}: ${why}`);
  }
}

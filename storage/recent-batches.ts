/**
 * Where the last batches lie that this process appended to a segment. Consumers that keep up ask for exactly these, and
 * find them without reading the file.
 */

import type { BatchPlace } from "./segment.ts";

/** Each takes 24 bytes of memory, in every segment that grows. */
const BATCHES_MAX = 32;

export class RecentBatches {
  /** A ring: base offset, last offset and position of each. Made by the first append. */
  private places: Float64Array | null = null;
  private count = 0;
  private next = 0;

  /** Batches come in the order of their offsets, each behind the one before. */
  add(baseOffset: number, lastOffset: number, position: number): void {
    this.places ??= new Float64Array(3 * BATCHES_MAX);
    const at = 3 * this.next;
    this.places[at] = baseOffset;
    this.places[at + 1] = lastOffset;
    this.places[at + 2] = position;
    this.next = (this.next + 1) % BATCHES_MAX;
    if (this.count < BATCHES_MAX) this.count++;
  }

  /**
   * The batch that contains the offset, or the first behind it; null where it is not among them. The segment ends at
   * `sizeBytes`.
   */
  find(offset: number, sizeBytes: number): BatchPlace | null {
    const { places, count, next } = this;
    if (places === null || count === 0) return null;
    const oldest = (next - count + BATCHES_MAX) % BATCHES_MAX;
    // What is below the oldest may lie in a batch that is not here, or in a gap before it: the file knows.
    if (offset < (places[3 * oldest] as number)) return null;
    let low = 0;
    let high = count; // the first whose last offset is not below
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[3 * ((oldest + middle) % BATCHES_MAX) + 1] as number) < offset) low = middle + 1;
      else high = middle;
    }
    if (low === count) return null;
    const at = 3 * ((oldest + low) % BATCHES_MAX);
    const position = places[at + 2] as number;
    const end = low + 1 === count ? sizeBytes : (places[3 * ((oldest + low + 1) % BATCHES_MAX) + 2] as number);
    return { searchedFrom: position, position, sizeBytes: end - position, baseOffset: places[at] as number };
  }

  /** The end of the segment was cut, or it grows no more. */
  clear(): void {
    this.places = null;
    this.count = 0;
    this.next = 0;
  }
}

/**
 * `.index`: from offset to file position, one entry of 8 bytes (offset relative to the segment's base, position) about
 * every `index.interval.bytes`. An entry holds the last offset of the batch that begins at its position.
 */
import { assert } from "../base/assert.ts";
import { int32, putInt32 } from "../protocol/records/batch.ts";
import { EntryFile } from "./entry-file.ts";
import { type FilePool, PooledFile } from "./file-pool.ts";

const ENTRY_BYTES = 8;

export interface OffsetPosition {
  readonly offset: number;
  readonly position: number;
}

export class OffsetIndex {
  readonly entries: EntryFile;
  readonly baseOffset: number;

  constructor(pool: FilePool, path: string, baseOffset: number, maxBytes: number) {
    this.baseOffset = baseOffset;
    this.entries = new EntryFile(pool, new PooledFile(pool, path), ENTRY_BYTES, maxBytes);
  }

  get isFull(): boolean {
    return this.entries.count >= this.entries.maxCount;
  }

  entry(n: number): OffsetPosition {
    const { bytes, at } = this.entries.locate(n);
    return { offset: this.baseOffset + int32(bytes, at), position: int32(bytes, at + 4) };
  }

  get last(): OffsetPosition {
    const { count } = this.entries;
    return count === 0 ? { offset: this.baseOffset, position: 0 } : this.entry(count - 1);
  }

  append(lastOffset: number, position: number): void {
    assert(this.entries.count === 0 || lastOffset > this.last.offset, "index entries are in offset order");
    const { bytes, at } = this.entries.grow();
    putInt32(bytes, at, lastOffset - this.baseOffset);
    putInt32(bytes, at + 4, position);
  }

  /** The entry at or below the offset; the segment's beginning where there is none. */
  lookup(offset: number): OffsetPosition {
    const n = this.floor(offset);
    return n < 0 ? { offset: this.baseOffset, position: 0 } : this.entry(n);
  }

  /** The first offset of an entry at or behind `position`, null where there is none. */
  offsetFrom(position: number): number | null {
    const n = this.entries.lastWhere((i) => this.entry(i).position < position) + 1;
    return n < this.entries.count ? this.entry(n).offset : null;
  }

  /** Drops entries at and behind the offset. */
  truncateTo(offset: number): void {
    const n = this.floor(offset - 1);
    this.entries.truncate(n + 1);
  }

  /** What is wrong at a glance, such as the zeros of an index that was never trimmed; null where it is plausible. */
  fault(): string | null {
    const { count, aligned } = this.entries;
    if (!aligned) return "its length is not a whole number of entries";
    if (count > 0 && this.last.offset <= this.baseOffset) return "its last offset is not above the segment's base";
    if (count > 0 && this.last.position <= this.entry(0).position && count > 1) return "its positions do not grow";
    return null;
  }

  /** The number of the entry at or below the offset, -1 where there is none. */
  floor(offset: number): number {
    const relative = offset - this.baseOffset;
    return this.entries.lastWhere((n) => {
      const { bytes, at } = this.entries.locate(n);
      return int32(bytes, at) <= relative;
    });
  }
}

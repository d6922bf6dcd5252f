/**
 * `.timeindex`: the largest timestamp so far and where it first came, one entry of 12 bytes (timestamp, offset
 * relative to the segment's base) whenever the offset index gets one and the timestamp grew.
 */
import { assert } from "../base/assert.ts";
import { int32, int64, NO_TIMESTAMP, putInt32, putInt64 } from "../protocol/records/batch.ts";
import { EntryFile } from "./entry-file.ts";
import { type FilePool, PooledFile } from "./file-pool.ts";

const ENTRY_BYTES = 12;

export interface TimestampOffset {
  readonly timestamp: number;
  readonly offset: number;
}

export class TimeIndex {
  readonly entries: EntryFile;
  readonly baseOffset: number;
  private lastEntry: TimestampOffset | null = null;

  constructor(pool: FilePool, path: string, baseOffset: number, maxBytes: number) {
    this.baseOffset = baseOffset;
    this.entries = new EntryFile(pool, new PooledFile(pool, path), ENTRY_BYTES, maxBytes);
  }

  /** One entry is kept free for the one that closing the segment adds. */
  get isFull(): boolean {
    return this.entries.count >= this.entries.maxCount - 1;
  }

  entry(n: number): TimestampOffset {
    const { bytes, at } = this.entries.locate(n);
    return { timestamp: int64(bytes, at), offset: this.baseOffset + int32(bytes, at + 8) };
  }

  get last(): TimestampOffset {
    if (this.lastEntry === null) {
      const { count } = this.entries;
      this.lastEntry = count === 0 ? { timestamp: NO_TIMESTAMP, offset: this.baseOffset } : this.entry(count - 1);
    }
    return this.lastEntry;
  }

  /** Adds the entry if its timestamp is larger than the last one's. */
  maybeAppend(timestamp: number, offset: number): void {
    const last = this.last;
    if (timestamp <= last.timestamp) return;
    assert(this.entries.count === 0 || offset >= last.offset, "time index entries are in offset order");
    const { bytes, at } = this.entries.grow();
    putInt64(bytes, at, timestamp);
    putInt32(bytes, at + 8, offset - this.baseOffset);
    this.lastEntry = { timestamp, offset };
  }

  /** The last entry whose timestamp is at or below; all records up to its offset are at or below as well. */
  lookup(timestamp: number): TimestampOffset {
    const n = this.entries.lastWhere((i) => this.entry(i).timestamp <= timestamp);
    return n < 0 ? { timestamp: NO_TIMESTAMP, offset: this.baseOffset } : this.entry(n);
  }

  /** Drops entries at and behind the offset. */
  truncateTo(offset: number): void {
    const n = this.entries.lastWhere((i) => this.entry(i).offset < offset);
    this.truncate(n + 1);
  }

  truncate(count: number): void {
    this.entries.truncate(count);
    this.lastEntry = null;
  }

  /** As OffsetIndex.fault. */
  fault(): string | null {
    const { count, aligned } = this.entries;
    if (!aligned) return "its length is not a whole number of entries";
    if (count === 0) return null;
    if (count > 1 && this.last.timestamp <= this.entry(0).timestamp) return "its timestamps do not grow";
    if (this.last.offset < this.baseOffset) return "its last offset lies below the segment's base";
    return null;
  }
}

/**
 * `.txnindex`: the aborted transactions whose markers lie in the segment, in marker order: version 0, producer id,
 * first and last offset, and the last stable offset when the marker came (34 bytes). Created with its first entry.
 */
import { assert } from "../base/assert.ts";
import { int16, int64, putInt16, putInt64 } from "../protocol/records/batch.ts";
import { type FilePool, PooledFile } from "./file-pool.ts";
import type { AbortedTransaction } from "./log-read.ts";

const ENTRY_BYTES = 34;

export class TxnIndex {
  readonly file: PooledFile;
  /** Its entries were compared with the log, or come from this process. */
  checked = false;
  private count: number;
  /** What the device may still have behind the end has to go from there too, also where nothing is left. */
  private wasCut = false;

  constructor(pool: FilePool, path: string) {
    this.file = new PooledFile(pool, path);
    this.count = Math.floor((pool.disk.info(path)?.sizeBytes ?? 0) / ENTRY_BYTES);
    this.checked = this.count === 0;
  }

  /** Something of it has to be made durable. */
  get isWritten(): boolean {
    return this.count > 0 || this.wasCut;
  }

  append(aborted: AbortedTransaction): void {
    const last = this.count === 0 ? null : this.entry(this.count - 1);
    assert(last === null || last.lastOffset < aborted.lastOffset, "markers are in offset order");
    const bytes = new Uint8Array(ENTRY_BYTES);
    putInt16(bytes, 0, 0);
    putInt64(bytes, 2, aborted.producerId);
    putInt64(bytes, 10, aborted.firstOffset);
    putInt64(bytes, 18, aborted.lastOffset);
    putInt64(bytes, 26, aborted.lastStableOffset);
    this.file.disk.write(this.file.get(), this.count * ENTRY_BYTES, [bytes]);
    this.count++;
  }

  all(): AbortedTransaction[] {
    return Array.from({ length: this.count }, (_, n) => this.entry(n));
  }

  /** Adds those that touch [offset, upToOffset); true where no later segment can hold another. */
  collect(offset: number, upToOffset: number, into: AbortedTransaction[]): boolean {
    for (let n = 0; n < this.count; n++) {
      const aborted = this.entry(n);
      if (aborted.lastOffset >= offset && aborted.firstOffset < upToOffset) into.push(aborted);
      if (aborted.lastStableOffset >= upToOffset) return true;
    }
    return false;
  }

  truncateTo(offset: number): void {
    let kept = 0;
    while (kept < this.count && this.entry(kept).lastOffset < offset) kept++;
    this.cut(kept);
  }

  reset(): void {
    this.cut(0);
  }

  /** What is wrong with the file, null where nothing is. */
  fault(baseOffset: number): string | null {
    for (let n = 0; n < this.count; n++) {
      const version = int16(this.bytes(n), 0);
      if (version !== 0) return `its entry ${n} is of version ${version}`;
      const { lastOffset } = this.entry(n);
      if (lastOffset < baseOffset) return `its entry ${n} ends at ${lastOffset}, below the segment's base`;
    }
    return null;
  }

  close(): void {
    this.file.close();
  }

  private cut(count: number): void {
    if (!this.file.exists()) return;
    this.file.disk.truncate(this.file.get(), count * ENTRY_BYTES);
    this.count = count;
    this.wasCut = true;
    if (count === 0) this.checked = true;
  }

  private entry(n: number): AbortedTransaction {
    const bytes = this.bytes(n);
    return {
      producerId: int64(bytes, 2),
      firstOffset: int64(bytes, 10),
      lastOffset: int64(bytes, 18),
      lastStableOffset: int64(bytes, 26),
    };
  }

  private bytes(n: number): Uint8Array {
    return this.file.disk.read(this.file.get(), n * ENTRY_BYTES, ENTRY_BYTES);
  }
}

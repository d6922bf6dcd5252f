/**
 * The file behind an index: entries of one size, in order. While its segment grows the file has its full length, as
 * Apache preallocates it, and new entries wait in memory until `flush`, which comes with each sync and after so many of
 * them: tools that read a live directory find them. A sealed one is trimmed to its entries. Lost entries do no harm:
 * recovery builds them again for every segment above the recovery point, and a sealed index is synced before the
 * recovery point passes it.
 */
import { assert } from "../base/assert.ts";
import { type FilePool, type IndexWindow, type PooledFile, WINDOW_BYTES } from "./file-pool.ts";

/** So many bytes of written entries stay in memory: the lookups of tail readers end there. */
const warmBytes = 8192;

export class EntryFile {
  readonly file: PooledFile;
  readonly entryBytes: number;
  private readonly pool: FilePool;
  private readonly number: number;
  private lengthBytes: number;
  private entries: number;
  /** Entries from `tailStart` on, in memory; those from `written` on are not in the file yet. */
  private tail = new Uint8Array(0);
  private tailStart: number;
  private written: number;

  /** `createBytes`: the length of a file that does not exist yet. */
  constructor(pool: FilePool, file: PooledFile, entryBytes: number, createBytes: number) {
    this.pool = pool;
    this.number = pool.nextIndexNumber();
    this.file = file;
    this.entryBytes = entryBytes;
    const info = pool.disk.info(file.path);
    if (info === null) {
      this.lengthBytes = this.roundDown(createBytes);
      pool.disk.truncate(file.get(), this.lengthBytes);
      this.entries = 0;
    } else {
      this.lengthBytes = info.sizeBytes;
      this.entries = Math.floor(info.sizeBytes / entryBytes);
    }
    this.tailStart = this.entries;
    this.written = this.entries;
  }

  get count(): number {
    return this.entries;
  }

  /** Of the entries alone. */
  get sizeBytes(): number {
    return this.entries * this.entryBytes;
  }

  get maxCount(): number {
    return Math.floor(this.lengthBytes / this.entryBytes);
  }

  /** The file's length is a whole number of entries. */
  get aligned(): boolean {
    return this.lengthBytes % this.entryBytes === 0;
  }

  /** Entries that are in memory alone. */
  get unwritten(): number {
    return this.entries - this.written;
  }

  /** Makes room for one entry at the end; the caller fills `entryBytes` bytes from the returned place. */
  grow(): { readonly bytes: Uint8Array; readonly at: number } {
    assert(this.entries < this.maxCount, "Log rolls before an index is full");
    const at = (this.entries - this.tailStart) * this.entryBytes;
    if (at + this.entryBytes > this.tail.length) {
      const tail = new Uint8Array(Math.max(this.tail.length * 2, 64 * this.entryBytes));
      tail.set(this.tail.subarray(0, at));
      this.tail = tail;
    }
    this.entries++;
    return { bytes: this.tail, at };
  }

  /** Where entry `n` can be read; valid until the next call on any index of the pool. */
  locate(n: number): { readonly bytes: Uint8Array; readonly at: number } {
    assert(n >= 0 && n < this.entries, "the entry exists");
    if (n >= this.tailStart) return { bytes: this.tail, at: (n - this.tailStart) * this.entryBytes };
    const { windows } = this.pool;
    const perBlock = Math.floor(WINDOW_BYTES / this.entryBytes);
    const block = Math.floor(n / perBlock);
    const window = windows[(block + 5 * this.number) % windows.length] as IndexWindow;
    const at = (n - block * perBlock) * this.entryBytes;
    if (window.owner !== this || window.block !== block || at + this.entryBytes > window.length) {
      window.owner = null;
      if (window.bytes.length === 0) window.bytes = new Uint8Array(WINDOW_BYTES);
      const start = block * perBlock * this.entryBytes;
      window.length = this.pool.disk.readInto(this.file.get(), start, window.bytes);
      window.block = block;
      window.owner = this;
    }
    return { bytes: window.bytes, at };
  }

  /** The last entry for which `precedes` holds, given that it holds for a prefix; -1 where for none. */
  lastWhere(precedes: (n: number) => boolean): number {
    let low = -1;
    let high = this.entries - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (precedes(middle)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Keeps the first `count` entries. The file keeps its length; what follows is overwritten or trimmed later. */
  truncate(count: number): void {
    assert(count <= this.entries, "truncation only shortens");
    this.entries = count;
    if (count < this.tailStart) {
      this.tailStart = count;
      this.tail = new Uint8Array(0);
    }
    this.written = Math.min(this.written, count);
    this.forgetWindow();
  }

  /** Hands the entries in memory to the page cache. */
  flush(): void {
    if (this.written === this.entries) return;
    const from = (this.written - this.tailStart) * this.entryBytes;
    const to = (this.entries - this.tailStart) * this.entryBytes;
    this.pool.disk.write(this.file.get(), this.written * this.entryBytes, [this.tail.subarray(from, to)]);
    this.written = this.entries;
    const keep = Math.floor(warmBytes / this.entryBytes);
    if (this.entries - this.tailStart > 4 * keep) {
      this.tail = this.tail.slice(to - keep * this.entryBytes, to);
      this.tailStart = this.entries - keep;
    }
    this.forgetWindow();
  }

  /** The file gets room for `maxBytes` of entries, as an active segment's has. */
  resize(maxBytes: number): void {
    const lengthBytes = Math.max(this.roundDown(maxBytes), this.entries * this.entryBytes);
    if (lengthBytes === this.lengthBytes) return;
    this.pool.disk.truncate(this.file.get(), lengthBytes);
    this.lengthBytes = lengthBytes;
    this.forgetWindow();
  }

  /** The file ends with its last entry. */
  trim(): void {
    this.flush();
    this.resize(0);
  }

  /** Sealed: nothing stays in memory. */
  seal(): void {
    this.trim();
    this.tail = new Uint8Array(0);
    this.tailStart = this.entries;
  }

  close(): void {
    this.forgetWindow();
    this.file.close();
  }

  private forgetWindow(): void {
    for (const window of this.pool.windows) if (window.owner === this) window.owner = null;
  }

  private roundDown(bytes: number): number {
    return bytes - (bytes % this.entryBytes);
  }
}

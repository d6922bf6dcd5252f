/**
 * One file of a simulated disk: what programs see (the page cache) and what the device holds. A power cut leaves any
 * legal mixture of the two: a prefix of the size changes since the last sync, and of every sector written since then
 * the old or the new content.
 */
import type { Dice } from "./dice.ts";

export const PAGE_BYTES = 4096;
const SECTOR_BYTES = 512;

interface Page {
  bytes: Uint8Array;
  /** A sync under way, or the device, refers to the bytes: they are copied before they change. */
  shared: boolean;
}

interface SizeChange {
  readonly change: number;
  readonly sizeBytes: number;
}

/** What a sync has to bring to the device, as it was when the sync began. */
export interface SyncImage {
  readonly change: number;
  readonly sizeBytes: number;
  readonly smallestBytes: number;
  readonly pages: readonly (readonly [page: number, bytes: Uint8Array | null])[];
}

const zeros = new Uint8Array(PAGE_BYTES);

export class FileImage {
  sizeBytes = 0;
  modifiedMs = 0;
  locked = false;
  readonly views = new Set<{ readonly end: number }>();
  private cache = new Map<number, Page>();
  private durable = new Map<number, Uint8Array>();
  private durableBytes = 0;
  /** Page → number of its last change. */
  private readonly dirty = new Map<number, number>();
  private sizes: SizeChange[] = [];
  private changes = 0;
  private syncedChange = 0;

  get isDirty(): boolean {
    return this.dirty.size > 0 || this.sizes.length > 0;
  }

  /** Holes take no room. */
  get usedBytes(): number {
    return this.cache.size * PAGE_BYTES;
  }

  readInto(position: number, into: Uint8Array): number {
    const end = Math.min(position + into.length, this.sizeBytes);
    for (let at = position; at < end; ) {
      const page = Math.floor(at / PAGE_BYTES);
      const from = at - page * PAGE_BYTES;
      const upTo = Math.min(PAGE_BYTES, from + end - at);
      const source = this.cache.get(page)?.bytes ?? zeros;
      into.set(source.subarray(from, upTo), at - position);
      at += upTo - from;
    }
    return Math.max(0, end - position);
  }

  read(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.sizeBytes - position)));
    this.readInto(position, bytes);
    return bytes;
  }

  /** What the device holds from a position on, whatever programs see. */
  durableContent(from = 0): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, this.durableBytes - from));
    for (const [page, content] of this.durable) {
      const at = page * PAGE_BYTES - from;
      if (at >= bytes.length || at + PAGE_BYTES <= 0) continue;
      const skipped = Math.max(0, -at);
      bytes.set(content.subarray(skipped, Math.min(PAGE_BYTES, bytes.length - at)), at + skipped);
    }
    return bytes;
  }

  write(position: number, bytes: Uint8Array): void {
    const change = ++this.changes;
    for (let at = 0; at < bytes.length; ) {
      const page = Math.floor((position + at) / PAGE_BYTES);
      const from = position + at - page * PAGE_BYTES;
      const length = Math.min(PAGE_BYTES - from, bytes.length - at);
      this.own(page).set(bytes.subarray(at, at + length), from);
      this.dirty.set(page, change);
      at += length;
    }
    if (position + bytes.length > this.sizeBytes) this.resize(position + bytes.length);
  }

  truncate(length: number): void {
    const change = ++this.changes;
    if (length < this.sizeBytes) {
      const boundary = Math.floor(length / PAGE_BYTES);
      for (const page of [...this.cache.keys()]) {
        if (page < boundary || (page === boundary && length % PAGE_BYTES !== 0)) continue;
        this.cache.delete(page);
        this.dirty.set(page, change);
      }
      if (length % PAGE_BYTES !== 0 && this.cache.has(boundary)) {
        this.own(boundary).fill(0, length % PAGE_BYTES);
        this.dirty.set(boundary, change);
      }
    }
    if (length !== this.sizeBytes) this.resize(length);
  }

  syncBegins(): SyncImage {
    const pages = [...this.dirty.keys()].map((page) => {
      const cached = this.cache.get(page);
      if (cached !== undefined) cached.shared = true;
      return [page, cached?.bytes ?? null] as const;
    });
    const { changes: change, sizeBytes } = this;
    return {
      change,
      sizeBytes,
      smallestBytes: Math.min(sizeBytes, ...this.sizes.map((each) => each.sizeBytes)),
      pages,
    };
  }

  synced({ change, sizeBytes, smallestBytes, pages }: SyncImage): void {
    if (change < this.syncedChange) return; // a later sync of the file has overtaken this one
    this.syncedChange = change;
    if (smallestBytes < this.durableBytes) this.cutDurable(smallestBytes);
    for (const [page, bytes] of pages) {
      if (bytes === null) this.durable.delete(page);
      else this.durable.set(page, bytes);
    }
    this.durableBytes = sizeBytes;
    this.forgetChanges(change);
  }

  /** The kernel calls the pages clean although the device never got them: a second sync succeeds, and lies. */
  syncFailed({ change }: SyncImage): void {
    this.forgetChanges(change);
  }

  /** Memory holds what is not yet written; the rest is read from the device again. */
  evictClean(): void {
    const unwritten = [...this.dirty.keys()].map((page) => [page, this.cache.get(page)] as const);
    this.cache = new Map([...this.durable].map(([page, bytes]) => [page, { bytes, shared: true }]));
    for (const [page, content] of unwritten) {
      if (content === undefined) this.cache.delete(page);
      else this.cache.set(page, content);
    }
  }

  /** Power is back: what is seen is what the device holds. */
  powerCut(dice: Dice, kindly: boolean): void {
    const kept = kindly ? this.sizes.length : dice.below(this.sizes.length + 1);
    const smallest = (sizes: readonly SizeChange[]) => Math.min(Infinity, ...sizes.map((each) => each.sizeBytes));
    const cutTo = smallest(this.sizes.slice(0, kept));
    const cutLater = smallest(this.sizes.slice(kept));
    const size = kept === 0 ? this.durableBytes : (this.sizes[kept - 1] as SizeChange).sizeBytes;
    const dirty = [...this.dirty.keys()].sort((a, b) => a - b);
    if (cutTo < this.durableBytes) this.cutDurable(cutTo);
    const survival = dice.unit(); // of the sectors: some cuts leave nearly all, some nearly none
    for (const page of dirty) this.keepSectors(page, cutLater, dice, kindly ? 1 : survival);
    this.durableBytes = size;
    this.cutDurable(size);
    this.settle();
  }

  /** Flips one bit of what the device holds and programs see. */
  flipBit(position: number, bit: number): void {
    const page = Math.floor(position / PAGE_BYTES);
    const bytes = this.own(page);
    bytes[position % PAGE_BYTES] = (bytes[position % PAGE_BYTES] as number) ^ (1 << bit);
    const durable = this.durable.get(page)?.slice();
    if (durable === undefined) return;
    durable[position % PAGE_BYTES] = (durable[position % PAGE_BYTES] as number) ^ (1 << bit);
    this.durable.set(page, durable);
  }

  /** A sector that holds the position reads as zeros from now on, up to the given end. */
  zeroSector(position: number, end: number): void {
    const start = position - (position % SECTOR_BYTES);
    const page = Math.floor(start / PAGE_BYTES);
    const zero = (bytes: Uint8Array): Uint8Array =>
      bytes.fill(0, start % PAGE_BYTES, (start % PAGE_BYTES) + Math.min(SECTOR_BYTES, end - start));
    zero(this.own(page));
    const durable = this.durable.get(page);
    if (durable !== undefined) this.durable.set(page, zero(durable.slice()));
  }

  private keepSectors(page: number, cutLater: number, dice: Dice, survival: number): void {
    const cached = this.cache.get(page)?.bytes ?? zeros;
    const bytes = (this.durable.get(page) ?? zeros).slice();
    for (let at = 0; at < PAGE_BYTES; at += SECTOR_BYTES) {
      const isOfCut = page * PAGE_BYTES + at >= cutLater; // written behind a truncation that did not survive
      if (isOfCut || !dice.chance(survival)) continue;
      bytes.set(cached.subarray(at, at + SECTOR_BYTES), at);
    }
    this.durable.set(page, bytes);
  }

  private cutDurable(length: number): void {
    for (const [page, bytes] of [...this.durable]) {
      const start = page * PAGE_BYTES;
      if (start >= length) this.durable.delete(page);
      else if (start + PAGE_BYTES > length) this.durable.set(page, bytes.slice().fill(0, length - start));
    }
  }

  private settle(): void {
    this.sizeBytes = this.durableBytes;
    this.cache = new Map([...this.durable].map(([page, bytes]) => [page, { bytes, shared: true }]));
    this.dirty.clear();
    this.sizes = [];
    this.views.clear();
    this.locked = false;
  }

  private forgetChanges(upTo: number): void {
    for (const [page, change] of this.dirty) if (change <= upTo) this.dirty.delete(page);
    this.sizes = this.sizes.filter((each) => each.change > upTo);
  }

  private resize(sizeBytes: number): void {
    this.sizeBytes = sizeBytes;
    this.sizes.push({ change: this.changes, sizeBytes });
  }

  /** The page's bytes, nobody else's. */
  private own(page: number): Uint8Array {
    const cached = this.cache.get(page);
    if (cached === undefined) {
      const bytes = new Uint8Array(PAGE_BYTES);
      this.cache.set(page, { bytes, shared: false });
      return bytes;
    }
    if (cached.shared) {
      cached.bytes = cached.bytes.slice();
      cached.shared = false;
    }
    return cached.bytes;
  }
}

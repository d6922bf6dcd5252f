/**
 * One segment: a file of batches, its two indexes and its aborted transactions. Only the last segment of a log grows.
 * The files open when they are needed.
 */
import { assert } from "../base/assert.ts";
import { type Clock, DiskError } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import * as batch from "../protocol/records/batch.ts";
import { isIntact, lastOffsetOf, maxTimestampOf } from "./batch-facts.ts";
import { HeaderWalk, WholeWalk } from "./batch-walk.ts";
import { isDiskFull } from "./disk-reserve.ts";
import { type FilePool, PooledFile } from "./file-pool.ts";
import { DELETED_SUFFIX, indexName, logName, timeIndexName, txnIndexName } from "./files.ts";
import { OffsetIndex } from "./offset-index.ts";
import { CheckedRanges } from "./read-check.ts";
import { RecentBatches } from "./recent-batches.ts";
import type { LogSettings } from "./settings.ts";
import { TimeIndex, type TimestampOffset } from "./time-index.ts";
import { TxnIndex } from "./txn-index.ts";

const OFFSETS_PER_SEGMENT = 0x7fff_ffff;
/** So many index entries may wait for the next sync before they are written. */
const UNWRITTEN_ENTRIES_MAX = 64;

/** The batch that contains an offset, or the first behind it. */
export interface BatchPlace {
  /** Where the search began: everything from here on decides what was found. */
  readonly searchedFrom: number;
  readonly position: number;
  readonly sizeBytes: number;
  readonly baseOffset: number;
}

export interface SegmentOptions {
  readonly pool: FilePool;
  readonly clock: Clock;
  readonly directory: string;
  readonly baseOffset: number;
  /** Behind the usual names of the files: a segment that is not in its place yet. */
  readonly suffix?: string;
  readonly settings: LogSettings;
  /** Drawn once per segment, so that segments of many partitions do not roll together. */
  readonly rollJitterMs: number;
}

export class Segment {
  readonly baseOffset: number;
  readonly file: PooledFile;
  readonly offsets: OffsetIndex;
  readonly times: TimeIndex;
  readonly aborted: TxnIndex;
  sizeBytes: number;
  /** The time index and the batches do not say the same: one of them is damaged. */
  timesDisagree = false;
  /** What needs no check before it is served. */
  readonly checked = new CheckedRanges();
  /** Ends, as file positions, of the views that readers hold. */
  readonly viewEnds = new Map<object, number>();
  private readonly recent = new RecentBatches();
  private readonly pool: FilePool;
  private readonly clock: Clock;
  private readonly settings: LogSettings;
  private readonly rollJitterMs: number;
  private createdMs: number;
  private bytesSinceEntry = 0;
  private largest: TimestampOffset | null = null;
  private firstTimestamp: number | null = null;
  private sealed = true;
  private waiting: { readonly end: number; readonly done: () => void }[] = [];

  constructor(options: SegmentOptions) {
    const { pool, directory, baseOffset, settings, suffix = "" } = options;
    this.baseOffset = baseOffset;
    this.pool = pool;
    this.clock = options.clock;
    this.settings = settings;
    this.rollJitterMs = options.rollJitterMs;
    this.file = new PooledFile(pool, `${directory}/${logName(baseOffset)}${suffix}`);
    this.sizeBytes = pool.disk.info(this.file.path)?.sizeBytes ?? 0;
    const indexBytes = settings.segmentIndexBytes;
    this.offsets = new OffsetIndex(pool, `${directory}/${indexName(baseOffset)}${suffix}`, baseOffset, indexBytes);
    this.times = new TimeIndex(pool, `${directory}/${timeIndexName(baseOffset)}${suffix}`, baseOffset, indexBytes);
    this.aborted = new TxnIndex(pool, `${directory}/${txnIndexName(baseOffset)}${suffix}`);
    this.createdMs = options.clock.nowMs();
  }

  get grows(): boolean {
    return !this.sealed;
  }

  /** The segment becomes the one that grows. */
  activate(preallocate: boolean): void {
    assert(this.sealed, "an active segment is not activated");
    this.sealed = false;
    const id = this.file.get(); // makes it: an empty segment keeps the end of the log
    if (preallocate && this.sizeBytes === 0) this.pool.disk.truncate(id, this.settings.segmentBytes);
    this.offsets.entries.resize(this.settings.segmentIndexBytes);
    this.times.entries.resize(this.settings.segmentIndexBytes);
  }

  /** A truncation made a sealed segment the last one again. */
  reactivate(): void {
    if (this.sealed) this.activate(false);
  }

  /** The segment will not grow again: its files get their final length. */
  seal(): void {
    if (this.sealed) return;
    this.addLastTimestamp();
    this.offsets.entries.seal();
    this.times.entries.seal();
    if (this.pool.disk.sizeBytes(this.file.get()) > this.sizeBytes) {
      this.pool.disk.truncate(this.file.get(), this.sizeBytes);
    }
    this.sealed = true;
    this.recent.clear();
  }

  /** What recovery of an Apache index expects at its end: the largest timestamp of the segment. */
  addLastTimestamp(): void {
    if (this.largest !== null) this.times.maybeAppend(this.largest.timestamp, this.largest.offset);
  }

  /**
   * Appends whole batches whose offsets are assigned and ascend. On return the page cache has them.
   * @throws KAFKA_STORAGE_ERROR with nothing appended where the disk is full; DiskError, after which the whole log
   * directory goes offline (KIP-112).
   */
  append(bytes: Uint8Array, lastOffset: number): void {
    assert(!this.sealed, "only the active segment grows");
    assert(this.holds(lastOffset), "the indexes keep offsets relative to the base as int32");
    this.largest ??= this.readLargestTimestamp(); // before the new batches are there: `note` takes them one by one
    let position = this.sizeBytes;
    this.write(position, bytes);
    this.sizeBytes += bytes.length;
    this.checked.add(position, this.sizeBytes);
    const { indexIntervalBytes } = this.settings;
    for (let at = 0; at < bytes.length; ) {
      const sizeBytes = batch.sizeBytes(bytes, at);
      const last = lastOffsetOf(bytes, at);
      this.note(last, maxTimestampOf(bytes, at), position, indexIntervalBytes);
      this.recent.add(batch.baseOffset(bytes, at), last, position);
      this.bytesSinceEntry += sizeBytes;
      position += sizeBytes;
      at += sizeBytes;
    }
    if (this.offsets.entries.unwritten >= UNWRITTEN_ENTRIES_MAX) this.flushIndexes();
  }

  /** A full disk leaves the segment as it was: what was written of the bytes is cut off. */
  private write(position: number, bytes: Uint8Array): void {
    try {
      this.pool.disk.write(this.file.get(), position, [bytes]);
    } catch (error) {
      if (!(error instanceof DiskError && isDiskFull(error))) throw error;
      if (!this.settings.preallocate) this.pool.disk.truncate(this.file.get(), position);
      throw new KafkaError("KAFKA_STORAGE_ERROR", `The disk is full: ${error.message}`, error);
    }
  }

  /** Index entries for one batch at `position`, as due; recovery comes here as well. */
  note(lastOffset: number, maxTimestamp: number, position: number, indexIntervalBytes: number): void {
    if (maxTimestamp > this.largestTimestampOffset.timestamp)
      this.largest = { timestamp: maxTimestamp, offset: lastOffset };
    // What was appended over several runs, or in one piece, may be due for more entries than fit: lookups then walk
    // further.
    if (this.bytesSinceEntry <= indexIntervalBytes || this.offsets.isFull || this.times.isFull) return;
    this.offsets.append(lastOffset, position);
    this.times.maybeAppend(this.largestTimestampOffset.timestamp, this.largestTimestampOffset.offset);
    this.bytesSinceEntry = 0;
  }

  countBytes(sizeBytes: number): void {
    this.bytesSinceEntry += sizeBytes;
  }

  /** Before recovery reads the segment: the indexes are empty and have room. */
  resetIndexes(): void {
    this.offsets.entries.truncate(0);
    this.times.truncate(0);
    this.aborted.reset();
    this.offsets.entries.resize(this.settings.segmentIndexBytes);
    this.times.entries.resize(this.settings.segmentIndexBytes);
    this.largest = { timestamp: batch.NO_TIMESTAMP, offset: this.baseOffset };
    this.bytesSinceEntry = 0;
  }

  holds(offset: number): boolean {
    return offset >= this.baseOffset && offset - this.baseOffset <= OFFSETS_PER_SEGMENT;
  }

  /** Whether the batches must go into a new segment, as Apache decides it. */
  mustRollFor(bytesLength: number, maxTimestamp: number, lastOffset: number): boolean {
    const waitedMs = this.waitedForRollMs(maxTimestamp);
    return (
      this.sizeBytes > this.settings.segmentBytes - bytesLength ||
      (this.sizeBytes > 0 && waitedMs > this.settings.segmentMs - this.rollJitterMs) ||
      this.offsets.isFull ||
      this.times.isFull ||
      !this.holds(lastOffset)
    );
  }

  /** Time since the first record, by the timestamps of records where they have any. */
  waitedForRollMs(timestamp: number): number {
    const first = this.firstBatchTimestamp();
    return first >= 0 ? timestamp - first : this.clock.nowMs() - this.createdMs;
  }

  /** The largest timestamp and the last offset of the batch where it first came; -1 and the base without any. */
  get largestTimestampOffset(): TimestampOffset {
    this.largest ??= this.readLargestTimestamp();
    return this.largest;
  }

  /** For retention and time lookups: the file's own time where no record has a timestamp. */
  largestTimestamp(): number {
    const { timestamp } = this.largestTimestampOffset;
    return timestamp >= 0 ? timestamp : this.modifiedMs();
  }

  /**
   * The batch that contains the offset, or the first behind it; null where the segment ends before.
   * @throws CORRUPT_MESSAGE where something on the way is no batch.
   */
  locate(offset: number): BatchPlace | null {
    const recent = this.recent.find(offset, this.sizeBytes);
    if (recent !== null) return recent;
    const walk = this.searchFor(offset);
    const searchedFrom = walk.position;
    while (walk.next()) {
      if (walk.lastOffset >= offset) {
        const { position, sizeBytes } = walk;
        return { searchedFrom, position, sizeBytes, baseOffset: batch.baseOffset(walk.bytes, walk.at) };
      }
    }
    this.ensureEnd(walk);
    return null;
  }

  /**
   * Headers from at or before the batch that contains the offset. An index has no checksum: its entry counts where the
   * batch that it points at agrees, else the one before it is asked, at last the beginning of the segment. (Followers
   * before Kafka 4 indexed the first batch of several under the last offset of all.)
   */
  searchFor(offset: number, buffer?: Uint8Array): HeaderWalk {
    for (let n = this.offsets.floor(offset); n >= 0; n--) {
      const entry = this.offsets.entry(n);
      if (entry.offset > offset) continue; // entries that do not ascend mislead the search
      const walk = this.headersFrom(Math.max(0, entry.position), buffer);
      const isBatch = entry.position > 0 && entry.position < this.sizeBytes && walk.next();
      walk.again();
      if (isBatch && walk.lastOffset === entry.offset) return walk;
      if (isBatch && walk.lastOffset < entry.offset && entry.offset < offset && this.isBatch(entry.position))
        return walk;
    }
    return this.headersFrom(0, buffer);
  }

  /** What looks like a header may be anything: its checksum tells. */
  private isBatch(position: number): boolean {
    const walk = new WholeWalk(this.pool.disk, this.file.get(), position, this.sizeBytes);
    return walk.next() && isIntact(walk.bytes, walk.at);
  }

  /** Headers from a batch's position on. Without a buffer of its own a walk must end before anything is awaited. */
  headersFrom(position: number, buffer: Uint8Array = this.pool.headerBuffer): HeaderWalk {
    return new HeaderWalk(this.pool.disk, this.file.get(), position, this.sizeBytes, buffer);
  }

  /** One past the last offset in the segment: its base where it is empty. */
  readNextOffset(): number {
    const walk = this.searchFor(Number.POSITIVE_INFINITY);
    let next = this.baseOffset;
    while (walk.next()) next = walk.lastOffset + 1;
    this.ensureEnd(walk);
    return next;
  }

  /** Cuts at the batch that contains the offset; resolves once no view reaches beyond and the file is shorter. */
  async truncateTo(offset: number): Promise<void> {
    const place = this.locate(offset);
    this.offsets.truncateTo(offset);
    this.times.truncateTo(offset);
    this.aborted.truncateTo(offset);
    if (place !== null) {
      this.sizeBytes = place.position;
      this.recent.clear();
      this.checked.forget(place.position, Number.POSITIVE_INFINITY);
      await this.viewsBelow(place.position);
      this.pool.disk.truncate(this.file.get(), place.position);
    }
    if (this.sizeBytes === 0) {
      this.createdMs = this.clock.nowMs();
      this.firstTimestamp = null;
    }
    this.bytesSinceEntry = 0;
    this.largest = this.readLargestTimestamp();
  }

  /** Cuts the file behind what recovery found valid; nobody reads it yet. */
  cutFile(length: number): void {
    this.pool.disk.truncate(this.file.get(), length);
    this.sizeBytes = length;
    this.recent.clear();
    this.checked.forget(length, Number.POSITIVE_INFINITY);
  }

  /** Resolves once no view reaches beyond the position. */
  async viewsBelow(position: number): Promise<void> {
    const beyond = () => [...this.viewEnds.values()].some((end) => end > position);
    while (beyond()) await new Promise<void>((done) => this.waiting.push({ end: position, done }));
  }

  viewReleased(view: object): void {
    this.viewEnds.delete(view);
    this.file.unpin();
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    for (const { done } of waiting) done();
  }

  viewOpened(view: object, end: number): void {
    this.viewEnds.set(view, end);
    this.file.pin();
  }

  /** Everything the segment has in memory goes to the page cache. */
  flushIndexes(): void {
    this.offsets.entries.flush();
    this.times.entries.flush();
  }

  /** Log and indexes survive power loss once it resolves. */
  async syncAll(): Promise<void> {
    this.flushIndexes();
    const files = [this.file, this.offsets.entries.file, this.times.entries.file];
    if (this.aborted.isWritten) files.push(this.aborted.file);
    await Promise.all(files.map((file) => file.sync()));
  }

  /** Out of the log's sight: the names get `.deleted`. Readers keep what they hold. */
  markDeleted(): void {
    this.rename((path) => path + DELETED_SUFFIX);
  }

  /** The file of batches first: what is left of a crash in between is told apart by its name. */
  rename(renamed: (path: string) => string): void {
    for (const file of this.files()) if (file.exists()) file.rename(renamed(file.path));
  }

  modifiedMs(): number {
    return this.pool.disk.info(this.file.path)?.modifiedMs ?? this.createdMs;
  }

  setModified(modifiedMs: number): void {
    const { file, offsets, times, pool } = this;
    for (const { path } of [file, offsets.entries.file, times.entries.file]) pool.disk.setModified(path, modifiedMs);
  }

  unlink(): void {
    this.close();
    for (const file of this.files()) if (this.pool.disk.info(file.path) !== null) this.pool.disk.unlink(file.path);
  }

  close(): void {
    this.sealed = true;
    this.file.close();
    this.offsets.entries.close();
    this.times.entries.close();
    this.aborted.close();
  }

  private files(): PooledFile[] {
    return [this.file, this.offsets.entries.file, this.times.entries.file, this.aborted.file];
  }

  /** What cannot be read is not passed over. */
  private ensureEnd(walk: HeaderWalk): void {
    if (walk.reachedEnd) return;
    const position = walk.position + walk.sizeBytes;
    throw new KafkaError("CORRUPT_MESSAGE", `${this.file.path} has no batch at byte ${position}`);
  }

  /** The largest timestamp of the first batch, -1 where it has none. */
  firstBatchTimestamp(): number {
    if (this.firstTimestamp === null && this.sizeBytes > 0) {
      const walk = this.headersFrom(0);
      if (walk.next()) this.firstTimestamp = maxTimestampOf(walk.bytes, walk.at);
    }
    return this.firstTimestamp ?? batch.NO_TIMESTAMP;
  }

  /** A time index has no checksum: what it says must be what the batch at its offset says. */
  agrees({ timestamp, offset }: TimestampOffset): boolean {
    if (timestamp === batch.NO_TIMESTAMP) return this.sizeBytes === 0;
    const walk = this.searchFor(offset);
    while (walk.next()) if (walk.lastOffset >= offset) return maxTimestampOf(walk.bytes, walk.at) === timestamp;
    return false;
  }

  /** From the last entry on, which need not be the last that there was. */
  private readLargestTimestamp(): TimestampOffset {
    const { last } = this.times;
    this.timesDisagree = this.times.entries.count > 0 && !this.agrees(last);
    let largest = this.timesDisagree ? { timestamp: batch.NO_TIMESTAMP, offset: this.baseOffset } : last;
    const walk = this.searchFor(largest.offset);
    while (walk.next()) {
      const timestamp = maxTimestampOf(walk.bytes, walk.at);
      if (timestamp > largest.timestamp) largest = { timestamp, offset: walk.lastOffset };
    }
    return largest;
  }
}

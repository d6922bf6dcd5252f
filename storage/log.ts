/**
 * One partition's log: an ordered list of segments of which the last one grows. Appends are synchronous writes into the
 * page cache; `sync` makes everything appended so far durable, one sync at a time (group commit). The log decides nothing
 * about replication: its owner says what has been replicated with `updateHighWatermark`.
 */
import { assert } from "../base/assert.ts";
import { type Cancel, DiskError } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import * as batch from "../protocol/records/batch.ts";
import { lastOffsetOf, leaderEpochOf, maxTimestampOf } from "./batch-facts.ts";
import { replaceFile } from "./checkpoint.ts";
import { FilePool } from "./file-pool.ts";
import { GroupCommit } from "./group-commit.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import { type AbortedTransaction, emptyRead, type LogRead, type TimestampedOffset } from "./log-read.ts";
import { PARTITION_METADATA_FILE, partitionMetadataText, readPartitionMetadata } from "./partition-metadata.ts";
import type { ProducerState } from "./producer-state.ts";
import { type LoadedLog, loadLog, rebuildProducers } from "./recover.ts";
import { belowLogStart, deletable, type RetentionRule, retentionRules } from "./retention.ts";
import { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import type { LogOptions } from "./settings.ts";
import { offsetForTimestamp, offsetOfMaxTimestamp } from "./timestamps.ts";

/** Who appends, because the producer checks differ (as Apache's AppendOrigin). */
export type AppendOrigin = "client" | "coordinator" | "replication" | "raftLeader";

export interface AppendResult {
  /** The same sequence numbers were here before: nothing was appended, the offsets are those of the first time. */
  readonly duplicate: boolean;
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The timestamp to answer for a duplicate; -1 otherwise. */
  readonly timestamp: number;
}

/** Why the log start moved: each move is logged with its reason. */
export type LogStartReason =
  | "retention time"
  | "retention size"
  | "log start"
  | "records deleted"
  | "leader"
  | "snapshot";

/** A range of one segment's file that a read answers. */
interface Range {
  readonly segment: Segment;
  readonly position: number;
  readonly length: number;
  readonly startOffset: number;
  readonly firstBatchIncomplete: boolean;
}

export class Log {
  readonly topic: string;
  readonly partition: number;
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerState;
  private readonly options: LogOptions;
  private readonly pool: FilePool;
  private readonly segments: SegmentList;
  private readonly commit: GroupCommit;
  private path: string;
  private start: number;
  private end: number;
  private replicated: number;
  private id: string | null;
  private failure: unknown = null;
  private truncating = false;
  private closed = false;
  private readonly deletions = new Set<Cancel>();

  /** Loads the log, recovering what follows the recovery point after an unclean stop. */
  static async open(options: LogOptions): Promise<Log> {
    const pool = options.files ?? new FilePool(options.disk);
    const created = options.disk.info(options.path) === null;
    const log = new Log(options, pool, await loadLog(options, pool));
    // What a stop left in the page cache counts as durable only once it has been synced here.
    if (created) await options.disk.syncDirectory(options.path.slice(0, options.path.lastIndexOf("/")) || "/");
    if (created || options.cleanShutdown === false) await log.sync();
    return log;
  }

  private constructor(options: LogOptions, pool: FilePool, loaded: LoadedLog) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.options = options;
    this.pool = pool;
    this.path = options.path;
    this.segments = loaded.segments;
    this.epochs = loaded.epochs;
    this.producers = loaded.producers;
    this.start = loaded.logStartOffset;
    this.end = loaded.logEndOffset;
    this.replicated = loaded.logStartOffset;
    this.id = readPartitionMetadata(options.disk, options.path);
    this.commit = new GroupCommit(
      {
        disk: options.disk,
        clock: options.clock,
        segments: loaded.segments,
        epochs: loaded.epochs,
        directory: () => this.path,
        logEndOffset: () => this.end,
        ensureUsable: () => this.ensureUsable(),
        failed: (error) => this.failed(error),
      },
      loaded.recoveryPoint,
    );
    for (const path of loaded.unsynced) this.commit.notePath(path);
    if (options.cleanShutdown === false) this.commit.noteDirectory();
  }

  get logStartOffset(): number {
    return this.start;
  }

  /** The offset that the next record gets. */
  get logEndOffset(): number {
    return this.end;
  }

  /** Everything below survives power loss. */
  get durableOffset(): number {
    return this.commit.durableOffset;
  }

  /** What the checkpoint may say: below, recovery need not look, because sealed segments are synced with their indexes. */
  get recoveryPoint(): number {
    return this.commit.durableOffset;
  }

  /** As the owner last said, within [logStartOffset, logEndOffset]. */
  get highWatermark(): number {
    return this.replicated;
  }

  /** The first offset of an open transaction, or the high watermark if lower. */
  get lastStableOffset(): number {
    const unstable = this.producers.firstUnstableOffset;
    return unstable === null ? this.replicated : Math.min(Math.max(unstable, this.start), this.replicated);
  }

  get sizeBytes(): number {
    return this.segments.sizeBytes;
  }

  get segmentCount(): number {
    return this.segments.count;
  }

  /** The directory, which changes its name when the log is marked for deletion. */
  get directory(): string {
    return this.path;
  }

  /** The topic id in `partition.metadata`, null where there is none yet. */
  get topicId(): string | null {
    return this.id;
  }

  /**
   * Appends whole batches whose offsets and leader epochs are assigned and whose content has been validated. Checks
   * producer epochs and sequences as Apache does and throws their KafkaErrors; a retried batch is answered, not appended.
   * On return the page cache has the bytes. The caller may not write into `bytes` before the end of the turn.
   */
  append(bytes: Uint8Array, origin: AppendOrigin, transactionVersion = 0): AppendResult {
    this.ensureUsable();
    assert(!this.truncating, "nothing is appended while the log is being truncated");
    const firstOffset = batch.baseOffset(bytes, 0);
    const { lastOffset, maxTimestamp } = this.measure(bytes);
    const changes = this.producers.check(bytes, origin, transactionVersion);
    if (changes.duplicate !== null) {
      const { lastOffset: last, offsetDelta, timestamp } = changes.duplicate;
      return { duplicate: true, firstOffset: last - offsetDelta, lastOffset: last, timestamp };
    }
    try {
      const { active } = this.segments;
      const nowMs = this.options.clock.nowMs();
      if (active.mustRollFor(bytes.length, maxTimestamp, lastOffset, nowMs)) this.rollAt(firstOffset);
      this.segments.active.append(bytes, lastOffset);
      this.noteEpochs(bytes);
      this.producers.apply(changes);
      for (const completed of changes.completed) {
        const lastStableOffset = this.producers.lastStableOffset(completed);
        if (completed.aborted) this.segments.active.aborted.append({ ...completed, lastStableOffset });
        this.producers.complete(completed);
      }
    } catch (error) {
      this.failed(error);
      throw error;
    }
    this.end = lastOffset + 1;
    this.producers.advanceTo(this.end);
    this.commit.note();
    if (this.end - this.durableOffset >= this.options.settings.flushMessages) this.syncUnasked();
    return { duplicate: false, firstOffset, lastOffset, timestamp: batch.NO_TIMESTAMP };
  }

  /** Resolves when everything appended before the call is durable. A failure is final: the directory is offline. */
  sync(): Promise<void> {
    return this.commit.sync();
  }

  /**
   * Batches from the one that contains `offset`, below `upToOffset`, at most `maxBytes` (with `minOneBatch` the first batch
   * comes whole), all of one segment. Throws OFFSET_OUT_OF_RANGE outside [logStartOffset, logEndOffset].
   */
  read(offset: number, maxBytes: number, upToOffset: number, minOneBatch: boolean): LogRead {
    const range = this.locate(offset, maxBytes, upToOffset, minOneBatch);
    if (range === null) return emptyRead(offset);
    const { segment, position, length, startOffset, firstBatchIncomplete } = range;
    const { disk } = this.options;
    const file = segment.file.get();
    const view = this.guard(() => disk.view(file, position, length));
    segment.viewOpened(view, position + length);
    let upperBound = -1;
    return {
      startOffset,
      sizeBytes: length,
      view,
      firstBatchIncomplete,
      warm: () => (disk.cached(file, position, length) ? null : disk.load(file, position, length)),
      aborted: () => {
        upperBound = upperBound >= 0 ? upperBound : this.endOfRange(range);
        return this.abortedTransactions(offset, upperBound);
      },
      release: () => {
        view.release();
        segment.viewReleased(view);
      },
    };
  }

  /** The same range as a copy that JavaScript may read: for coordinators, raft and tools. */
  readCopy(offset: number, maxBytes: number, upToOffset: number, minOneBatch: boolean): Uint8Array {
    const range = this.locate(offset, maxBytes, upToOffset, minOneBatch);
    if (range === null) return new Uint8Array(0);
    return this.guard(() => this.options.disk.read(range.segment.file.get(), range.position, range.length));
  }

  /** Bytes of the batches in [offset, upToOffset): what a fetch at `offset` could get. */
  bytesBetween(offset: number, upToOffset: number): number {
    const upTo = Math.min(upToOffset, this.end);
    if (offset >= upTo) return 0;
    return this.guard(() => {
      let sum = 0;
      for (const segment of this.segments.from(offset)) {
        if (segment.baseOffset >= upTo) break;
        const from = segment.baseOffset >= offset ? 0 : (segment.locate(offset)?.position ?? segment.sizeBytes);
        sum += this.endPosition(segment, upTo) - from;
      }
      return sum;
    });
  }

  /** Transactions that were aborted among the records in [offset, upToOffset). */
  abortedTransactions(offset: number, upToOffset: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    this.guard(() => {
      for (const segment of this.segments.from(offset)) if (segment.aborted.collect(offset, upToOffset, found)) break;
    });
    return found;
  }

  /** The first record at or after the timestamp, null where there is none. */
  offsetForTimestamp(timestamp: number): TimestampedOffset | null {
    return this.guard(() => offsetForTimestamp(this.segments.all, timestamp, this.start));
  }

  /** The first record with the largest timestamp (ListOffsets -3), null in an empty log. */
  offsetOfMaxTimestamp(): TimestampedOffset | null {
    return this.guard(() => offsetOfMaxTimestamp(this.segments.all));
  }

  /** Moves the bound of what is replicated; clamped into the log. Returns the new value. */
  updateHighWatermark(offset: number): number {
    this.replicated = Math.max(this.start, Math.min(offset, this.end));
    this.producers.highWatermarkMoved(this.replicated);
    return this.replicated;
  }

  /** Records below are gone for readers now, their files with the next retention. False where it is not ahead. */
  advanceLogStart(offset: number, reason: LogStartReason): boolean {
    this.ensureUsable();
    if (offset > this.replicated) {
      throw new KafkaError(
        "OFFSET_OUT_OF_RANGE",
        `The log start of ${this.name} cannot move to ${offset}, above the high watermark ${this.replicated}`,
      );
    }
    if (offset <= this.start) return false;
    this.options.logger.info(`The log start of ${this.name} moves from ${this.start} to ${offset}: ${reason}`);
    this.start = offset;
    this.epochs.truncateFromStart(offset);
    this.producers.logStartMoved(offset);
    this.commit.durableOffset = Math.max(this.commit.durableOffset, offset);
    return true;
  }

  /** Removes everything from `offset` on. Resolves false where there was nothing to remove. Views beyond are waited for. */
  async truncateTo(offset: number): Promise<boolean> {
    this.ensureUsable();
    assert(offset >= 0, "offsets are not negative");
    if (offset >= this.end) {
      this.epochs.truncateFromEnd(this.end);
      return false;
    }
    if (offset < this.segments.first.baseOffset) {
      await this.truncateFullyAndStartAt(offset);
      return true;
    }
    const { logger } = this.options;
    const below = offset < this.replicated ? `, below the high watermark ${this.replicated}` : "";
    logger.info(`${this.name} is truncated from ${this.end} to ${offset}${below}`);
    await this.truncation(async () => {
      this.deleteSegments(this.segments.all.filter((segment) => segment.baseOffset > offset));
      this.end = offset;
      this.start = Math.min(this.start, offset);
      this.commit.truncated(offset);
      const { active } = this.segments;
      active.reactivate();
      await active.truncateTo(offset);
      this.epochs.truncateFromEnd(offset);
      await this.rebuildProducers(offset);
      if (this.replicated > offset) this.updateHighWatermark(offset);
    });
    return true;
  }

  /** Empties the log; the next append gets `offset`. */
  async truncateFullyAndStartAt(offset: number, logStartOffset: number = offset): Promise<void> {
    this.ensureUsable();
    this.options.logger.info(`${this.name} is emptied and starts again at ${offset}`);
    await this.truncation(async () => {
      this.end = offset;
      this.start = logStartOffset;
      this.commit.truncated(offset);
      this.deleteSegments([...this.segments.all]);
      this.addSegment(offset);
      this.epochs.clear();
      this.producers.truncateFullyAndStartAt(offset);
      await this.rebuildProducers(offset);
      this.updateHighWatermark(offset);
    });
    this.commit.durableOffset = offset;
  }

  /** Starts a new segment, unless the active one is empty. */
  roll(): boolean {
    this.ensureUsable();
    if (this.segments.active.sizeBytes === 0) return false;
    this.guard(() => this.rollAt(this.end));
    return true;
  }

  /** Deletes whole segments by log start, size and time. Returns how many. */
  applyRetention(nowMs: number): number {
    this.ensureUsable();
    let deleted = 0;
    for (const rule of retentionRules(this.retentionView(), this.options.settings, nowMs))
      deleted += this.deleteBy(rule);
    return deleted;
  }

  /** The log start moves to `offset` and the segments below go: for the metadata log, which keeps by snapshot. */
  deleteBefore(offset: number, reason: LogStartReason = "snapshot"): number {
    this.advanceLogStart(offset, reason);
    return this.deleteBy(belowLogStart(this.start));
  }

  /** Writes `partition.metadata`; throws INCONSISTENT_TOPIC_ID where it names another topic. */
  assignTopicId(topicId: string): void {
    if (this.id === topicId) return;
    if (this.id !== null) {
      throw new KafkaError("INCONSISTENT_TOPIC_ID", `${this.name} belongs to topic ${this.id}, not to ${topicId}`);
    }
    this.id = topicId;
    const path = `${this.path}/${PARTITION_METADATA_FILE}`;
    this.commit.noteWrite(replaceFile(this.options.disk, path, partitionMetadataText(topicId)));
  }

  /** Syncs, writes a producer snapshot, trims the indexes. */
  async close(): Promise<void> {
    if (this.closed) return;
    await this.sync();
    this.guard(() => {
      this.commit.notePath(this.producers.takeSnapshot());
      this.segments.active.seal();
      this.commit.noteSealed(this.segments.active);
    });
    await this.sync();
    this.abandon();
  }

  /** Lets go of the files without writing anything: for an offline directory, or one that is being deleted. */
  abandon(): void {
    if (this.closed) return;
    this.closed = true;
    for (const cancel of this.deletions) cancel();
    for (const segment of this.segments.all) segment.close();
  }

  /** The directory has been renamed. */
  moved(path: string): void {
    this.path = path;
    for (const segment of this.segments.all) segment.moved(path);
    this.epochs.moved(path);
    this.producers.moved(path);
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  private ensureUsable(): void {
    if (this.failure !== null) throw this.failure;
    assert(!this.closed, "a closed log is not used");
  }

  private failed(error: unknown): void {
    if (this.failure !== null || !(error instanceof DiskError)) return;
    this.failure = error;
    this.options.logger.error(`${this.name} in ${this.path} is offline: ${error.message}`);
    this.options.onDiskError?.(error);
  }

  private guard<T>(use: () => T): T {
    this.ensureUsable();
    try {
      return use();
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  private measure(bytes: Uint8Array): { lastOffset: number; maxTimestamp: number } {
    let next = this.end;
    let maxTimestamp = batch.NO_TIMESTAMP;
    let at = 0;
    while (at < bytes.length) {
      const sizeBytes = bytes.length - at >= batch.HEADER_UP_TO_MAGIC ? batch.sizeBytes(bytes, at) : 0;
      assert(sizeBytes >= batch.HEADER_UP_TO_MAGIC && at + sizeBytes <= bytes.length, "batches are appended whole");
      assert(batch.baseOffset(bytes, at) >= next, "batches ascend from the end of the log");
      next = lastOffsetOf(bytes, at) + 1;
      maxTimestamp = Math.max(maxTimestamp, maxTimestampOf(bytes, at));
      at += sizeBytes;
    }
    assert(at > 0, "an append has a batch");
    const { segmentBytes } = this.options.settings;
    if (bytes.length > segmentBytes) {
      throw new KafkaError(
        "RECORD_LIST_TOO_LARGE",
        `${bytes.length} bytes do not fit into a segment of ${this.name}, which has ${segmentBytes}`,
      );
    }
    return { lastOffset: next - 1, maxTimestamp };
  }

  private noteEpochs(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += batch.sizeBytes(bytes, at)) {
      const epoch = leaderEpochOf(bytes, at);
      if (epoch >= 0) this.epochs.assign(epoch, batch.baseOffset(bytes, at));
      else if (batch.magic(bytes, at) < 2) this.epochs.clear(); // such batches carry no epoch to keep the list true
    }
  }

  private syncUnasked(): void {
    this.sync().catch(() => {}); // `failed` has told the directory
  }

  private locate(offset: number, maxBytes: number, upToOffset: number, minOneBatch: boolean): Range | null {
    if (offset < this.start || offset > this.end) {
      const message = `${this.name} has offsets ${this.start} to ${this.end}, not ${offset}`;
      throw new KafkaError("OFFSET_OUT_OF_RANGE", message);
    }
    const upTo = Math.min(upToOffset, this.end);
    if (offset >= upTo) return null;
    return this.guard(() => {
      for (let n = this.segments.floorIndex(offset); ; n++) {
        const segment = this.segments.at(n);
        if (segment === undefined || segment.baseOffset >= upTo) return null;
        const place = segment.locate(offset);
        if (place === null) continue; // compaction left a gap up to the next segment
        const available = this.endPosition(segment, upTo) - place.position;
        const wanted = minOneBatch ? Math.max(maxBytes, place.sizeBytes) : maxBytes;
        const length = Math.min(available, wanted);
        if (length <= 0) return null;
        const { position, baseOffset } = place;
        const firstBatchIncomplete = wanted < place.sizeBytes;
        return { segment, position, length, startOffset: baseOffset, firstBatchIncomplete };
      }
    });
  }

  /** Where in the segment's file the batches below `upTo` end. */
  private endPosition(segment: Segment, upTo: number): number {
    if (upTo >= this.end) return segment.sizeBytes;
    const next = this.segments.at(this.segments.floorIndex(segment.baseOffset) + 1);
    if (next !== undefined && upTo >= next.baseOffset) return segment.sizeBytes;
    return segment.locate(upTo)?.position ?? segment.sizeBytes;
  }

  /** An offset that no record of the range reaches: what Apache asks the transaction index with. */
  private endOfRange({ segment, position, length }: Range): number {
    const next = this.segments.at(this.segments.floorIndex(segment.baseOffset) + 1);
    return segment.offsets.offsetFrom(position + length) ?? next?.baseOffset ?? this.end;
  }

  private rollAt(firstOffset: number): void {
    const { active } = this.segments;
    active.seal();
    this.commit.noteSealed(active);
    this.addSegment(Math.max(firstOffset, this.end));
    this.producers.advanceTo(this.segments.active.baseOffset);
    this.commit.notePath(this.producers.takeSnapshot());
  }

  private addSegment(baseOffset: number): void {
    const { clock, settings, random } = this.options;
    const last = this.segments.count > 0 ? this.segments.active : null;
    if (last !== null && last.baseOffset === baseOffset) this.deleteSegments([last]);
    const jitterMs = Math.min(settings.segmentJitterMs, settings.segmentMs);
    const rollJitterMs = jitterMs <= 0 ? 0 : random.below(jitterMs);
    const segment = new Segment({ pool: this.pool, clock, directory: this.path, baseOffset, settings, rollJitterMs });
    segment.activate(settings.preallocate);
    this.segments.add(segment);
    this.commit.noteDirectory();
  }

  private retentionView() {
    return {
      segments: this.segments,
      logStartOffset: this.start,
      logEndOffset: this.end,
      highWatermark: this.replicated,
    };
  }

  private deleteBy(rule: RetentionRule): number {
    return this.guard(() => {
      const found = deletable(this.retentionView(), rule);
      if (found.length === 0) return 0;
      if (found.length === this.segments.count) this.rollAt(this.end);
      const next = this.segments.at(found.length) as Segment;
      if (next.baseOffset > this.start) this.advanceLogStart(next.baseOffset, rule.reason);
      this.deleteSegments(found);
      return found.length;
    });
  }

  /** Out of the log now, off the disk after `file.delete.delay.ms`. */
  private deleteSegments(segments: readonly Segment[]): void {
    const { disk, clock, settings } = this.options;
    const snapshots: string[] = [];
    for (const segment of segments) {
      this.segments.remove(segment);
      this.commit.forget(segment);
      segment.markDeleted();
      const snapshot = this.producers.markSnapshotDeleted(segment.baseOffset);
      if (snapshot !== null) snapshots.push(snapshot);
    }
    if (segments.length === 0) return;
    this.commit.noteDirectory();
    const cancel = clock.after(settings.fileDeleteDelayMs, () => {
      this.deletions.delete(cancel);
      try {
        for (const segment of segments) segment.unlink();
        for (const path of snapshots) if (disk.info(path) !== null) disk.unlink(path);
      } catch (error) {
        this.failed(error);
      }
    });
    this.deletions.add(cancel);
  }

  private async rebuildProducers(upTo: number): Promise<void> {
    const rebuild = { segments: this.segments, logStartOffset: this.start, upTo, fromClean: false };
    for (const path of await rebuildProducers(this.producers, rebuild, this.options.clock)) this.commit.notePath(path);
  }

  /** The caller may count on the truncation once it resolves: it is synced, and so is the checkpoint that knows of it. */
  private async truncation(change: () => Promise<void>): Promise<void> {
    assert(!this.truncating, "one truncation at a time");
    this.truncating = true;
    try {
      await change();
      await this.sync();
      await this.options.onTruncated?.();
    } catch (error) {
      this.failed(error);
      throw error;
    } finally {
      this.truncating = false;
    }
  }
}

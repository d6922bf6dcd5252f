/**
 * One partition's log: an ordered list of segments of which the last one grows. Appends are synchronous writes into
 * the page cache; `sync` makes everything appended so far durable, one sync at a time (group commit). The log decides
 * nothing about replication: its owner says what has been replicated with `updateHighWatermark`.
 */
import { assert } from "../base/assert.ts";
import { DiskError } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import { NO_TIMESTAMP } from "../protocol/records/batch.ts";
import { type AppendResult, ensureFits, measureAppend, noteEpochs } from "./append.ts";
import { CompactableLog } from "./compactable-log.ts";
import { FilePool } from "./file-pool.ts";
import { FlushRules } from "./flush-rules.ts";
import { GroupCommit } from "./group-commit.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { AbortedTransaction, LogRead, TimestampedOffset } from "./log-read.ts";
import { PARTITION_METADATA_FILE, partitionMetadataText, readPartitionMetadata } from "./partition-metadata.ts";
import { rebuildProducers } from "./producer-rebuild.ts";
import type { ProducerState } from "./producer-state.ts";
import { type ReadRequest, Reads } from "./reads.ts";
import { type LoadedLog, loadLog } from "./recover.ts";
import { belowLogStart, deletable, type LogStartReason, type RetentionRule, retentionRules } from "./retention.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import { SegmentStore } from "./segment-store.ts";
import type { LogOptions } from "./settings.ts";
import { offsetForTimestamp, offsetOfMaxTimestamp } from "./timestamps.ts";

/** Who appends, because the producer checks differ (as Apache's AppendOrigin). */
export type AppendOrigin = "client" | "coordinator" | "replication" | "raftLeader";

export class Log {
  readonly topic: string;
  readonly partition: number;
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerState;
  readonly compaction: CompactableLog;
  private readonly options: LogOptions;
  private readonly segments: SegmentList;
  private readonly store: SegmentStore;
  private readonly reads: Reads;
  private readonly commit: GroupCommit;
  private start: number;
  private end: number;
  private replicated: number;
  private id: string | null;
  private failure: unknown = null;
  private truncating = false;
  private closed = false;
  private readonly flushes: FlushRules;

  /** Loads the log, recovering what follows the recovery point after an unclean stop. */
  static async open(options: LogOptions): Promise<Log> {
    const pool = options.files ?? new FilePool(options.disk);
    const created = options.disk.info(options.path) === null;
    const log = new Log(options, pool, await loadLog(options, pool));
    if (created) log.commit.noteDirectory(options.path.slice(0, options.path.lastIndexOf("/")) || "/");
    // What a stop left in the page cache counts as durable only once it has been synced here.
    if (options.cleanShutdown === false) await log.sync();
    return log;
  }

  private constructor(options: LogOptions, pool: FilePool, loaded: LoadedLog) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.options = options;
    this.segments = loaded.segments;
    this.store = new SegmentStore(options, pool, (error) => this.failed(error));
    this.reads = new Reads(options, loaded, () => this.end, this.guard.bind(this));
    this.epochs = loaded.epochs;
    this.producers = loaded.producers;
    this.start = loaded.logStartOffset;
    this.end = loaded.logEndOffset;
    this.replicated = loaded.logStartOffset;
    this.id = readPartitionMetadata(options.disk, options.path);
    this.commit = new GroupCommit(
      {
        files: pool,
        clock: options.clock,
        segments: loaded.segments,
        epochs: loaded.epochs,
        directory: options.path,
        logEndOffset: () => this.end,
        ensureUsable: () => this.ensureUsable(),
        failure: () => this.failure,
        failed: (error) => this.failed(error),
        sealedDurable: (bytes) => options.onSealedDurable?.(bytes),
      },
      loaded.recoveryPoint,
    );
    for (const segment of loaded.unsyncedSegments) this.commit.noteSealed(segment);
    for (const path of loaded.unsyncedPaths) this.commit.notePath(path);
    if (options.cleanShutdown === false) this.commit.noteDirectory();
    this.flushes = new FlushRules(options, () => this.sync());
    this.compaction = new CompactableLog({
      options,
      segments: loaded.segments,
      store: this.store,
      commit: this.commit,
      producers: loaded.producers,
      logStartOffset: () => this.start,
      ensureUsable: () => this.ensureUsable(),
      failed: (error) => this.failed(error),
    });
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

  /** What the checkpoint may say: below, recovery need not look. */
  get recoveryPoint(): number {
    return this.commit.recoveryPoint;
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

  /** What still fits into the active segment: a follower that fills it as its leader did has the same files. */
  get segmentRoomBytes(): number {
    return this.options.settings.segmentBytes - this.segments.active.sizeBytes;
  }

  /** The checkpoint of log starts must name this log: its files alone would say something lower. */
  get startsInsideSegment(): boolean {
    return this.start > this.segments.first.baseOffset;
  }

  get directory(): string {
    return this.options.path;
  }

  /** The topic id in `partition.metadata`, null where there is none yet. */
  get topicId(): string | null {
    return this.id;
  }

  /**
   * Appends whole batches whose offsets and leader epochs are assigned and whose content has been validated. Checks
   * producer epochs and sequences as Apache does and throws their KafkaErrors; a retried batch is answered, not
   * appended. On return the page cache has the bytes. The caller may not write into `bytes` before the end of the
   * turn.
   */
  append(bytes: Uint8Array, origin: AppendOrigin, transactionVersion = 0): AppendResult {
    this.ensureUsable();
    assert(!this.truncating, "nothing is appended while the log is being truncated");
    const { firstOffset, lastOffset, maxTimestamp } = measureAppend(bytes, this.end);
    ensureFits(bytes, this.options.settings.segmentBytes, this.name);
    const changes = this.producers.check(bytes, origin, transactionVersion);
    if (changes.duplicate !== null) {
      const { lastOffset: last, offsetDelta, timestamp } = changes.duplicate;
      return { duplicate: true, firstOffset: last - offsetDelta, lastOffset: last, timestamp };
    }
    this.options.admit?.(bytes.length, origin);
    try {
      const { active } = this.segments;
      if (active.mustRollFor(bytes.length, maxTimestamp, lastOffset)) this.rollAt(firstOffset);
      this.segments.active.append(bytes, lastOffset);
      noteEpochs(bytes, this.epochs);
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
    this.flushes.appended(this.end - this.durableOffset);
    return { duplicate: false, firstOffset, lastOffset, timestamp: NO_TIMESTAMP };
  }

  /** Resolves when everything appended before the call is durable. A failure is final: the directory is offline. */
  sync(): Promise<void> {
    return this.commit.sync();
  }

  /**
   * Batches from the one that contains `offset`, below `upToOffset`, at most `maxBytes` (with `minOneBatch` the first
   * batch comes whole), all of one segment. Throws OFFSET_OUT_OF_RANGE outside [logStartOffset, logEndOffset].
   */
  read(offset: number, maxBytes: number, upToOffset: number, minOneBatch: boolean): LogRead {
    const request = this.readRequest(offset, maxBytes, upToOffset, minOneBatch);
    return this.guard(() => this.reads.view(request));
  }

  /** The same range as a copy that JavaScript may read: for coordinators, raft and tools. */
  readCopy(offset: number, maxBytes: number, upToOffset: number, minOneBatch: boolean): Uint8Array {
    const request = this.readRequest(offset, maxBytes, upToOffset, minOneBatch);
    return this.guard(() => this.reads.copy(request));
  }

  /** Bytes of the batches in [offset, upToOffset): what a fetch at `offset` could get. */
  bytesBetween(offset: number, upToOffset: number): number {
    return this.guard(() => this.reads.bytesBetween(offset, Math.min(upToOffset, this.end)));
  }

  /** Transactions that were aborted among the records in [offset, upToOffset). */
  abortedTransactions(offset: number, upToOffset: number): AbortedTransaction[] {
    return this.guard(() => this.reads.aborted(offset, upToOffset));
  }

  /** The first record at or after the timestamp, null where there is none. */
  offsetForTimestamp(timestamp: number): TimestampedOffset | null {
    return this.guard(() => offsetForTimestamp(this.segments.all, timestamp, this.start, this.reads.checkRange));
  }

  /** The first record with the largest timestamp (ListOffsets -3), null in an empty log. */
  offsetOfMaxTimestamp(): TimestampedOffset | null {
    return this.guard(() => offsetOfMaxTimestamp(this.segments.all, this.reads.checkRange));
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
    return true;
  }

  /**
   * Removes everything from `offset` on. Resolves false where there was nothing to remove. Views beyond are waited
   * for.
   */
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
    await this.truncation(offset, async () => {
      this.deleteSegments(this.segments.all.filter((segment) => segment.baseOffset > offset));
      this.end = offset;
      this.start = Math.min(this.start, offset);
      const { active } = this.segments;
      active.reactivate();
      await active.truncateTo(offset);
      this.epochs.truncateFromEnd(offset);
      await this.rebuildProducers(offset);
    });
    return true;
  }

  /** Empties the log; the next append gets `offset`. */
  async truncateFullyAndStartAt(offset: number, logStartOffset: number = offset): Promise<void> {
    this.ensureUsable();
    this.options.logger.info(`${this.name} is emptied and starts again at ${offset}`);
    await this.truncation(0, async () => {
      this.end = offset;
      this.start = logStartOffset;
      this.deleteSegments([...this.segments.all]);
      this.addSegment(offset);
      this.epochs.clear();
      this.producers.truncateFullyAndStartAt(offset);
      await this.rebuildProducers(offset);
      this.updateHighWatermark(offset);
    });
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
    for (const rule of retentionRules(this.options.settings, nowMs))
      deleted += this.deleteBy(rule(this.retentionView()));
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
    const path = `${this.options.path}/${PARTITION_METADATA_FILE}`;
    this.commit.putFile(path, partitionMetadataText(topicId));
  }

  /** Syncs, writes a producer snapshot, trims the indexes. */
  async close(): Promise<void> {
    if (this.closed) return;
    await this.sync();
    await this.commit.idle();
    this.guard(() => {
      this.commit.notePath(this.producers.takeSnapshot());
      this.segments.active.seal();
      this.commit.noteSealed(this.segments.active);
    });
    await this.sync();
    this.abandon();
  }

  /** Lets go of the files once the sync under way has ended: the directory is about to be renamed or removed. */
  async retire(): Promise<void> {
    this.closed = true;
    await this.commit.idle();
    this.abandon();
  }

  /** The directory has failed: every later use throws the error. */
  takeOffline(error: DiskError): void {
    this.failure ??= error;
    try {
      this.abandon();
    } catch (again) {
      if (!(again instanceof DiskError)) throw again; // the disk is known to fail
    }
  }

  /** Lets go of the files without writing anything. */
  private abandon(): void {
    this.closed = true;
    this.flushes.stop();
    this.store.close();
    for (const segment of this.segments.all) segment.close();
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  private ensureUsable(): void {
    if (this.failure !== null) throw this.failure;
    if (this.closed) throw new KafkaError("NOT_LEADER_OR_FOLLOWER", `The log of ${this.name} is closed`);
  }

  private failed(error: unknown): void {
    if (this.failure !== null || !(error instanceof DiskError)) return;
    this.failure = error;
    this.options.logger.error(`${this.options.path} is offline: ${error.message}`);
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

  private readRequest(offset: number, maxBytes: number, upToOffset: number, minOneBatch: boolean): ReadRequest {
    if (offset < this.start || offset > this.end) {
      const message = `${this.name} has offsets ${this.start} to ${this.end}, not ${offset}`;
      throw new KafkaError("OFFSET_OUT_OF_RANGE", message);
    }
    return { offset, maxBytes, upToOffset: Math.min(upToOffset, this.end), minOneBatch };
  }

  private rollAt(firstOffset: number): void {
    const { active } = this.segments;
    active.seal();
    this.commit.noteSealed(active);
    this.addSegment(Math.max(firstOffset, this.end));
    this.producers.advanceTo(this.segments.active.baseOffset);
    this.commit.notePath(this.producers.takeSnapshot());
    this.flushes.rolled();
  }

  private addSegment(baseOffset: number): void {
    const last = this.segments.count > 0 ? this.segments.active : null;
    if (last !== null && last.baseOffset === baseOffset) this.deleteSegments([last]);
    const segment = this.store.open(baseOffset);
    segment.activate(this.options.settings.preallocate);
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

  /** Out of the log now, off the disk later. */
  private deleteSegments(segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    const snapshots: string[] = [];
    for (const segment of segments) {
      this.segments.remove(segment);
      this.commit.forget(segment);
      const snapshot = this.producers.markSnapshotDeleted(segment.baseOffset);
      if (snapshot !== null) snapshots.push(snapshot);
    }
    this.store.delete(segments, snapshots);
    this.commit.noteDirectory();
  }

  private async rebuildProducers(upTo: number): Promise<void> {
    const rebuild = { segments: this.segments, logStartOffset: this.start, upTo, fromClean: false };
    for (const path of await rebuildProducers(this.producers, rebuild, this.options.clock)) this.commit.notePath(path);
  }

  /** The caller may count on the truncation once it resolves: it is synced. */
  private async truncation(offset: number, change: () => Promise<void>): Promise<void> {
    assert(!this.truncating, "one truncation at a time");
    this.truncating = true;
    try {
      this.commit.truncationBegins(offset);
      this.replicated = Math.min(this.replicated, offset); // the checkpoint that follows may not name more
      await (this.options.truncation?.(offset, change) ?? change());
      this.commit.truncationEnds();
      this.commit.note(); // a sync may have begun while the change was waiting for views
      await this.sync();
    } catch (error) {
      this.failed(error);
      throw error;
    } finally {
      this.truncating = false;
    }
  }
}

/**
 * One partition's log: an ordered list of segments of which the last one grows. Appends are synchronous writes into the
 * page cache; `sync` makes everything appended so far durable, one sync at a time (group commit). The log decides nothing
 * about replication: its owner says what has been replicated with `updateHighWatermark`.
 */
import { AssertionError } from "../base/assert.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { AbortedTransaction, LogRead, TimestampedOffset } from "./log-read.ts";
import type { ProducerState } from "./producer-state.ts";
import type { LogOptions } from "./settings.ts";

/** Who appends, because the producer checks differ (as Apache's AppendOrigin). */
export type AppendOrigin = "client" | "coordinator" | "replication" | "raftLeader";

export interface AppendResult {
  /** The last sequence numbers were already here: nothing was appended, the offsets are those of the first time. */
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

const later = (): never => {
  throw new AssertionError("not written yet");
};

export class Log {
  readonly topic: string;
  readonly partition: number;
  readonly epochs: LeaderEpochs = later();
  readonly producers: ProducerState = later();

  /** Loads the log, recovering what follows the recovery point after an unclean stop. */
  static open(_options: LogOptions): Promise<Log> {
    return later();
  }

  private constructor(options: LogOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
  }

  get logStartOffset(): number {
    return later();
  }
  /** The offset that the next record gets. */
  get logEndOffset(): number {
    return later();
  }
  /** Everything below survives power loss. */
  get durableOffset(): number {
    return later();
  }
  /** The checkpointed bound below which recovery need not look. */
  get recoveryPoint(): number {
    return later();
  }
  /** As the owner last said, within [logStartOffset, logEndOffset]. */
  get highWatermark(): number {
    return later();
  }
  /** The first offset of an open transaction, or the high watermark if lower. */
  get lastStableOffset(): number {
    return later();
  }
  get sizeBytes(): number {
    return later();
  }
  get segmentCount(): number {
    return later();
  }
  /** The topic id in `partition.metadata`, null where there is none yet. */
  get topicId(): string | null {
    return later();
  }

  /**
   * Appends whole batches whose offsets and leader epochs are assigned and whose content has been validated. Checks
   * producer epochs and sequences as Apache does and throws their KafkaErrors; a retried batch is answered, not appended.
   * On return the page cache has the bytes. The caller may not write into `bytes` before the end of the turn.
   */
  append(_bytes: Uint8Array, _origin: AppendOrigin, _transactionVersion?: number): AppendResult {
    return later();
  }

  /** Resolves when everything appended before the call is durable. A failure is final: the directory is offline. */
  sync(): Promise<void> {
    return later();
  }

  /**
   * Batches from the one that contains `offset`, below `upToOffset`, at most `maxBytes` (with `minOneBatch` the first batch
   * comes whole). Throws OFFSET_OUT_OF_RANGE outside [logStartOffset, logEndOffset].
   */
  read(_offset: number, _maxBytes: number, _upToOffset: number, _minOneBatch: boolean): LogRead {
    return later();
  }
  /** The same range as a copy that JavaScript may read: for coordinators, raft and tools. */
  readCopy(_offset: number, _maxBytes: number, _upToOffset: number, _minOneBatch: boolean): Uint8Array {
    return later();
  }
  /** Bytes of the batches in [offset, upToOffset): what a fetch at `offset` could get. */
  bytesBetween(_offset: number, _upToOffset: number): number {
    return later();
  }
  /** Transactions aborted in what a read_committed fetch of [offset, upToOffset) returns. */
  abortedTransactions(_offset: number, _upToOffset: number): AbortedTransaction[] {
    return later();
  }
  /** The first record at or after the timestamp, null where there is none. */
  offsetForTimestamp(_timestamp: number): TimestampedOffset | null {
    return later();
  }
  /** The first record with the largest timestamp (ListOffsets -3), null in an empty log. */
  offsetOfMaxTimestamp(): TimestampedOffset | null {
    return later();
  }

  /** Moves the bound of what is replicated; clamped into the log. Returns the new value. */
  updateHighWatermark(_offset: number): number {
    return later();
  }
  /** Records below are gone for readers now, their files with the next retention. Never moves back. */
  advanceLogStart(_offset: number, _reason: LogStartReason): boolean {
    return later();
  }
  /** Removes everything from `offset` on. Resolves false where there was nothing to remove. Views beyond are waited for. */
  truncateTo(_offset: number): Promise<boolean> {
    return later();
  }
  /** Empties the log; the next append gets `offset`. */
  truncateFullyAndStartAt(_offset: number, _logStartOffset?: number): Promise<void> {
    return later();
  }
  /** Starts a new segment if the active one's time is over; `force` whenever it is not empty. */
  rollIfNeeded(_nowMs: number, _force?: boolean): boolean {
    return later();
  }
  /** Deletes whole segments by time, size and log start. Returns how many. */
  applyRetention(_nowMs: number): number {
    return later();
  }
  /** Whole segments below `offset` go, for the metadata log, which keeps by snapshot instead of by time. Returns how many. */
  deleteBefore(_offset: number): number {
    return later();
  }

  /** Writes `partition.metadata`; throws INCONSISTENT_TOPIC_ID where it names another topic. */
  assignTopicId(_topicId: string): void {
    return later();
  }
  /** Syncs, writes a producer snapshot, trims the indexes. */
  close(): Promise<void> {
    return later();
  }
  /** Lets go of the files without writing anything: for an offline directory. */
  abandon(): void {
    return later();
  }
}

/**
 * Moves a partition's log into another directory of this node (AlterReplicaLogDirs, KIP-113): a copy grows in
 * `TOPIC-N.UUID-future` until it has nearly all; the controller is told where the replica will be (KIP-858); then the
 * copy takes the plain name, catches up and takes the place of the log within one turn. Between those the directory
 * has two logs of the name: whichever is longer has all that was promised, and a start takes that one.
 */
import { type Clock, DiskError, type Logger } from "../../base/ports.ts";
import { KafkaError } from "../../protocol/errors.ts";
import * as batch from "../../protocol/records/batch.ts";
import { forEachBatch } from "../../protocol/records/cursor.ts";
import type { Log } from "../../storage/log.ts";
import type { LogDirectory } from "../../storage/log-dir.ts";
import type { Replica } from "./replica.ts";
import type { ReplicationQuota } from "./replication-quota.ts";

const SLICE_BYTES = 1 << 20;
/** So much may be copied within one turn. */
const LAST_SLICE_BYTES = 1 << 20;
/** After so many bytes the copy is synced: the page cache is not flooded. */
const SYNC_BYTES = 32 << 20;

export interface LogMoveOptions {
  readonly replica: Replica;
  readonly source: LogDirectory;
  readonly target: LogDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves when the metadata has the replica in the target directory. */
  readonly assign: () => Promise<void>;
  /** Nobody else changes the log until `resume`: the fetcher of a follower. */
  readonly pause: () => Promise<void>;
  readonly resume: () => void;
  /** `replica.alter.log.dirs.io.max.bytes.per.second`, for all moves of the node together. */
  readonly quota: ReplicationQuota;
}

class MoveStopped extends Error {}

export class LogMove {
  readonly target: LogDirectory;
  private readonly options: LogMoveOptions;
  private stopped = false;
  private readonly told = Promise.withResolvers<never>();
  private copy: Log | null = null;
  /** From here on the metadata may say so. */
  private assigning = false;

  constructor(options: LogMoveOptions) {
    this.options = options;
    this.told.promise.catch(() => {}); // nobody may be waiting
    this.target = options.target;
  }

  /** Where the replica is to be, as the controller shall know it. */
  get directory(): LogDirectory {
    return this.assigning ? this.options.target : this.options.source;
  }

  get topic(): string {
    return this.options.replica.topic;
  }
  get topicId(): string {
    return this.options.replica.topicId;
  }
  get partition(): number {
    return this.options.replica.partition;
  }

  /** How many offsets the copy is behind. */
  get lag(): number {
    return Math.max(0, this.options.replica.logEndOffset - (this.copy?.logEndOffset ?? 0));
  }

  /** The copy so far; null before it exists. */
  get future(): Log | null {
    return this.copy;
  }

  /** Gives up, unless the log is being swapped. */
  stop(): void {
    this.stopped = true;
    this.told.reject(new MoveStopped("it was told to stop"));
  }

  /** True when the log has moved; never rejects. */
  async run(): Promise<boolean> {
    const { replica, source, target, logger } = this.options;
    try {
      await this.move();
      logger.info(`${replica.name} has moved from ${source.path} to ${target.path}`);
      return true;
    } catch (cause) {
      this.assigning = false;
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (!(cause instanceof MoveStopped)) logger.warn(`${replica.name} stays in ${source.path}: ${reason}`);
      if (target.offline === null) await target.moving.drop(replica.topic, replica.partition).catch(() => {});
      if (!(cause instanceof MoveStopped || cause instanceof DiskError || cause instanceof KafkaError)) throw cause;
      return false;
    }
  }

  private async move(): Promise<void> {
    const { replica, source, target } = this.options;
    const { topic, partition, topicId } = replica;
    let copy = await target.moving.create(topic, partition, topicId);
    this.copy = copy;
    await this.catchUp(copy, true);
    this.assigning = true;
    await Promise.race([this.options.assign(), this.told.promise]);
    this.ensureWanted(copy);
    copy = await target.moving.settle(copy);
    this.copy = copy;
    await this.options.pause();
    try {
      await this.catchUp(copy, false); // the replica waits for it
      this.swap(copy);
    } finally {
      this.options.resume();
    }
    await copy.sync(); // until then the old log alone holds what was promised last
    const cleanedTo = source.cleaner.cleanedTo(replica.name);
    if (cleanedTo !== undefined) await target.cleaner.cleaned(replica.name, cleanedTo);
    await target.checkpoint();
    await target.moving.isWhole(copy);
    if (source.offline !== null) return;
    await source.moving.discard(topic, partition);
    await source.checkpoint();
  }

  /** Until less is missing than one turn may copy, and all but that is durable. */
  private async catchUp(copy: Log, isThrottled: boolean): Promise<void> {
    const { clock, quota } = this.options;
    let unsyncedBytes = 0;
    for (;;) {
      this.ensureWanted(copy);
      if (await this.begunAnew(copy)) continue;
      const excessMs = isThrottled ? quota.excessMs : 0;
      if (excessMs > 0) {
        await new Promise<void>((resume) => void clock.after(excessMs, resume));
        continue;
      }
      const missing = this.missingBytes(copy);
      if (missing <= LAST_SLICE_BYTES && unsyncedBytes === 0) return;
      if (missing > LAST_SLICE_BYTES) unsyncedBytes += this.copySlice(copy);
      if (unsyncedBytes >= SYNC_BYTES || missing <= LAST_SLICE_BYTES) {
        await copy.sync();
        unsyncedBytes = 0;
      } else await new Promise<void>((resume) => void clock.after(0, resume));
    }
  }

  /** What comes next was deleted: the copy begins where the log does, which may be within a batch. */
  private async begunAnew(copy: Log): Promise<boolean> {
    const { log } = this.options.replica;
    if (copy.logEndOffset >= log.logStartOffset) return false;
    const first = firstOffsetOf(log);
    if (copy.logEndOffset === first) return false;
    await copy.truncateFullyAndStartAt(first);
    return true;
  }

  /** Within one turn: nothing is appended to either log meanwhile. */
  private swap(copy: Log): void {
    const { replica, source, target } = this.options;
    const { log } = replica;
    while (copy.logEndOffset < log.logEndOffset) this.copySlice(copy);
    for (const { epoch, startOffset } of log.epochs.entries()) {
      if (startOffset >= copy.logEndOffset || copy.epochs.latest === null) copy.epochs.assign(epoch, startOffset);
    }
    copy.updateHighWatermark(log.highWatermark);
    if (log.logStartOffset > copy.logStartOffset) copy.advanceLogStart(log.logStartOffset, "leader");
    source.moving.giveUp(log);
    target.moving.takeOver(copy);
    replica.moveTo(copy);
  }

  private copySlice(copy: Log): number {
    const { log } = this.options.replica;
    const bytes = wholeBatchesOf(log, Math.max(copy.logEndOffset, log.logStartOffset));
    copy.append(bytes, "replication");
    this.options.quota.record(bytes.length);
    return bytes.length;
  }

  private missingBytes(copy: Log): number {
    const { log } = this.options.replica;
    return log.bytesBetween(Math.max(copy.logEndOffset, log.logStartOffset), log.logEndOffset);
  }

  private ensureWanted(copy: Log): void {
    const { replica, source } = this.options;
    if (this.stopped || source.offline !== null) throw new MoveStopped("it was told to stop");
    const { log } = replica;
    const { latest } = copy.epochs;
    const end = latest === null ? null : log.epochs.endOffsetFor(latest.epoch, log.logEndOffset);
    const isPrefix = end === null || (end.epoch === latest?.epoch && end.endOffset >= copy.logEndOffset);
    if (copy.logEndOffset > log.logEndOffset || !isPrefix) {
      throw new KafkaError("UNKNOWN_SERVER_ERROR", "the log was truncated below what had been copied");
    }
  }
}

function wholeBatchesOf(log: Log, offset: number): Uint8Array {
  const bytes = log.readCopy(offset, SLICE_BYTES, log.logEndOffset, true);
  const end = forEachBatch(bytes, () => {});
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

/** Of its first batch, or where it begins without one. */
function firstOffsetOf(log: Log): number {
  const bytes = wholeBatchesOf(log, log.logStartOffset);
  return bytes.length === 0 ? log.logStartOffset : Math.min(log.logStartOffset, batch.baseOffset(bytes, 0));
}

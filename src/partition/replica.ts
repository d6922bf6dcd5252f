/**
 * One partition on this node. As leader it validates and appends, keeps the high watermark, and wakes what waits for
 * it. All decisions are synchronous, so the order of arrival is the order in the log. The high watermark is what is
 * durable on every replica in sync: consumers never see a record that a power cut could take back
 * (`odradek.flush.before.ack=false` makes it the log end, as Apache's page-cache semantics). As follower it holds what
 * its fetcher brings (fetcher.ts), and serves consumers up to what the leader has said is committed.
 */
import { assert } from "../../base/assert.ts";
import { type Cancel, type Clock, DiskError, type Logger } from "../../base/ports.ts";
import { type ErrorName, KafkaError } from "../../protocol/errors.ts";
import type { RecordValidator } from "../../protocol/records/validate.ts";
import type { AppendOrigin, Log } from "../../storage/log.ts";
import { NO_LEADER } from "../metadata/image.ts";
import type { FollowerFetch } from "./follower-progress.ts";
import { type IsrGrant, type LeaderShared, Leadership, type LedPartition } from "./leadership.ts";
import { leadsAloneAgain, noRole, type PartitionRole } from "./role.ts";
import type { SyncPressure } from "./sync-pressure.ts";
import type { TopicRules } from "./topic-rules.ts";
import { type CommitEvents, FetchWaiters, OffsetQueue } from "./waiters.ts";

/** Without anybody waiting, records become durable this soon: consumers that come later need not wait for the disk. */
const IDLE_SYNC_DELAY_MS = 5;
/** With this many bytes not yet durable a sync starts whoever waits, so that the kernel never throttles the writer. */
const UNSYNCED_BYTES_MAX = 8 * 1024 * 1024;

/** What all partitions of a node share. */
export interface ReplicaShared {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly validator: RecordValidator;
  readonly pressure: SyncPressure;
  /** `odradek.flush.before.ack` */
  readonly flushBeforeAck: () => boolean;
  readonly leader: LeaderShared;
}

export interface Appended {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** -1 with CreateTime. */
  readonly logAppendTimeMs: number;
}

export class Replica implements LedPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** "orders-0" */
  readonly name: string;
  /** The same records all the time, in one directory or (AlterReplicaLogDirs) another. */
  log: Log;
  readonly rules: TopicRules;
  readonly produces = new OffsetQueue();
  /** Deletions that wait for the low watermark. */
  readonly deletions = new OffsetQueue();
  readonly fetches = new FetchWaiters();
  /** Of followers: they wait for the log end, or for a high watermark that they do not know. */
  readonly followerFetches = new FetchWaiters();
  /** Bytes that became visible to consumers while fetches were parked: they count the difference. */
  visibleBytes = 0;

  private readonly shared: ReplicaShared;
  private readonly nodeId: number;
  private readonly watchers = new Set<CommitEvents>();
  role: PartitionRole = noRole;
  private leading = false;
  /** Null on a follower, and where there is no follower to wait for. */
  private leadership: Leadership | null = null;
  /** The log end when this node became leader of the epoch: below it "latest" is not known yet. */
  epochStartOffset = 0;
  private failure: ErrorName | null = null;
  private unsyncedBytes = 0;
  private syncing = false;
  private syncWanted = false;
  private turnEndWanted = false;
  private reportWanted = false;
  private cancelIdleSync: Cancel | null = null;
  private reportedStableOffset = 0;

  constructor(log: Log, topicId: string, nodeId: number, rules: TopicRules, shared: ReplicaShared) {
    this.log = log;
    this.topic = log.topic;
    this.topicId = topicId;
    this.partition = log.partition;
    this.name = `${log.topic}-${log.partition}`;
    this.nodeId = nodeId;
    this.rules = rules;
    this.shared = shared;
  }

  get leaderEpoch(): number {
    return this.role.leaderEpoch;
  }
  get leaderId(): number {
    return this.role.leader;
  }
  get isLeader(): boolean {
    return this.leading && this.failure === null;
  }
  /** It copies from a leader, or would if there were one. */
  get isFollower(): boolean {
    return !this.leading && this.failure === null;
  }
  /** Why nothing can be appended here, null where it can. */
  get unavailable(): ErrorName | null {
    return this.failure ?? (this.leading ? null : "NOT_LEADER_OR_FOLLOWER");
  }
  get replicaIds(): readonly number[] {
    return this.role.replicas;
  }
  get highWatermark(): number {
    return this.log.highWatermark;
  }
  get lastStableOffset(): number {
    return this.log.lastStableOffset;
  }
  get logEndOffset(): number {
    return this.log.logEndOffset;
  }
  get minInsyncReplicas(): number {
    return this.rules.minInsyncReplicas;
  }
  /** What this node promises to hold: what is durable, or (page-cache semantics) what it has. */
  get heldOffset(): number {
    return this.shared.flushBeforeAck() ? this.log.durableOffset : this.log.logEndOffset;
  }
  /** The replicas in sync as this leader knows them, and how far each is. */
  get followers(): Leadership | null {
    return this.leadership;
  }

  /**
   * Takes what the image says. A new epoch as leader begins at the log end; what the log holds is made durable before
   * it counts toward the high watermark.
   */
  applyRole(role: PartitionRole): void {
    const before = this.role;
    // The controller's answer to a proposal may come before the image that holds it.
    if (role.partitionEpoch < before.partitionEpoch) return;
    const wasLeading = this.leading;
    this.role = role;
    this.leading = role.leader === this.nodeId;
    if (this.failure !== null) return;
    const isNewEpoch = role.leaderEpoch !== before.leaderEpoch;
    if (this.leading) this.lead(!wasLeading, isNewEpoch);
    else this.endLeadership();
    if (isNewEpoch || wasLeading !== this.leading) {
      if (!this.leading) void this.leave();
      this.fetches.wakeAll();
      this.followerFetches.wakeAll();
    }
  }

  /** Others may lead on without what waits here. Who alone may lead again keeps it, and tells so. */
  private async leave(): Promise<void> {
    if (this.role.leader === NO_LEADER) await this.settle();
    this.produces.passed(this.highWatermark);
    if (!this.leading) this.loseWaiters("NOT_LEADER_OR_FOLLOWER");
  }

  private lead(isNewLeader: boolean, isNewEpoch: boolean): void {
    try {
      if (isNewLeader || isNewEpoch) {
        this.epochStartOffset = this.log.logEndOffset;
        this.noteEpoch();
      }
      if (this.role.replicas.length === 1) this.endLeadership();
      else {
        this.leadership ??= new Leadership(this, this.shared.leader);
        this.leadership.assign(isNewLeader, isNewEpoch);
      }
      this.advanceOrSync(); // fewer replicas in sync, or none but this one, may have less to wait for
    } catch (cause) {
      if (!(cause instanceof DiskError)) throw cause;
      this.stop("KAFKA_STORAGE_ERROR");
    }
  }

  /**
   * After a start the images of the past come by once more: their epochs are in the log already, where they began, and
   * those that came after them must stay.
   */
  private noteEpoch(): void {
    const { epochs } = this.log;
    const { leaderEpoch } = this.role;
    if (leaderEpoch > (epochs.latest?.epoch ?? -1)) epochs.assign(leaderEpoch, this.epochStartOffset);
  }

  private endLeadership(): void {
    this.leadership?.end();
    this.leadership = null;
  }

  /** The controller has committed other in-sync replicas; the image will say so too, later or already. */
  isrChanged({ isr, partitionEpoch }: IsrGrant): void {
    this.role = { ...this.role, isr, partitionEpoch };
    this.advanceOrSync();
    this.atTurnEnd();
  }

  /**
   * A follower asks from an offset: it holds everything below.
   * @throws NOT_LEADER_OR_FOLLOWER for an earlier life of its broker.
   */
  followerFetched(fetch: FollowerFetch): void {
    const { leadership } = this;
    if (leadership === null) return;
    const before = this.log.highWatermark;
    leadership.fetched(fetch, this.log.logEndOffset);
    this.advance(this.heldOffset);
    if (this.log.highWatermark > before) this.reportAtTurnEnd();
    if (!this.deletions.isEmpty) this.deletions.passed(this.lowWatermark);
  }

  /** Followers that lag are proposed to leave the in-sync replicas. */
  shrinkInSync(): void {
    if (this.leading && this.failure === null) this.leadership?.shrink();
  }

  /**
   * The fetcher has brought what the leader sent: what the leader has said is committed, as far as it is here, may be
   * read here. It never goes back: what was committed stays so.
   */
  followed(leaderHighWatermark: number, leaderLogStartOffset: number): void {
    if (this.leading || this.failure !== null) return;
    const { log } = this;
    const highWatermark = Math.min(leaderHighWatermark, this.heldOffset);
    if (highWatermark > log.highWatermark) this.raise(highWatermark);
    const start = Math.min(leaderLogStartOffset, log.highWatermark);
    if (start > log.logStartOffset) log.advanceLogStart(start, "leader");
    this.report();
  }

  /** The partition is no longer here: deleted, moved or its directory offline. Everyone waiting is told why. */
  stop(error: ErrorName): void {
    this.failure = error;
    this.leading = false;
    this.endLeadership();
    this.shared.pressure.settled(this.unsyncedBytes);
    this.unsyncedBytes = 0;
    this.cancelIdleSync?.();
    this.cancelIdleSync = null;
    this.loseWaiters(error);
    this.fetches.wakeAll();
    this.followerFetches.wakeAll();
  }

  private loseWaiters(error: ErrorName): void {
    this.produces.fail(error);
    this.deletions.fail(error);
    const watchers = [...this.watchers];
    this.watchers.clear();
    for (const watcher of watchers) watcher.lost();
  }

  /**
   * @throws NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, KAFKA_STORAGE_ERROR. -1: no epoch given.
   */
  check(currentLeaderEpoch: number, leaderOnly: boolean): void {
    if (this.failure !== null) throw new KafkaError(this.failure, `${this.name} is not available`);
    if (currentLeaderEpoch !== -1 && currentLeaderEpoch !== this.role.leaderEpoch) {
      const name = currentLeaderEpoch < this.role.leaderEpoch ? "FENCED_LEADER_EPOCH" : "UNKNOWN_LEADER_EPOCH";
      throw new KafkaError(name, `The leader epoch is ${this.role.leaderEpoch}, the request has ${currentLeaderEpoch}`);
    }
    if (leaderOnly && !this.leading) {
      throw new KafkaError("NOT_LEADER_OR_FOLLOWER", `Node ${this.nodeId} does not lead ${this.name}`);
    }
  }

  /**
   * Validates, places and appends one batch, in place where it can. On return the page cache has it; `highWatermark`
   * says what is committed.
   * @throws what validation and the producer checks refuse; NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS,
   * RECORD_LIST_TOO_LARGE; DiskError.
   */
  append(bytes: Uint8Array, acks: number, origin: AppendOrigin & ("client" | "coordinator")): Appended {
    this.check(-1, true);
    const { rules, log, role } = this;
    const minInsync = Math.min(rules.minInsyncReplicas, role.replicas.length);
    if (acks === -1 && role.isr.length < minInsync) {
      const message = `${role.isr.length} replicas of ${this.name} are in sync, ${minInsync} are required`;
      throw new KafkaError("NOT_ENOUGH_REPLICAS", message);
    }
    const placed = this.shared.validator.validate(bytes, rules, {
      topicPartition: this.name,
      baseOffset: log.logEndOffset,
      leaderEpoch: role.leaderEpoch,
      nowMs: this.shared.clock.nowMs(),
      origin,
    });
    const sizeBytes = placed.bytes.length;
    if (sizeBytes > rules.segmentBytes) {
      const message = `The batch of ${sizeBytes} bytes is larger than a segment of ${rules.segmentBytes}`;
      throw new KafkaError("RECORD_LIST_TOO_LARGE", message);
    }
    const { duplicate, firstOffset, lastOffset, timestamp } = log.append(placed.bytes, origin);
    if (duplicate) return { firstOffset, lastOffset, logAppendTimeMs: timestamp };
    assert(lastOffset === placed.lastOffset, "the log appends at the offsets that were assigned");
    this.afterAppend(sizeBytes);
    return { firstOffset, lastOffset, logAppendTimeMs: placed.logAppendTimeMs };
  }

  /** Somebody waits for what is appended: it becomes durable with the others of this turn. */
  wantCommit(): void {
    if (this.log.logEndOffset > this.log.highWatermark) this.atTurnEnd();
  }

  /** Before a clean stop: what only this node has to hold is committed to its end, as Apache's is once appended. */
  async settle(): Promise<void> {
    if (!this.holdsAlone) return;
    try {
      await this.log.sync();
    } catch (cause) {
      // The directory's owner has heard of it, or the partition was deleted meanwhile.
      if (cause instanceof DiskError || this.failure !== null) return;
      throw cause;
    }
    if (this.holdsAlone) this.log.updateHighWatermark(this.log.durableOffset);
  }

  private get holdsAlone(): boolean {
    return this.failure === null && leadsAloneAgain(this.role, this.nodeId, this.rules.minInsyncReplicas);
  }

  /** The same records in another directory; what is not durable there is made so before it is promised again. */
  moveTo(log: Log): void {
    assert(log.logEndOffset === this.log.logEndOffset, "a log moves with all its records");
    this.log = log;
    this.startSync();
  }

  /** Calls `committed` each time the high watermark moves, in turns of their own, until cancelled or `lost`. */
  follow(events: CommitEvents): Cancel {
    this.watchers.add(events);
    return () => this.watchers.delete(events);
  }

  /** The lowest log start of the replicas that are alive. */
  get lowWatermark(): number {
    const { logStartOffset } = this.log;
    return this.leadership === null ? logStartOffset : this.leadership.lowWatermark(logStartOffset);
  }

  /**
   * Removes what lies below `offset` from view; -1 means the high watermark. Returns the offset below which it is gone
   * here; followers come after, and `deletions` waits for them.
   */
  deleteRecords(offset: number): number {
    this.check(-1, true);
    if (!this.rules.deletes && this.rules.compacted) {
      throw new KafkaError("POLICY_VIOLATION", `The cleanup policy of ${this.topic} does not let records be deleted`);
    }
    const bound = offset === -1 ? this.highWatermark : offset;
    if (bound < 0 || bound > this.highWatermark) {
      const message = `Cannot delete up to offset ${bound} of ${this.name}: it ends at ${this.highWatermark}`;
      throw new KafkaError("OFFSET_OUT_OF_RANGE", message);
    }
    if (this.log.advanceLogStart(bound, "records deleted")) {
      this.fetches.wakeAll();
      this.followerFetches.wakeAll();
    }
    return bound;
  }

  /**
   * @throws OFFSET_NOT_AVAILABLE while the high watermark has not reached the start of this leader's epoch: until
   * then an older leader's records may be missing from it.
   */
  checkHighWatermarkKnown(): void {
    if (this.leading && this.epochStartOffset > this.highWatermark) {
      throw new KafkaError("OFFSET_NOT_AVAILABLE", `The high watermark is below ${this.epochStartOffset}`);
    }
  }

  private afterAppend(sizeBytes: number): void {
    if (!this.shared.flushBeforeAck()) {
      this.atTurnEnd();
      this.advance(this.log.logEndOffset);
      return;
    }
    this.unsyncedBytes += sizeBytes;
    this.shared.pressure.appended(sizeBytes);
    if (this.isAwaited || this.watchers.size > 0 || this.unsyncedBytes >= UNSYNCED_BYTES_MAX) this.atTurnEnd();
    else this.syncSoon();
  }

  private get isAwaited(): boolean {
    return !this.fetches.isEmpty || !this.followerFetches.isEmpty;
  }

  private advanceOrSync(): void {
    this.advance(this.heldOffset);
    if (this.heldOffset < this.log.logEndOffset) this.startSync();
  }

  private syncSoon(): void {
    this.cancelIdleSync ??= this.shared.clock.after(IDLE_SYNC_DELAY_MS, () => {
      this.cancelIdleSync = null;
      this.startSync();
    });
  }

  /** One visit at the end of the turn: the sync covers all appends of the turn, the watchers hear of them at once. */
  private atTurnEnd(): void {
    if (this.turnEndWanted) return;
    this.turnEndWanted = true;
    this.shared.clock.turnEnd(() => {
      this.turnEndWanted = false;
      if (this.failure !== null) return;
      this.followerFetches.progressed(); // they need not wait for this node's own disk
      if (this.shared.flushBeforeAck()) this.startSync();
      else this.report();
    });
  }

  private reportAtTurnEnd(): void {
    if (this.reportWanted) return;
    this.reportWanted = true;
    this.shared.clock.turnEnd(() => {
      this.reportWanted = false;
      if (this.failure === null) this.report();
    });
  }

  private startSync(): void {
    this.cancelIdleSync?.();
    this.cancelIdleSync = null;
    if (this.syncing) {
      this.syncWanted = true;
      return;
    }
    this.syncing = true;
    const bytes = this.unsyncedBytes;
    this.unsyncedBytes = 0;
    this.log
      .sync()
      .finally(() => this.shared.pressure.settled(bytes))
      .then(() => this.synced())
      .catch((cause: unknown) => this.syncFailed(cause)); // of the sync, or of a read to count what became visible
  }

  private synced(): void {
    this.syncing = false;
    if (this.failure !== null) return;
    this.advance(this.log.durableOffset);
    this.report();
    if (!this.syncWanted) return;
    this.syncWanted = false;
    this.startSync();
  }

  /** The directory's owner hears of it from storage; here nothing more can be promised. */
  private syncFailed(cause: unknown): void {
    this.syncing = false;
    if (this.failure !== null) return;
    if (!(cause instanceof DiskError)) throw cause;
    this.stop("KAFKA_STORAGE_ERROR");
  }

  /** This node holds everything below `offset`. */
  private advance(offset: number): void {
    if (!this.leading) return;
    const committed = this.leadership === null ? offset : this.leadership.committable(offset);
    if (committed <= this.log.highWatermark) return;
    const after = this.raise(committed);
    this.produces.passed(after, this.commitError);
  }

  /** What acks=all hears although the high watermark has passed: too few hold the records to call them safe. */
  get commitError(): ErrorName | null {
    return this.leadership === null || this.leadership.hasMinInsync ? null : "NOT_ENOUGH_REPLICAS_AFTER_APPEND";
  }

  private raise(offset: number): number {
    const before = this.log.highWatermark;
    const after = this.log.updateHighWatermark(offset);
    assert(after >= before, "the high watermark never goes back");
    if (!this.fetches.isEmpty) this.visibleBytes += this.log.bytesBetween(before, after);
    return after;
  }

  /** Tells who follows: never from within an append. */
  private report(): void {
    const { highWatermark, lastStableOffset } = this.log;
    if (highWatermark === this.reportedHighWatermark && lastStableOffset === this.reportedStableOffset) return;
    this.reportedHighWatermark = highWatermark;
    this.reportedStableOffset = lastStableOffset;
    this.fetches.progressed();
    this.followerFetches.progressed();
    if (this.watchers.size > 0) for (const watcher of [...this.watchers]) watcher.committed(highWatermark);
  }
  private reportedHighWatermark = 0;
}

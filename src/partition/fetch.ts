/**
 * Reads what a Fetch asks for, partition by partition, as Apache's ReplicaManager.readFromLog: at least one batch in
 * the whole answer, then the limits of the request and of each partition. Records are views of mapped segments; the
 * caller releases them once the reply is sent.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { WRITE_BYTES_MIN } from "../../protocol/bytes/writer.ts";
import { KafkaError } from "../../protocol/errors.ts";
import type { AbortedTransaction, LogRead } from "../../storage/log-read.ts";
import type { FetchTarget } from "./fetch-sessions.ts";
import type { FollowerFetch } from "./follower-progress.ts";
import { preferredReadReplica, type RackSelector } from "./read-replica.ts";
import { errorCodeOf } from "./refusal.ts";
import type { Replica } from "./replica.ts";
import type { ReplicationQuota } from "./replication-quota.ts";

/** How far a fetch may see: the high watermark, the last stable offset, or (replicas) the log end. */
export type FetchIsolation = "highWatermark" | "committed" | "logEnd";

export interface FetchLimits {
  /** A broker id, or negative for a consumer. */
  readonly replicaId: number;
  /** Of a broker; -1 where its version of Fetch does not tell. */
  readonly brokerEpoch: number;
  /** Every broker of the cluster tells its epoch (metadata.version 3.5-IV1): a fetch without it is none of theirs. */
  readonly brokerEpochRequired: boolean;
  readonly isolation: FetchIsolation;
  readonly maxBytes: number;
  /** Consumers before v11 and all replicas must read from the leader. */
  readonly leaderOnly: boolean;
  /** Of what goes to throttled followers. */
  readonly quota: ReplicationQuota;
  /** Sends consumers to a replica nearer to them (KIP-392); null where nobody is sent away. */
  readonly selector: RackSelector | null;
}

/** One partition of the answer, in the names of FetchResponse. */
export interface FetchedPartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly divergingEpoch: { epoch: number; endOffset: number };
  currentLeader: { leaderId: number; leaderEpoch: number };
  readonly snapshotId: { endOffset: number; epoch: number };
  readonly abortedTransactions: { producerId: number; firstOffset: number }[] | null;
  readonly preferredReadReplica: number;
  readonly records: Uint8Array | null;
}

/** All that one pass over the partitions found. */
export class FetchPass {
  readonly partitions: FetchedPartition[] = [];
  bytes = 0;
  /** An error or a diverging epoch: the client must hear of it now. */
  urgent = false;
  /** False: the pages have been brought in and checked once; what is not is read as it is and checked now. */
  readonly mayBeCold: boolean;
  private readonly reads: LogRead[] = [];
  private readonly preparing: Promise<void>[] = [];

  constructor(mayBeCold: boolean) {
    this.mayBeCold = mayBeCold;
  }

  /** Null where all can be sent; otherwise resolves when it can: then the pass has to be made again. */
  prepared(): Promise<unknown> | null {
    return this.preparing.length === 0 ? null : Promise.allSettled(this.preparing);
  }

  release(): void {
    for (const read of this.reads) read.release();
    this.reads.length = 0;
  }

  keep(read: LogRead, preparing: Promise<void> | null): void {
    this.reads.push(read);
    if (preparing === null) return;
    preparing.catch(() => {}); // a fetch that goes on waiting makes another pass, which will hear of it
    this.preparing.push(preparing);
  }
}

const noRecords = new Uint8Array(0);
const noDivergence = { epoch: -1, endOffset: -1 };
const noLeader = { leaderId: -1, leaderEpoch: -1 };
const noSnapshot = { endOffset: -1, epoch: -1 };

/** The answer of a read that failed. */
function failedPartition(partition: number, errorCode: number): FetchedPartition {
  return {
    partitionIndex: partition,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: noDivergence,
    currentLeader: noLeader,
    snapshotId: noSnapshot,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: noRecords,
  };
}

/** As `failedPartition`, of one that was not even looked for: Apache's `FetchResponse.partitionResponse`. */
export function refusedPartition(partition: number, errorCode: number): FetchedPartition {
  return { ...failedPartition(partition, errorCode), abortedTransactions: [] };
}

/**
 * `replicaOf` throws what a partition that is not here answers. The first reading of a follower's fetch tells the
 * leader
 * how far the follower is.
 */
export function readTargets(
  targets: readonly FetchTarget[],
  limits: FetchLimits,
  replicaOf: (target: FetchTarget) => Replica,
  mayBeCold = true,
  isFirst = true,
): FetchPass {
  const pass = new FetchPass(mayBeCold);
  for (const target of targets) {
    const maxBytes = Math.min(target.maxBytes, Math.max(0, limits.maxBytes - pass.bytes));
    let fetched: FetchedPartition;
    try {
      fetched = readTarget(replicaOf(target), target, limits, maxBytes, pass.bytes === 0, pass, isFirst);
    } catch (cause) {
      fetched = failedPartition(target.partition, errorCodeOf(cause));
      pass.urgent = true;
    }
    pass.bytes += fetched.records?.length ?? 0;
    pass.partitions.push(fetched);
  }
  return pass;
}

function readTarget(
  replica: Replica,
  target: FetchTarget,
  limits: FetchLimits,
  maxBytes: number,
  minOneBatch: boolean,
  pass: FetchPass,
  isFirst: boolean,
): FetchedPartition {
  if (target.topicId !== ZERO_UUID && target.topicId !== replica.topicId) {
    throw new KafkaError("INCONSISTENT_TOPIC_ID");
  }
  replica.check(target.currentLeaderEpoch, limits.leaderOnly);
  const ofFollower = limits.replicaId >= 0;
  if (ofFollower) checkFollower(replica, target, limits);
  const { log } = replica;
  const preferred = limits.selector === null ? -1 : preferredReadReplica(replica, target.fetchOffset, limits.selector);
  // Before the read: an append in between must not make a follower look behind.
  const { highWatermark, lastStableOffset, logStartOffset } = log;
  // Who is sent on to another replica hears there whether its log diverges.
  const isCompared = target.lastFetchedEpoch !== -1 && preferred < 0;
  const divergingEpoch = isCompared ? divergence(replica, target) : noDivergence;
  const diverged = divergingEpoch !== noDivergence;
  if (diverged) pass.urgent = true;
  if (preferred >= 0) pass.urgent = true;
  const waits = isHeldBack(replica, limits);
  const { records, aborted } =
    diverged || preferred >= 0
      ? nothingRead
      : readRecords(replica, target.fetchOffset, waits ? 0 : maxBytes, limits.isolation, minOneBatch && !waits, pass);
  if (ofFollower && isFirst && !diverged) replica.followerFetched(progressOf(target, limits));
  // What the follower's own fetch has committed it may hear at once.
  const committed = ofFollower ? log.highWatermark : highWatermark;
  if (ofFollower && hasNews(committed, target)) pass.urgent = true;
  return {
    partitionIndex: target.partition,
    errorCode: 0,
    highWatermark: committed,
    lastStableOffset,
    logStartOffset,
    divergingEpoch,
    currentLeader: noLeader,
    snapshotId: noSnapshot,
    abortedTransactions: limits.isolation === "committed" && !diverged ? aborted : null,
    preferredReadReplica: preferred,
    records,
  };
}

/** Whether a follower can do something with the high watermark: it counts as far as its own log goes (KIP-1166). */
export function hasNews(highWatermark: number, { fetchOffset, highWatermark: known }: FetchTarget): boolean {
  return Math.min(highWatermark, fetchOffset) > known;
}

/** A follower that is not in sync gets nothing of a throttled partition while the rate is exceeded. */
export function isHeldBack(replica: Replica, { replicaId, quota }: FetchLimits): boolean {
  if (replicaId < 0 || !quota.isExceeded || !replica.rules.isThrottled("leader", replica.partition)) return false;
  return !replica.role.isr.includes(replicaId);
}

const progressOf = (target: FetchTarget, limits: FetchLimits): FollowerFetch => ({
  nodeId: limits.replicaId,
  brokerEpoch: limits.brokerEpoch,
  fetchOffset: target.fetchOffset,
  logStartOffset: target.logStartOffset,
});

/** The first offset that the fetch may not see. */
export function visibleEnd(replica: Replica, isolation: FetchIsolation): number {
  switch (isolation) {
    case "highWatermark":
      return replica.highWatermark;
    case "committed":
      return replica.lastStableOffset;
    case "logEnd":
      return replica.log.logEndOffset;
  }
}

interface ReadBack {
  readonly records: Uint8Array;
  /** Transactions aborted among them; only looked for where the fetch asks for committed records. */
  readonly aborted: { producerId: number; firstOffset: number }[];
}

const nothingRead: ReadBack = { records: noRecords, aborted: [] };

function readRecords(
  replica: Replica,
  offset: number,
  maxBytes: number,
  isolation: FetchIsolation,
  minOneBatch: boolean,
  pass: FetchPass,
): ReadBack {
  const { log } = replica;
  const end = visibleEnd(replica, isolation);
  const read = log.read(offset, maxBytes, end, minOneBatch);
  // A consumer makes no progress with a part of a batch: it gets nothing, and the batch when its turn comes first.
  if (read.sizeBytes === 0 || (read.firstBatchIncomplete && !minOneBatch)) {
    read.release();
    return nothingRead;
  }
  const isCommitted = isolation === "committed";
  const preparing = pass.mayBeCold ? read.prepare(isCommitted) : null;
  pass.keep(read, preparing);
  const aborted = isCommitted && preparing === null ? read.aborted().map(producerAndFirst) : nothingRead.aborted;
  return { records: preparing === null ? recordsOf(read) : placeholder(read), aborted };
}

/** What the reply queue would copy is read: JavaScript may not touch mapped bytes. */
function recordsOf(read: LogRead): Uint8Array {
  if (read.sizeBytes < WRITE_BYTES_MIN) return read.copy();
  read.check();
  return read.view?.bytes ?? noRecords;
}

/** Stands for as many bytes, which the next pass brings: reading cold ones now would hold up everybody. */
function placeholder(read: LogRead): Uint8Array {
  return read.sizeBytes < WRITE_BYTES_MIN ? new Uint8Array(read.sizeBytes) : (read.view?.bytes ?? noRecords);
}

const producerAndFirst = ({ producerId, firstOffset }: AbortedTransaction) => ({ producerId, firstOffset });

/** A replica that the metadata does not (yet) name, or one that does not say in which life it asks. */
function checkFollower(replica: Replica, target: FetchTarget, limits: FetchLimits): void {
  const { replicaId, brokerEpoch, brokerEpochRequired } = limits;
  if (!replica.replicaIds.includes(replicaId) || replicaId === replica.leaderId) {
    const name = target.currentLeaderEpoch === -1 ? "NOT_LEADER_OR_FOLLOWER" : "UNKNOWN_LEADER_EPOCH";
    throw new KafkaError(name, `Node ${replicaId} is no replica of ${replica.topic}-${replica.partition}`);
  }
  if (brokerEpochRequired && brokerEpoch === -1) {
    throw new KafkaError("NOT_LEADER_OR_FOLLOWER", `A fetch as node ${replicaId} without its broker epoch`);
  }
}

/** Where the reader's log and ours part (KIP-595), `noDivergence` where they do not. */
function divergence(replica: Replica, target: FetchTarget): { epoch: number; endOffset: number } {
  const { log } = replica;
  const found = log.epochs.endOffsetFor(target.lastFetchedEpoch, log.logEndOffset);
  if (found.epoch === -1 || found.endOffset === -1 || target.fetchOffset < log.logStartOffset) {
    throw new KafkaError("OFFSET_OUT_OF_RANGE", `The end of epoch ${target.lastFetchedEpoch} is not known`);
  }
  return found.epoch < target.lastFetchedEpoch || found.endOffset < target.fetchOffset ? found : noDivergence;
}

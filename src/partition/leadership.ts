/**
 * What a leader with followers decides: how far a record must have come to be committed, and who is in sync. The
 * in-sync replicas change only through the controller (AlterPartition): while a proposal is under way the leader counts
 * on the larger of the two sets, so that neither answer can make a committed record uncommitted (KIP-497). As the
 * leader's part of Kafka's Partition.
 */
import type { Cancel, Clock, Logger } from "../../base/ports.ts";
import { type ErrorName, KafkaError } from "../../protocol/errors.ts";
import type { BrokerRegistration } from "../metadata/image.ts";
import { type FollowerFetch, FollowerProgress } from "./follower-progress.ts";

/** How soon a proposal is repeated that failed for a reason which may pass. */
const RETRY_MS = 50;

export interface IsrProposal {
  readonly topicId: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** The leader and its followers in the lives in which they asked; -1 for one that has not asked yet. */
  readonly isr: readonly { readonly brokerId: number; readonly brokerEpoch: number }[];
}

/** What the controller has made of a proposal. */
export interface IsrGrant {
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
}

export interface IsrProposals {
  /** Resolves once the controller has committed the change; rejects with its KafkaError for the partition. */
  propose(proposal: IsrProposal): Promise<IsrGrant>;
}

/** What leaders ask of their node. */
export interface LeaderShared {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeId: number;
  /** `replica.lag.time.max.ms` */
  readonly lagTimeMaxMs: () => number;
  /** Of this node's registration. */
  readonly brokerEpoch: () => number;
  /** As the latest image has it. */
  readonly broker: (nodeId: number) => BrokerRegistration | undefined;
  readonly proposals: IsrProposals;
}

/** The partition as the leadership sees it. */
export interface LedPartition {
  readonly name: string;
  readonly topicId: string;
  readonly partition: number;
  readonly role: LedRole;
  readonly minInsyncReplicas: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** Where this leader's epoch begins. */
  readonly epochStartOffset: number;
  /** The controller has committed other in-sync replicas. */
  isrChanged(grant: IsrGrant): void;
}

export interface LedRole {
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

interface Pending {
  readonly isr: readonly number[];
  readonly proposal: IsrProposal;
}

/** After these the next image settles what the in-sync replicas are; until then the proposal stays pending. */
const awaitsImage: ReadonlySet<ErrorName> = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "UNKNOWN_TOPIC_ID",
  "FENCED_LEADER_EPOCH",
  "INVALID_UPDATE_VERSION",
  "INVALID_REQUEST",
  "NEW_LEADER_ELECTED",
]);

/** After these the proposal has certainly not been applied. */
const notApplied: ReadonlySet<ErrorName> = new Set(["OPERATION_NOT_ATTEMPTED", "INELIGIBLE_REPLICA"]);

export class Leadership {
  private readonly led: LedPartition;
  private readonly shared: LeaderShared;
  private readonly followers = new Map<number, FollowerProgress>();
  private pending: Pending | null = null;
  private cancelRetry: Cancel = () => {};

  constructor(led: LedPartition, shared: LeaderShared) {
    this.led = led;
    this.shared = shared;
  }

  /** The image has spoken: its in-sync replicas are the committed ones, whatever was proposed. */
  assign(isNewLeader: boolean, isNewEpoch: boolean): void {
    const { role, logEndOffset } = this.led;
    // An image that says no more than what the proposal under way is built on tells nothing of its fate.
    if (role.partitionEpoch !== this.pending?.proposal.partitionEpoch) this.settle();
    const { nodeId } = this.shared;
    for (const id of this.followers.keys()) if (!role.replicas.includes(id)) this.followers.delete(id);
    for (const id of role.replicas) {
      if (id !== nodeId && !this.followers.has(id)) this.followers.set(id, new FollowerProgress(id));
    }
    if (!isNewEpoch) return;
    const nowMs = this.shared.clock.ticksMs();
    for (const follower of this.followers.values()) {
      follower.reset(isNewLeader, role.isr.includes(follower.nodeId), logEndOffset, nowMs);
    }
  }

  /** This node leads no more: answers to what it proposed mean nothing to it. */
  end(): void {
    this.settle();
  }

  private settle(): void {
    this.pending = null;
    this.cancelRetry();
  }

  /**
   * Whether acks=all may count on enough replicas: on those who are in sync, or will be whatever the controller says.
   */
  get hasMinInsync(): boolean {
    return this.maximalIsr.length >= this.minInsync;
  }

  get isr(): readonly number[] {
    return this.led.role.isr;
  }

  /** Those in sync, and those who were proposed to join: what is committed they all have. */
  get maximalIsr(): readonly number[] {
    return this.pending !== null && this.pending.isr.length > this.isr.length ? this.pending.isr : this.isr;
  }

  progressOf(nodeId: number): FollowerProgress | undefined {
    return this.followers.get(nodeId);
  }

  /**
   * How far the log is committed, where this node itself has it up to `localOffset`. It also waits for a follower that
   * is about to join: one that could not reach a moving high watermark never would. -1 below `min.insync.replicas`.
   */
  committable(localOffset: number): number {
    const { role, logEndOffset } = this.led;
    if (role.isr.length < this.minInsync) return -1;
    const { maximalIsr } = this;
    const nowMs = this.shared.clock.ticksMs();
    const lagMaxMs = this.shared.lagTimeMaxMs();
    let lowest = localOffset;
    for (const follower of this.followers.values()) {
      if (follower.endOffset >= lowest) continue;
      const counts =
        maximalIsr.includes(follower.nodeId) ||
        (follower.isCaughtUp(logEndOffset, nowMs, lagMaxMs) && this.isEligible(follower));
      if (counts) lowest = follower.endOffset;
    }
    return lowest;
  }

  /** Below it records are gone on every replica that is alive. */
  lowWatermark(ownStartOffset: number): number {
    let lowest = ownStartOffset;
    for (const { nodeId, startOffset } of this.followers.values()) {
      if (startOffset < lowest && this.shared.broker(nodeId)?.fenced === false) lowest = startOffset;
    }
    return lowest;
  }

  /** @throws NOT_LEADER_OR_FOLLOWER for an earlier life of the follower's broker. */
  fetched(fetch: FollowerFetch, leaderEndOffset: number): void {
    const follower = this.followers.get(fetch.nodeId);
    if (follower === undefined) return;
    const registered = this.shared.broker(fetch.nodeId);
    const registeredEpoch = registered?.fenced === false ? registered.epoch : undefined;
    follower.fetched(fetch, registeredEpoch, leaderEndOffset, this.shared.clock.ticksMs());
    if (this.mayJoin(follower)) this.propose([...this.isr, follower.nodeId]);
  }

  /** Followers that have not caught up for `replica.lag.time.max.ms` are proposed to leave. */
  shrink(): void {
    if (this.pending !== null) return;
    const { name, logEndOffset, highWatermark } = this.led;
    const nowMs = this.shared.clock.ticksMs();
    const lagMaxMs = this.shared.lagTimeMaxMs();
    const stays = (id: number) =>
      id === this.shared.nodeId || this.followers.get(id)?.isCaughtUp(logEndOffset, nowMs, lagMaxMs) === true;
    const isr = this.isr.filter(stays);
    if (isr.length === this.isr.length) return;
    this.shared.logger.info(
      `${name}: the in-sync replicas shrink from ${this.isr} to ${isr}; the log ends at ${logEndOffset}, is committed ` +
        `up to ${highWatermark}`,
    );
    this.propose(isr);
  }

  private get minInsync(): number {
    return Math.min(this.led.minInsyncReplicas, this.led.role.replicas.length);
  }

  /** It has all that is committed, and all that was there when this leader's epoch began: earlier leaders' records. */
  private mayJoin(follower: FollowerProgress): boolean {
    if (this.pending !== null || this.isr.includes(follower.nodeId)) return false;
    const { highWatermark, epochStartOffset } = this.led;
    return follower.endOffset >= Math.max(highWatermark, epochStartOffset) && this.isEligible(follower);
  }

  /** Neither fenced nor leaving (KIP-841), and asking in the life that is registered (KIP-903). */
  private isEligible({ nodeId, brokerEpoch }: FollowerProgress): boolean {
    const broker = this.shared.broker(nodeId);
    if (broker === undefined || broker.fenced || broker.inControlledShutdown) return false;
    return brokerEpoch === -1 || brokerEpoch === broker.epoch;
  }

  private propose(isr: readonly number[]): void {
    const { role, topicId, partition } = this.led;
    const { nodeId } = this.shared;
    const epochOf = (id: number) =>
      id === nodeId ? this.shared.brokerEpoch() : (this.followers.get(id)?.brokerEpoch ?? -1);
    const proposal = {
      topicId,
      partition,
      leaderEpoch: role.leaderEpoch,
      partitionEpoch: role.partitionEpoch,
      isr: isr.map((brokerId) => ({ brokerId, brokerEpoch: epochOf(brokerId) })),
    };
    this.pending = { isr, proposal };
    this.submit(this.pending);
  }

  private submit(pending: Pending): void {
    this.shared.proposals.propose(pending.proposal).then(
      (grant) => {
        if (this.pending === pending) this.granted(grant);
      },
      (cause: unknown) => {
        if (!(cause instanceof KafkaError)) throw cause;
        if (this.pending === pending) this.refused(pending, cause);
      },
    );
  }

  private granted(grant: IsrGrant): void {
    const { role, name } = this.led;
    if (grant.leaderEpoch !== role.leaderEpoch || grant.partitionEpoch < role.partitionEpoch) return;
    this.settle();
    this.shared.logger.info(
      `${name}: the in-sync replicas are ${grant.isr} in partition epoch ${grant.partitionEpoch}`,
    );
    this.led.isrChanged(grant);
  }

  private refused(pending: Pending, { error, message }: KafkaError): void {
    const { clock, logger } = this.shared;
    logger.debug(`${this.led.name}: the controller refused the in-sync replicas ${pending.isr}: ${error} ${message}`);
    if (awaitsImage.has(error)) return;
    if (notApplied.has(error)) this.settle();
    else this.cancelRetry = clock.after(RETRY_MS, () => this.submit(pending));
  }
}

/**
 * What a leader knows of one follower, from the follower's own fetches: how far its log reaches, when it last had
 * everything, and in which life of its broker it asked. Times are monotonic. As Kafka's Replica and ReplicaState.
 */
import { KafkaError } from "../../protocol/errors.ts";

/** What a follower's fetch says of one partition. */
export interface FollowerFetch {
  readonly nodeId: number;
  /** Of the broker that asks; -1 where its version of Fetch cannot tell (KIP-903). */
  readonly brokerEpoch: number;
  /** Everything below is in the follower's log, and durable where the follower syncs before it asks. */
  readonly fetchOffset: number;
  readonly logStartOffset: number;
}

export class FollowerProgress {
  readonly nodeId: number;
  /** -1 until the first fetch under this leader. */
  endOffset = -1;
  startOffset = -1;
  /** Null until the first fetch under this leader. */
  brokerEpoch: number | null = null;
  /** The last moment of which is known that the follower had all that the leader had. */
  private caughtUpMs = Number.NEGATIVE_INFINITY;
  private lastFetchMs = Number.NEGATIVE_INFINITY;
  /** The leader's log end at the last fetch. */
  private lastLeaderEndOffset = -1;

  constructor(nodeId: number) {
    this.nodeId = nodeId;
  }

  /**
   * A leader epoch begins. A follower in sync has a whole lag time to show itself; a new leader knows nothing of it.
   */
  reset(isNewLeader: boolean, isInSync: boolean, leaderEndOffset: number, nowMs: number): void {
    this.caughtUpMs = isInSync ? nowMs : Number.NEGATIVE_INFINITY;
    if (isNewLeader) {
      this.endOffset = -1;
      this.startOffset = -1;
      this.brokerEpoch = null;
      this.lastFetchMs = Number.NEGATIVE_INFINITY;
      this.lastLeaderEndOffset = -1;
    } else {
      this.lastFetchMs = isInSync ? nowMs : Number.NEGATIVE_INFINITY;
      this.lastLeaderEndOffset = leaderEndOffset;
    }
  }

  /**
   * A follower that asks for the leader's end has caught up now; one that asks for what was the end at its last fetch
   * had caught up then: under a steady stream of small appends it would otherwise never be in sync.
   * @throws NOT_LEADER_OR_FOLLOWER for a fetch from an earlier life of the broker.
   */
  fetched(fetch: FollowerFetch, registeredEpoch: number | undefined, leaderEndOffset: number, nowMs: number): void {
    const { brokerEpoch, fetchOffset, logStartOffset } = fetch;
    if (brokerEpoch !== -1 && registeredEpoch !== undefined && registeredEpoch > brokerEpoch) {
      const message = `Broker ${this.nodeId} asks in epoch ${brokerEpoch}, it is registered in ${registeredEpoch}`;
      throw new KafkaError("NOT_LEADER_OR_FOLLOWER", message);
    }
    if (fetchOffset >= leaderEndOffset) this.caughtUpMs = Math.max(this.caughtUpMs, nowMs);
    else if (fetchOffset >= this.lastLeaderEndOffset) this.caughtUpMs = Math.max(this.caughtUpMs, this.lastFetchMs);
    this.startOffset = logStartOffset;
    this.endOffset = fetchOffset;
    this.lastLeaderEndOffset = Math.max(leaderEndOffset, this.lastLeaderEndOffset);
    this.lastFetchMs = nowMs;
    this.brokerEpoch = brokerEpoch;
  }

  isCaughtUp(leaderEndOffset: number, nowMs: number, lagMaxMs: number): boolean {
    return this.endOffset === leaderEndOffset || nowMs - this.caughtUpMs <= lagMaxMs;
  }
}

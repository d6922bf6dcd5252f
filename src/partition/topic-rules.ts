/** What a partition wants to know of its topic. */
import type { RecordRules } from "../../protocol/records/validate.ts";

/** A topic's settings as its partitions read them, live: no one keeps a copy. */
export interface TopicRules extends RecordRules {
  /** `min.insync.replicas`, `flush.messages` */
  readonly minInsyncReplicas: number;
  readonly flushMessages: number;
  /** `segment.bytes`: no append is larger. */
  readonly segmentBytes: number;
  /** Whether `cleanup.policy` contains `delete`. */
  readonly deletes: boolean;
  /** `leader.` or `follower.replication.throttled.replicas` name the partition on this node. */
  isThrottled(as: "leader" | "follower", partition: number): boolean;
}

/** One topic's settings as its partitions and its logs read them: getters over the live configuration, no copies. */

import type { Codec } from "../../protocol/records/codecs.ts";
import type { LogSettings } from "../../storage/settings.ts";
import type { TopicConfig } from "../config/live.ts";
import type { TopicRules } from "./replica.ts";

/** 2^63-1 arrives saturated: as a distance between times it means "any". */
const unbounded = (ms: number): number => (ms >= Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : ms);

export function topicRules(topic: TopicConfig, nodeId: number): TopicRules {
  return new ConfiguredRules(topic, nodeId);
}

class ConfiguredRules implements TopicRules {
  private readonly topic: TopicConfig;
  private readonly nodeId: number;
  constructor(topic: TopicConfig, nodeId: number) {
    this.topic = topic;
    this.nodeId = nodeId;
  }
  get maxMessageBytes(): number {
    return this.topic.get("max.message.bytes");
  }
  get compacted(): boolean {
    return this.topic.get("cleanup.policy").includes("compact");
  }
  get deletes(): boolean {
    return this.topic.get("cleanup.policy").includes("delete");
  }
  get timestampType(): "CreateTime" | "LogAppendTime" {
    return this.topic.get("message.timestamp.type") === "LogAppendTime" ? "LogAppendTime" : "CreateTime";
  }
  get timestampBeforeMaxMs(): number {
    return unbounded(this.topic.get("message.timestamp.before.max.ms"));
  }
  get timestampAfterMaxMs(): number {
    return unbounded(this.topic.get("message.timestamp.after.max.ms"));
  }
  get codec(): Codec | null {
    const type = this.topic.get("compression.type");
    return type === "producer" ? null : type === "uncompressed" ? "none" : (type as Codec);
  }
  get codecLevel(): number {
    switch (this.codec) {
      case "gzip":
        return this.topic.get("compression.gzip.level");
      case "lz4":
        return this.topic.get("compression.lz4.level");
      case "zstd":
        return this.topic.get("compression.zstd.level");
      default:
        return -1;
    }
  }
  get minInsyncReplicas(): number {
    return this.topic.get("min.insync.replicas");
  }
  get segmentBytes(): number {
    return this.topic.get("internal.segment.bytes") ?? this.topic.get("segment.bytes");
  }
  isThrottled(as: "leader" | "follower", partition: number): boolean {
    const replicas =
      as === "leader"
        ? this.topic.get("leader.replication.throttled.replicas")
        : this.topic.get("follower.replication.throttled.replicas");
    return replicas.length > 0 && (replicas[0] === "*" || replicas.includes(`${partition}:${this.nodeId}`));
  }
}

/** `producerIdExpirationMs` is a broker setting, read live as well. */
export function logSettings(topic: TopicConfig, producerIdExpirationMs: () => number): LogSettings {
  return new ConfiguredLog(topic, producerIdExpirationMs);
}

class ConfiguredLog implements LogSettings {
  private readonly topic: TopicConfig;
  private readonly expiration: () => number;
  constructor(topic: TopicConfig, expiration: () => number) {
    this.topic = topic;
    this.expiration = expiration;
  }
  get segmentBytes(): number {
    return this.topic.get("internal.segment.bytes") ?? this.topic.get("segment.bytes");
  }
  get segmentMs(): number {
    return this.topic.get("segment.ms");
  }
  get segmentJitterMs(): number {
    return this.topic.get("segment.jitter.ms");
  }
  get segmentIndexBytes(): number {
    return this.topic.get("segment.index.bytes");
  }
  get indexIntervalBytes(): number {
    return this.topic.get("index.interval.bytes");
  }
  get retentionMs(): number {
    return this.topic.get("retention.ms");
  }
  get retentionBytes(): number {
    return this.topic.get("retention.bytes");
  }
  get cleanupDelete(): boolean {
    return this.topic.get("cleanup.policy").includes("delete");
  }
  get cleanupCompact(): boolean {
    return this.topic.get("cleanup.policy").includes("compact");
  }
  get minCleanableRatio(): number {
    return this.topic.get("min.cleanable.dirty.ratio");
  }
  get minCompactionLagMs(): number {
    return this.topic.get("min.compaction.lag.ms");
  }
  get maxCompactionLagMs(): number {
    return this.topic.get("max.compaction.lag.ms");
  }
  get deleteRetentionMs(): number {
    return this.topic.get("delete.retention.ms");
  }
  get fileDeleteDelayMs(): number {
    return this.topic.get("file.delete.delay.ms");
  }
  get flushMessages(): number {
    return this.topic.get("flush.messages");
  }
  get flushMs(): number {
    return this.topic.get("flush.ms");
  }
  get preallocate(): boolean {
    return this.topic.get("preallocate");
  }
  get producerIdExpirationMs(): number {
    return this.expiration();
  }
}

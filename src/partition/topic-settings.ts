/** One topic's settings as its partitions and its logs read them: getters over the live configuration, no copies. */

import type { Codec } from "../../protocol/records/codecs.ts";
import type { LogSettings } from "../../storage/settings.ts";
import type { TopicConfig } from "../config/live.ts";
import type { TopicRules } from "./topic-rules.ts";

/** 2^63-1 arrives saturated: as a distance between times it means "any". */
const unbounded = (ms: number): number => (ms >= Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : ms);

export function topicRules(topic: TopicConfig, nodeId: number): TopicRules {
  return new ConfiguredRules(topic, nodeId);
}

/** What appends ask of the settings, some of it several times: made anew where they have changed, not looked up. */
class Current<Values> {
  private readonly topic: TopicConfig;
  private readonly read: (topic: TopicConfig) => Values;
  private from: unknown = null;
  private made: Values | null = null;

  constructor(topic: TopicConfig, read: (topic: TopicConfig) => Values) {
    this.topic = topic;
    this.read = read;
  }

  get values(): Values {
    const { values } = this.topic;
    if (this.made !== null && values === this.from) return this.made;
    this.from = values;
    this.made = this.read(this.topic);
    return this.made;
  }
}

const segmentBytesOf = (topic: TopicConfig): number =>
  topic.get("internal.segment.bytes") ?? topic.get("segment.bytes");

function appendRules(topic: TopicConfig) {
  const type = topic.get("compression.type");
  return {
    maxMessageBytes: topic.get("max.message.bytes"),
    compacted: topic.get("cleanup.policy").includes("compact"),
    timestampType: topic.get("message.timestamp.type") === "LogAppendTime" ? "LogAppendTime" : "CreateTime",
    timestampBeforeMaxMs: unbounded(topic.get("message.timestamp.before.max.ms")),
    timestampAfterMaxMs: unbounded(topic.get("message.timestamp.after.max.ms")),
    codec: type === "producer" ? null : type === "uncompressed" ? "none" : (type as Codec),
    minInsyncReplicas: topic.get("min.insync.replicas"),
    flushMessages: topic.get("flush.messages"),
    segmentBytes: segmentBytesOf(topic),
  } as const;
}

class ConfiguredRules implements TopicRules {
  private readonly topic: TopicConfig;
  private readonly nodeId: number;
  private readonly current: Current<ReturnType<typeof appendRules>>;
  constructor(topic: TopicConfig, nodeId: number) {
    this.topic = topic;
    this.nodeId = nodeId;
    this.current = new Current(topic, appendRules);
  }
  get maxMessageBytes(): number {
    return this.current.values.maxMessageBytes;
  }
  get compacted(): boolean {
    return this.current.values.compacted;
  }
  get deletes(): boolean {
    return this.topic.get("cleanup.policy").includes("delete");
  }
  get timestampType(): "CreateTime" | "LogAppendTime" {
    return this.current.values.timestampType;
  }
  get flushMessages(): number {
    return this.current.values.flushMessages;
  }
  get timestampBeforeMaxMs(): number {
    return this.current.values.timestampBeforeMaxMs;
  }
  get timestampAfterMaxMs(): number {
    return this.current.values.timestampAfterMaxMs;
  }
  get codec(): Codec | null {
    return this.current.values.codec;
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
    return this.current.values.minInsyncReplicas;
  }
  get segmentBytes(): number {
    return this.current.values.segmentBytes;
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

const appendSettings = (topic: TopicConfig) => ({
  segmentBytes: segmentBytesOf(topic),
  segmentMs: topic.get("segment.ms"),
  indexIntervalBytes: topic.get("index.interval.bytes"),
  flushMessages: topic.get("flush.messages"),
  flushMs: topic.get("flush.ms"),
});

class ConfiguredLog implements LogSettings {
  private readonly topic: TopicConfig;
  private readonly expiration: () => number;
  private readonly current: Current<ReturnType<typeof appendSettings>>;
  constructor(topic: TopicConfig, expiration: () => number) {
    this.topic = topic;
    this.expiration = expiration;
    this.current = new Current(topic, appendSettings);
  }
  get segmentBytes(): number {
    return this.current.values.segmentBytes;
  }
  get segmentMs(): number {
    return this.current.values.segmentMs;
  }
  get segmentJitterMs(): number {
    return this.topic.get("segment.jitter.ms");
  }
  get segmentIndexBytes(): number {
    return this.topic.get("segment.index.bytes");
  }
  get indexIntervalBytes(): number {
    return this.current.values.indexIntervalBytes;
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
    return this.current.values.flushMessages;
  }
  get flushMs(): number {
    return this.current.values.flushMs;
  }
  get preallocate(): boolean {
    return this.topic.get("preallocate");
  }
  get producerIdExpirationMs(): number {
    return this.expiration();
  }
}

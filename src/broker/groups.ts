/** The settings of the group coordinator, out of the live configuration. */
import type { LiveConfig } from "../config/live.ts";
import type { GroupSettings } from "../groups/settings.ts";

export function groupSettings(config: LiveConfig): GroupSettings {
  return {
    get sessionTimeoutMinMs() {
      return config.get("group.min.session.timeout.ms");
    },
    get sessionTimeoutMaxMs() {
      return config.get("group.max.session.timeout.ms");
    },
    get membersMax() {
      return config.get("group.max.size");
    },
    get initialRebalanceDelayMs() {
      return config.get("group.initial.rebalance.delay.ms");
    },
    get metadataLengthMax() {
      return config.get("offset.metadata.max.bytes");
    },
    get offsetsRetentionMs() {
      return config.get("offsets.retention.minutes") * 60_000;
    },
    get offsetsCheckIntervalMs() {
      return config.get("offsets.retention.check.interval.ms");
    },
    get commitTimeoutMs() {
      return config.get("offsets.commit.timeout.ms");
    },
    get loadBytes() {
      return config.get("offsets.load.buffer.size");
    },
    get topicPartitions() {
      return config.get("offsets.topic.num.partitions");
    },
    get topicCodecId() {
      return config.get("offsets.topic.compression.codec");
    },
  };
}

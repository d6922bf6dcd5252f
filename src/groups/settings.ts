/** What groups read from the configuration; each is asked when needed, so a dynamic change takes effect at once. */
export interface GroupSettings {
  /** group.min.session.timeout.ms */
  readonly sessionTimeoutMinMs: number;
  /** group.max.session.timeout.ms */
  readonly sessionTimeoutMaxMs: number;
  /** group.max.size */
  readonly membersMax: number;
  /** group.initial.rebalance.delay.ms */
  readonly initialRebalanceDelayMs: number;
  /** offset.metadata.max.bytes */
  readonly metadataLengthMax: number;
  /** offsets.retention.minutes, in ms */
  readonly offsetsRetentionMs: number;
  /** offsets.retention.check.interval.ms */
  readonly offsetsCheckIntervalMs: number;
  /** offsets.commit.timeout.ms */
  readonly commitTimeoutMs: number;
  /** offsets.load.buffer.size */
  readonly loadBytes: number;
  /** offsets.topic.num.partitions */
  readonly topicPartitions: number;
  /** offsets.topic.compression.codec, as its id */
  readonly topicCodecId: number;
}

/**
 * How long a new member may stay in a join without a sign of life: it cannot heartbeat yet. Not a setting in Kafka
 * either.
 */
export const newMemberJoinTimeoutMs = 5 * 60 * 1000;

/** A partition as a coordinator sees it: the replica manager implements it, tests do it in memory. */
import type { Cancel } from "../../base/ports.ts";

/**
 * What the coordinator is told about a partition it follows; each call comes in its own turn, never from within
 * `append`.
 */
export interface PartitionEvents {
  /** Every record below `highWatermark` is committed. Called each time it moves. */
  committed(highWatermark: number): void;
  /** This node stopped leading the partition, or its log is deleted or offline: nothing more will commit. */
  lost(): void;
}

/** The readable part of a log. `highWatermark <= endOffset`. */
export interface PartitionRange {
  readonly startOffset: number;
  /** The offset that the next record gets. */
  readonly endOffset: number;
  readonly highWatermark: number;
}

export interface PartitionWriter {
  /** The partitions of the topic in the image now applied; 0 where there is no such topic. */
  partitionCount(topic: string): number;

  /**
   * Appends one record batch (base offset 0, leader epoch -1: both are assigned here) as the leader of the epoch, in
   * the order of the calls, as an acks=all produce of an internal client: the minimum of in-sync replicas is checked.
   * Returns the offset of its last record; it is not committed yet.
   * @throws KafkaError NOT_LEADER_OR_FOLLOWER (also for another epoch), UNKNOWN_TOPIC_OR_PARTITION,
   * NOT_ENOUGH_REPLICAS, MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD, KAFKA_STORAGE_ERROR.
   */
  append(topic: string, partition: number, leaderEpoch: number, batch: Uint8Array): number;

  /** The largest batch that `append` takes: the topic's max.message.bytes. */
  batchBytesMax(topic: string, partition: number): number;

  /**
   * Reports commits from now on, until cancelled.
   * @throws KafkaError NOT_LEADER_OR_FOLLOWER where this node does not lead the partition.
   */
  follow(topic: string, partition: number, events: PartitionEvents): Cancel;

  /** @throws KafkaError NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR. */
  range(topic: string, partition: number): PartitionRange;

  /**
   * Whole batches from `offset` on, also uncommitted ones, at least one batch where there is one, otherwise no more
   * than `bytesMax`. The bytes are the caller's. Empty at the end of the log. Rejects with KafkaError as `range`.
   */
  read(topic: string, partition: number, offset: number, bytesMax: number): Promise<Uint8Array>;
}

/**
 * DeleteRecords (key 21), v0-2 (v2 flexible): moves the log start of partitions; -1 stands for the high watermark.
 * Errors in the order checked (KafkaApis, ReplicaManager.deleteRecords): UNKNOWN_TOPIC_OR_PARTITION,
 * INVALID_TOPIC_EXCEPTION for internal topics, KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER, POLICY_VIOLATION (compacted
 * only), OFFSET_OUT_OF_RANGE.
 */
import { code, KafkaError } from "../../protocol/errors.ts";
import { DeleteRecords, type DeleteRecordsPartitionResult } from "../../protocol/generated/delete-records.ts";
import { partitionOf } from "../metadata/image.ts";
import { isInternalTopic } from "../metadata/topic-names.ts";
import { errorCodeOf } from "../partition/refusal.ts";
import { api } from "./api.ts";
import type { Services } from "./services.ts";

export const deleteRecords = api({
  message: DeleteRecords,
  versions: [0, 2],
  listeners: ["broker"],
  refused: (request, errorCode) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, lowWatermark: -1, errorCode })),
    })),
  }),
  handle: (services, request) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => deleteUpTo(services, name, partitionIndex, offset)),
    })),
  }),
});

function deleteUpTo(
  { replicas, image }: Services,
  topic: string,
  partitionIndex: number,
  offset: number,
): DeleteRecordsPartitionResult {
  try {
    if (partitionOf(image(), topic, partitionIndex) === undefined) throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION");
    if (isInternalTopic(topic)) throw new KafkaError("INVALID_TOPIC_EXCEPTION");
    const lowWatermark = replicas.online(topic, partitionIndex).deleteRecords(offset);
    return { partitionIndex, lowWatermark, errorCode: code("NONE") };
  } catch (cause) {
    return { partitionIndex, lowWatermark: -1, errorCode: errorCodeOf(cause) };
  }
}

/**
 * DescribeProducers (key 61), v0 (KIP-664): the producers that partitions know, with their open transactions.
 * Errors in the order checked (KafkaApis.handleDescribeProducersRequest): INVALID_TOPIC_EXCEPTION,
 * UNKNOWN_TOPIC_OR_PARTITION, KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER. Any replica may answer, not only the leader.
 */
import { code, errors } from "../../protocol/errors.ts";
import { DescribeProducers, type PartitionResponse } from "../../protocol/generated/describe-producers.ts";
import { topicNameProblem } from "../metadata/topic-names.ts";
import { errorCodeOf } from "../partition/refusal.ts";
import { api } from "./api.ts";
import type { Services } from "./services.ts";

export const describeProducers = api({
  message: DescribeProducers,
  versions: [0, 0],
  listeners: ["broker"],
  refused: (request, errorCode) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => failed(index, errorCode, null)),
    })),
  }),
  handle: (services, request) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => describe(services, name, index)),
    })),
  }),
});

function describe({ replicas, image }: Services, topic: string, partition: number): PartitionResponse {
  const invalid = topicNameProblem(topic);
  if (invalid !== null) return failed(partition, code("INVALID_TOPIC_EXCEPTION"), invalid);
  if (image().topicsByName.get(topic) === undefined) {
    return failed(partition, code("UNKNOWN_TOPIC_OR_PARTITION"), errors.UNKNOWN_TOPIC_OR_PARTITION.message);
  }
  try {
    const replica = replicas.online(topic, partition);
    replica.check(-1, false);
    const activeProducers = replica.log.producers.active();
    return { partitionIndex: partition, errorCode: 0, errorMessage: null, activeProducers };
  } catch (cause) {
    return failed(partition, errorCodeOf(cause), null);
  }
}

const failed = (partitionIndex: number, errorCode: number, errorMessage: string | null): PartitionResponse => ({
  partitionIndex,
  errorCode,
  errorMessage,
  activeProducers: [],
});

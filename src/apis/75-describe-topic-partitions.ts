/**
 * DescribeTopicPartitions (key 75), v0 (KIP-966): topics by name, page by page, with eligible leader replicas. Without
 * topics: all of them. A page ends at the limit of the request or of max.request.partition.size.limit.
 * Errors, whole: INVALID_REQUEST for a cursor outside the topics asked for or below 0; per topic:
 * UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION. As Kafka's DescribeTopicPartitionsRequestHandler.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { code, KafkaError } from "../../protocol/errors.ts";
import {
  DescribeTopicPartitions,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  type DescribeTopicPartitionsResponsePartition,
  type DescribeTopicPartitionsResponseTopic,
} from "../../protocol/generated/describe-topic-partitions.ts";
import type { MetadataImage, PartitionRegistration, TopicImage } from "../metadata/image.ts";
import { isInternalTopic, topicNameProblem } from "../metadata/topic-names.ts";
import { leaderEndpoint, offlineReplicas } from "../metadata/topic-view.ts";
import { api } from "./api.ts";
import { allTopicOperations, operationsOmitted } from "./authorized-operations.ts";

export const describeTopicPartitions = api({
  message: DescribeTopicPartitions,
  versions: [0, 0],
  listeners: ["broker"],
  refused: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => ({
      errorCode,
      name,
      topicId: ZERO_UUID,
      isInternal: false,
      partitions: [],
      topicAuthorizedOperations: operationsOmitted,
    })),
    nextCursor: null,
  }),
  handle: ({ image, config }, request, { listener }) => {
    const limit = Math.min(config.get("max.request.partition.size.limit"), request.responsePartitionLimit);
    return page(image(), request, Math.max(limit, 1), listener);
  },
});

function page(
  image: MetadataImage,
  request: DescribeTopicPartitionsRequest,
  limit: number,
  listener: string,
): DescribeTopicPartitionsResponse {
  const response: DescribeTopicPartitionsResponse = { throttleTimeMs: 0, topics: [], nextCursor: null };
  let left = limit;
  for (const name of namesFromCursor(image, request)) {
    if (left === 0) {
      // The next page begins with this topic, whether it exists or not.
      response.nextCursor = { topicName: name, partitionIndex: 0 };
      break;
    }
    const topic = image.topicsByName.get(name);
    if (topic === undefined) {
      if (request.topics.length > 0) response.topics.push(unknownTopic(name));
      continue;
    }
    const start = name === request.cursor?.topicName ? request.cursor.partitionIndex : 0;
    const described = describeTopic(image, topic, start, left, listener);
    response.topics.push(described);
    const end = Math.min(topic.partitions.size, start + left);
    if (end < topic.partitions.size) {
      response.nextCursor = { topicName: name, partitionIndex: end };
      break;
    }
    left -= described.partitions.length;
  }
  return response;
}

/** In order, from the topic of the cursor on. */
function namesFromCursor(image: MetadataImage, { topics, cursor }: DescribeTopicPartitionsRequest): readonly string[] {
  const asked = topics.length === 0 ? [...image.topicsByName.keys()] : topics.map(({ name }) => name);
  const names = new Set(asked.filter((name) => name >= (cursor?.topicName ?? "")));
  if (cursor !== null && topics.length > 0 && !names.has(cursor.topicName)) {
    const message = `DescribeTopicPartitionsRequest topic list should contain the cursor topic: ${cursor.topicName}`;
    throw new KafkaError("INVALID_REQUEST", message);
  }
  if (cursor !== null && cursor.partitionIndex < 0) {
    const at = `Cursor(topicName='${cursor.topicName}', partitionIndex=${cursor.partitionIndex})`;
    throw new KafkaError("INVALID_REQUEST", `DescribeTopicPartitionsRequest cursor partition must be valid: ${at}`);
  }
  return [...names].sort();
}

function describeTopic(
  image: MetadataImage,
  topic: TopicImage,
  start: number,
  limit: number,
  listener: string,
): DescribeTopicPartitionsResponseTopic {
  const partitions: DescribeTopicPartitionsResponsePartition[] = [];
  const end = Math.min(topic.partitions.size, start + limit);
  for (let index = start; index < end; index++) {
    const partition = topic.partitions.get(index);
    if (partition !== undefined) partitions.push(describePartition(image, index, partition, listener));
  }
  return {
    errorCode: code("NONE"),
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions,
    topicAuthorizedOperations: allTopicOperations,
  };
}

function describePartition(
  image: MetadataImage,
  partitionIndex: number,
  partition: PartitionRegistration,
  listener: string,
): DescribeTopicPartitionsResponsePartition {
  return {
    errorCode: code("NONE"),
    partitionIndex,
    leaderId: leaderEndpoint(image, partition, listener) === undefined ? -1 : partition.leader,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: [...partition.replicas],
    isrNodes: [...partition.isr],
    eligibleLeaderReplicas: [...partition.elr],
    lastKnownElr: [...partition.lastKnownElr],
    offlineReplicas: offlineReplicas(image, partition, listener),
  };
}

function unknownTopic(name: string): DescribeTopicPartitionsResponseTopic {
  return {
    errorCode: code(topicNameProblem(name) === null ? "UNKNOWN_TOPIC_OR_PARTITION" : "INVALID_TOPIC_EXCEPTION"),
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: allTopicOperations,
  };
}

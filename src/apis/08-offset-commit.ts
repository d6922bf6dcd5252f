/**
 * OffsetCommit (key 8), v2-10: how far a group has come. v5 without a retention time, v6 leader epochs, v7 static
 * members (KIP-345), v8 flexible, v9 newer groups (KIP-848), v10 topic ids (KIP-848).
 * Errors in the order checked (KafkaApis.handleOffsetCommitRequest, OffsetMetadataManager.commitOffset), per partition:
 * UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR,
 * COORDINATOR_LOAD_IN_PROGRESS, GROUP_ID_NOT_FOUND (before v9 ILLEGAL_GENERATION), UNKNOWN_MEMBER_ID,
 * FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS, OFFSET_METADATA_TOO_LARGE.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { code, type ErrorName } from "../../protocol/errors.ts";
import {
  OffsetCommit,
  type OffsetCommitRequestPartition,
  type OffsetCommitRequestTopic,
  type OffsetCommitResponse,
  type OffsetCommitResponseTopic,
} from "../../protocol/generated/offset-commit.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { api } from "./api.ts";

export const offsetCommit = api({
  message: OffsetCommit,
  versions: [2, 10],
  listeners: ["broker"],
  refused: (request, errorCode) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }),
  handle({ groups, image }, request, context) {
    const reply = new CommitReply(context.apiVersion >= 10);
    const topics = knownTopics(image(), request.topics, reply, context.apiVersion >= 10);
    if (topics.length === 0) return reply.response;
    const committed = groups.commitOffsets({ ...request, topics }, context);
    return committed instanceof Promise ? committed.then((each) => reply.merge(each)) : reply.merge(committed);
  },
});

/** Topics with the partitions that exist; the others are refused in the reply. */
function knownTopics(
  image: MetadataImage,
  asked: readonly OffsetCommitRequestTopic[],
  reply: CommitReply,
  byId: boolean,
): OffsetCommitRequestTopic[] {
  const known: OffsetCommitRequestTopic[] = [];
  for (const { name, topicId, partitions } of asked) {
    const topic = byId ? image.topicsById.get(topicId) : image.topicsByName.get(name);
    if (topic === undefined) {
      const id = byId ? topicId : ZERO_UUID;
      reply.refuse(name, id, partitions, byId ? "UNKNOWN_TOPIC_ID" : "UNKNOWN_TOPIC_OR_PARTITION");
      continue;
    }
    const existing = partitions.filter(({ partitionIndex }) => topic.partitions.has(partitionIndex));
    const missing = partitions.filter(({ partitionIndex }) => !topic.partitions.has(partitionIndex));
    if (missing.length > 0) reply.refuse(topic.name, topic.id, missing, "UNKNOWN_TOPIC_OR_PARTITION");
    if (existing.length > 0) known.push({ name: topic.name, topicId: topic.id, partitions: existing });
  }
  return known;
}

/**
 * Refusals first, in the order of the request; then what the coordinator says, topics that are there already completed.
 */
class CommitReply {
  readonly response: OffsetCommitResponse = { throttleTimeMs: 0, topics: [] };
  private readonly byId: boolean;
  private readonly topics = new Map<string, OffsetCommitResponseTopic>();

  constructor(byId: boolean) {
    this.byId = byId;
  }

  refuse(name: string, topicId: string, partitions: readonly OffsetCommitRequestPartition[], error: ErrorName): void {
    const key = this.byId ? topicId : name;
    let topic = this.topics.get(key);
    if (topic === undefined) {
      topic = { name, topicId, partitions: [] };
      this.topics.set(key, topic);
      this.response.topics.push(topic);
    }
    const errorCode = code(error);
    for (const { partitionIndex } of partitions) topic.partitions.push({ partitionIndex, errorCode });
  }

  merge(committed: OffsetCommitResponse): OffsetCommitResponse {
    if (this.topics.size === 0) return committed;
    for (const topic of committed.topics) {
      const refused = this.topics.get(this.byId ? topic.topicId : topic.name);
      if (refused === undefined) this.response.topics.push(topic);
      else for (const partition of topic.partitions) refused.partitions.push(partition);
    }
    return this.response;
  }
}

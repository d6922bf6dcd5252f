/**
 * OffsetDelete (key 47), v0: committed offsets of topics that a group no longer subscribes to (KIP-496).
 * Errors in the order checked (KafkaApis.handleOffsetDeleteRequest, OffsetMetadataManager.deleteOffsets): of a
 * partition UNKNOWN_TOPIC_OR_PARTITION; of the request COORDINATOR_NOT_AVAILABLE, INVALID_GROUP_ID, NOT_COORDINATOR,
 * COORDINATOR_LOAD_IN_PROGRESS, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP; of a partition GROUP_SUBSCRIBED_TO_TOPIC.
 */
import { code } from "../../protocol/errors.ts";
import {
  OffsetDelete,
  type OffsetDeleteRequestTopic,
  type OffsetDeleteResponse,
  type OffsetDeleteResponseTopic,
} from "../../protocol/generated/offset-delete.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { api } from "./api.ts";

export const offsetDelete = api({
  message: OffsetDelete,
  versions: [0, 0],
  listeners: ["broker"],
  refused: (_, errorCode) => ({ errorCode, throttleTimeMs: 0, topics: [] }),
  handle({ groups, image }, request) {
    const { topics, refused } = knownTopics(image(), request.topics);
    const deleted = groups.deleteOffsets({ groupId: request.groupId, topics });
    return deleted instanceof Promise ? deleted.then((each) => merge(refused, each)) : merge(refused, deleted);
  },
});

function knownTopics(
  image: MetadataImage,
  asked: readonly OffsetDeleteRequestTopic[],
): { topics: OffsetDeleteRequestTopic[]; refused: OffsetDeleteResponseTopic[] } {
  const topics: OffsetDeleteRequestTopic[] = [];
  const refused: OffsetDeleteResponseTopic[] = [];
  const errorCode = code("UNKNOWN_TOPIC_OR_PARTITION");
  for (const { name, partitions } of asked) {
    const exists = image.topicsByName.get(name)?.partitions;
    const known = partitions.filter(({ partitionIndex }) => exists?.has(partitionIndex));
    const unknown = partitions.filter(({ partitionIndex }) => !exists?.has(partitionIndex));
    if (known.length > 0) topics.push({ name, partitions: known });
    if (unknown.length > 0 || exists === undefined) {
      refused.push({ name, partitions: unknown.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) });
    }
  }
  return { topics, refused };
}

/** An error of the whole request hides those of its partitions. */
function merge(refused: readonly OffsetDeleteResponseTopic[], deleted: OffsetDeleteResponse): OffsetDeleteResponse {
  if (deleted.errorCode !== 0 || refused.length === 0) return deleted;
  const topics = [...refused];
  for (const topic of deleted.topics) {
    const index = topics.findIndex(({ name }) => name === topic.name);
    const same = topics[index];
    if (same === undefined) topics.push(topic);
    else topics[index] = { name: same.name, partitions: [...same.partitions, ...topic.partitions] };
  }
  return { ...deleted, topics };
}

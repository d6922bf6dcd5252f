/** ListPartitionReassignments (46): the partitions that replicas are being added to or removed from. */
import { code } from "../../../protocol/errors.ts";
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
  OngoingTopicReassignment,
} from "../../../protocol/generated/list-partition-reassignments.ts";
import type { TopicImage } from "../image.ts";
import { type ControllerResult, result } from "./result.ts";
import type { ControllerState } from "./state.ts";

/** Null topics asks for all. What does not exist, or does not move, is left out. */
export function listReassignments(
  { image }: Pick<ControllerState, "image">,
  { topics }: ListPartitionReassignmentsRequest,
): ControllerResult<ListPartitionReassignmentsResponse> {
  const ongoing: OngoingTopicReassignment[] = [];
  const collect = (topic: TopicImage | undefined, partitions: Iterable<number>) => {
    const moving = topic === undefined ? null : reassignmentsOf(topic, partitions);
    if (moving !== null && moving.partitions.length > 0) ongoing.push(moving);
  };
  if (topics === null) for (const topic of image.topicsByName.values()) collect(topic, topic.partitions.keys());
  else for (const { name, partitionIndexes } of topics) collect(image.topicsByName.get(name), partitionIndexes);
  return result([], { throttleTimeMs: 0, errorCode: code("NONE"), errorMessage: null, topics: ongoing });
}

function reassignmentsOf(topic: TopicImage, partitions: Iterable<number>): OngoingTopicReassignment {
  const moving: OngoingTopicReassignment = { name: topic.name, partitions: [] };
  for (const partitionIndex of partitions) {
    const partition = topic.partitions.get(partitionIndex);
    if (partition === undefined) continue;
    const { replicas, addingReplicas, removingReplicas } = partition;
    if (addingReplicas.length === 0 && removingReplicas.length === 0) continue;
    moving.partitions.push({
      partitionIndex,
      replicas: [...replicas],
      addingReplicas: [...addingReplicas],
      removingReplicas: [...removingReplicas],
    });
  }
  return moving;
}

/** What a new metadata image means for the group coordinator: partitions won and lost, topics gone. */
import type { TopicImage } from "../metadata/image.ts";
import { offsetsTopic } from "./coordinator.ts";
import type { GroupCoordinator } from "./group-coordinator.ts";

/** The topic part of metadata's ImageChanges. */
export interface TopicChanges {
  readonly createdTopics: readonly TopicImage[];
  readonly deletedTopics: readonly TopicImage[];
  readonly changedTopics: readonly { readonly after: TopicImage; readonly partitions: readonly number[] }[];
}

/** Call it when the node's own partitions have taken their roles, before requests see the image. */
export function followImage(groups: GroupCoordinator, nodeId: number, changes: TopicChanges): void {
  for (const topic of changes.deletedTopics) {
    if (topic.name !== offsetsTopic) continue;
    for (const partition of topic.partitions.keys()) groups.onResignation(partition, null);
    groups.onOffsetsTopic(0);
  }
  for (const topic of changes.createdTopics) {
    if (topic.name !== offsetsTopic) continue;
    groups.onOffsetsTopic(topic.partitions.size);
    takeRoles(groups, nodeId, topic, topic.partitions.keys());
  }
  for (const { after, partitions } of changes.changedTopics) {
    if (after.name === offsetsTopic) takeRoles(groups, nodeId, after, partitions);
  }
  if (changes.deletedTopics.length > 0) groups.onTopicsDeleted(changes.deletedTopics);
}

function takeRoles(groups: GroupCoordinator, nodeId: number, topic: TopicImage, partitions: Iterable<number>): void {
  for (const partition of partitions) {
    const role = topic.partitions.get(partition);
    if (role === undefined) continue;
    if (role.leader === nodeId) groups.onElection(partition, role.leaderEpoch);
    else groups.onResignation(partition, role.leaderEpoch);
  }
}

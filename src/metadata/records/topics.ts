/** Topics and their partitions: as Kafka's TopicsDelta and PartitionRegistration. */
import { assert } from "../../../base/assert.ts";
import type { ClearElrRecord } from "../../../protocol/generated/records/metadata/clear-elr-record.ts";
import type { PartitionChangeRecord } from "../../../protocol/generated/records/metadata/partition-change-record.ts";
import type { PartitionRecord } from "../../../protocol/generated/records/metadata/partition-record.ts";
import type { RemoveTopicRecord } from "../../../protocol/generated/records/metadata/remove-topic-record.ts";
import type { TopicRecord } from "../../../protocol/generated/records/metadata/topic-record.ts";
import type { Draft } from "../draft.ts";
import {
  configKey,
  configResourceTypes,
  MIGRATING_DIRECTORY,
  NO_LEADER_CHANGE,
  type PartitionRegistration,
} from "../image.ts";

export function applyTopic(draft: Draft, value: TopicRecord): void {
  draft.addTopic(value.name, value.topicId);
}

export function removeTopic(draft: Draft, value: RemoveTopicRecord): void {
  const topic = draft.topic(value.topicId);
  assert(topic !== undefined, `the topic ${value.topicId} exists until it is removed`);
  draft.removeTopic(topic);
  draft.next.configs = draft.next.configs.without(configKey(configResourceTypes.topic, topic.name));
}

export function applyPartition(draft: Draft, value: PartitionRecord): void {
  draft.setPartition(value.topicId, value.partitionId, partitionFromRecord(value));
}

export function partitionFromRecord(value: PartitionRecord): PartitionRegistration {
  return {
    replicas: value.replicas,
    directories: directoriesOrMigrating(value.directories, value.replicas.length),
    isr: value.isr,
    removingReplicas: value.removingReplicas,
    addingReplicas: value.addingReplicas,
    elr: value.eligibleLeaderReplicas ?? [],
    lastKnownElr: value.lastKnownElr ?? [],
    leader: value.leader,
    leaderRecoveryState: value.leaderRecoveryState,
    leaderEpoch: value.leaderEpoch,
    partitionEpoch: value.partitionEpoch,
  };
}

export function applyPartitionChange(draft: Draft, value: PartitionChangeRecord): void {
  const before = draft.topic(value.topicId)?.partitions.get(value.partitionId);
  assert(before !== undefined, `the partition ${value.topicId}:${value.partitionId} exists before it changes`);
  draft.setPartition(value.topicId, value.partitionId, mergePartition(before, value));
}

/** Null fields stay; a named leader begins a new leader epoch, any change a new partition epoch. */
export function mergePartition(before: PartitionRegistration, change: PartitionChangeRecord): PartitionRegistration {
  const replicas = change.replicas ?? before.replicas;
  const leads = change.leader !== NO_LEADER_CHANGE;
  return {
    replicas,
    directories: directoriesOrMigrating(change.directories ?? before.directories, replicas.length),
    isr: change.isr ?? before.isr,
    removingReplicas: change.removingReplicas ?? before.removingReplicas,
    addingReplicas: change.addingReplicas ?? before.addingReplicas,
    elr: change.eligibleLeaderReplicas ?? before.elr,
    lastKnownElr: change.lastKnownElr ?? before.lastKnownElr,
    leader: leads ? change.leader : before.leader,
    leaderRecoveryState: change.leaderRecoveryState === -1 ? before.leaderRecoveryState : change.leaderRecoveryState,
    leaderEpoch: leads ? before.leaderEpoch + 1 : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
  };
}

/** An empty name clears every topic. A partition without eligible leaders keeps its epoch. */
export function clearElr(draft: Draft, value: ClearElrRecord): void {
  if (value.topicName === "") {
    for (const id of [...draft.next.topicsById.keys()]) clearElrOf(draft, id);
    return;
  }
  const topic = draft.next.topicsByName.get(value.topicName);
  assert(topic !== undefined, `the topic ${value.topicName} of a ClearElrRecord exists`);
  clearElrOf(draft, topic.id);
}

function clearElrOf(draft: Draft, topicId: string): void {
  for (const [id, partition] of [...draft.topic(topicId)!.partitions]) {
    if (partition.elr.length === 0 && partition.lastKnownElr.length === 0) continue;
    const cleared = { ...partition, elr: [], lastKnownElr: [], partitionEpoch: partition.partitionEpoch + 1 };
    draft.setPartition(topicId, id, cleared);
  }
}

/** Records from before directory assignment name none, and stand for "migrating" on every replica. */
function directoriesOrMigrating(directories: readonly string[], replicaCount: number): readonly string[] {
  if (directories.every((id) => id === MIGRATING_DIRECTORY)) return new Array(replicaCount).fill(MIGRATING_DIRECTORY);
  assert(directories.length === replicaCount, "each replica has one directory");
  return directories;
}

/**
 * What differs between two images, for those who act on it: the replica manager, the group coordinator, the configs.
 * Shared parts of the two are skipped, so the cost is that of the change. As Kafka's MetadataDelta.
 */
import { PersistentMap } from "../../base/persistent-map.ts";
import type { MetadataImage, PartitionRegistration, TopicImage } from "./image.ts";

export interface ImageChanges {
  readonly before: MetadataImage;
  readonly after: MetadataImage;
  readonly createdTopics: readonly TopicImage[];
  /** As they were. A topic created again under the same name is in both lists, with two ids. */
  readonly deletedTopics: readonly TopicImage[];
  /** Topics in both images with partitions added or changed. */
  readonly changedTopics: readonly TopicChange[];
  /** Resources with a value set, changed or deleted. */
  readonly changedConfigs: readonly ConfigResource[];
  readonly changedBrokers: readonly number[];
  readonly changedControllers: readonly number[];
  readonly featuresChanged: boolean;
  readonly clientQuotasChanged: boolean;
  readonly aclsChanged: boolean;
  readonly scramCredentialsChanged: boolean;
  readonly delegationTokensChanged: boolean;
  readonly producerIdsChanged: boolean;
}

export interface TopicChange {
  readonly before: TopicImage;
  readonly after: TopicImage;
  /** The ids of the partitions that are new or changed; partitions never go one by one. */
  readonly partitions: readonly number[];
}

export interface ConfigResource {
  readonly resourceType: number;
  readonly resourceName: string;
}

export function changesBetween(before: MetadataImage, after: MetadataImage): ImageChanges {
  const changedConfigs: ConfigResource[] = [];
  PersistentMap.differences(before.configs, after.configs, (_, old, now) => {
    const { resourceType, resourceName } = (now ?? old)!;
    if (!sameEntries(old?.values, now?.values)) changedConfigs.push({ resourceType, resourceName });
  });
  return {
    before,
    after,
    ...topicChanges(before, after),
    changedConfigs,
    changedBrokers: changedKeys(before.brokers, after.brokers),
    changedControllers: changedKeys(before.controllers, after.controllers),
    featuresChanged: before.features !== after.features,
    clientQuotasChanged: before.clientQuotas !== after.clientQuotas,
    aclsChanged: before.acls !== after.acls,
    scramCredentialsChanged: before.scramCredentials !== after.scramCredentials,
    delegationTokensChanged: before.delegationTokens !== after.delegationTokens,
    producerIdsChanged: before.nextProducerId !== after.nextProducerId,
  };
}

/** By id: a topic deleted and created again under its name is another topic. */
function topicChanges(before: MetadataImage, after: MetadataImage) {
  const createdTopics: TopicImage[] = [];
  const deletedTopics: TopicImage[] = [];
  const changedTopics: TopicChange[] = [];
  PersistentMap.differences(before.topicsById, after.topicsById, (_, old, now) => {
    if (old === undefined) createdTopics.push(now!);
    else if (now === undefined) deletedTopics.push(old);
    else {
      const partitions: number[] = [];
      for (const [id, partition] of now.partitions) {
        if (!samePartition(old.partitions.get(id), partition)) partitions.push(id);
      }
      if (partitions.length > 0) changedTopics.push({ before: old, after: now, partitions });
    }
  });
  return { createdTopics, deletedTopics, changedTopics };
}

/** After a snapshot every object is new, so equal content counts as unchanged; the epochs tell the rest. */
function samePartition(old: PartitionRegistration | undefined, now: PartitionRegistration): boolean {
  if (old === now) return true;
  return old !== undefined && old.partitionEpoch === now.partitionEpoch && old.leaderEpoch === now.leaderEpoch;
}

function sameEntries(a: ReadonlyMap<string, string> | undefined, b: ReadonlyMap<string, string> | undefined): boolean {
  if (a === undefined || b === undefined || a.size !== b.size) return false;
  for (const [name, value] of a) if (b.get(name) !== value) return false;
  return true;
}

function changedKeys<Value>(before: ReadonlyMap<number, Value>, after: ReadonlyMap<number, Value>): readonly number[] {
  if (before === after) return [];
  const changed = [...after].filter(([id, value]) => before.get(id) !== value).map(([id]) => id);
  return [...changed, ...[...before.keys()].filter((id) => !after.has(id))];
}

/**
 * What happens to the partitions when a broker comes or goes. As
 * ReplicationControlManager.generateLeaderAndIsrUpdates.
 */
import {
  type BrokerRegistration,
  type MetadataImage,
  NO_LEADER,
  type PartitionRegistration,
  type TopicImage,
} from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { type Election, partitionChange } from "./partition-change.ts";
import { type ControllerState, hasOnlineDirectory, isActive, type TopicConfigRules } from "./state.ts";

export interface BrokerMove {
  /** Leaves every ISR and leads nothing. */
  readonly remove?: number;
  /** May lead although the image still shows it fenced. */
  readonly add?: number;
  /** Leaves every ISR and ELR: its logs may have lost their end. */
  readonly uncleanShutdown?: number;
}

export type PartitionFilter = (partition: PartitionRegistration) => boolean;

/** The records for all partitions that the filter selects, in the order of the image. */
export function leaderUpdates(
  state: Pick<ControllerState, "image" | "topicConfigs">,
  move: BrokerMove,
  selects: PartitionFilter,
): MetadataRecord[] {
  const { image, topicConfigs } = state;
  const gone = [move.remove, move.uncleanShutdown];
  const records: MetadataRecord[] = [];
  for (const topic of image.topicsById.values()) {
    for (const [partitionId, partition] of topic.partitions) {
      if (!selects(partition)) continue;
      const up = (id: number) => !gone.includes(id) && (id === move.add || isActive(image, id));
      const change = partitionChange({
        image,
        topicId: topic.id,
        partitionId,
        partition,
        election: electionOf(topicConfigs, image, topic.name),
        isr: partition.isr.filter((id) => !gone.includes(id)),
        uncleanShutdown: move.uncleanShutdown === undefined ? [] : [move.uncleanShutdown],
        minInsync: minInsyncOf(topicConfigs, image, topic),
        acceptable: (id) => up(id) && hasDirectoryOnline(image, partition, id),
      });
      if (change !== null) records.push(change);
    }
  }
  return records;
}

/** The replica's own log directory is online on its broker. */
export function hasDirectoryOnline(image: MetadataImage, partition: PartitionRegistration, brokerId: number): boolean {
  const broker: BrokerRegistration | undefined = image.brokers.get(brokerId);
  const directory = partition.directories[partition.replicas.indexOf(brokerId)];
  return broker !== undefined && directory !== undefined && hasOnlineDirectory(broker, directory);
}

/** min.insync.replicas in force, never more than the first partition has replicas. */
export function minInsyncOf(rules: TopicConfigRules, image: MetadataImage, { name, partitions }: TopicImage): number {
  const minInsync = Number(rules.effective(image, name, "min.insync.replicas"));
  return Math.min(minInsync, partitions.get(0)?.replicas.length ?? minInsync);
}

export function electionOf(rules: TopicConfigRules, image: MetadataImage, topic: string): Election {
  return rules.effective(image, topic, "unclean.leader.election.enable") === "true" ? "unclean" : "online";
}

export function hasInIsr(brokerId: number): PartitionFilter {
  return ({ isr }) => isr.includes(brokerId);
}

export function hasInElr(brokerId: number): PartitionFilter {
  return ({ elr }) => elr.includes(brokerId);
}

export function hasNoLeader({ leader }: PartitionRegistration): boolean {
  return leader === NO_LEADER;
}

export function leadsAny(image: MetadataImage, brokerId: number): boolean {
  for (const topic of image.topicsById.values()) {
    for (const partition of topic.partitions.values()) if (partition.leader === brokerId) return true;
  }
  return false;
}

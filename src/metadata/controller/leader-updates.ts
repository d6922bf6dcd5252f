/**
 * What happens to the partitions when a broker comes or goes. As
 * ReplicationControlManager.generateLeaderAndIsrUpdates.
 */
import { type MetadataImage, NO_LEADER, type PartitionRegistration } from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { asItIs, type Election, hasDirectoryOnline, partitionChange } from "./partition-change.ts";
import { type ControllerState, isActive, type TopicConfigRules } from "./state.ts";

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
        ...asItIs(state, topic, partitionId, partition),
        election: electionOf(topicConfigs, image, topic.name),
        isr: partition.isr.filter((id) => !gone.includes(id)),
        uncleanShutdown: move.uncleanShutdown === undefined ? [] : [move.uncleanShutdown],
        acceptable: (id) => up(id) && hasDirectoryOnline(image, partition, id),
      });
      if (change !== null) records.push(change);
    }
  }
  return records;
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

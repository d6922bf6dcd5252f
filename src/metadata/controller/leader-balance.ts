/**
 * What the controller does by itself for partitions whose leader is not the preferred one, or that have none. As
 * Kafka's ReplicationControlManager.maybeBalancePartitionLeaders and .maybeElectUncleanLeaders.
 */
import { type MetadataImage, NO_LEADER, type PartitionRegistration, type TopicImage } from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { electionOf } from "./leader-updates.ts";
import { asItIs, type Election, partitionChange } from "./partition-change.ts";
import { type ControllerResult, result } from "./result.ts";
import type { ControllerState } from "./state.ts";

/** So many elections at once; the rest follows at once in an operation of its own. */
const ELECTIONS_MAX = 1_000;

/** Leaders go back to the first replica where that is in sync. The reply says whether there may be more to do. */
export function balanceLeaders(state: ControllerState): ControllerResult<boolean> {
  const isAway = ({ leader, replicas }: PartitionRegistration) => leader !== replicas[0];
  return elected(state, "preferred", isAway, () => true);
}

/** Partitions without a leader get one that may lack records, where `unclean.leader.election.enable` says so. */
export function electUncleanLeaders(state: ControllerState): ControllerResult<boolean> {
  const { image, topicConfigs } = state;
  const mayLose = ({ name }: TopicImage) => electionOf(topicConfigs, image, name) === "unclean";
  return elected(state, "unclean", ({ leader }) => leader === NO_LEADER, mayLose);
}

function elected(
  state: ControllerState,
  election: Election,
  selects: (partition: PartitionRegistration) => boolean,
  allows: (topic: TopicImage) => boolean,
): ControllerResult<boolean> {
  const records: MetadataRecord[] = [];
  for (const [topic, partitionId, partition] of partitionsOf(state.image)) {
    if (records.length === ELECTIONS_MAX) break;
    if (!selects(partition) || !allows(topic)) continue;
    const change = partitionChange({ ...asItIs(state, topic, partitionId, partition), election });
    if (change !== null) records.push(change);
  }
  return result(records, records.length === ELECTIONS_MAX);
}

function* partitionsOf(image: MetadataImage): Generator<[TopicImage, number, PartitionRegistration]> {
  for (const topic of image.topicsById.values()) {
    for (const [id, partition] of topic.partitions) yield [topic, id, partition];
  }
}

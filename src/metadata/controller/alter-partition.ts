/**
 * AlterPartition (56): the leader of a partition proposes who is in sync (KIP-497), in their present lives (KIP-903),
 * none of them fenced or leaving (KIP-841). As Kafka's ReplicationControlManager.alterPartition.
 */
import { assert } from "../../../base/assert.ts";
import { code, type ErrorName } from "../../../protocol/errors.ts";
import type {
  AlterPartitionRequest,
  AlterPartitionRequestPartitionData,
  AlterPartitionResponse,
  AlterPartitionResponsePartitionData,
} from "../../../protocol/generated/alter-partition.ts";
import { type MetadataImage, NO_LEADER_CHANGE, type PartitionRegistration, RECOVERED, RECOVERING } from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { mergePartition } from "../records/topics.ts";
import { checkEpoch } from "./broker-heartbeat.ts";
import { electionOf } from "./leader-updates.ts";
import { asItIs, partitionChange } from "./partition-change.ts";
import type { ControllerCall } from "./quorum-controller.ts";
import { type ControllerResult, result } from "./result.ts";
import type { ControllerState } from "./state.ts";

/** From this version on each replica comes with its broker epoch. */
const EPOCHS_FROM = 3;

interface Proposed {
  readonly partition: AlterPartitionRequestPartitionData;
  readonly isr: readonly { readonly brokerId: number; readonly brokerEpoch: number }[];
}

/** Errors: STALE_BROKER_EPOCH; per partition UNKNOWN_TOPIC_ID and those of `refusal`, NEW_LEADER_ELECTED. */
export function alterPartition(
  state: ControllerState,
  request: AlterPartitionRequest,
  { context }: ControllerCall,
): ControllerResult<AlterPartitionResponse> {
  const { brokerId, brokerEpoch } = request;
  // Who proposes nothing is not even looked at.
  if (request.topics.length === 0) return result([], { throttleTimeMs: 0, errorCode: code("NONE"), topics: [] });
  checkEpoch(state.image, brokerId, brokerEpoch);
  const records: MetadataRecord[] = [];
  const topics = request.topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map((partition) => {
      const withEpochs = context.apiVersion >= EPOCHS_FROM;
      const unchecked = partition.newIsr.map((id) => ({ brokerId: id, brokerEpoch: -1 }));
      const isr = withEpochs ? partition.newIsrWithEpochs : unchecked;
      return alter(state, brokerId, topicId, { partition, isr }, records);
    }),
  }));
  return result(records, { throttleTimeMs: 0, errorCode: code("NONE"), topics });
}

function alter(
  state: ControllerState,
  brokerId: number,
  topicId: string,
  proposed: Proposed,
  records: MetadataRecord[],
): AlterPartitionResponsePartitionData {
  const { image, topicConfigs } = state;
  const { partitionIndex, leaderRecoveryState } = proposed.partition;
  const topic = image.topicsById.get(topicId);
  if (topic === undefined) return refused(partitionIndex, "UNKNOWN_TOPIC_ID");
  const before = topic.partitions.get(partitionIndex);
  if (before === undefined) return refused(partitionIndex, "UNKNOWN_TOPIC_OR_PARTITION");
  const error = refusal(image, brokerId, before, proposed);
  if (error !== null) return refused(partitionIndex, error);
  const change = partitionChange({
    ...asItIs(state, topic, partitionIndex, before),
    election: electionOf(topicConfigs, image, topic.name),
    isr: proposed.isr.map((each) => each.brokerId),
    leaderRecoveryState,
  });
  if (change === null) return granted(partitionIndex, before);
  records.push(change);
  assert(change.type === "PartitionChangeRecord", "a changed partition is a PartitionChangeRecord");
  const { value } = change;
  // Only where the change completes a reassignment: the leader's own replica is gone.
  if (value.leader !== NO_LEADER_CHANGE && value.leader !== brokerId) {
    return refused(partitionIndex, "NEW_LEADER_ELECTED");
  }
  return granted(partitionIndex, mergePartition(before, value));
}

/** In the order of Kafka's validateAlterPartitionData. */
function refusal(
  image: MetadataImage,
  brokerId: number,
  before: PartitionRegistration,
  { partition, isr }: Proposed,
): ErrorName | null {
  const { leaderEpoch, partitionEpoch, leaderRecoveryState } = partition;
  // The leader knows more than this controller: there is a newer one.
  if (leaderEpoch > before.leaderEpoch || partitionEpoch > before.partitionEpoch) return "NOT_CONTROLLER";
  if (leaderEpoch < before.leaderEpoch) return "FENCED_LEADER_EPOCH";
  if (brokerId !== before.leader) return "INVALID_REQUEST";
  if (partitionEpoch < before.partitionEpoch) return "INVALID_UPDATE_VERSION";
  const ids = isr.map((each) => each.brokerId);
  const isSubset = new Set(ids).size === ids.length && ids.every((id) => id >= 0 && before.replicas.includes(id));
  if (!isSubset || !ids.includes(before.leader)) return "INVALID_REQUEST";
  if (leaderRecoveryState !== RECOVERED && leaderRecoveryState !== RECOVERING) return "INVALID_REQUEST";
  if (leaderRecoveryState === RECOVERING) {
    if (ids.length > 1 || before.leaderRecoveryState === RECOVERED) return "INVALID_REQUEST";
  }
  const eligible = isr.every((each) => isEligible(image, each.brokerId, each.brokerEpoch));
  return eligible ? null : "INELIGIBLE_REPLICA";
}

function isEligible(image: MetadataImage, brokerId: number, brokerEpoch: number): boolean {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined || broker.inControlledShutdown || broker.fenced) return false;
  return brokerEpoch === -1 || brokerEpoch === broker.epoch;
}

function granted(partitionIndex: number, after: PartitionRegistration): AlterPartitionResponsePartitionData {
  return {
    partitionIndex,
    errorCode: code("NONE"),
    leaderId: after.leader,
    leaderEpoch: after.leaderEpoch,
    isr: [...after.isr],
    leaderRecoveryState: after.leaderRecoveryState,
    partitionEpoch: after.partitionEpoch,
  };
}

function refused(partitionIndex: number, error: ErrorName): AlterPartitionResponsePartitionData {
  return {
    partitionIndex,
    errorCode: code(error),
    leaderId: 0,
    leaderEpoch: 0,
    isr: [],
    leaderRecoveryState: 0,
    partitionEpoch: 0,
  };
}

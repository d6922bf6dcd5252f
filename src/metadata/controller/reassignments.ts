/**
 * AlterPartitionReassignments (45) and ListPartitionReassignments (46): replicas move (KIP-455), the move ends in
 * partition-change.ts when all are in sync. As ReplicationControlManager.alterPartitionReassignments.
 */
import { code, KafkaError } from "../../../protocol/errors.ts";
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
  ReassignablePartition,
} from "../../../protocol/generated/alter-partition-reassignments.ts";
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
  OngoingTopicReassignment,
} from "../../../protocol/generated/list-partition-reassignments.ts";
import type { PartitionRegistration, TopicImage } from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { validateAssignment } from "./assignments.ts";
import { type ItemError, noError, thrownError } from "./item-error.ts";
import { electionOf } from "./leader-updates.ts";
import { asItIs, type PartitionChange, partitionChange } from "./partition-change.ts";
import { beginMove, isMoving, replicationFactorAfter, revertedMove } from "./replica-move.ts";
import { atomicResult, type ControllerResult, result } from "./result.ts";
import { type ControllerState, RECORDS_PER_OPERATION_MAX } from "./state.ts";

/** Errors, per partition: those of `alter`. */
export function alterReassignments(
  state: ControllerState,
  request: AlterPartitionReassignmentsRequest,
): ControllerResult<AlterPartitionReassignmentsResponse> {
  const records: MetadataRecord[] = [];
  const tried = (topicName: string, partition: ReassignablePartition): ItemError => {
    try {
      const change = alter(state, topicName, partition, request.allowReplicationFactorChange);
      if (records.length === RECORDS_PER_OPERATION_MAX) throw new KafkaError("UNKNOWN_SERVER_ERROR");
      if (change !== null) records.push(change);
      return noError;
    } catch (error) {
      return thrownError(error);
    }
  };
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => {
      return { partitionIndex: partition.partitionIndex, ...tried(name, partition) };
    }),
  }));
  // Asked for nothing, Kafka answers with the defaults of a reply.
  const nothing = request.topics.length === 0;
  return atomicResult(records, {
    throttleTimeMs: 0,
    allowReplicationFactorChange: nothing || request.allowReplicationFactorChange,
    errorCode: code("NONE"),
    errorMessage: nothing ? "" : null,
    responses,
  });
}

/**
 * Null replicas cancel the move.
 * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION, NO_REASSIGNMENT_IN_PROGRESS, INVALID_REPLICA_ASSIGNMENT,
 * INVALID_REPLICATION_FACTOR
 */
function alter(
  state: ControllerState,
  topicName: string,
  { partitionIndex, replicas }: ReassignablePartition,
  mayChangeFactor: boolean,
): MetadataRecord | null {
  const topic = state.image.topicsByName.get(topicName);
  if (topic === undefined) {
    throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", `Unable to find a topic named ${topicName}.`);
  }
  const partition = topic.partitions.get(partitionIndex);
  if (partition === undefined) {
    throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", `Unable to find partition ${topicName}:${partitionIndex}.`);
  }
  const base = asItIs(state, topic, partitionIndex, partition);
  if (replicas === null) return cancelled(state, topicName, base);
  validateAssignment(state.image, replicas, null);
  if (!mayChangeFactor) validateFactor(partition, replicas.length);
  const { addingReplicas, removingReplicas, ...moved } = beginMove(partition.replicas, replicas);
  // A move that only puts the replicas into another order leaves one that goes on as it is.
  const assignment = {
    ...moved,
    addingReplicas: addingReplicas.length > 0 ? addingReplicas : partition.addingReplicas,
    removingReplicas: removingReplicas.length > 0 ? removingReplicas : partition.removingReplicas,
  };
  return partitionChange({ ...base, assignment });
}

function cancelled(
  { image, topicConfigs }: ControllerState,
  topicName: string,
  base: PartitionChange,
): MetadataRecord | null {
  if (!isMoving(base.partition)) throw new KafkaError("NO_REASSIGNMENT_IN_PROGRESS");
  const { replicas, isr, unclean } = revertedMove(base.partition);
  const election = electionOf(topicConfigs, image, topicName);
  if (unclean && election !== "unclean") {
    throw new KafkaError(
      "INVALID_REPLICA_ASSIGNMENT",
      `Unable to revert partition assignment for ${topicName}:${base.partitionId} because it would require an unclean ` +
        "leader election.",
    );
  }
  return partitionChange({
    ...base,
    election,
    isr,
    assignment: { replicas, addingReplicas: [], removingReplicas: [] },
  });
}

function validateFactor(partition: PartitionRegistration, wanted: number): void {
  const factor = replicationFactorAfter(partition);
  if (factor === wanted) return;
  const message = `The replication factor is changed from ${factor} to ${wanted}`;
  throw new KafkaError("INVALID_REPLICATION_FACTOR", message);
}

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
    if (!isMoving(partition)) continue;
    moving.partitions.push({
      partitionIndex,
      replicas: [...replicas],
      addingReplicas: [...addingReplicas],
      removingReplicas: [...removingReplicas],
    });
  }
  return moving;
}

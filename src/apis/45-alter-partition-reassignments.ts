/**
 * AlterPartitionReassignments (key 45), v0-1: moves replicas to other brokers, or cancels the move (KIP-455). v1 may
 * refuse to change the number of replicas (KIP-860).
 * Errors, whole: NOT_CONTROLLER; per partition (ReplicationControlManager.alterPartitionReassignment):
 * UNKNOWN_TOPIC_OR_PARTITION, NO_REASSIGNMENT_IN_PROGRESS, INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR.
 */
import { AlterPartitionReassignments } from "../../protocol/generated/alter-partition-reassignments.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

export const alterPartitionReassignments = api({
  message: AlterPartitionReassignments,
  versions: [0, 1],
  listeners: ["broker", "controller"],
  refused: ({ topics }, errorCode, message) => {
    const error = { errorCode, errorMessage: ownMessage(errorCode, message) };
    return {
      throttleTimeMs: 0,
      allowReplicationFactorChange: true,
      ...error,
      responses: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, ...error })),
      })),
    };
  },
  handle: ({ controller }, request, context) => controller.send(AlterPartitionReassignments, request, context),
});

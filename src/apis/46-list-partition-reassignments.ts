/**
 * ListPartitionReassignments (key 46), v0 (KIP-455): the partitions whose replicas are being moved. Error:
 * NOT_CONTROLLER.
 */
import { ListPartitionReassignments } from "../../protocol/generated/list-partition-reassignments.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

export const listPartitionReassignments = api({
  message: ListPartitionReassignments,
  versions: [0, 0],
  listeners: ["broker", "controller"],
  refused: ({ topics }, errorCode, message) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: ownMessage(errorCode, message),
    topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => {
        return { partitionIndex, replicas: [], addingReplicas: [], removingReplicas: [] };
      }),
    })),
  }),
  handle: ({ controller }, request, context) => controller.send(ListPartitionReassignments, request, context),
});

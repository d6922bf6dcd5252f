/**
 * CreatePartitions (key 37), v0-3: v2 flexible, v3 throttling quota (KIP-599).
 * Errors, whole: NOT_CONTROLLER; per topic (ReplicationControlManager.createPartitions): INVALID_REQUEST,
 * UNKNOWN_TOPIC_OR_PARTITION, INVALID_PARTITIONS, INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR.
 */
import { CreatePartitions } from "../../protocol/generated/create-partitions.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

export const createPartitions = api({
  message: CreatePartitions,
  versions: [0, 3],
  listeners: ["broker", "controller"],
  refused: ({ topics }, errorCode, message) => ({
    throttleTimeMs: 0,
    results: topics.map(({ name }) => ({ name, errorCode, errorMessage: ownMessage(errorCode, message) })),
  }),
  handle: ({ controller }, request, context) => controller.send(CreatePartitions, request, context),
});

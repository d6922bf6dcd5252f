/**
 * AlterPartition (key 56), v2-3, between nodes: the leader of a partition proposes who is in sync (KIP-497). v2 topic
 * ids, v3 broker epochs (KIP-903). Errors, whole: NOT_CONTROLLER, STALE_BROKER_EPOCH; per partition, in the order
 * checked: UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION, NOT_CONTROLLER, FENCED_LEADER_EPOCH, INVALID_REQUEST,
 * INVALID_UPDATE_VERSION, INELIGIBLE_REPLICA, NEW_LEADER_ELECTED.
 */
import { AlterPartition } from "../../protocol/generated/alter-partition.ts";
import { api } from "./api.ts";

export const alterPartition = api({
  message: AlterPartition,
  versions: [2, 3],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, topics: [] }),
  handle: ({ controller }, request, context) => controller.send(AlterPartition, request, context),
});

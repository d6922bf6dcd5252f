/**
 * Heartbeat (key 12), v0-4: a member of a classic group says that it is alive. v3 static members (KIP-345), v4
 * flexible.
 * Errors in the order checked (GroupMetadataManager.classicGroupHeartbeat): COORDINATOR_NOT_AVAILABLE,
 * INVALID_GROUP_ID, NOT_COORDINATOR, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS.
 */
import { Heartbeat } from "../../protocol/generated/heartbeat.ts";
import { api } from "./api.ts";

export const heartbeat = api({
  message: Heartbeat,
  versions: [0, 4],
  listeners: ["broker"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode }),
  handle: ({ groups }, request, context) => groups.heartbeat(request, context),
});

/**
 * SyncGroup (key 14), v0-5: the leader brings the assignment of a generation, every member gets its part. v3 static
 * members (KIP-345), v4 flexible, v5 protocol type and name (KIP-559).
 * Errors in the order checked (KafkaApis.handleSyncGroupRequest, GroupMetadataManager.classicGroupSync):
 * INCONSISTENT_GROUP_PROTOCOL (v5 without protocol), COORDINATOR_NOT_AVAILABLE, INVALID_GROUP_ID, NOT_COORDINATOR,
 * COORDINATOR_LOAD_IN_PROGRESS, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, INCONSISTENT_GROUP_PROTOCOL,
 * REBALANCE_IN_PROGRESS.
 */
import { errorName } from "../../protocol/errors.ts";
import { SyncGroup } from "../../protocol/generated/sync-group.ts";
import { syncRefusal } from "../groups/classic/replies.ts";
import { api } from "./api.ts";

export const syncGroup = api({
  message: SyncGroup,
  versions: [0, 5],
  listeners: ["broker"],
  refused: (_, errorCode) => syncRefusal(errorName(errorCode)),
  handle({ groups }, request, context) {
    const unnamed = request.protocolType === null || request.protocolName === null;
    if (context.apiVersion >= 5 && unnamed) return syncRefusal("INCONSISTENT_GROUP_PROTOCOL");
    return groups.syncGroup(request, context);
  },
});

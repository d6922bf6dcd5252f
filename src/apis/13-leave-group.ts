/**
 * LeaveGroup (key 13), v0-5: members leave a classic group. v3 several of them, static ones by instance id (KIP-345),
 * v4 flexible, v5 reason (KIP-800).
 * Errors in the order checked (GroupMetadataManager.classicGroupLeave): COORDINATOR_NOT_AVAILABLE, INVALID_GROUP_ID,
 * NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS; of a member UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID.
 */
import { LeaveGroup, type LeaveGroupRequest, type LeaveGroupResponse } from "../../protocol/generated/leave-group.ts";
import { api } from "./api.ts";

export const leaveGroup = api({
  message: LeaveGroup,
  versions: [0, 5],
  listeners: ["broker"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, members: [] }),
  handle({ groups }, request, context) {
    const { apiVersion } = context;
    const left = groups.leaveGroup(apiVersion >= 3 ? request : ofMany(request), context);
    if (apiVersion >= 3) return left;
    return left instanceof Promise ? left.then(ofOne) : ofOne(left);
  },
});

/** Before v3 one member leaves, and its error is the response's. */
function ofMany(request: LeaveGroupRequest): LeaveGroupRequest {
  return { ...request, members: [{ memberId: request.memberId, groupInstanceId: null, reason: null }] };
}

function ofOne({ throttleTimeMs, errorCode, members }: LeaveGroupResponse): LeaveGroupResponse {
  return { throttleTimeMs, errorCode: errorCode !== 0 ? errorCode : (members[0]?.errorCode ?? 0), members: [] };
}

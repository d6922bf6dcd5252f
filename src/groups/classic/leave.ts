/** Members that go: by LeaveGroup, by silence. */
import { code, KafkaError } from "../../../protocol/errors.ts";
import type { LeaveGroupRequest, LeaveGroupResponse } from "../../../protocol/generated/leave-group.ts";
import { sessionKey } from "../event.ts";
import type { Turn } from "../turn.ts";
import type { ClassicGroup } from "./group.ts";
import { isAlive, type Member } from "./member.ts";
import { answerJoin, completeJoin, forget, maybeCompleteJoin, rebalanceOrCompleteJoin } from "./rebalance.ts";
import { joinRefusal } from "./replies.ts";

type Identity = LeaveGroupRequest["members"][number];

/** LeaveGroup (v3+ shape), as Kafka's classicGroupLeaveToClassicGroup: each member has an error of its own. */
export function leave(turn: Turn, group: ClassicGroup, request: LeaveGroupRequest): LeaveGroupResponse {
  if (group.isIn("Dead")) return { throttleTimeMs: 0, errorCode: code("COORDINATOR_NOT_AVAILABLE"), members: [] };
  const members = request.members.map((identity) => {
    const { memberId, groupInstanceId } = identity;
    return { memberId, groupInstanceId, errorCode: leaveOne(turn, group, identity) };
  });
  if (members.some(({ errorCode }) => errorCode === 0)) {
    if (group.isIn("Stable", "CompletingRebalance")) rebalanceOrCompleteJoin(turn, group, "members left");
    else if (group.isIn("PreparingRebalance")) maybeCompleteJoin(turn, group);
  }
  return { throttleTimeMs: 0, errorCode: 0, members };
}

/** An administrator removes a static member by its instance id alone. */
function leaveOne(turn: Turn, group: ClassicGroup, { memberId, groupInstanceId }: Identity): number {
  if (memberId === "") {
    const current = groupInstanceId === null ? undefined : group.staticMemberId(groupInstanceId);
    if (current === undefined) return code("UNKNOWN_MEMBER_ID");
    drop(turn, group, group.members.get(current) as Member);
    return 0;
  }
  if (group.pendingJoins.has(memberId)) {
    group.remove(memberId);
    turn.draft.cancelTimer(sessionKey(group.groupId, memberId));
    return 0;
  }
  try {
    drop(turn, group, group.requireMember(memberId, groupInstanceId));
    return 0;
  } catch (error) {
    if (error instanceof KafkaError) return error.code;
    throw error;
  }
}

function drop(turn: Turn, group: ClassicGroup, member: Member): void {
  turn.draft.cancelTimer(sessionKey(group.groupId, member.memberId));
  turn.log.debug(`group ${group.groupId}: ${member.memberId} left`);
  answerJoin(turn, group, member, joinRefusal("UNKNOWN_MEMBER_ID", ""));
  forget(turn, group, member.memberId);
}

/** Nothing was heard of the member (or of the owner of a pending member id) for its session timeout. */
export function expireSession(turn: Turn, group: ClassicGroup, memberId: string): void {
  if (group.isIn("Dead")) return;
  if (group.pendingJoins.has(memberId)) {
    group.remove(memberId);
    if (group.isIn("PreparingRebalance") && group.allJoined) completeJoin(turn, group);
    return;
  }
  const member = group.members.get(memberId);
  if (member === undefined || isAlive(member)) return;
  turn.log.info(`group ${group.groupId}: ${memberId} removed, no heartbeat for ${member.sessionTimeoutMs} ms`);
  // A client that is still there after all joins again.
  answerJoin(turn, group, member, joinRefusal("UNKNOWN_MEMBER_ID", ""));
  forget(turn, group, memberId);
  if (group.isIn("Stable", "CompletingRebalance")) rebalanceOrCompleteJoin(turn, group, `${memberId} is gone`);
  else if (group.isIn("PreparingRebalance") && group.allJoined) completeJoin(turn, group);
}

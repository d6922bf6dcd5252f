/** How a classic group goes on once a record of it is stored, or could not be. */
import type { ErrorName } from "../../../protocol/errors.ts";
import { coordinatorError } from "../../coordinator/errors.ts";
import type { AssignmentStored, StaticMemberStored } from "../event.ts";
import type { Turn } from "../turn.ts";
import type { ClassicGroup } from "./group.ts";
import { answerJoin, assign, dropAssignments, keepSession, rebalanceOrCompleteJoin } from "./rebalance.ts";
import { joinedReply, joinMembers, joinRefusal } from "./replies.ts";

/** Meanwhile the group may have begun another rebalance: then this assignment is of no interest any more. */
export function assignmentStored(
  turn: Turn,
  group: ClassicGroup,
  event: AssignmentStored,
  error: ErrorName | null,
): void {
  if (event.generationId === group.storingGeneration) group.storingGeneration = -1;
  if (!group.isIn("CompletingRebalance") || event.generationId !== group.generationId) return;
  if (error !== null) {
    dropAssignments(turn, group, coordinatorError(error));
    rebalanceOrCompleteJoin(turn, group, `the assignment could not be stored (${error})`);
    return;
  }
  assign(turn, group, event.assignments);
  group.transitionTo("Stable", turn.nowMs);
}

export function staticMemberStored(
  turn: Turn,
  group: ClassicGroup,
  event: StaticMemberStored,
  error: ErrorName | null,
): void {
  const { newMemberId, old } = event;
  const member = group.members.get(newMemberId);
  if (member === undefined) return; // it left, or was replaced in turn, and has been answered
  if (error !== null) {
    turn.log.warn(`group ${group.groupId}: ${newMemberId} could not be stored (${error})`);
    group.updateMember(member, old.protocols, old.rebalanceTimeoutMs, old.sessionTimeoutMs, null);
    const back = group.replaceStatic(member, old.memberId);
    keepSession(turn, group, back.memberId, back.sessionTimeoutMs);
    const refusal = joinRefusal(coordinatorError(error), "");
    const { generationId, protocolType, protocolName } = group;
    turn.draft.answer(event.ticket, {
      ...refusal,
      generationId,
      protocolType,
      protocolName,
      leader: old.leaderId ?? "",
    });
    return;
  }
  if (!event.skipsAssignment) {
    // Before v9 only the leader's old id kept a restarted leader from assigning anew, which it must not.
    answerJoin(turn, group, member, joinedReply(group, newMemberId, [], old.leaderId ?? ""));
    return;
  }
  const isLeader = group.leaderId === newMemberId;
  const members = isLeader ? joinMembers(group) : [];
  answerJoin(turn, group, member, joinedReply(group, newMemberId, members, group.leaderId ?? "", isLeader));
}

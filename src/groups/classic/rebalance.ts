/**
 * The way of a classic group from one generation to the next: prepare, wait for everybody to join, hand out the new
 * generation, wait for everybody to sync. Behaviour and order are those of Kafka's GroupMetadataManager.
 */
import type { ErrorName } from "../../../protocol/errors.ts";
import { joinKey, sessionKey, syncKey } from "../event.ts";
import { groupMetadataRecord } from "../records.ts";
import type { Turn } from "../turn.ts";
import type { ClassicGroup } from "./group.ts";
import { type Member, noAssignment } from "./member.ts";
import { joinedReply, joinMembers, syncedReply, syncRefusal } from "./replies.ts";

/** Expects a sign of life of the member within `timeoutMs`. */
export function keepSession(turn: Turn, group: ClassicGroup, memberId: string, timeoutMs: number): void {
  const { groupId } = group;
  turn.draft.setTimer(sessionKey(groupId, memberId), timeoutMs, { type: "session", groupId, memberId });
}

export function answerJoin(turn: Turn, group: ClassicGroup, member: Member, response: unknown): void {
  if (member.joinTicket === null) return;
  turn.draft.answer(member.joinTicket, response);
  group.setJoinTicket(member, null);
}

/** Whether there was a SyncGroup to answer. */
export function answerSync(turn: Turn, member: Member, response: unknown): boolean {
  if (member.syncTicket === null) return false;
  turn.draft.answer(member.syncTicket, response);
  member.syncTicket = null;
  return true;
}

/** Takes out a member, or a member id that is only pending; what still waits for it is never answered. */
export function forget(turn: Turn, group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId);
  if (member !== undefined) {
    turn.draft.abandon(member.joinTicket);
    turn.draft.abandon(member.syncTicket);
  }
  group.remove(memberId);
}

/** After a change of members: a new rebalance, or the one that is on may be complete now. */
export function rebalanceOrCompleteJoin(turn: Turn, group: ClassicGroup, reason: string): void {
  if (group.canRebalance) prepareRebalance(turn, group, reason);
  else maybeCompleteJoin(turn, group);
}

export function prepareRebalance(turn: Turn, group: ClassicGroup, reason: string): void {
  if (group.isIn("CompletingRebalance")) dropAssignments(turn, group, "REBALANCE_IN_PROGRESS");
  group.pendingSyncs.clear();
  turn.draft.cancelTimer(syncKey(group.groupId));
  const isInitial = group.isIn("Empty");
  group.transitionTo("PreparingRebalance", turn.nowMs);
  turn.log.debug(`group ${group.groupId} rebalances after generation ${group.generationId}: ${reason}`);
  if (isInitial) {
    // A new group waits, so that members that start together share the first generation.
    const delayMs = turn.settings.initialRebalanceDelayMs;
    delayInitialJoin(turn, group, delayMs, Math.max(group.rebalanceTimeoutMs - delayMs, 0));
  } else if (group.allJoined) {
    completeJoin(turn, group);
  } else {
    awaitJoins(turn, group);
  }
}

/** The initial delay of an empty group ends with its timer only. */
export function maybeCompleteJoin(turn: Turn, group: ClassicGroup): void {
  if (!group.isIn("PreparingRebalance") || group.previousState === "Empty" || !group.allJoined) return;
  completeJoin(turn, group);
}

/** The delay of an initial rebalance is over, or goes on while members keep coming. */
export function endInitialDelay(turn: Turn, group: ClassicGroup, delayMs: number, remainingMs: number): void {
  if (!group.newMemberAdded || remainingMs === 0) {
    completeJoin(turn, group);
    return;
  }
  group.newMemberAdded = false;
  const nextDelayMs = Math.min(turn.settings.initialRebalanceDelayMs, remainingMs);
  delayInitialJoin(turn, group, nextDelayMs, Math.max(remainingMs - delayMs, 0));
}

/** Everybody has joined or time is up: dynamic members that have not are out, the others get the new generation. */
export function completeJoin(turn: Turn, group: ClassicGroup): void {
  turn.draft.cancelTimer(joinKey(group.groupId));
  removeLateMembers(turn, group);
  if (group.isIn("Dead")) return;
  if (!group.electJoinedLeader() && group.members.size > 0) {
    // Only static members are left and none of them joined: wait for one, or for their sessions to end.
    turn.log.warn(`group ${group.groupId} cannot complete its rebalance: no member rejoined`);
    awaitJoins(turn, group);
    return;
  }
  group.startGeneration(turn.nowMs);
  if (group.isIn("Empty")) {
    turn.log.info(`group ${group.groupId} generation ${group.generationId} is empty`);
    const { groupId } = group;
    turn.draft.writeAhead(groupMetadataRecord(group, new Map()), { type: "emptyGroupStored", groupId });
    return;
  }
  announceGeneration(turn, group);
}

/** Members that joined this generation and never synced are out, which is a reason to rebalance. */
export function expirePendingSyncs(turn: Turn, group: ClassicGroup, generationId: number): void {
  if (generationId !== group.generationId || !group.isIn("CompletingRebalance", "Stable")) return;
  if (group.pendingSyncs.size === 0) return;
  const late = [...group.pendingSyncs];
  for (const memberId of late) {
    forget(turn, group, memberId);
    turn.draft.cancelTimer(sessionKey(group.groupId, memberId));
  }
  turn.log.info(`group ${group.groupId}: ${late.join(", ")} removed, no SyncGroup in time`);
  prepareRebalance(turn, group, "members did not sync in time");
}

/** The leader's assignment is stored: everybody who waits gets theirs. */
export function assign(turn: Turn, group: ClassicGroup, assignments: ReadonlyMap<string, Uint8Array>): void {
  for (const member of group.members.values()) {
    member.assignment = assignments.get(member.memberId) ?? noAssignment;
  }
  for (const member of group.members.values()) {
    // While it waited, its session may have ended unnoticed; from here on it counts again.
    if (answerSync(turn, member, syncedReply(group, member.assignment))) {
      keepSession(turn, group, member.memberId, member.sessionTimeoutMs);
    }
  }
}

export function dropAssignments(turn: Turn, group: ClassicGroup, error: ErrorName): void {
  for (const member of group.members.values()) {
    member.assignment = noAssignment;
    if (answerSync(turn, member, syncRefusal(error))) {
      keepSession(turn, group, member.memberId, member.sessionTimeoutMs);
    }
  }
}

function removeLateMembers(turn: Turn, group: ClassicGroup): void {
  const late = [...group.members.values()].filter((m) => m.joinTicket === null && m.groupInstanceId === null);
  if (late.length === 0) return;
  for (const { memberId } of late) {
    forget(turn, group, memberId);
    turn.draft.cancelTimer(sessionKey(group.groupId, memberId));
  }
  turn.log.info(`group ${group.groupId}: ${late.map((m) => m.memberId).join(", ")} removed, no JoinGroup in time`);
}

function announceGeneration(turn: Turn, group: ClassicGroup): void {
  const { groupId, generationId } = group;
  turn.log.info(`group ${groupId} generation ${generationId} has ${group.members.size} members`);
  const forLeader = joinMembers(group);
  for (const member of group.members.values()) {
    const { memberId } = member;
    answerJoin(turn, group, member, joinedReply(group, memberId, memberId === group.leaderId ? forLeader : []));
    keepSession(turn, group, memberId, member.sessionTimeoutMs);
    member.isNew = false;
    group.pendingSyncs.add(memberId);
  }
  turn.draft.setTimer(syncKey(groupId), group.rebalanceTimeoutMs, { type: "sync", groupId, generationId });
}

function awaitJoins(turn: Turn, group: ClassicGroup): void {
  const { groupId } = group;
  turn.draft.setTimer(joinKey(groupId), group.rebalanceTimeoutMs, { type: "join", groupId });
}

function delayInitialJoin(turn: Turn, group: ClassicGroup, delayMs: number, remainingMs: number): void {
  const { groupId } = group;
  turn.draft.setTimer(joinKey(groupId), delayMs, { type: "initialJoin", groupId, delayMs, remainingMs });
}

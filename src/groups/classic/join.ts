/**
 * JoinGroup on a classic group, in the order of checks of Kafka's GroupMetadataManager.classicGroupJoinToClassicGroup.
 */
import { assert } from "../../../base/assert.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type { JoinGroupRequest } from "../../../protocol/generated/join-group.ts";
import type { Ticket } from "../../coordinator/outcome.ts";
import type { Caller } from "../group-coordinator.ts";
import { groupMetadataRecord } from "../records.ts";
import { newMemberJoinTimeoutMs } from "../settings.ts";
import type { Turn } from "../turn.ts";
import type { ClassicGroup } from "./group.ts";
import { type Member, noAssignment, ownProtocols, sameProtocols } from "./member.ts";
import {
  answerJoin,
  answerSync,
  forget,
  keepSession,
  maybeCompleteJoin,
  prepareRebalance,
  rebalanceOrCompleteJoin,
} from "./rebalance.ts";
import { joinedReply, joinMembers, joinRefusal, syncRefusal } from "./replies.ts";

/** A JoinGroup with the id that the member gets if it has none. */
export interface Join {
  readonly request: JoinGroupRequest;
  readonly caller: Caller;
  readonly ticket: Ticket;
  /** "<client id or instance id>-<uuid>". */
  readonly freshMemberId: string;
}

export function join(turn: Turn, group: ClassicGroup, asked: Join): void {
  const { request, ticket } = asked;
  const { memberId } = request;
  if (!hasRoom(turn, group, memberId)) {
    forget(turn, group, memberId);
    turn.draft.answer(ticket, joinRefusal("GROUP_MAX_SIZE_REACHED", ""));
  } else if (group.isIn("Dead")) {
    turn.draft.answer(ticket, joinRefusal("COORDINATOR_NOT_AVAILABLE", memberId));
  } else if (!group.supports(request.protocolType, request.protocols)) {
    turn.draft.answer(ticket, joinRefusal("INCONSISTENT_GROUP_PROTOCOL", memberId));
  } else if (memberId === "") {
    joinAsNew(turn, group, asked);
  } else if (group.pendingJoins.has(memberId)) {
    assert(request.groupInstanceId === null, "a pending member id is that of a dynamic member");
    addMember(turn, group, asked, memberId);
  } else {
    rejoin(turn, group, asked);
  }
}

/** The group is only full for those who are not in it yet. */
function hasRoom(turn: Turn, group: ClassicGroup, memberId: string): boolean {
  const { membersMax } = turn.settings;
  const member = group.members.get(memberId);
  switch (group.state) {
    case "Empty":
    case "Dead":
      return true;
    case "PreparingRebalance":
      // Those who wait count, not the members: a limit made smaller keeps out the last to rejoin.
      return (member !== undefined && member.joinTicket !== null) || group.joiningCount < membersMax;
    default:
      return member !== undefined || group.members.size < membersMax;
  }
}

function joinAsNew(turn: Turn, group: ClassicGroup, asked: Join): void {
  const { request, caller, ticket, freshMemberId } = asked;
  if (request.groupInstanceId !== null) {
    const current = group.staticMemberId(request.groupInstanceId);
    if (current === undefined) addMember(turn, group, asked, freshMemberId);
    else takeOver(turn, group, asked, group.members.get(current) as Member);
    return;
  }
  if (caller.apiVersion < 4) {
    addMember(turn, group, asked, freshMemberId);
    return;
  }
  // KIP-394: the member learns its id first, so that a lost reply does not leave a member nobody is behind.
  group.pendingJoins.add(freshMemberId);
  keepSession(turn, group, freshMemberId, request.sessionTimeoutMs);
  turn.draft.answer(ticket, joinRefusal("MEMBER_ID_REQUIRED", freshMemberId));
}

function addMember(turn: Turn, group: ClassicGroup, asked: Join, memberId: string): void {
  const { request, caller, ticket } = asked;
  if (group.isIn("PreparingRebalance") && group.previousState === "Empty") group.newMemberAdded = true;
  group.add({
    memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: caller.clientId ?? "",
    clientHost: `/${caller.clientHost}`,
    protocolType: request.protocolType,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocols: ownProtocols(request.protocols),
    assignment: noAssignment,
    joinTicket: ticket,
    syncTicket: null,
    isNew: true,
  });
  // A client that gave up on this request joins again as another member: the first one may not stay for ever.
  keepSession(turn, group, memberId, newMemberJoinTimeoutMs);
  rebalanceOrCompleteJoin(turn, group, `new member ${memberId}; client reason: ${reasonOf(request)}`);
}

function rejoin(turn: Turn, group: ClassicGroup, asked: Join): void {
  const { request, ticket } = asked;
  const { memberId } = request;
  let member: Member;
  try {
    member = group.requireMember(memberId, request.groupInstanceId);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    turn.draft.answer(ticket, joinRefusal(error.error, memberId));
    return;
  }
  const isLeader = group.leaderId === memberId;
  const unchanged = sameProtocols(member.protocols, request.protocols);
  if (group.isIn("Empty")) {
    turn.draft.answer(ticket, joinRefusal("UNKNOWN_MEMBER_ID", memberId));
  } else if (group.isIn("CompletingRebalance") && unchanged) {
    // It missed the reply to its first JoinGroup.
    turn.draft.answer(ticket, joinedReply(group, memberId, isLeader ? joinMembers(group) : []));
  } else if (group.isIn("Stable") && unchanged && !isLeader) {
    turn.draft.answer(ticket, joinedReply(group, memberId, []));
  } else {
    turn.draft.abandon(member.joinTicket);
    // In a stable group the leader's JoinGroup always rebalances: what it assigns over may have changed.
    group.updateMember(
      member,
      ownProtocols(request.protocols),
      request.rebalanceTimeoutMs,
      request.sessionTimeoutMs,
      ticket,
    );
    rebalanceOrCompleteJoin(turn, group, `${memberId} joins again; client reason: ${reasonOf(request)}`);
  }
}

/** A static member is back under a new member id (KIP-345). In a stable group that needs no rebalance. */
function takeOver(turn: Turn, group: ClassicGroup, asked: Join, old: Member): void {
  const { request, caller, ticket, freshMemberId } = asked;
  const leaderId = group.leaderId;
  answerJoin(turn, group, old, joinRefusal("FENCED_INSTANCE_ID", old.memberId));
  answerSync(turn, old, syncRefusal("FENCED_INSTANCE_ID"));
  const member = group.replaceStatic(old, freshMemberId);
  keepSession(turn, group, freshMemberId, member.sessionTimeoutMs);
  const { protocols, rebalanceTimeoutMs, sessionTimeoutMs } = member;
  group.updateMember(
    member,
    ownProtocols(request.protocols),
    request.rebalanceTimeoutMs,
    request.sessionTimeoutMs,
    ticket,
  );
  const because = `${request.groupInstanceId} is ${freshMemberId} now; client reason: ${reasonOf(request)}`;
  assert(!group.isIn("Empty", "Dead"), "a group with a static member is neither empty nor dead");
  if (group.isIn("CompletingRebalance")) {
    // The leader may already assign to the old member id.
    prepareRebalance(turn, group, because);
  } else if (group.isIn("PreparingRebalance")) {
    maybeCompleteJoin(turn, group);
  } else if (group.protocolName !== group.selectProtocol()) {
    rebalanceOrCompleteJoin(turn, group, because);
  } else {
    const assignments = new Map([...group.members.values()].map((m) => [m.memberId, m.assignment]));
    turn.draft.writeAhead(groupMetadataRecord(group, assignments), {
      type: "staticMemberStored",
      groupId: group.groupId,
      ticket,
      newMemberId: freshMemberId,
      skipsAssignment: caller.apiVersion >= 9,
      old: { memberId: old.memberId, leaderId, protocols, rebalanceTimeoutMs, sessionTimeoutMs },
    });
  }
}

function reasonOf(request: JoinGroupRequest): string {
  return request.reason === null || request.reason === "" ? "not provided" : request.reason;
}

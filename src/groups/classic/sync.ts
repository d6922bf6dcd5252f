/** SyncGroup on a classic group, in the order of checks of Kafka's classicGroupSyncToClassicGroup. */
import { type ErrorName, KafkaError } from "../../../protocol/errors.ts";
import type { SyncGroupRequest } from "../../../protocol/generated/sync-group.ts";
import type { Ticket } from "../../coordinator/outcome.ts";
import { syncKey } from "../event.ts";
import { groupMetadataRecord } from "../records.ts";
import type { Turn } from "../turn.ts";
import type { ClassicGroup } from "./group.ts";
import { type Member, noAssignment } from "./member.ts";
import { syncedReply, syncRefusal } from "./replies.ts";

export function sync(turn: Turn, group: ClassicGroup, request: SyncGroupRequest, ticket: Ticket): void {
  const error = refusalOf(group, request);
  if (error !== null) {
    turn.draft.answer(ticket, syncRefusal(error));
    return;
  }
  const member = group.members.get(request.memberId) as Member;
  group.pendingSyncs.delete(member.memberId);
  if (group.pendingSyncs.size === 0) turn.draft.cancelTimer(syncKey(group.groupId));
  if (group.isIn("Stable")) {
    turn.draft.answer(ticket, syncedReply(group, member.assignment));
    return;
  }
  turn.draft.abandon(member.syncTicket);
  member.syncTicket = ticket;
  // A leader that lost its connection may assign again while its first assignment is being stored: the members will be
  // told the first one, so a second record would let a restart tell them another (Kafka writes it).
  if (group.leaderId !== member.memberId || group.storingGeneration === group.generationId) return;
  group.storingGeneration = group.generationId;
  storeAssignment(turn, group, request);
}

function refusalOf(group: ClassicGroup, request: SyncGroupRequest): ErrorName | null {
  if (group.isIn("Dead")) return "COORDINATOR_NOT_AVAILABLE";
  try {
    group.requireMember(request.memberId, request.groupInstanceId);
  } catch (error) {
    if (error instanceof KafkaError) return error.error;
    throw error;
  }
  if (request.generationId !== group.generationId) return "ILLEGAL_GENERATION";
  if (differs(request.protocolType, group.protocolType) || differs(request.protocolName, group.protocolName)) {
    return "INCONSISTENT_GROUP_PROTOCOL";
  }
  return group.isIn("PreparingRebalance") ? "REBALANCE_IN_PROGRESS" : null;
}

/** Only what both sides name can differ. */
function differs(asked: string | null, actual: string | null): boolean {
  return asked !== null && actual !== null && asked !== actual;
}

/** Members that the leader forgot get nothing. The others wait until the record is committed. */
function storeAssignment(turn: Turn, group: ClassicGroup, request: SyncGroupRequest): void {
  const assignments = new Map<string, Uint8Array>();
  for (const { memberId, assignment } of request.assignments) assignments.set(memberId, assignment.slice());
  for (const memberId of group.members.keys()) {
    if (!assignments.has(memberId)) assignments.set(memberId, noAssignment);
  }
  turn.draft.writeAhead(groupMetadataRecord(group, assignments), {
    type: "assignmentStored",
    groupId: group.groupId,
    generationId: group.generationId,
    leaderId: request.memberId,
    assignments,
  });
}

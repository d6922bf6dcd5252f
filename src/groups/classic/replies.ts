/** Responses of the classic group APIs, with Kafka's defaults for what an error leaves out. */
import { code, type ErrorName } from "../../../protocol/errors.ts";
import type { JoinGroupResponse, JoinGroupResponseMember } from "../../../protocol/generated/join-group.ts";
import type { SyncGroupResponse } from "../../../protocol/generated/sync-group.ts";
import type { ClassicGroup } from "./group.ts";
import { metadataFor, noAssignment } from "./member.ts";

export function joinRefusal(error: ErrorName, memberId: string): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: code(error),
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: "",
    skipAssignment: false,
    memberId,
    members: [],
  };
}

/** The group's generation as a member learns it; `members` only for the leader. */
export function joinedReply(
  group: ClassicGroup,
  memberId: string,
  members: JoinGroupResponseMember[],
  leader = group.leaderId ?? "",
  skipAssignment = false,
): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader,
    skipAssignment,
    memberId,
    members,
  };
}

/** What the leader assigns for. */
export function joinMembers(group: ClassicGroup): JoinGroupResponseMember[] {
  return [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: metadataFor(member, group.protocolName) ?? noAssignment,
  }));
}

export function syncRefusal(error: ErrorName): SyncGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: code(error),
    protocolType: null,
    protocolName: null,
    assignment: noAssignment,
  };
}

export function syncedReply(group: ClassicGroup, assignment: Uint8Array): SyncGroupResponse {
  const { protocolType, protocolName } = group;
  return { throttleTimeMs: 0, errorCode: 0, protocolType, protocolName, assignment };
}

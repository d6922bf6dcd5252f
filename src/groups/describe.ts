/** DescribeGroups and ListGroups: classic groups as others see them. */
import { code } from "../../protocol/errors.ts";
import type { DescribedGroup, DescribedGroupMember } from "../../protocol/generated/describe-groups.ts";
import type { ListedGroup } from "../../protocol/generated/list-groups.ts";
import type { ClassicGroup } from "./classic/group.ts";
import { type Member, metadataFor, noAssignment } from "./classic/member.ts";
import type { GroupState } from "./state.ts";

/** "Not asked for", where the authorized operations would be. */
export const operationsOmitted = -0x8000_0000;

/** From v6 on a group that is not there is an error; before, it is dead. */
export function describeGroup(state: GroupState, groupId: string, apiVersion: number): DescribedGroup {
  const group = state.groups.get(groupId);
  if (group === undefined) return notDescribed(groupId, apiVersion);
  // Before the members agree on a protocol there is no metadata of theirs to show.
  const protocolData = group.isIn("Stable") ? (group.protocolName ?? "") : "";
  return {
    errorCode: 0,
    errorMessage: null,
    groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? "",
    protocolData,
    members: [...group.members.values()].map((member) => describeMember(group, member)),
    authorizedOperations: operationsOmitted,
  };
}

export function describeError(groupId: string, errorCode: number, errorMessage: string | null = null): DescribedGroup {
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState: "",
    protocolType: "",
    protocolData: "",
    members: [],
    authorizedOperations: operationsOmitted,
  };
}

/** No filter lets everything pass; states and types are compared without regard to case. */
export function listGroups(
  state: GroupState,
  statesFilter: readonly string[],
  typesFilter: readonly string[],
): ListedGroup[] {
  const states = new Set(statesFilter.map((name) => name.toLowerCase().trim()));
  const types = new Set(typesFilter.map((name) => name.toLowerCase()));
  if (types.size > 0 && !types.has("classic")) return [];
  const listed: ListedGroup[] = [];
  for (const group of state.groups.values()) {
    if (states.size > 0 && !states.has(group.state.toLowerCase())) continue;
    const { groupId, protocolType } = group;
    listed.push({ groupId, protocolType: protocolType ?? "", groupState: group.state, groupType: "classic" });
  }
  return listed;
}

function notDescribed(groupId: string, apiVersion: number): DescribedGroup {
  const gone = { ...describeError(groupId, 0), groupState: "Dead" };
  if (apiVersion < 6) return gone;
  return { ...gone, errorCode: code("GROUP_ID_NOT_FOUND"), errorMessage: `Group ${groupId} not found.` };
}

function describeMember(group: ClassicGroup, member: Member): DescribedGroupMember {
  return {
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberMetadata: (group.isIn("Stable") ? metadataFor(member, group.protocolName) : undefined) ?? noAssignment,
    memberAssignment: member.assignment,
  };
}

/** A classic group out of its record. */
import type { GroupMetadataValue } from "../../../protocol/generated/records/group/group-metadata-value.ts";
import { ClassicGroup } from "./group.ts";

/** Of its members' protocols only the one chosen was written. */
export function groupFromRecord(groupId: string, value: GroupMetadataValue): ClassicGroup {
  const group = new ClassicGroup({
    groupId,
    state: value.members.length === 0 ? "Empty" : "Stable",
    generationId: value.generation,
    protocolType: value.protocolType === "" ? null : value.protocolType,
    protocolName: value.protocol,
    leaderId: value.leader,
    stateTimestampMs: value.currentStateTimestamp === -1 ? null : value.currentStateTimestamp,
  });
  for (const member of value.members) {
    group.add({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      protocolType: value.protocolType,
      rebalanceTimeoutMs: member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
      sessionTimeoutMs: member.sessionTimeout,
      protocols: [{ name: value.protocol ?? "", metadata: member.subscription.slice() }],
      assignment: member.assignment.slice(),
      joinTicket: null,
      syncTicket: null,
      isNew: false,
    });
  }
  group.refreshTopics();
  return group;
}

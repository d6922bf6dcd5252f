/**
 * JoinGroup (key 11), v0-9: a member enters the next generation of a classic group, and waits for it. v1 rebalance
 * timeout, v4 the member id is learnt first (KIP-394), v5 static members (KIP-345), v6 flexible, v7 protocol type
 * (KIP-559), v8 reason (KIP-800), v9 skip assignment.
 * Errors in the order checked (GroupCoordinatorService.joinGroup, GroupMetadataManager.classicGroupJoin):
 * COORDINATOR_NOT_AVAILABLE, INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS,
 * UNKNOWN_MEMBER_ID (no such group), GROUP_MAX_SIZE_REACHED, INCONSISTENT_GROUP_PROTOCOL, MEMBER_ID_REQUIRED,
 * UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID.
 */
import { errorName, KafkaError } from "../../protocol/errors.ts";
import { JoinGroup, type JoinGroupResponse } from "../../protocol/generated/join-group.ts";
import { joinRefusal } from "../groups/classic/replies.ts";
import { api } from "./api.ts";

/** Clients have two or three. A member keeps them for as long as it lives. */
const PROTOCOLS_MAX = 1_000;

export const joinGroup = api({
  message: JoinGroup,
  versions: [0, 9],
  listeners: ["broker"],
  refused: (_, errorCode, _message, version) => forVersion(joinRefusal(errorName(errorCode), ""), version),
  handle({ groups }, request, context) {
    const { apiVersion } = context;
    if (request.protocols.length > PROTOCOLS_MAX) throw new KafkaError("INCONSISTENT_GROUP_PROTOCOL");
    const asked = apiVersion === 0 ? { ...request, rebalanceTimeoutMs: request.sessionTimeoutMs } : request;
    const joined = groups.joinGroup(asked, context);
    return joined instanceof Promise
      ? joined.then((response) => forVersion(response, apiVersion))
      : forVersion(joined, apiVersion);
  },
});

/** "No protocol" is null from v7 on, empty before. */
function forVersion(response: JoinGroupResponse, version: number): JoinGroupResponse {
  const { protocolName } = response;
  if (version >= 7) return protocolName === "" ? { ...response, protocolName: null } : response;
  return protocolName === null ? { ...response, protocolName: "" } : response;
}

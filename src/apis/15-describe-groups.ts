/**
 * DescribeGroups (key 15), v0-6: state and members of classic groups. v3 authorized operations (KIP-430), v4 instance
 * ids (KIP-345), v5 flexible, v6 GROUP_ID_NOT_FOUND instead of the state Dead (KIP-1043).
 * Errors of a group: COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, GROUP_ID_NOT_FOUND.
 */
import { type DescribedGroup, DescribeGroups } from "../../protocol/generated/describe-groups.ts";
import { describeError } from "../groups/describe.ts";
import { api } from "./api.ts";
import { allGroupOperations } from "./authorized-operations.ts";

export const describeGroups = api({
  message: DescribeGroups,
  versions: [0, 6],
  listeners: ["broker"],
  refused: (request, errorCode) => ({
    throttleTimeMs: 0,
    groups: request.groups.map((groupId) => describeError(groupId, errorCode)),
  }),
  handle({ groups }, request, context) {
    const withOperations = context.apiVersion >= 3 && request.includeAuthorizedOperations;
    const reply = (described: DescribedGroup[]) => ({
      throttleTimeMs: 0,
      groups: withOperations ? described.map(withAllOperations) : described,
    });
    const described = groups.describeGroups(request.groups, context);
    return described instanceof Promise ? described.then(reply) : reply(described);
  },
});

function withAllOperations(group: DescribedGroup): DescribedGroup {
  return group.errorCode === 0 ? { ...group, authorizedOperations: allGroupOperations } : group;
}

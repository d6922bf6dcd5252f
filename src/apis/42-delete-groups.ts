/**
 * DeleteGroups (key 42), v0-2: empty groups go, with what they committed. v2 flexible.
 * Errors of a group: COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, GROUP_ID_NOT_FOUND,
 * NON_EMPTY_GROUP.
 */
import { type DeletableGroupResult, DeleteGroups } from "../../protocol/generated/delete-groups.ts";
import { api } from "./api.ts";

export const deleteGroups = api({
  message: DeleteGroups,
  versions: [0, 2],
  listeners: ["broker"],
  refused: (request, errorCode) => ({
    throttleTimeMs: 0,
    results: request.groupsNames.map((groupId) => ({ groupId, errorCode })),
  }),
  handle({ groups }, request) {
    const reply = (results: DeletableGroupResult[]) => ({ throttleTimeMs: 0, results });
    const deleted = groups.deleteGroups([...new Set(request.groupsNames)]);
    return deleted instanceof Promise ? deleted.then(reply) : reply(deleted);
  },
});

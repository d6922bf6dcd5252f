/**
 * ListGroups (key 16), v0-5: the groups that this node coordinates. v3 flexible, v4 states (KIP-518), v5 types
 * (KIP-848).
 * Errors: COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS.
 */
import { ListGroups } from "../../protocol/generated/list-groups.ts";
import { api } from "./api.ts";

export const listGroups = api({
  message: ListGroups,
  versions: [0, 5],
  listeners: ["broker"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, groups: [] }),
  handle: ({ groups }, request) => groups.listGroups(request),
});

/**
 * RemoveRaftVoter (key 81), v0: takes a voter out of the metadata quorum (KIP-853). A broker asks the leader. Errors,
 * in the order checked: INCONSISTENT_CLUSTER_ID, NOT_LEADER_OR_FOLLOWER, INVALID_REQUEST, REQUEST_TIMED_OUT,
 * UNSUPPORTED_VERSION, VOTER_NOT_FOUND.
 */
import { RemoveRaftVoter } from "../../protocol/generated/remove-raft-voter.ts";
import { api } from "./api.ts";
import { anyMessage } from "./refusal.ts";

export const removeRaftVoter = api({
  message: RemoveRaftVoter,
  versions: [0, 0],
  listeners: ["broker", "controller"],
  refused: (_, errorCode, message) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: anyMessage(errorCode, message),
  }),
  handle: ({ raftVoters, quorum, nodeId, controller }, request, context) => {
    const isElsewhere = context.listenerKind === "broker" && quorum().leaderId !== nodeId;
    return isElsewhere ? controller.send(RemoveRaftVoter, request, context) : raftVoters.remove(request);
  },
});

/**
 * AddRaftVoter (key 80), v0-1: makes a controller a voter of the metadata quorum (KIP-853). v1 may be answered before
 * it is committed. A broker asks the leader. Errors, in the order checked: INCONSISTENT_CLUSTER_ID,
 * NOT_LEADER_OR_FOLLOWER, INVALID_REQUEST, REQUEST_TIMED_OUT, UNSUPPORTED_VERSION, DUPLICATE_VOTER.
 */
import { AddRaftVoter } from "../../protocol/generated/add-raft-voter.ts";
import { api } from "./api.ts";
import { anyMessage } from "./refusal.ts";

export const addRaftVoter = api({
  message: AddRaftVoter,
  versions: [0, 1],
  listeners: ["broker", "controller"],
  refused: (_, errorCode, message) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: anyMessage(errorCode, message),
  }),
  handle: ({ raftVoters, quorum, nodeId, controller }, request, context) => {
    const isElsewhere = context.listenerKind === "broker" && quorum().leaderId !== nodeId;
    return isElsewhere ? controller.send(AddRaftVoter, request, context) : raftVoters.add(request);
  },
});

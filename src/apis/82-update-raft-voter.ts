/**
 * UpdateRaftVoter (key 82), v0: a voter tells the leader where it is reached and which kraft.versions it can work with
 * (KIP-853); of a static quorum also its directory, so that it can become one that changes (KIP-853, upgrade). Errors,
 * in the order checked: INCONSISTENT_CLUSTER_ID, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER,
 * INVALID_REQUEST, REQUEST_TIMED_OUT, VOTER_NOT_FOUND.
 */
import { UpdateRaftVoter } from "../../protocol/generated/update-raft-voter.ts";
import { api } from "./api.ts";

const nobody = { leaderId: -1, leaderEpoch: -1, host: "", port: 0 };

export const updateRaftVoter = api({
  message: UpdateRaftVoter,
  versions: [0, 0],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, currentLeader: nobody }),
  handle: ({ raftVoters }, request) => raftVoters.update(request),
});

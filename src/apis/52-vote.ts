/**
 * Vote (key 52), v0-2: a voter asks for a vote, or whether it would get one, between controllers (KIP-595). v1
 * directory ids (KIP-853), v2 pre-vote (KIP-996). Errors, in the order checked (KafkaRaftClient.handleVoteRequest):
 * INCONSISTENT_CLUSTER_ID, INVALID_REQUEST, FENCED_LEADER_EPOCH, INVALID_VOTER_KEY.
 */
import { Vote } from "../../protocol/generated/vote.ts";
import { api } from "./api.ts";

export const vote = api({
  message: Vote,
  versions: [0, 2],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ errorCode, topics: [], nodeEndpoints: [] }),
  handle: ({ raft }, request) => raft.vote(request),
});

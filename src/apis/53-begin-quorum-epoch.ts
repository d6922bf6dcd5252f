/**
 * BeginQuorumEpoch (key 53), v0-1: a new leader of the metadata quorum tells the voters (KIP-595). v1 directory ids and
 * endpoints (KIP-853). Errors, in the order checked (KafkaRaftClient.handleBeginQuorumEpochRequest):
 * INCONSISTENT_CLUSTER_ID, INVALID_REQUEST, FENCED_LEADER_EPOCH, INVALID_VOTER_KEY.
 */
import { BeginQuorumEpoch } from "../../protocol/generated/begin-quorum-epoch.ts";
import { api } from "./api.ts";

export const beginQuorumEpoch = api({
  message: BeginQuorumEpoch,
  versions: [0, 1],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ errorCode, topics: [], nodeEndpoints: [] }),
  handle: ({ raft }, request) => raft.beginQuorumEpoch(request),
});

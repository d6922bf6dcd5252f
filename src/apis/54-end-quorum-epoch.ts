/**
 * EndQuorumEpoch (key 54), v0-1: the leader of the metadata quorum resigns and names its successors (KIP-595). v1
 * directory ids and endpoints (KIP-853). Errors, in the order checked (KafkaRaftClient.handleEndQuorumEpochRequest):
 * INCONSISTENT_CLUSTER_ID, INVALID_REQUEST, FENCED_LEADER_EPOCH.
 */
import { EndQuorumEpoch } from "../../protocol/generated/end-quorum-epoch.ts";
import { api } from "./api.ts";

export const endQuorumEpoch = api({
  message: EndQuorumEpoch,
  versions: [0, 1],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ errorCode, topics: [], nodeEndpoints: [] }),
  handle: ({ raft }, request) => raft.endQuorumEpoch(request),
});

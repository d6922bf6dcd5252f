/**
 * FetchSnapshot (key 59), v0-1: a part of a snapshot of the metadata log (KIP-630), from its leader. v1 directory ids
 * and endpoints (KIP-853). Errors, in the order checked (KafkaRaftClient.handleFetchSnapshotRequest):
 * INCONSISTENT_CLUSTER_ID, INVALID_REQUEST; of the partition UNKNOWN_TOPIC_OR_PARTITION, FENCED_LEADER_EPOCH,
 * UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER, SNAPSHOT_NOT_FOUND, POSITION_OUT_OF_RANGE.
 */
import { FetchSnapshot } from "../../protocol/generated/fetch-snapshot.ts";
import { api } from "./api.ts";

export const fetchSnapshot = api({
  message: FetchSnapshot,
  versions: [0, 1],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, topics: [], nodeEndpoints: [] }),
  handle: ({ raft }, request) => raft.fetchSnapshot(request),
});

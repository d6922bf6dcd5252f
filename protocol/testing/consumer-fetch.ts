/** The Fetch of a consumer without a session and with no epoch to tell, for tests and load generators. */
import { ZERO_UUID } from "../../base/uuid.ts";
import type { FetchPartition, FetchRequest } from "../generated/fetch.ts";

export function consumerPartition(
  partition: number,
  fetchOffset: number,
  more: Partial<FetchPartition> = {},
): FetchPartition {
  return {
    partition,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes: 1 << 20,
    replicaDirectoryId: ZERO_UUID,
    highWatermark: Infinity,
    ...more,
  };
}

/** Of one topic, by its name (up to v12) or its id. */
export function consumerFetch(
  { topic = "", topicId = ZERO_UUID }: { readonly topic?: string; readonly topicId?: string },
  partitions: FetchPartition[],
  more: Partial<FetchRequest> = {},
): FetchRequest {
  return {
    clusterId: null,
    replicaId: -1,
    replicaState: { replicaId: -1, replicaEpoch: -1 },
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 0x7fff_ffff,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: partitions.length === 0 ? [] : [{ topic, topicId, partitions }],
    forgottenTopicsData: [],
    rackId: "",
    ...more,
  };
}

/** The Fetch of a consumer without a session, by topic name (up to v12). */
import { ZERO_UUID } from "../../base/uuid.ts";
import type { FetchRequest } from "../../protocol/generated/fetch.ts";

export function fetchOf(topic: string, more: Partial<FetchRequest> = {}, fetchOffset = 0): FetchRequest {
  const partition = {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes: 1 << 20,
    replicaDirectoryId: ZERO_UUID,
    highWatermark: Infinity,
  };
  return {
    clusterId: null,
    replicaId: -1,
    replicaState: { replicaId: -1, replicaEpoch: -1 },
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 1 << 20,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic, topicId: ZERO_UUID, partitions: [partition] }],
    forgottenTopicsData: [],
    rackId: "",
    ...more,
  };
}

/**
 * ListOffsets (key 2), v1-11: the offset at a time, or at one of the named places: -1 latest, -2 earliest, -3 the
 * largest timestamp (v7, KIP-734), -4 earliest local (v8, KIP-405), -5 latest tiered (v9, KIP-1005), -6 earliest
 * pending upload (v11, KIP-1023). v2 isolation level, v4 leader epoch, v6 flexible, v10 timeout for remote reads.
 * There is no remote storage: -4 is -2, and -5 and -6 answer -1. Errors in the order checked
 * (ReplicaManager.fetchOffset): INVALID_REQUEST for a partition named twice, UNSUPPORTED_VERSION for a place that the
 * version lacks, UNKNOWN_TOPIC_OR_PARTITION, KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH,
 * UNKNOWN_LEADER_EPOCH, OFFSET_NOT_AVAILABLE (LEADER_NOT_AVAILABLE before v5).
 */
import { code, type ErrorName } from "../../protocol/errors.ts";
import {
  ListOffsets,
  type ListOffsetsPartition,
  type ListOffsetsPartitionResponse,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
} from "../../protocol/generated/list-offsets.ts";
import type { TimestampedOffset } from "../../storage/log-read.ts";
import { visibleEnd } from "../partition/fetch.ts";
import { errorNameOf } from "../partition/refusal.ts";
import type { Replica } from "../partition/replica.ts";
import { api } from "./api.ts";

const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;
const EARLIEST_PENDING_UPLOAD = -6;

/** The version that brought each place. */
const placeSince: ReadonlyMap<number, number> = new Map([
  [EARLIEST, 1],
  [LATEST, 1],
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
  [EARLIEST_PENDING_UPLOAD, 11],
]);

const CONSUMER = -1;
const DEBUGGING = -2;
const READ_COMMITTED = 1;

export const listOffsets = api({
  message: ListOffsets,
  versions: [1, 11],
  listeners: ["broker"],
  refused: (request, errorCode) => refusedResponse(request, errorCode),
  handle: ({ replicas }, request, { apiVersion }) => {
    const twice = namedTwice(request);
    const topics = request.topics.map(({ name, partitions }) => {
      const answered = new Set<number>();
      const answers: ListOffsetsPartitionResponse[] = [];
      for (const partition of partitions) {
        const { partitionIndex: index } = partition;
        if (answered.has(index)) continue;
        answered.add(index);
        if (twice.get(name)?.has(index)) answers.push(unknown(index, "INVALID_REQUEST"));
        else if (!isServed(partition.timestamp, apiVersion)) answers.push(unknown(index, "UNSUPPORTED_VERSION"));
        else answers.push(answerOrError(() => replicas.online(name, index), request, partition, apiVersion));
      }
      return { name, partitions: answers };
    });
    return { throttleTimeMs: 0, topics };
  },
});

const isServed = (timestamp: number, version: number): boolean =>
  timestamp >= 0 || (placeSince.get(timestamp) ?? Number.POSITIVE_INFINITY) <= version;

/** By topic, the partitions that the request names more than once. */
function namedTwice(request: ListOffsetsRequest): ReadonlyMap<string, ReadonlySet<number>> {
  const seen = new Map<string, Set<number>>();
  const twice = new Map<string, Set<number>>();
  for (const { name, partitions } of request.topics) {
    const ofTopic = seen.get(name) ?? new Set<number>();
    seen.set(name, ofTopic);
    for (const { partitionIndex } of partitions) {
      if (!ofTopic.has(partitionIndex)) ofTopic.add(partitionIndex);
      else twice.set(name, (twice.get(name) ?? new Set<number>()).add(partitionIndex));
    }
  }
  return twice;
}

function answerOrError(
  replicaOf: () => Replica,
  request: ListOffsetsRequest,
  partition: ListOffsetsPartition,
  version: number,
): ListOffsetsPartitionResponse {
  try {
    const replica = replicaOf();
    replica.check(partition.currentLeaderEpoch, request.replicaId !== DEBUGGING);
    return answer(replica, request, partition);
  } catch (cause) {
    const name = errorNameOf(cause);
    const old = name === "OFFSET_NOT_AVAILABLE" && version < 5;
    return unknown(partition.partitionIndex, old ? "LEADER_NOT_AVAILABLE" : name);
  }
}

function answer(
  replica: Replica,
  { replicaId, isolationLevel }: ListOffsetsRequest,
  { partitionIndex, timestamp }: ListOffsetsPartition,
): ListOffsetsPartitionResponse {
  const { log } = replica;
  const ofClient = replicaId === CONSUMER;
  const isolation = !ofClient ? "logEnd" : isolationLevel === READ_COMMITTED ? "committed" : "highWatermark";
  const end = visibleEnd(replica, isolation);
  switch (timestamp) {
    case LATEST:
      if (ofClient) replica.checkHighWatermarkKnown();
      return found(partitionIndex, -1, end, replica.leaderEpoch);
    case EARLIEST:
    case EARLIEST_LOCAL: {
      const first = log.epochs.earliest;
      const epoch = first !== null && first.startOffset <= log.logStartOffset ? first.epoch : -1;
      return found(partitionIndex, -1, log.logStartOffset, epoch);
    }
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return found(partitionIndex, -1, -1, -1);
  }
  const place: TimestampedOffset | null =
    timestamp === MAX_TIMESTAMP ? log.offsetOfMaxTimestamp() : log.offsetForTimestamp(timestamp);
  if (place !== null && place.offset < end) {
    return found(partitionIndex, place.timestamp, place.offset, place.leaderEpoch ?? -1);
  }
  if (ofClient) replica.checkHighWatermarkKnown();
  return unknown(partitionIndex, "NONE");
}

const found = (
  partitionIndex: number,
  timestamp: number,
  offset: number,
  leaderEpoch: number,
): ListOffsetsPartitionResponse => ({ partitionIndex, errorCode: 0, timestamp, offset, leaderEpoch });

const unknown = (partitionIndex: number, error: ErrorName): ListOffsetsPartitionResponse => ({
  partitionIndex,
  errorCode: code(error),
  timestamp: -1,
  offset: -1,
  leaderEpoch: -1,
});

function refusedResponse(request: ListOffsetsRequest, errorCode: number): ListOffsetsResponse {
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ ...unknown(partitionIndex, "NONE"), errorCode })),
  }));
  return { throttleTimeMs: 0, topics };
}

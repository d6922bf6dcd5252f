/**
 * DescribeLogDirs (key 35), v1-5: what lies in each log directory. v2 flexible, v3 error code, v4 space (KIP-827), v5
 * cordoned (KIP-1066). A directory that failed answers KAFKA_STORAGE_ERROR for itself.
 */
import { code } from "../../protocol/errors.ts";
import {
  DescribeLogDirs,
  type DescribeLogDirsRequest,
  type DescribeLogDirsResult,
  type DescribeLogDirsTopic,
} from "../../protocol/generated/describe-log-dirs.ts";
import type { Log } from "../../storage/log.ts";
import type { LogDirectory } from "../../storage/log-dir.ts";
import { errorCodeOf } from "../partition/refusal.ts";
import type { ReplicaManager } from "../partition/replica-manager.ts";
import { api } from "./api.ts";

export const describeLogDirs = api({
  message: DescribeLogDirs,
  versions: [1, 5],
  listeners: ["broker"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, results: [] }),
  handle: ({ replicas }, request) => {
    const wanted = wantedPartitions(request);
    const results = replicas.directories.map((directory) => describe(replicas, directory, wanted));
    return { throttleTimeMs: 0, errorCode: 0, results };
  },
});

/** Null: all of them. */
function wantedPartitions({ topics }: DescribeLogDirsRequest): ReadonlyMap<string, ReadonlySet<number>> | null {
  if (topics === null) return null;
  const wanted = new Map<string, Set<number>>();
  for (const { topic, partitions } of topics) {
    const ofTopic = wanted.get(topic) ?? new Set<number>();
    wanted.set(topic, ofTopic);
    for (const partition of partitions) ofTopic.add(partition);
  }
  return wanted;
}

function describe(
  replicas: ReplicaManager,
  directory: LogDirectory,
  wanted: ReadonlyMap<string, ReadonlySet<number>> | null,
): DescribeLogDirsResult {
  if (directory.offline !== null) return failed(directory, code("KAFKA_STORAGE_ERROR"));
  try {
    const { totalBytes, usableBytes } = directory.space();
    const topics = new Map<string, DescribeLogDirsTopic>();
    for (const log of inOrder(directory.logs.values())) {
      if (wanted !== null && !wanted.get(log.topic)?.has(log.partition)) continue;
      let topic = topics.get(log.topic);
      if (topic === undefined) {
        topic = { name: log.topic, partitions: [] };
        topics.set(log.topic, topic);
      }
      topic.partitions.push({
        partitionIndex: log.partition,
        partitionSize: log.sizeBytes,
        offsetLag: lagOf(replicas, log),
        isFutureKey: false,
      });
    }
    for (const move of replicas.moves.into(directory)) {
      if (wanted !== null && !wanted.get(move.topic)?.has(move.partition)) continue;
      const topic = topics.get(move.topic) ?? { name: move.topic, partitions: [] };
      topics.set(move.topic, topic);
      const { partition: partitionIndex, lag: offsetLag, future } = move;
      topic.partitions.push({ partitionIndex, partitionSize: future?.sizeBytes ?? 0, offsetLag, isFutureKey: true });
    }
    return {
      errorCode: 0,
      logDir: directory.path,
      topics: [...topics.values()],
      totalBytes,
      usableBytes,
      isCordoned: false,
    };
  } catch (cause) {
    return failed(directory, errorCodeOf(cause));
  }
}

const inOrder = (logs: Iterable<Log>): Log[] =>
  [...logs].sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));

/** How far the log is behind the high watermark; -1 where no replica uses it. */
function lagOf(replicas: ReplicaManager, log: Log): number {
  const replica = replicas.get(log.topic, log.partition);
  return replica === undefined ? -1 : Math.max(0, replica.highWatermark - log.logEndOffset);
}

const failed = (directory: LogDirectory, errorCode: number): DescribeLogDirsResult => ({
  errorCode,
  logDir: directory.path,
  topics: [],
  totalBytes: -1,
  usableBytes: -1,
  isCordoned: false,
});

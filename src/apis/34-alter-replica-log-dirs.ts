/**
 * AlterReplicaLogDirs (key 34), v1-2 (KIP-113): moves partitions between the log directories of the node that is asked.
 * v2 flexible. It answers when the moves have begun. Errors of a partition, in the order checked:
 * INVALID_TOPIC_EXCEPTION, LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR, REPLICA_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION.
 */
import {
  AlterReplicaLogDirs,
  type AlterReplicaLogDirsRequest,
  type AlterReplicaLogDirsResponse,
} from "../../protocol/generated/alter-replica-log-dirs.ts";
import { errorCodeOf } from "../partition/refusal.ts";
import { api } from "./api.ts";

export const alterReplicaLogDirs = api({
  message: AlterReplicaLogDirs,
  versions: [1, 2],
  listeners: ["broker"],
  refused: (request, errorCode) => answer(request, () => errorCode),
  handle: ({ replicas }, request) =>
    answer(request, (topic, partition, path) => {
      try {
        replicas.moves.request(topic, partition, path);
        return 0;
      } catch (cause) {
        return errorCodeOf(cause);
      }
    }),
});

/** By topic, whatever the directory; where a partition is named twice the last one counts, as in Apache's map. */
function answer(
  { dirs }: AlterReplicaLogDirsRequest,
  ask: (topic: string, partition: number, path: string) => number,
): AlterReplicaLogDirsResponse {
  const wanted = new Map<string, Map<number, string>>();
  for (const { path, topics } of dirs) {
    for (const { name, partitions } of topics) {
      const ofTopic = wanted.get(name) ?? new Map<number, string>();
      wanted.set(name, ofTopic);
      for (const partition of partitions) ofTopic.set(partition, path);
    }
  }
  const results = [...wanted].map(([topicName, ofTopic]) => ({
    topicName,
    partitions: [...ofTopic].map(([partitionIndex, path]) => {
      return { partitionIndex, errorCode: ask(topicName, partitionIndex, path) };
    }),
  }));
  return { throttleTimeMs: 0, results };
}

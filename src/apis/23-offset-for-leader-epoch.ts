/**
 * OffsetForLeaderEpoch (key 23), v2-4: where a leader epoch ends in the log, so that a reader finds out whether its own
 * history was truncated (KIP-101, KIP-320). v3 replica id, v4 flexible.
 * Errors in the order checked (ReplicaManager.lastOffsetForLeaderEpoch): KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER,
 * UNKNOWN_TOPIC_OR_PARTITION, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH. An epoch that the log does not know is no
 * error: -1 and -1.
 */
import { code } from "../../protocol/errors.ts";
import { type EpochEndOffset, OffsetForLeaderEpoch } from "../../protocol/generated/offset-for-leader-epoch.ts";
import { errorCodeOf } from "../partition/refusal.ts";
import { api } from "./api.ts";
import type { Services } from "./services.ts";

export const offsetForLeaderEpoch = api({
  message: OffsetForLeaderEpoch,
  versions: [2, 4],
  listeners: ["broker"],
  refused: (request, errorCode) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => ({ errorCode, partition, leaderEpoch: -1, endOffset: -1 })),
    })),
  }),
  handle: (services, request) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) =>
        endOf(services, topic, partition, currentLeaderEpoch, leaderEpoch),
      ),
    })),
  }),
});

function endOf(
  { replicas }: Services,
  topic: string,
  partition: number,
  currentLeaderEpoch: number,
  leaderEpoch: number,
): EpochEndOffset {
  try {
    const replica = replicas.online(topic, partition);
    replica.check(currentLeaderEpoch, true);
    const found = replica.log.epochs.endOffsetFor(leaderEpoch, replica.log.logEndOffset);
    return { errorCode: code("NONE"), partition, leaderEpoch: found.epoch, endOffset: found.endOffset };
  } catch (cause) {
    return { errorCode: errorCodeOf(cause), partition, leaderEpoch: -1, endOffset: -1 };
  }
}

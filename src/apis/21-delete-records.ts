/**
 * DeleteRecords (key 21), v0-2 (v2 flexible): moves the log start of partitions; -1 stands for the high watermark.
 * Errors in the order checked (KafkaApis, ReplicaManager.deleteRecords): UNKNOWN_TOPIC_OR_PARTITION,
 * INVALID_TOPIC_EXCEPTION for internal topics, KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER, POLICY_VIOLATION (compacted
 * only), OFFSET_OUT_OF_RANGE; REQUEST_TIMED_OUT where a follower that is alive does not follow in time.
 */
import type { Clock } from "../../base/ports.ts";
import { code, KafkaError } from "../../protocol/errors.ts";
import {
  DeleteRecords,
  type DeleteRecordsPartitionResult,
  type DeleteRecordsResponse,
} from "../../protocol/generated/delete-records.ts";
import { partitionOf } from "../metadata/image.ts";
import { isInternalTopic } from "../metadata/topic-names.ts";
import { errorCodeOf } from "../partition/refusal.ts";
import type { Replica } from "../partition/replica.ts";
import { PendingOffsets } from "../partition/waiters.ts";
import { api } from "./api.ts";
import type { Services } from "./services.ts";

export const deleteRecords = api({
  message: DeleteRecords,
  versions: [0, 2],
  listeners: ["broker"],
  refused: (request, errorCode) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, lowWatermark: -1, errorCode })),
    })),
  }),
  handle: (services, { topics, timeoutMs }) => {
    const waiting: Waiting[] = [];
    const response: DeleteRecordsResponse = {
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, offset }) =>
          deleteUpTo(services, name, partitionIndex, offset, waiting),
        ),
      })),
    };
    return waiting.length === 0 ? response : whenDeleted(services.clock, timeoutMs, waiting, response);
  },
});

/** A deletion that a follower has yet to follow. */
interface Waiting {
  readonly replica: Replica;
  readonly offset: number;
  readonly answer: DeleteRecordsPartitionResult;
}

function deleteUpTo(
  { replicas, image }: Services,
  topic: string,
  partitionIndex: number,
  offset: number,
  waiting: Waiting[],
): DeleteRecordsPartitionResult {
  try {
    if (partitionOf(image(), topic, partitionIndex) === undefined) throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION");
    if (isInternalTopic(topic)) throw new KafkaError("INVALID_TOPIC_EXCEPTION");
    const replica = replicas.online(topic, partitionIndex);
    const bound = replica.deleteRecords(offset);
    const answer = { partitionIndex, lowWatermark: replica.lowWatermark, errorCode: code("NONE") };
    if (answer.lowWatermark < bound) waiting.push({ replica, offset: bound, answer });
    return answer;
  } catch (cause) {
    return { partitionIndex, lowWatermark: -1, errorCode: errorCodeOf(cause) };
  }
}

function whenDeleted(
  clock: Clock,
  timeoutMs: number,
  waiting: readonly Waiting[],
  response: DeleteRecordsResponse,
): Promise<DeleteRecordsResponse> {
  return new Promise((resolve) => {
    const pending = new PendingOffsets(clock, timeoutMs, () => resolve(response));
    for (const { replica, offset, answer } of waiting) {
      pending.waitFor(replica.deletions, offset, (error) => {
        if (error === null) answer.lowWatermark = replica.lowWatermark;
        else answer.errorCode = code(error);
      });
    }
    pending.seal();
  });
}

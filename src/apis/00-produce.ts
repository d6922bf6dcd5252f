/**
 * Produce (key 0), v3-13: appends one batch to each partition named. v5 log start offset, v7 zstd (KIP-110), v8 record
 * errors (KIP-467), v9 flexible, v10 the current leader in the answer (KIP-951), v13 topic ids (KIP-516).
 * Errors of the whole request, then of a partition, in the order checked (KafkaApis.handleProduceRequest, then
 * ReplicaManager.appendToLocalLog): CORRUPT_MESSAGE for bytes that are no batch, TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
 * UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION, INVALID_RECORD, UNSUPPORTED_COMPRESSION_TYPE, INVALID_REQUIRED_ACKS,
 * INVALID_TOPIC_EXCEPTION, KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, MESSAGE_TOO_LARGE,
 * CORRUPT_MESSAGE, INVALID_RECORD, INVALID_TIMESTAMP, RECORD_LIST_TOO_LARGE, then the producer's:
 * INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID; with acks=all REQUEST_TIMED_OUT. With
 * acks=0 nothing is answered: an error closes the connection.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { code, type ErrorName, KafkaError } from "../../protocol/errors.ts";
import {
  type PartitionProduceData,
  type PartitionProduceResponse,
  Produce,
  type ProduceRequest,
  type ProduceResponse,
  type TopicProduceData,
  type TopicProduceResponse,
} from "../../protocol/generated/produce.ts";
import {
  isTransactionalProduce,
  RecordValidationError,
  validateProduceRecords,
} from "../../protocol/records/validate.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { isInternalTopic } from "../metadata/topic-names.ts";
import { errorNameOf } from "../partition/refusal.ts";
import type { Replica } from "../partition/replica.ts";
import { PendingOffsets } from "../partition/waiters.ts";
import { type Answer, api, closeConnection, noReply, type RequestContext } from "./api.ts";
import { addEndpoint, currentLeader } from "./leaders.ts";
import type { Services } from "./services.ts";

const ACKS_ALL = -1;

export const produce = api({
  message: Produce,
  versions: [3, 13],
  listeners: ["broker"],
  refused: (request, errorCode, message) =>
    request.acks === 0 ? closeConnection : refusedResponse(request, errorCode, message),
  handle: (services, request, context) => {
    refuseTransactional(request);
    const run = new ProduceRun(services, request, context);
    run.append();
    return run.answer();
  },
});

/** One append that waits for the high watermark. */
interface Waiting {
  readonly replica: Replica;
  readonly requiredOffset: number;
  readonly answer: PartitionProduceResponse;
}

/** Committed, or lost: the append to another partition may have been the one that took the directory offline. */
function isSettled({ replica, requiredOffset, answer }: Waiting): boolean {
  const lost = replica.unavailable;
  if (lost !== null) answer.errorCode = code(lost);
  return lost !== null || requiredOffset <= replica.highWatermark;
}

/** `flush.messages`: as in Apache, whose append itself syncs, nobody hears of it before it is on the device. */
const mustFlush = ({ log, rules }: Replica): boolean => log.logEndOffset - log.durableOffset >= rules.flushMessages;

class ProduceRun {
  private readonly services: Services;
  private readonly request: ProduceRequest;
  private readonly context: RequestContext;
  private readonly image: MetadataImage;
  private readonly response: ProduceResponse = { responses: [], throttleTimeMs: 0, nodeEndpoints: [] };
  private readonly waiting: Waiting[] = [];
  /** Syncs that `flush.messages` demands. */
  private readonly flushes: Promise<void>[] = [];

  constructor(services: Services, request: ProduceRequest, context: RequestContext) {
    this.services = services;
    this.request = request;
    this.context = context;
    this.image = services.image();
  }

  append(): void {
    for (const topic of distinctPartitions(this.request.topicData)) {
      const known =
        topic.topicId === ZERO_UUID
          ? this.image.topicsByName.get(topic.name)
          : this.image.topicsById.get(topic.topicId);
      const name = known?.name ?? topic.name;
      const partitionResponses: PartitionProduceResponse[] = [];
      for (const { index, records } of topic.partitionData) {
        const answer = blankAnswer(index);
        partitionResponses.push(answer);
        const unknown: ErrorName | null =
          name === "" && this.context.apiVersion > 12
            ? "UNKNOWN_TOPIC_ID"
            : known?.partitions.has(index)
              ? null
              : "UNKNOWN_TOPIC_OR_PARTITION";
        if (unknown !== null) answer.errorCode = code(unknown);
        else this.appendTo(name, index, records as Uint8Array, answer);
      }
      this.response.responses.push({ name, topicId: topic.topicId, partitionResponses });
    }
  }

  private appendTo(topic: string, partition: number, records: Uint8Array, answer: PartitionProduceResponse): void {
    try {
      validateProduceRecords(records, this.context.apiVersion);
    } catch (cause) {
      answer.errorCode = code(errorNameOf(cause));
      return;
    }
    const { acks } = this.request;
    try {
      if (acks !== ACKS_ALL && acks !== 1 && acks !== 0) throw new KafkaError("INVALID_REQUIRED_ACKS");
      if (isInternalTopic(topic) && this.context.clientId !== "__admin_client") {
        throw new KafkaError("INVALID_TOPIC_EXCEPTION", `Cannot append to internal topic ${topic}`);
      }
      const replica = this.services.replicas.online(topic, partition);
      const { firstOffset, lastOffset, logAppendTimeMs } = replica.append(records, acks, "client");
      answer.baseOffset = firstOffset;
      answer.logAppendTimeMs = logAppendTimeMs;
      answer.logStartOffset = replica.log.logStartOffset;
      if (acks === ACKS_ALL) this.waiting.push({ replica, requiredOffset: lastOffset + 1, answer });
      if (mustFlush(replica)) this.flushes.push(this.flushed(replica, answer));
    } catch (cause) {
      this.fail(topic, partition, cause, answer);
    }
  }

  private async flushed({ log, topic, partition }: Replica, answer: PartitionProduceResponse): Promise<void> {
    try {
      await log.sync();
    } catch (cause) {
      answer.baseOffset = -1;
      answer.logAppendTimeMs = -1;
      this.fail(topic, partition, cause, answer);
    }
  }

  private fail(topic: string, partition: number, cause: unknown, answer: PartitionProduceResponse): void {
    const name = errorNameOf(cause);
    if (!(cause instanceof KafkaError)) {
      this.services.logger.error(`append to ${topic}-${partition}: ${String(cause)}`);
    }
    answer.errorCode = code(name);
    // Apache tells the log start with the errors that concern the records, not with those of place and size.
    if (!withoutLogStart.has(name)) {
      answer.logStartOffset = this.services.replicas.get(topic, partition)?.log.logStartOffset ?? -1;
    }
    if (cause instanceof RecordValidationError) {
      answer.errorMessage = cause.message;
      answer.recordErrors = [...cause.recordErrors];
    }
  }

  answer(): Answer<ProduceResponse> | Promise<Answer<ProduceResponse>> {
    if (this.flushes.length === 0) return this.acknowledged();
    return Promise.all(this.flushes).then(() => this.acknowledged());
  }

  private acknowledged(): Answer<ProduceResponse> | Promise<Answer<ProduceResponse>> {
    const { acks, timeoutMs } = this.request;
    if (acks !== ACKS_ALL) {
      const relief = this.services.replicas.pressure.relief();
      return relief === null ? this.finished() : this.finishedAfter(relief);
    }
    const unsettled = this.waiting.filter((each) => !isSettled(each));
    return unsettled.length === 0 ? this.finished() : this.committed(unsettled, timeoutMs);
  }

  private finishedAfter(relief: Promise<void>): Promise<Answer<ProduceResponse>> {
    return relief.then(() => this.finished());
  }

  private committed(unsettled: readonly Waiting[], timeoutMs: number): Promise<Answer<ProduceResponse>> {
    return new Promise((resolve) => {
      const pending = new PendingOffsets(this.services.clock, timeoutMs, () => resolve(this.finished()));
      for (const { replica, requiredOffset, answer } of unsettled) {
        replica.wantCommit();
        pending.waitFor(replica.produces, requiredOffset, (error) => {
          if (error !== null) answer.errorCode = code(error);
        });
      }
      pending.seal();
    });
  }

  private finished(): Answer<ProduceResponse> {
    if (this.request.acks === 0) return hasError(this.response) ? closeConnection : noReply;
    if (this.context.apiVersion >= 10 && hasError(this.response)) this.nameLeaders();
    return this.response;
  }

  private nameLeaders(): void {
    const { replicas } = this.services;
    const image = this.services.image();
    for (const { name, partitionResponses } of this.response.responses) {
      for (const answer of partitionResponses) {
        if (answer.errorCode !== code("NOT_LEADER_OR_FOLLOWER")) continue;
        answer.currentLeader = currentLeader(replicas, image, name, answer.index);
        addEndpoint(this.response.nodeEndpoints, image, answer.currentLeader.leaderId, this.context.listener);
      }
    }
  }
}

const withoutLogStart: ReadonlySet<ErrorName> = new Set([
  "UNKNOWN_TOPIC_ID",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "NOT_LEADER_OR_FOLLOWER",
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "CORRUPT_MESSAGE",
  "KAFKA_STORAGE_ERROR",
  "INVALID_TOPIC_EXCEPTION",
  "INVALID_REQUIRED_ACKS",
]);

/**
 * Before anything is appended: bytes that are no batch refuse the whole request, and so do transactional records. There
 * is no transaction coordinator yet, so no transactional id can be authorized: the error ends a producer for good,
 * where others would make it retry.
 * @throws CORRUPT_MESSAGE, TRANSACTIONAL_ID_AUTHORIZATION_FAILED, UNKNOWN_SERVER_ERROR (null records, as Apache).
 */
function refuseTransactional(request: ProduceRequest): void {
  for (const { partitionData } of request.topicData) {
    for (const { records } of partitionData) {
      if (records === null) throw new KafkaError("UNKNOWN_SERVER_ERROR");
      if (!isTransactionalProduce(records)) continue;
      const message = request.transactionalId === null ? null : "Transactions are not supported yet";
      throw new KafkaError("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", message);
    }
  }
}

/** A partition that is named twice gets what was said last, once: as in Apache, where a map gathers them. */
function distinctPartitions(topics: readonly TopicProduceData[]): readonly TopicProduceData[] {
  if (topics.length === 1 && topics[0]?.partitionData.length === 1) return topics;
  if (!hasRepeats(topics, ({ name, topicId }) => name + topicId) && !topics.some(namesPartitionTwice)) return topics;
  const byTopic = new Map<string, { topic: TopicProduceData; partitions: Map<number, PartitionProduceData> }>();
  for (const topic of topics) {
    const key = topic.name + topic.topicId;
    const merged = byTopic.get(key) ?? { topic, partitions: new Map() };
    byTopic.set(key, merged);
    for (const data of topic.partitionData) merged.partitions.set(data.index, data);
  }
  return [...byTopic.values()].map(({ topic, partitions }) => ({ ...topic, partitionData: [...partitions.values()] }));
}

const namesPartitionTwice = ({ partitionData }: TopicProduceData): boolean =>
  hasRepeats(partitionData, ({ index }) => index);

function hasRepeats<T, K>(items: readonly T[], keyOf: (item: T) => K): boolean {
  return items.length > 1 && new Set(items.map(keyOf)).size < items.length;
}

function blankAnswer(index: number): PartitionProduceResponse {
  return {
    index,
    errorCode: 0,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: [],
    errorMessage: null,
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
  };
}

function hasError({ responses }: ProduceResponse): boolean {
  for (const { partitionResponses } of responses) {
    for (const { errorCode } of partitionResponses) if (errorCode !== 0) return true;
  }
  return false;
}

function refusedResponse(request: ProduceRequest, errorCode: number, errorMessage: string | null): ProduceResponse {
  const responses = request.topicData.map(
    ({ name, topicId, partitionData }): TopicProduceResponse => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index }) => ({ ...blankAnswer(index), errorCode, errorMessage })),
    }),
  );
  return { responses, throttleTimeMs: 0, nodeEndpoints: [] };
}

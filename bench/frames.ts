/** Requests that load generators send again and again, encoded once. */
import { Reader } from "../protocol/bytes/reader.ts";
import { Writer } from "../protocol/bytes/writer.ts";
import { readResponseHeader, requestFrame, responseFrame } from "../protocol/frame.ts";
import { Fetch, type FetchResponse } from "../protocol/generated/fetch.ts";
import { Produce } from "../protocol/generated/produce.ts";
import { RecordBatchBuilder } from "../protocol/records/builder.ts";
import { consumerFetch, consumerPartition } from "../protocol/testing/consumer-fetch.ts";

export const sender = { correlationId: 7, clientId: "bench" };
export const produceVersion = 9;
export const fetchVersion = 12;

const NO_ID = "AAAAAAAAAAAAAAAAAAAAAA";

export interface BatchShape {
  readonly acks: number;
  readonly records: number;
  readonly valueBytes: number;
}

export interface EncodedProduce {
  readonly frame: Uint8Array;
  /** Of the batch. */
  readonly bytes: number;
}

export function produceFrame(topic: string, index: number, { acks, records: count, valueBytes }: BatchShape) {
  const builder = new RecordBatchBuilder();
  const nowMs = Date.now();
  const value = new Uint8Array(valueBytes).map((_, i) => 32 + ((i * 7) % 90));
  for (let i = 0; i < count; i++) builder.append(nowMs, null, value);
  const records = builder.build();
  const topicData = [{ name: topic, topicId: NO_ID, partitionData: [{ index, records }] }];
  const request = { transactionalId: null, acks, timeoutMs: 30_000, topicData };
  const frame = Buffer.concat(requestFrame(Produce, request, produceVersion, sender));
  return { frame: new Uint8Array(frame), bytes: records.length } satisfies EncodedProduce;
}

const reader = new Reader(new Uint8Array(0));

/** An answer to one of them, without its size. */
export function isProduceError(answer: Uint8Array): boolean {
  reader.point(answer);
  readResponseHeader(reader, Produce, produceVersion);
  return Produce.readResponse(reader, produceVersion).responses[0]?.partitionResponses[0]?.errorCode !== 0;
}

/** What stands for a broker answers every produce with it. */
export function producedFrame(): Uint8Array {
  const partition = {
    index: 0,
    errorCode: 0,
    baseOffset: 0,
    logAppendTimeMs: -1,
    logStartOffset: 0,
    recordErrors: [],
    errorMessage: null,
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
  };
  const topic = { name: "limit", topicId: NO_ID, partitionResponses: [partition] };
  const response = { responses: [topic], throttleTimeMs: 0, nodeEndpoints: [] };
  const chunks = responseFrame(Produce, response, produceVersion, sender.correlationId, new Writer());
  return new Uint8Array(Buffer.concat(chunks));
}

export interface FetchShape {
  readonly partitionMaxBytes: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
}

export function fetchFrame(topic: string, partition: number, fetchOffset: number, shape: FetchShape): Uint8Array {
  const { partitionMaxBytes, ...waits } = shape;
  const partitions = [consumerPartition(partition, fetchOffset, { partitionMaxBytes })];
  const request = consumerFetch({ topic }, partitions, { ...waits, maxBytes: 1 << 30 });
  return new Uint8Array(Buffer.concat(requestFrame(Fetch, request, fetchVersion, sender)));
}

/** What a limit answers to a fetch of one partition. */
export function fetchedFrom(partitionIndex: number, highWatermark: number, records: Uint8Array): FetchResponse {
  const found = {
    partitionIndex,
    errorCode: 0,
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset: 0,
    divergingEpoch: { epoch: -1, endOffset: -1 },
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
    snapshotId: { endOffset: -1, epoch: -1 },
    abortedTransactions: null,
    preferredReadReplica: -1,
    records,
  };
  const responses = [{ topic: "limit", topicId: NO_ID, partitions: [found] }];
  return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, responses, nodeEndpoints: [] };
}

// From kafka-clients-4.3.1.jar: common/message/DescribeTransactionsRequest.json and common/message/DescribeTransactionsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeTransactionsRequest {
  transactionalIds: string[];
}

export function readDescribeTransactionsRequest(from: Reader, _version: number): DescribeTransactionsRequest {
  const transactionalIds: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) transactionalIds.push(from.compactString());
  from.skipTags();
  return { transactionalIds };
}

export function writeDescribeTransactionsRequest(to: Writer, value: DescribeTransactionsRequest, _version: number): void {
  to.compactArrayLength(value.transactionalIds.length);
  for (const each of value.transactionalIds) to.compactString(each);
  to.noTags();
}

export interface DescribeTransactionsResponse {
  throttleTimeMs: number;
  transactionStates: TransactionState[];
}

export interface TransactionState {
  errorCode: number;
  transactionalId: string;
  transactionState: string;
  transactionTimeoutMs: number;
  transactionStartTimeMs: number;
  producerId: number;
  producerEpoch: number;
  topics: TopicData[];
}

export interface TopicData {
  topic: string;
  partitions: number[];
}

export function readDescribeTransactionsResponse(from: Reader, version: number): DescribeTransactionsResponse {
  const throttleTimeMs = from.int32();
  const transactionStates: TransactionState[] = [];
  for (let left = from.compactArrayLength(28); left > 0; left--) transactionStates.push(readTransactionState(from, version));
  from.skipTags();
  return { throttleTimeMs, transactionStates };
}

export function writeDescribeTransactionsResponse(to: Writer, value: DescribeTransactionsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.compactArrayLength(value.transactionStates.length);
  for (const each of value.transactionStates) writeTransactionState(to, each, version);
  to.noTags();
}

export function readTransactionState(from: Reader, version: number): TransactionState {
  const errorCode = from.int16();
  const transactionalId = from.compactString();
  const transactionState = from.compactString();
  const transactionTimeoutMs = from.int32();
  const transactionStartTimeMs = from.int64();
  const producerId = from.int64();
  const producerEpoch = from.int16();
  const topics: TopicData[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readTopicData(from, version));
  from.skipTags();
  return { errorCode, transactionalId, transactionState, transactionTimeoutMs, transactionStartTimeMs, producerId, producerEpoch, topics };
}

export function writeTransactionState(to: Writer, value: TransactionState, version: number): void {
  to.int16(value.errorCode);
  to.compactString(value.transactionalId);
  to.compactString(value.transactionState);
  to.int32(value.transactionTimeoutMs);
  to.int64(value.transactionStartTimeMs);
  to.int64(value.producerId);
  to.int16(value.producerEpoch);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeTopicData(to, each, version);
  to.noTags();
}

export function readTopicData(from: Reader, _version: number): TopicData {
  const topic = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topic, partitions };
}

export function writeTopicData(to: Writer, value: TopicData, _version: number): void {
  to.compactString(value.topic);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export const DescribeTransactions: Message<DescribeTransactionsRequest, DescribeTransactionsResponse> = {
  key: 65,
  name: "DescribeTransactions",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDescribeTransactionsRequest,
  writeRequest: writeDescribeTransactionsRequest,
  readResponse: readDescribeTransactionsResponse,
  writeResponse: writeDescribeTransactionsResponse,
};

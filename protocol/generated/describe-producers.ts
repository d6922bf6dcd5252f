// From kafka-clients-4.3.1.jar: common/message/DescribeProducersRequest.json and common/message/DescribeProducersResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeProducersRequest {
  topics: TopicRequest[];
}

export interface TopicRequest {
  name: string;
  partitionIndexes: number[];
}

export function readDescribeProducersRequest(from: Reader, version: number): DescribeProducersRequest {
  const topics: TopicRequest[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readTopicRequest(from, version));
  from.skipTags();
  return { topics };
}

export function writeDescribeProducersRequest(to: Writer, value: DescribeProducersRequest, version: number): void {
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeTopicRequest(to, each, version);
  to.noTags();
}

export function readTopicRequest(from: Reader, _version: number): TopicRequest {
  const name = from.compactString();
  const partitionIndexes: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitionIndexes.push(from.int32());
  from.skipTags();
  return { name, partitionIndexes };
}

export function writeTopicRequest(to: Writer, value: TopicRequest, _version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitionIndexes.length);
  for (const each of value.partitionIndexes) to.int32(each);
  to.noTags();
}

export interface DescribeProducersResponse {
  throttleTimeMs: number;
  topics: TopicResponse[];
}

export interface TopicResponse {
  name: string;
  partitions: PartitionResponse[];
}

export interface PartitionResponse {
  partitionIndex: number;
  errorCode: number;
  errorMessage: string | null;
  activeProducers: ProducerState[];
}

export interface ProducerState {
  producerId: number;
  producerEpoch: number;
  lastSequence: number;
  lastTimestamp: number;
  coordinatorEpoch: number;
  currentTxnStartOffset: number;
}

export function readDescribeProducersResponse(from: Reader, version: number): DescribeProducersResponse {
  const throttleTimeMs = from.int32();
  const topics: TopicResponse[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readTopicResponse(from, version));
  from.skipTags();
  return { throttleTimeMs, topics };
}

export function writeDescribeProducersResponse(to: Writer, value: DescribeProducersResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeTopicResponse(to, each, version);
  to.noTags();
}

export function readTopicResponse(from: Reader, version: number): TopicResponse {
  const name = from.compactString();
  const partitions: PartitionResponse[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) partitions.push(readPartitionResponse(from, version));
  from.skipTags();
  return { name, partitions };
}

export function writeTopicResponse(to: Writer, value: TopicResponse, version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionResponse(to, each, version);
  to.noTags();
}

export function readPartitionResponse(from: Reader, version: number): PartitionResponse {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const activeProducers: ProducerState[] = [];
  for (let left = from.compactArrayLength(37); left > 0; left--) activeProducers.push(readProducerState(from, version));
  from.skipTags();
  return { partitionIndex, errorCode, errorMessage, activeProducers };
}

export function writePartitionResponse(to: Writer, value: PartitionResponse, version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactArrayLength(value.activeProducers.length);
  for (const each of value.activeProducers) writeProducerState(to, each, version);
  to.noTags();
}

export function readProducerState(from: Reader, _version: number): ProducerState {
  const producerId = from.int64();
  const producerEpoch = from.int32();
  const lastSequence = from.int32();
  const lastTimestamp = from.int64();
  const coordinatorEpoch = from.int32();
  const currentTxnStartOffset = from.int64();
  from.skipTags();
  return { producerId, producerEpoch, lastSequence, lastTimestamp, coordinatorEpoch, currentTxnStartOffset };
}

export function writeProducerState(to: Writer, value: ProducerState, _version: number): void {
  to.int64(value.producerId);
  to.int32(value.producerEpoch);
  to.int32(value.lastSequence);
  to.int64(value.lastTimestamp);
  to.int32(value.coordinatorEpoch);
  to.int64(value.currentTxnStartOffset);
  to.noTags();
}

export const DescribeProducers: Message<DescribeProducersRequest, DescribeProducersResponse> = {
  key: 61,
  name: "DescribeProducers",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDescribeProducersRequest,
  writeRequest: writeDescribeProducersRequest,
  readResponse: readDescribeProducersResponse,
  writeResponse: writeDescribeProducersResponse,
};

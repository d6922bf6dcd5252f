// From kafka-clients-4.3.1.jar: common/message/ReadShareGroupStateRequest.json and common/message/ReadShareGroupStateResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ReadShareGroupStateRequest {
  groupId: string;
  topics: ReadStateData[];
}

export interface ReadStateData {
  topicId: string;
  partitions: PartitionData[];
}

export interface PartitionData {
  partition: number;
  leaderEpoch: number;
}

export function readReadShareGroupStateRequest(from: Reader, version: number): ReadShareGroupStateRequest {
  const groupId = from.compactString();
  const topics: ReadStateData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readReadStateData(from, version));
  from.skipTags();
  return { groupId, topics };
}

export function writeReadShareGroupStateRequest(to: Writer, value: ReadShareGroupStateRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeReadStateData(to, each, version);
  to.noTags();
}

export function readReadStateData(from: Reader, version: number): ReadStateData {
  const topicId = from.uuid();
  const partitions: PartitionData[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) partitions.push(readPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeReadStateData(to: Writer, value: ReadStateData, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionData(to, each, version);
  to.noTags();
}

export function readPartitionData(from: Reader, _version: number): PartitionData {
  const partition = from.int32();
  const leaderEpoch = from.int32();
  from.skipTags();
  return { partition, leaderEpoch };
}

export function writePartitionData(to: Writer, value: PartitionData, _version: number): void {
  to.int32(value.partition);
  to.int32(value.leaderEpoch);
  to.noTags();
}

export interface ReadShareGroupStateResponse {
  results: ReadStateResult[];
}

export interface ReadStateResult {
  topicId: string;
  partitions: PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  errorMessage: string | null;
  stateEpoch: number;
  startOffset: number;
  stateBatches: StateBatch[];
}

export interface StateBatch {
  firstOffset: number;
  lastOffset: number;
  deliveryState: number;
  deliveryCount: number;
}

export function readReadShareGroupStateResponse(from: Reader, version: number): ReadShareGroupStateResponse {
  const results: ReadStateResult[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) results.push(readReadStateResult(from, version));
  from.skipTags();
  return { results };
}

export function writeReadShareGroupStateResponse(to: Writer, value: ReadShareGroupStateResponse, version: number): void {
  to.compactArrayLength(value.results.length);
  for (const each of value.results) writeReadStateResult(to, each, version);
  to.noTags();
}

export function readReadStateResult(from: Reader, version: number): ReadStateResult {
  const topicId = from.uuid();
  const partitions: PartitionResult[] = [];
  for (let left = from.compactArrayLength(21); left > 0; left--) partitions.push(readPartitionResult(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeReadStateResult(to: Writer, value: ReadStateResult, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionResult(to, each, version);
  to.noTags();
}

export function readPartitionResult(from: Reader, version: number): PartitionResult {
  const partition = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const stateEpoch = from.int32();
  const startOffset = from.int64();
  const stateBatches: StateBatch[] = [];
  for (let left = from.compactArrayLength(20); left > 0; left--) stateBatches.push(readStateBatch(from, version));
  from.skipTags();
  return { partition, errorCode, errorMessage, stateEpoch, startOffset, stateBatches };
}

export function writePartitionResult(to: Writer, value: PartitionResult, version: number): void {
  to.int32(value.partition);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.int32(value.stateEpoch);
  to.int64(value.startOffset);
  to.compactArrayLength(value.stateBatches.length);
  for (const each of value.stateBatches) writeStateBatch(to, each, version);
  to.noTags();
}

export function readStateBatch(from: Reader, _version: number): StateBatch {
  const firstOffset = from.int64();
  const lastOffset = from.int64();
  const deliveryState = from.int8();
  const deliveryCount = from.int16();
  from.skipTags();
  return { firstOffset, lastOffset, deliveryState, deliveryCount };
}

export function writeStateBatch(to: Writer, value: StateBatch, _version: number): void {
  to.int64(value.firstOffset);
  to.int64(value.lastOffset);
  to.int8(value.deliveryState);
  to.int16(value.deliveryCount);
  to.noTags();
}

export const ReadShareGroupState: Message<ReadShareGroupStateRequest, ReadShareGroupStateResponse> = {
  key: 84,
  name: "ReadShareGroupState",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readReadShareGroupStateRequest,
  writeRequest: writeReadShareGroupStateRequest,
  readResponse: readReadShareGroupStateResponse,
  writeResponse: writeReadShareGroupStateResponse,
};

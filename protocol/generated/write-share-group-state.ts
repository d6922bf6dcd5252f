// From kafka-clients-4.3.1.jar: common/message/WriteShareGroupStateRequest.json and common/message/WriteShareGroupStateResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface WriteShareGroupStateRequest {
  groupId: string;
  topics: WriteStateData[];
}

export interface WriteStateData {
  topicId: string;
  partitions: PartitionData[];
}

export interface PartitionData {
  partition: number;
  stateEpoch: number;
  leaderEpoch: number;
  startOffset: number;
  deliveryCompleteCount: number;
  stateBatches: StateBatch[];
}

export interface StateBatch {
  firstOffset: number;
  lastOffset: number;
  deliveryState: number;
  deliveryCount: number;
}

export function readWriteShareGroupStateRequest(from: Reader, version: number): WriteShareGroupStateRequest {
  const groupId = from.compactString();
  const topics: WriteStateData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readWriteStateData(from, version));
  from.skipTags();
  return { groupId, topics };
}

export function writeWriteShareGroupStateRequest(to: Writer, value: WriteShareGroupStateRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeWriteStateData(to, each, version);
  to.noTags();
}

export function readWriteStateData(from: Reader, version: number): WriteStateData {
  const topicId = from.uuid();
  const partitions: PartitionData[] = [];
  for (let left = from.compactArrayLength(22); left > 0; left--) partitions.push(readPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeWriteStateData(to: Writer, value: WriteStateData, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionData(to, each, version);
  to.noTags();
}

export function readPartitionData(from: Reader, version: number): PartitionData {
  const partition = from.int32();
  const stateEpoch = from.int32();
  const leaderEpoch = from.int32();
  const startOffset = from.int64();
  const deliveryCompleteCount = version === 0 ? -1 : from.int32();
  const stateBatches: StateBatch[] = [];
  for (let left = from.compactArrayLength(20); left > 0; left--) stateBatches.push(readStateBatch(from, version));
  from.skipTags();
  return { partition, stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount, stateBatches };
}

export function writePartitionData(to: Writer, value: PartitionData, version: number): void {
  to.int32(value.partition);
  to.int32(value.stateEpoch);
  to.int32(value.leaderEpoch);
  to.int64(value.startOffset);
  if (version === 1) to.int32(value.deliveryCompleteCount);
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

export interface WriteShareGroupStateResponse {
  results: WriteStateResult[];
}

export interface WriteStateResult {
  topicId: string;
  partitions: PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readWriteShareGroupStateResponse(from: Reader, version: number): WriteShareGroupStateResponse {
  const results: WriteStateResult[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) results.push(readWriteStateResult(from, version));
  from.skipTags();
  return { results };
}

export function writeWriteShareGroupStateResponse(to: Writer, value: WriteShareGroupStateResponse, version: number): void {
  to.compactArrayLength(value.results.length);
  for (const each of value.results) writeWriteStateResult(to, each, version);
  to.noTags();
}

export function readWriteStateResult(from: Reader, version: number): WriteStateResult {
  const topicId = from.uuid();
  const partitions: PartitionResult[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) partitions.push(readPartitionResult(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeWriteStateResult(to: Writer, value: WriteStateResult, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionResult(to, each, version);
  to.noTags();
}

export function readPartitionResult(from: Reader, _version: number): PartitionResult {
  const partition = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { partition, errorCode, errorMessage };
}

export function writePartitionResult(to: Writer, value: PartitionResult, _version: number): void {
  to.int32(value.partition);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const WriteShareGroupState: Message<WriteShareGroupStateRequest, WriteShareGroupStateResponse> = {
  key: 85,
  name: "WriteShareGroupState",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readWriteShareGroupStateRequest,
  writeRequest: writeWriteShareGroupStateRequest,
  readResponse: readWriteShareGroupStateResponse,
  writeResponse: writeWriteShareGroupStateResponse,
};

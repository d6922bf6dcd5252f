// From kafka-clients-4.3.1.jar: common/message/InitializeShareGroupStateRequest.json and common/message/InitializeShareGroupStateResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface InitializeShareGroupStateRequest {
  groupId: string;
  topics: InitializeStateData[];
}

export interface InitializeStateData {
  topicId: string;
  partitions: PartitionData[];
}

export interface PartitionData {
  partition: number;
  stateEpoch: number;
  startOffset: number;
}

export function readInitializeShareGroupStateRequest(from: Reader, version: number): InitializeShareGroupStateRequest {
  const groupId = from.compactString();
  const topics: InitializeStateData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readInitializeStateData(from, version));
  from.skipTags();
  return { groupId, topics };
}

export function writeInitializeShareGroupStateRequest(to: Writer, value: InitializeShareGroupStateRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeInitializeStateData(to, each, version);
  to.noTags();
}

export function readInitializeStateData(from: Reader, version: number): InitializeStateData {
  const topicId = from.uuid();
  const partitions: PartitionData[] = [];
  for (let left = from.compactArrayLength(17); left > 0; left--) partitions.push(readPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeInitializeStateData(to: Writer, value: InitializeStateData, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionData(to, each, version);
  to.noTags();
}

export function readPartitionData(from: Reader, _version: number): PartitionData {
  const partition = from.int32();
  const stateEpoch = from.int32();
  const startOffset = from.int64();
  from.skipTags();
  return { partition, stateEpoch, startOffset };
}

export function writePartitionData(to: Writer, value: PartitionData, _version: number): void {
  to.int32(value.partition);
  to.int32(value.stateEpoch);
  to.int64(value.startOffset);
  to.noTags();
}

export interface InitializeShareGroupStateResponse {
  results: InitializeStateResult[];
}

export interface InitializeStateResult {
  topicId: string;
  partitions: PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readInitializeShareGroupStateResponse(from: Reader, version: number): InitializeShareGroupStateResponse {
  const results: InitializeStateResult[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) results.push(readInitializeStateResult(from, version));
  from.skipTags();
  return { results };
}

export function writeInitializeShareGroupStateResponse(to: Writer, value: InitializeShareGroupStateResponse, version: number): void {
  to.compactArrayLength(value.results.length);
  for (const each of value.results) writeInitializeStateResult(to, each, version);
  to.noTags();
}

export function readInitializeStateResult(from: Reader, version: number): InitializeStateResult {
  const topicId = from.uuid();
  const partitions: PartitionResult[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) partitions.push(readPartitionResult(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeInitializeStateResult(to: Writer, value: InitializeStateResult, version: number): void {
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

export const InitializeShareGroupState: Message<InitializeShareGroupStateRequest, InitializeShareGroupStateResponse> = {
  key: 83,
  name: "InitializeShareGroupState",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readInitializeShareGroupStateRequest,
  writeRequest: writeInitializeShareGroupStateRequest,
  readResponse: readInitializeShareGroupStateResponse,
  writeResponse: writeInitializeShareGroupStateResponse,
};

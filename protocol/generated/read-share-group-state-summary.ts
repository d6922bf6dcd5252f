// From kafka-clients-4.3.1.jar: common/message/ReadShareGroupStateSummaryRequest.json and common/message/ReadShareGroupStateSummaryResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ReadShareGroupStateSummaryRequest {
  groupId: string;
  topics: ReadStateSummaryData[];
}

export interface ReadStateSummaryData {
  topicId: string;
  partitions: PartitionData[];
}

export interface PartitionData {
  partition: number;
  leaderEpoch: number;
}

export function readReadShareGroupStateSummaryRequest(from: Reader, version: number): ReadShareGroupStateSummaryRequest {
  const groupId = from.compactString();
  const topics: ReadStateSummaryData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readReadStateSummaryData(from, version));
  from.skipTags();
  return { groupId, topics };
}

export function writeReadShareGroupStateSummaryRequest(to: Writer, value: ReadShareGroupStateSummaryRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeReadStateSummaryData(to, each, version);
  to.noTags();
}

export function readReadStateSummaryData(from: Reader, version: number): ReadStateSummaryData {
  const topicId = from.uuid();
  const partitions: PartitionData[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) partitions.push(readPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeReadStateSummaryData(to: Writer, value: ReadStateSummaryData, version: number): void {
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

export interface ReadShareGroupStateSummaryResponse {
  results: ReadStateSummaryResult[];
}

export interface ReadStateSummaryResult {
  topicId: string;
  partitions: PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  errorMessage: string | null;
  stateEpoch: number;
  leaderEpoch: number;
  startOffset: number;
  deliveryCompleteCount: number;
}

export function readReadShareGroupStateSummaryResponse(from: Reader, version: number): ReadShareGroupStateSummaryResponse {
  const results: ReadStateSummaryResult[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) results.push(readReadStateSummaryResult(from, version));
  from.skipTags();
  return { results };
}

export function writeReadShareGroupStateSummaryResponse(to: Writer, value: ReadShareGroupStateSummaryResponse, version: number): void {
  to.compactArrayLength(value.results.length);
  for (const each of value.results) writeReadStateSummaryResult(to, each, version);
  to.noTags();
}

export function readReadStateSummaryResult(from: Reader, version: number): ReadStateSummaryResult {
  const topicId = from.uuid();
  const partitions: PartitionResult[] = [];
  for (let left = from.compactArrayLength(24); left > 0; left--) partitions.push(readPartitionResult(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeReadStateSummaryResult(to: Writer, value: ReadStateSummaryResult, version: number): void {
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
  const leaderEpoch = from.int32();
  const startOffset = from.int64();
  const deliveryCompleteCount = version === 0 ? -1 : from.int32();
  from.skipTags();
  return { partition, errorCode, errorMessage, stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount };
}

export function writePartitionResult(to: Writer, value: PartitionResult, version: number): void {
  to.int32(value.partition);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.int32(value.stateEpoch);
  to.int32(value.leaderEpoch);
  to.int64(value.startOffset);
  if (version === 1) to.int32(value.deliveryCompleteCount);
  to.noTags();
}

export const ReadShareGroupStateSummary: Message<ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse> = {
  key: 87,
  name: "ReadShareGroupStateSummary",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readReadShareGroupStateSummaryRequest,
  writeRequest: writeReadShareGroupStateSummaryRequest,
  readResponse: readReadShareGroupStateSummaryResponse,
  writeResponse: writeReadShareGroupStateSummaryResponse,
};

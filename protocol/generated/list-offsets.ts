// From kafka-clients-4.3.1.jar: common/message/ListOffsetsRequest.json and common/message/ListOffsetsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ListOffsetsRequest {
  replicaId: number;
  isolationLevel: number;
  topics: ListOffsetsTopic[];
  timeoutMs: number;
}

export interface ListOffsetsTopic {
  name: string;
  partitions: ListOffsetsPartition[];
}

export interface ListOffsetsPartition {
  partitionIndex: number;
  currentLeaderEpoch: number;
  timestamp: number;
}

export function readListOffsetsRequest(from: Reader, version: number): ListOffsetsRequest {
  const flexible = version >= 6;
  const replicaId = from.int32();
  const isolationLevel = version === 1 ? 0 : from.int8();
  const topics: ListOffsetsTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readListOffsetsTopic(from, version));
  const timeoutMs = version <= 9 ? 0 : from.int32();
  if (flexible) from.skipTags();
  return { replicaId, isolationLevel, topics, timeoutMs };
}

export function writeListOffsetsRequest(to: Writer, value: ListOffsetsRequest, version: number): void {
  const flexible = version >= 6;
  to.int32(value.replicaId);
  if (version >= 2) to.int8(value.isolationLevel);
  if (version === 1 && value.isolationLevel !== 0) to.unsupported("ListOffsetsRequest.isolationLevel", version);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeListOffsetsTopic(to, each, version);
  if (version >= 10) to.int32(value.timeoutMs);
  if (flexible) to.noTags();
}

export function readListOffsetsTopic(from: Reader, version: number): ListOffsetsTopic {
  const flexible = version >= 6;
  const name = flexible ? from.compactString() : from.string();
  const partitions: ListOffsetsPartition[] = [];
  for (let left = flexible ? from.compactArrayLength(17) : from.arrayLength(12); left > 0; left--) partitions.push(readListOffsetsPartition(from, version));
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeListOffsetsTopic(to: Writer, value: ListOffsetsTopic, version: number): void {
  const flexible = version >= 6;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeListOffsetsPartition(to, each, version);
  if (flexible) to.noTags();
}

export function readListOffsetsPartition(from: Reader, version: number): ListOffsetsPartition {
  const flexible = version >= 6;
  const partitionIndex = from.int32();
  const currentLeaderEpoch = version <= 3 ? -1 : from.int32();
  const timestamp = from.saturatedInt64();
  if (flexible) from.skipTags();
  return { partitionIndex, currentLeaderEpoch, timestamp };
}

export function writeListOffsetsPartition(to: Writer, value: ListOffsetsPartition, version: number): void {
  const flexible = version >= 6;
  to.int32(value.partitionIndex);
  if (version >= 4) to.int32(value.currentLeaderEpoch);
  to.int64(value.timestamp);
  if (flexible) to.noTags();
}

export interface ListOffsetsResponse {
  throttleTimeMs: number;
  topics: ListOffsetsTopicResponse[];
}

export interface ListOffsetsTopicResponse {
  name: string;
  partitions: ListOffsetsPartitionResponse[];
}

export interface ListOffsetsPartitionResponse {
  partitionIndex: number;
  errorCode: number;
  timestamp: number;
  offset: number;
  leaderEpoch: number;
}

export function readListOffsetsResponse(from: Reader, version: number): ListOffsetsResponse {
  const flexible = version >= 6;
  const throttleTimeMs = version === 1 ? 0 : from.int32();
  const topics: ListOffsetsTopicResponse[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readListOffsetsTopicResponse(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, topics };
}

export function writeListOffsetsResponse(to: Writer, value: ListOffsetsResponse, version: number): void {
  const flexible = version >= 6;
  if (version >= 2) to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeListOffsetsTopicResponse(to, each, version);
  if (flexible) to.noTags();
}

export function readListOffsetsTopicResponse(from: Reader, version: number): ListOffsetsTopicResponse {
  const flexible = version >= 6;
  const name = flexible ? from.compactString() : from.string();
  const partitions: ListOffsetsPartitionResponse[] = [];
  for (let left = flexible ? from.compactArrayLength(27) : from.arrayLength(22); left > 0; left--) partitions.push(readListOffsetsPartitionResponse(from, version));
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeListOffsetsTopicResponse(to: Writer, value: ListOffsetsTopicResponse, version: number): void {
  const flexible = version >= 6;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeListOffsetsPartitionResponse(to, each, version);
  if (flexible) to.noTags();
}

export function readListOffsetsPartitionResponse(from: Reader, version: number): ListOffsetsPartitionResponse {
  const flexible = version >= 6;
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const timestamp = from.int64();
  const offset = from.int64();
  const leaderEpoch = version <= 3 ? -1 : from.int32();
  if (flexible) from.skipTags();
  return { partitionIndex, errorCode, timestamp, offset, leaderEpoch };
}

export function writeListOffsetsPartitionResponse(to: Writer, value: ListOffsetsPartitionResponse, version: number): void {
  const flexible = version >= 6;
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.int64(value.timestamp);
  to.int64(value.offset);
  if (version >= 4) to.int32(value.leaderEpoch);
  if (flexible) to.noTags();
}

export const ListOffsets: Message<ListOffsetsRequest, ListOffsetsResponse> = {
  key: 2,
  name: "ListOffsets",
  versions: [1, 11],
  flexibleFrom: 6,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readListOffsetsRequest,
  writeRequest: writeListOffsetsRequest,
  readResponse: readListOffsetsResponse,
  writeResponse: writeListOffsetsResponse,
};

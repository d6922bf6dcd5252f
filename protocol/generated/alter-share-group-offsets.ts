// From kafka-clients-4.3.1.jar: common/message/AlterShareGroupOffsetsRequest.json and common/message/AlterShareGroupOffsetsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AlterShareGroupOffsetsRequest {
  groupId: string;
  topics: AlterShareGroupOffsetsRequestTopic[];
}

export interface AlterShareGroupOffsetsRequestTopic {
  topicName: string;
  partitions: AlterShareGroupOffsetsRequestPartition[];
}

export interface AlterShareGroupOffsetsRequestPartition {
  partitionIndex: number;
  startOffset: number;
}

export function readAlterShareGroupOffsetsRequest(from: Reader, version: number): AlterShareGroupOffsetsRequest {
  const groupId = from.compactString();
  const topics: AlterShareGroupOffsetsRequestTopic[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readAlterShareGroupOffsetsRequestTopic(from, version));
  from.skipTags();
  return { groupId, topics };
}

export function writeAlterShareGroupOffsetsRequest(to: Writer, value: AlterShareGroupOffsetsRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeAlterShareGroupOffsetsRequestTopic(to, each, version);
  to.noTags();
}

export function readAlterShareGroupOffsetsRequestTopic(from: Reader, version: number): AlterShareGroupOffsetsRequestTopic {
  const topicName = from.compactString();
  const partitions: AlterShareGroupOffsetsRequestPartition[] = [];
  for (let left = from.compactArrayLength(13); left > 0; left--) partitions.push(readAlterShareGroupOffsetsRequestPartition(from, version));
  from.skipTags();
  return { topicName, partitions };
}

export function writeAlterShareGroupOffsetsRequestTopic(to: Writer, value: AlterShareGroupOffsetsRequestTopic, version: number): void {
  to.compactString(value.topicName);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeAlterShareGroupOffsetsRequestPartition(to, each, version);
  to.noTags();
}

export function readAlterShareGroupOffsetsRequestPartition(from: Reader, _version: number): AlterShareGroupOffsetsRequestPartition {
  const partitionIndex = from.int32();
  const startOffset = from.int64();
  from.skipTags();
  return { partitionIndex, startOffset };
}

export function writeAlterShareGroupOffsetsRequestPartition(to: Writer, value: AlterShareGroupOffsetsRequestPartition, _version: number): void {
  to.int32(value.partitionIndex);
  to.int64(value.startOffset);
  to.noTags();
}

export interface AlterShareGroupOffsetsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  responses: AlterShareGroupOffsetsResponseTopic[];
}

export interface AlterShareGroupOffsetsResponseTopic {
  topicName: string;
  topicId: string;
  partitions: AlterShareGroupOffsetsResponsePartition[];
}

export interface AlterShareGroupOffsetsResponsePartition {
  partitionIndex: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readAlterShareGroupOffsetsResponse(from: Reader, version: number): AlterShareGroupOffsetsResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const responses: AlterShareGroupOffsetsResponseTopic[] = [];
  for (let left = from.compactArrayLength(19); left > 0; left--) responses.push(readAlterShareGroupOffsetsResponseTopic(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, responses };
}

export function writeAlterShareGroupOffsetsResponse(to: Writer, value: AlterShareGroupOffsetsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactArrayLength(value.responses.length);
  for (const each of value.responses) writeAlterShareGroupOffsetsResponseTopic(to, each, version);
  to.noTags();
}

export function readAlterShareGroupOffsetsResponseTopic(from: Reader, version: number): AlterShareGroupOffsetsResponseTopic {
  const topicName = from.compactString();
  const topicId = from.uuid();
  const partitions: AlterShareGroupOffsetsResponsePartition[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) partitions.push(readAlterShareGroupOffsetsResponsePartition(from, version));
  from.skipTags();
  return { topicName, topicId, partitions };
}

export function writeAlterShareGroupOffsetsResponseTopic(to: Writer, value: AlterShareGroupOffsetsResponseTopic, version: number): void {
  to.compactString(value.topicName);
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeAlterShareGroupOffsetsResponsePartition(to, each, version);
  to.noTags();
}

export function readAlterShareGroupOffsetsResponsePartition(from: Reader, _version: number): AlterShareGroupOffsetsResponsePartition {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { partitionIndex, errorCode, errorMessage };
}

export function writeAlterShareGroupOffsetsResponsePartition(to: Writer, value: AlterShareGroupOffsetsResponsePartition, _version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const AlterShareGroupOffsets: Message<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse> = {
  key: 91,
  name: "AlterShareGroupOffsets",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readAlterShareGroupOffsetsRequest,
  writeRequest: writeAlterShareGroupOffsetsRequest,
  readResponse: readAlterShareGroupOffsetsResponse,
  writeResponse: writeAlterShareGroupOffsetsResponse,
};

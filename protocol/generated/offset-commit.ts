// From kafka-clients-4.3.1.jar: common/message/OffsetCommitRequest.json and common/message/OffsetCommitResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface OffsetCommitRequest {
  groupId: string;
  generationIdOrMemberEpoch: number;
  memberId: string;
  groupInstanceId: string | null;
  retentionTimeMs: number;
  topics: OffsetCommitRequestTopic[];
}

export interface OffsetCommitRequestTopic {
  name: string;
  topicId: string;
  partitions: OffsetCommitRequestPartition[];
}

export interface OffsetCommitRequestPartition {
  partitionIndex: number;
  committedOffset: number;
  committedLeaderEpoch: number;
  committedMetadata: string | null;
}

export function readOffsetCommitRequest(from: Reader, version: number): OffsetCommitRequest {
  const flexible = version >= 8;
  const groupId = flexible ? from.compactString() : from.string();
  const generationIdOrMemberEpoch = from.int32();
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = version <= 6 ? null : version <= 7 ? from.nullableString() : from.compactNullableString();
  const retentionTimeMs = version <= 4 ? from.int64() : -1;
  const topics: OffsetCommitRequestTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readOffsetCommitRequestTopic(from, version));
  if (flexible) from.skipTags();
  return { groupId, generationIdOrMemberEpoch, memberId, groupInstanceId, retentionTimeMs, topics };
}

export function writeOffsetCommitRequest(to: Writer, value: OffsetCommitRequest, version: number): void {
  const flexible = version >= 8;
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  to.int32(value.generationIdOrMemberEpoch);
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else if (version === 7) to.nullableString(value.groupInstanceId);
  if (version <= 6 && value.groupInstanceId !== null) to.unsupported("OffsetCommitRequest.groupInstanceId", version);
  if (version <= 4) to.int64(value.retentionTimeMs);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeOffsetCommitRequestTopic(to, each, version);
  if (flexible) to.noTags();
}

export function readOffsetCommitRequestTopic(from: Reader, version: number): OffsetCommitRequestTopic {
  const flexible = version >= 8;
  const name = version <= 7 ? from.string() : version <= 9 ? from.compactString() : "";
  const topicId = version <= 9 ? ZERO_UUID : from.uuid();
  const partitions: OffsetCommitRequestPartition[] = [];
  for (let left = flexible ? from.compactArrayLength(18) : from.arrayLength(14); left > 0; left--) partitions.push(readOffsetCommitRequestPartition(from, version));
  if (flexible) from.skipTags();
  return { name, topicId, partitions };
}

export function writeOffsetCommitRequestTopic(to: Writer, value: OffsetCommitRequestTopic, version: number): void {
  const flexible = version >= 8;
  if (version >= 8 && version <= 9) to.compactString(value.name);
  else if (!flexible) to.string(value.name);
  if (version === 10) to.uuid(value.topicId);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeOffsetCommitRequestPartition(to, each, version);
  if (flexible) to.noTags();
}

export function readOffsetCommitRequestPartition(from: Reader, version: number): OffsetCommitRequestPartition {
  const flexible = version >= 8;
  const partitionIndex = from.int32();
  const committedOffset = from.int64();
  const committedLeaderEpoch = version <= 5 ? -1 : from.int32();
  const committedMetadata: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata };
}

export function writeOffsetCommitRequestPartition(to: Writer, value: OffsetCommitRequestPartition, version: number): void {
  const flexible = version >= 8;
  to.int32(value.partitionIndex);
  to.int64(value.committedOffset);
  if (version >= 6) to.int32(value.committedLeaderEpoch);
  if (flexible) to.compactNullableString(value.committedMetadata);
  else to.nullableString(value.committedMetadata);
  if (flexible) to.noTags();
}

export interface OffsetCommitResponse {
  throttleTimeMs: number;
  topics: OffsetCommitResponseTopic[];
}

export interface OffsetCommitResponseTopic {
  name: string;
  topicId: string;
  partitions: OffsetCommitResponsePartition[];
}

export interface OffsetCommitResponsePartition {
  partitionIndex: number;
  errorCode: number;
}

export function readOffsetCommitResponse(from: Reader, version: number): OffsetCommitResponse {
  const flexible = version >= 8;
  const throttleTimeMs = version === 2 ? 0 : from.int32();
  const topics: OffsetCommitResponseTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readOffsetCommitResponseTopic(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, topics };
}

export function writeOffsetCommitResponse(to: Writer, value: OffsetCommitResponse, version: number): void {
  const flexible = version >= 8;
  if (version >= 3) to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeOffsetCommitResponseTopic(to, each, version);
  if (flexible) to.noTags();
}

export function readOffsetCommitResponseTopic(from: Reader, version: number): OffsetCommitResponseTopic {
  const flexible = version >= 8;
  const name = version <= 7 ? from.string() : version <= 9 ? from.compactString() : "";
  const topicId = version <= 9 ? ZERO_UUID : from.uuid();
  const partitions: OffsetCommitResponsePartition[] = [];
  for (let left = flexible ? from.compactArrayLength(7) : from.arrayLength(6); left > 0; left--) partitions.push(readOffsetCommitResponsePartition(from, version));
  if (flexible) from.skipTags();
  return { name, topicId, partitions };
}

export function writeOffsetCommitResponseTopic(to: Writer, value: OffsetCommitResponseTopic, version: number): void {
  const flexible = version >= 8;
  if (version >= 8 && version <= 9) to.compactString(value.name);
  else if (!flexible) to.string(value.name);
  if (version === 10) to.uuid(value.topicId);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeOffsetCommitResponsePartition(to, each, version);
  if (flexible) to.noTags();
}

export function readOffsetCommitResponsePartition(from: Reader, version: number): OffsetCommitResponsePartition {
  const flexible = version >= 8;
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { partitionIndex, errorCode };
}

export function writeOffsetCommitResponsePartition(to: Writer, value: OffsetCommitResponsePartition, version: number): void {
  const flexible = version >= 8;
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export const OffsetCommit: Message<OffsetCommitRequest, OffsetCommitResponse> = {
  key: 8,
  name: "OffsetCommit",
  versions: [2, 10],
  flexibleFrom: 8,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readOffsetCommitRequest,
  writeRequest: writeOffsetCommitRequest,
  readResponse: readOffsetCommitResponse,
  writeResponse: writeOffsetCommitResponse,
};

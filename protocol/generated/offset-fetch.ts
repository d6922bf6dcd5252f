// From kafka-clients-4.3.1.jar: common/message/OffsetFetchRequest.json and common/message/OffsetFetchResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface OffsetFetchRequest {
  groupId: string;
  topics: OffsetFetchRequestTopic[] | null;
  groups: OffsetFetchRequestGroup[];
  requireStable: boolean;
}

export interface OffsetFetchRequestTopic {
  name: string;
  partitionIndexes: number[];
}

export interface OffsetFetchRequestGroup {
  groupId: string;
  memberId: string | null;
  memberEpoch: number;
  topics: OffsetFetchRequestTopics[] | null;
}

export interface OffsetFetchRequestTopics {
  name: string;
  topicId: string;
  partitionIndexes: number[];
}

export function readOffsetFetchRequest(from: Reader, version: number): OffsetFetchRequest {
  const flexible = version >= 6;
  const groupId = version <= 5 ? from.string() : version <= 7 ? from.compactString() : "";
  const topicsCount = version === 1 ? from.arrayLength(6) : version <= 5 ? from.nullableArrayLength(6) : version <= 7 ? from.compactNullableArrayLength(3) : 0;
  const topics: OffsetFetchRequestTopic[] | null = topicsCount < 0 ? null : [];
  for (let left = topicsCount; left > 0; left--) topics!.push(readOffsetFetchRequestTopic(from, version));
  const groups: OffsetFetchRequestGroup[] = [];
  for (let left = version <= 7 ? 0 : from.compactArrayLength(3); left > 0; left--) groups.push(readOffsetFetchRequestGroup(from, version));
  const requireStable = version <= 6 ? false : from.bool();
  if (flexible) from.skipTags();
  return { groupId, topics, groups, requireStable };
}

export function writeOffsetFetchRequest(to: Writer, value: OffsetFetchRequest, version: number): void {
  const flexible = version >= 6;
  if (version >= 6 && version <= 7) to.compactString(value.groupId);
  else if (!flexible) to.string(value.groupId);
  if (version >= 8 && value.groupId !== "") to.unsupported("OffsetFetchRequest.groupId", version);
  if (version <= 7) {
    if (flexible) to.compactArrayLength(value.topics?.length ?? -1);
    else if (version >= 2 && version <= 5) to.arrayLength(value.topics?.length ?? -1);
    else to.arrayLength(value.topics!.length);
    for (const each of value.topics ?? []) writeOffsetFetchRequestTopic(to, each, version);
  }
  if (version >= 8 && !(value.topics?.length === 0)) to.unsupported("OffsetFetchRequest.topics", version);
  if (version >= 8) {
    to.compactArrayLength(value.groups.length);
    for (const each of value.groups) writeOffsetFetchRequestGroup(to, each, version);
  }
  if (version <= 7 && value.groups.length !== 0) to.unsupported("OffsetFetchRequest.groups", version);
  if (version >= 7) to.bool(value.requireStable);
  if (version <= 6 && value.requireStable) to.unsupported("OffsetFetchRequest.requireStable", version);
  if (flexible) to.noTags();
}

export function readOffsetFetchRequestTopic(from: Reader, version: number): OffsetFetchRequestTopic {
  const flexible = version >= 6;
  const name = flexible ? from.compactString() : from.string();
  const partitionIndexes: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) partitionIndexes.push(from.int32());
  if (flexible) from.skipTags();
  return { name, partitionIndexes };
}

export function writeOffsetFetchRequestTopic(to: Writer, value: OffsetFetchRequestTopic, version: number): void {
  const flexible = version >= 6;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitionIndexes.length);
  else to.arrayLength(value.partitionIndexes.length);
  for (const each of value.partitionIndexes) to.int32(each);
  if (flexible) to.noTags();
}

export function readOffsetFetchRequestGroup(from: Reader, version: number): OffsetFetchRequestGroup {
  const groupId = from.compactString();
  const memberId: string | null = version === 8 ? null : from.compactNullableString();
  const memberEpoch = version === 8 ? -1 : from.int32();
  const topicsCount = from.compactNullableArrayLength(3);
  const topics: OffsetFetchRequestTopics[] | null = topicsCount < 0 ? null : [];
  for (let left = topicsCount; left > 0; left--) topics!.push(readOffsetFetchRequestTopics(from, version));
  from.skipTags();
  return { groupId, memberId, memberEpoch, topics };
}

export function writeOffsetFetchRequestGroup(to: Writer, value: OffsetFetchRequestGroup, version: number): void {
  to.compactString(value.groupId);
  if (version >= 9) to.compactNullableString(value.memberId);
  if (version >= 9) to.int32(value.memberEpoch);
  to.compactArrayLength(value.topics?.length ?? -1);
  for (const each of value.topics ?? []) writeOffsetFetchRequestTopics(to, each, version);
  to.noTags();
}

export function readOffsetFetchRequestTopics(from: Reader, version: number): OffsetFetchRequestTopics {
  const name = version <= 9 ? from.compactString() : "";
  const topicId = version <= 9 ? ZERO_UUID : from.uuid();
  const partitionIndexes: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitionIndexes.push(from.int32());
  from.skipTags();
  return { name, topicId, partitionIndexes };
}

export function writeOffsetFetchRequestTopics(to: Writer, value: OffsetFetchRequestTopics, version: number): void {
  if (version <= 9) to.compactString(value.name);
  if (version === 10) to.uuid(value.topicId);
  to.compactArrayLength(value.partitionIndexes.length);
  for (const each of value.partitionIndexes) to.int32(each);
  to.noTags();
}

export interface OffsetFetchResponse {
  throttleTimeMs: number;
  topics: OffsetFetchResponseTopic[];
  errorCode: number;
  groups: OffsetFetchResponseGroup[];
}

export interface OffsetFetchResponseTopic {
  name: string;
  partitions: OffsetFetchResponsePartition[];
}

export interface OffsetFetchResponsePartition {
  partitionIndex: number;
  committedOffset: number;
  committedLeaderEpoch: number;
  metadata: string | null;
  errorCode: number;
}

export interface OffsetFetchResponseGroup {
  groupId: string;
  topics: OffsetFetchResponseTopics[];
  errorCode: number;
}

export interface OffsetFetchResponseTopics {
  name: string;
  topicId: string;
  partitions: OffsetFetchResponsePartitions[];
}

export interface OffsetFetchResponsePartitions {
  partitionIndex: number;
  committedOffset: number;
  committedLeaderEpoch: number;
  metadata: string | null;
  errorCode: number;
}

export function readOffsetFetchResponse(from: Reader, version: number): OffsetFetchResponse {
  const flexible = version >= 6;
  const throttleTimeMs = version <= 2 ? 0 : from.int32();
  const topics: OffsetFetchResponseTopic[] = [];
  for (let left = version <= 5 ? from.arrayLength(6) : version <= 7 ? from.compactArrayLength(3) : 0; left > 0; left--) topics.push(readOffsetFetchResponseTopic(from, version));
  const errorCode = version === 1 ? 0 : version <= 7 ? from.int16() : 0;
  const groups: OffsetFetchResponseGroup[] = [];
  for (let left = version <= 7 ? 0 : from.compactArrayLength(5); left > 0; left--) groups.push(readOffsetFetchResponseGroup(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, topics, errorCode, groups };
}

export function writeOffsetFetchResponse(to: Writer, value: OffsetFetchResponse, version: number): void {
  const flexible = version >= 6;
  if (version >= 3) to.int32(value.throttleTimeMs);
  if (version <= 7) {
    if (flexible) to.compactArrayLength(value.topics.length);
    else to.arrayLength(value.topics.length);
    for (const each of value.topics) writeOffsetFetchResponseTopic(to, each, version);
  }
  if (version >= 2 && version <= 7) to.int16(value.errorCode);
  if (version >= 8) {
    to.compactArrayLength(value.groups.length);
    for (const each of value.groups) writeOffsetFetchResponseGroup(to, each, version);
  }
  if (flexible) to.noTags();
}

export function readOffsetFetchResponseTopic(from: Reader, version: number): OffsetFetchResponseTopic {
  const flexible = version >= 6;
  const name = flexible ? from.compactString() : from.string();
  const partitions: OffsetFetchResponsePartition[] = [];
  for (let left = flexible ? from.compactArrayLength(20) : from.arrayLength(16); left > 0; left--) partitions.push(readOffsetFetchResponsePartition(from, version));
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeOffsetFetchResponseTopic(to: Writer, value: OffsetFetchResponseTopic, version: number): void {
  const flexible = version >= 6;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeOffsetFetchResponsePartition(to, each, version);
  if (flexible) to.noTags();
}

export function readOffsetFetchResponsePartition(from: Reader, version: number): OffsetFetchResponsePartition {
  const flexible = version >= 6;
  const partitionIndex = from.int32();
  const committedOffset = from.int64();
  const committedLeaderEpoch = version <= 4 ? -1 : from.int32();
  const metadata: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode };
}

export function writeOffsetFetchResponsePartition(to: Writer, value: OffsetFetchResponsePartition, version: number): void {
  const flexible = version >= 6;
  to.int32(value.partitionIndex);
  to.int64(value.committedOffset);
  if (version >= 5) to.int32(value.committedLeaderEpoch);
  if (flexible) to.compactNullableString(value.metadata);
  else to.nullableString(value.metadata);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export function readOffsetFetchResponseGroup(from: Reader, version: number): OffsetFetchResponseGroup {
  const groupId = from.compactString();
  const topics: OffsetFetchResponseTopics[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readOffsetFetchResponseTopics(from, version));
  const errorCode = from.int16();
  from.skipTags();
  return { groupId, topics, errorCode };
}

export function writeOffsetFetchResponseGroup(to: Writer, value: OffsetFetchResponseGroup, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeOffsetFetchResponseTopics(to, each, version);
  to.int16(value.errorCode);
  to.noTags();
}

export function readOffsetFetchResponseTopics(from: Reader, version: number): OffsetFetchResponseTopics {
  const name = version <= 9 ? from.compactString() : "";
  const topicId = version <= 9 ? ZERO_UUID : from.uuid();
  const partitions: OffsetFetchResponsePartitions[] = [];
  for (let left = from.compactArrayLength(20); left > 0; left--) partitions.push(readOffsetFetchResponsePartitions(from, version));
  from.skipTags();
  return { name, topicId, partitions };
}

export function writeOffsetFetchResponseTopics(to: Writer, value: OffsetFetchResponseTopics, version: number): void {
  if (version <= 9) to.compactString(value.name);
  if (version === 10) to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeOffsetFetchResponsePartitions(to, each, version);
  to.noTags();
}

export function readOffsetFetchResponsePartitions(from: Reader, _version: number): OffsetFetchResponsePartitions {
  const partitionIndex = from.int32();
  const committedOffset = from.int64();
  const committedLeaderEpoch = from.int32();
  const metadata: string | null = from.compactNullableString();
  const errorCode = from.int16();
  from.skipTags();
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode };
}

export function writeOffsetFetchResponsePartitions(to: Writer, value: OffsetFetchResponsePartitions, _version: number): void {
  to.int32(value.partitionIndex);
  to.int64(value.committedOffset);
  to.int32(value.committedLeaderEpoch);
  to.compactNullableString(value.metadata);
  to.int16(value.errorCode);
  to.noTags();
}

export const OffsetFetch: Message<OffsetFetchRequest, OffsetFetchResponse> = {
  key: 9,
  name: "OffsetFetch",
  versions: [1, 10],
  flexibleFrom: 6,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readOffsetFetchRequest,
  writeRequest: writeOffsetFetchRequest,
  readResponse: readOffsetFetchResponse,
  writeResponse: writeOffsetFetchResponse,
};

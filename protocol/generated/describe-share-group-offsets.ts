// From kafka-clients-4.3.1.jar: common/message/DescribeShareGroupOffsetsRequest.json and common/message/DescribeShareGroupOffsetsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeShareGroupOffsetsRequest {
  groups: DescribeShareGroupOffsetsRequestGroup[];
}

export interface DescribeShareGroupOffsetsRequestGroup {
  groupId: string;
  topics: DescribeShareGroupOffsetsRequestTopic[] | null;
}

export interface DescribeShareGroupOffsetsRequestTopic {
  topicName: string;
  partitions: number[];
}

export function readDescribeShareGroupOffsetsRequest(from: Reader, version: number): DescribeShareGroupOffsetsRequest {
  const groups: DescribeShareGroupOffsetsRequestGroup[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) groups.push(readDescribeShareGroupOffsetsRequestGroup(from, version));
  from.skipTags();
  return { groups };
}

export function writeDescribeShareGroupOffsetsRequest(to: Writer, value: DescribeShareGroupOffsetsRequest, version: number): void {
  to.compactArrayLength(value.groups.length);
  for (const each of value.groups) writeDescribeShareGroupOffsetsRequestGroup(to, each, version);
  to.noTags();
}

export function readDescribeShareGroupOffsetsRequestGroup(from: Reader, version: number): DescribeShareGroupOffsetsRequestGroup {
  const groupId = from.compactString();
  const topicsCount = from.compactNullableArrayLength(3);
  const topics: DescribeShareGroupOffsetsRequestTopic[] | null = topicsCount < 0 ? null : [];
  for (let left = topicsCount; left > 0; left--) topics!.push(readDescribeShareGroupOffsetsRequestTopic(from, version));
  from.skipTags();
  return { groupId, topics };
}

export function writeDescribeShareGroupOffsetsRequestGroup(to: Writer, value: DescribeShareGroupOffsetsRequestGroup, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics?.length ?? -1);
  for (const each of value.topics ?? []) writeDescribeShareGroupOffsetsRequestTopic(to, each, version);
  to.noTags();
}

export function readDescribeShareGroupOffsetsRequestTopic(from: Reader, _version: number): DescribeShareGroupOffsetsRequestTopic {
  const topicName = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicName, partitions };
}

export function writeDescribeShareGroupOffsetsRequestTopic(to: Writer, value: DescribeShareGroupOffsetsRequestTopic, _version: number): void {
  to.compactString(value.topicName);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export interface DescribeShareGroupOffsetsResponse {
  throttleTimeMs: number;
  groups: DescribeShareGroupOffsetsResponseGroup[];
}

export interface DescribeShareGroupOffsetsResponseGroup {
  groupId: string;
  topics: DescribeShareGroupOffsetsResponseTopic[];
  errorCode: number;
  errorMessage: string | null;
}

export interface DescribeShareGroupOffsetsResponseTopic {
  topicName: string;
  topicId: string;
  partitions: DescribeShareGroupOffsetsResponsePartition[];
}

export interface DescribeShareGroupOffsetsResponsePartition {
  partitionIndex: number;
  startOffset: number;
  leaderEpoch: number;
  lag: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readDescribeShareGroupOffsetsResponse(from: Reader, version: number): DescribeShareGroupOffsetsResponse {
  const throttleTimeMs = from.int32();
  const groups: DescribeShareGroupOffsetsResponseGroup[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) groups.push(readDescribeShareGroupOffsetsResponseGroup(from, version));
  from.skipTags();
  return { throttleTimeMs, groups };
}

export function writeDescribeShareGroupOffsetsResponse(to: Writer, value: DescribeShareGroupOffsetsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.compactArrayLength(value.groups.length);
  for (const each of value.groups) writeDescribeShareGroupOffsetsResponseGroup(to, each, version);
  to.noTags();
}

export function readDescribeShareGroupOffsetsResponseGroup(from: Reader, version: number): DescribeShareGroupOffsetsResponseGroup {
  const groupId = from.compactString();
  const topics: DescribeShareGroupOffsetsResponseTopic[] = [];
  for (let left = from.compactArrayLength(19); left > 0; left--) topics.push(readDescribeShareGroupOffsetsResponseTopic(from, version));
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { groupId, topics, errorCode, errorMessage };
}

export function writeDescribeShareGroupOffsetsResponseGroup(to: Writer, value: DescribeShareGroupOffsetsResponseGroup, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeDescribeShareGroupOffsetsResponseTopic(to, each, version);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export function readDescribeShareGroupOffsetsResponseTopic(from: Reader, version: number): DescribeShareGroupOffsetsResponseTopic {
  const topicName = from.compactString();
  const topicId = from.uuid();
  const partitions: DescribeShareGroupOffsetsResponsePartition[] = [];
  for (let left = from.compactArrayLength(20); left > 0; left--) partitions.push(readDescribeShareGroupOffsetsResponsePartition(from, version));
  from.skipTags();
  return { topicName, topicId, partitions };
}

export function writeDescribeShareGroupOffsetsResponseTopic(to: Writer, value: DescribeShareGroupOffsetsResponseTopic, version: number): void {
  to.compactString(value.topicName);
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeDescribeShareGroupOffsetsResponsePartition(to, each, version);
  to.noTags();
}

export function readDescribeShareGroupOffsetsResponsePartition(from: Reader, version: number): DescribeShareGroupOffsetsResponsePartition {
  const partitionIndex = from.int32();
  const startOffset = from.int64();
  const leaderEpoch = from.int32();
  const lag = version === 0 ? -1 : from.int64();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { partitionIndex, startOffset, leaderEpoch, lag, errorCode, errorMessage };
}

export function writeDescribeShareGroupOffsetsResponsePartition(to: Writer, value: DescribeShareGroupOffsetsResponsePartition, version: number): void {
  to.int32(value.partitionIndex);
  to.int64(value.startOffset);
  to.int32(value.leaderEpoch);
  if (version === 1) to.int64(value.lag);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const DescribeShareGroupOffsets: Message<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse> = {
  key: 90,
  name: "DescribeShareGroupOffsets",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDescribeShareGroupOffsetsRequest,
  writeRequest: writeDescribeShareGroupOffsetsRequest,
  readResponse: readDescribeShareGroupOffsetsResponse,
  writeResponse: writeDescribeShareGroupOffsetsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/DescribeTopicPartitionsRequest.json and common/message/DescribeTopicPartitionsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeTopicPartitionsRequest {
  topics: TopicRequest[];
  responsePartitionLimit: number;
  cursor: DescribeTopicPartitionsRequestCursor | null;
}

export interface TopicRequest {
  name: string;
}

export interface DescribeTopicPartitionsRequestCursor {
  topicName: string;
  partitionIndex: number;
}

export function readDescribeTopicPartitionsRequest(from: Reader, version: number): DescribeTopicPartitionsRequest {
  const topics: TopicRequest[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) topics.push(readTopicRequest(from, version));
  const responsePartitionLimit = from.int32();
  const cursor: DescribeTopicPartitionsRequestCursor | null = from.int8() < 0 ? null : readDescribeTopicPartitionsRequestCursor(from, version);
  from.skipTags();
  return { topics, responsePartitionLimit, cursor };
}

export function writeDescribeTopicPartitionsRequest(to: Writer, value: DescribeTopicPartitionsRequest, version: number): void {
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeTopicRequest(to, each, version);
  to.int32(value.responsePartitionLimit);
  if (value.cursor === null) to.int8(-1);
  else {
    to.int8(1);
    writeDescribeTopicPartitionsRequestCursor(to, value.cursor, version);
  }
  to.noTags();
}

export function readTopicRequest(from: Reader, _version: number): TopicRequest {
  const name = from.compactString();
  from.skipTags();
  return { name };
}

export function writeTopicRequest(to: Writer, value: TopicRequest, _version: number): void {
  to.compactString(value.name);
  to.noTags();
}

export function readDescribeTopicPartitionsRequestCursor(from: Reader, _version: number): DescribeTopicPartitionsRequestCursor {
  const topicName = from.compactString();
  const partitionIndex = from.int32();
  from.skipTags();
  return { topicName, partitionIndex };
}

export function writeDescribeTopicPartitionsRequestCursor(to: Writer, value: DescribeTopicPartitionsRequestCursor, _version: number): void {
  to.compactString(value.topicName);
  to.int32(value.partitionIndex);
  to.noTags();
}

export interface DescribeTopicPartitionsResponse {
  throttleTimeMs: number;
  topics: DescribeTopicPartitionsResponseTopic[];
  nextCursor: DescribeTopicPartitionsResponseCursor | null;
}

export interface DescribeTopicPartitionsResponseTopic {
  errorCode: number;
  name: string | null;
  topicId: string;
  isInternal: boolean;
  partitions: DescribeTopicPartitionsResponsePartition[];
  topicAuthorizedOperations: number;
}

export interface DescribeTopicPartitionsResponsePartition {
  errorCode: number;
  partitionIndex: number;
  leaderId: number;
  leaderEpoch: number;
  replicaNodes: number[];
  isrNodes: number[];
  eligibleLeaderReplicas: number[] | null;
  lastKnownElr: number[] | null;
  offlineReplicas: number[];
}

export interface DescribeTopicPartitionsResponseCursor {
  topicName: string;
  partitionIndex: number;
}

export function readDescribeTopicPartitionsResponse(from: Reader, version: number): DescribeTopicPartitionsResponse {
  const throttleTimeMs = from.int32();
  const topics: DescribeTopicPartitionsResponseTopic[] = [];
  for (let left = from.compactArrayLength(26); left > 0; left--) topics.push(readDescribeTopicPartitionsResponseTopic(from, version));
  const nextCursor: DescribeTopicPartitionsResponseCursor | null = from.int8() < 0 ? null : readDescribeTopicPartitionsResponseCursor(from, version);
  from.skipTags();
  return { throttleTimeMs, topics, nextCursor };
}

export function writeDescribeTopicPartitionsResponse(to: Writer, value: DescribeTopicPartitionsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeDescribeTopicPartitionsResponseTopic(to, each, version);
  if (value.nextCursor === null) to.int8(-1);
  else {
    to.int8(1);
    writeDescribeTopicPartitionsResponseCursor(to, value.nextCursor, version);
  }
  to.noTags();
}

export function readDescribeTopicPartitionsResponseTopic(from: Reader, version: number): DescribeTopicPartitionsResponseTopic {
  const errorCode = from.int16();
  const name: string | null = from.compactNullableString();
  const topicId = from.uuid();
  const isInternal = from.bool();
  const partitions: DescribeTopicPartitionsResponsePartition[] = [];
  for (let left = from.compactArrayLength(20); left > 0; left--) partitions.push(readDescribeTopicPartitionsResponsePartition(from, version));
  const topicAuthorizedOperations = from.int32();
  from.skipTags();
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations };
}

export function writeDescribeTopicPartitionsResponseTopic(to: Writer, value: DescribeTopicPartitionsResponseTopic, version: number): void {
  to.int16(value.errorCode);
  to.compactNullableString(value.name);
  to.uuid(value.topicId);
  to.bool(value.isInternal);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeDescribeTopicPartitionsResponsePartition(to, each, version);
  to.int32(value.topicAuthorizedOperations);
  to.noTags();
}

export function readDescribeTopicPartitionsResponsePartition(from: Reader, _version: number): DescribeTopicPartitionsResponsePartition {
  const errorCode = from.int16();
  const partitionIndex = from.int32();
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  const replicaNodes: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) replicaNodes.push(from.int32());
  const isrNodes: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) isrNodes.push(from.int32());
  const eligibleLeaderReplicasCount = from.compactNullableArrayLength(4);
  const eligibleLeaderReplicas: number[] | null = eligibleLeaderReplicasCount < 0 ? null : [];
  for (let left = eligibleLeaderReplicasCount; left > 0; left--) eligibleLeaderReplicas!.push(from.int32());
  const lastKnownElrCount = from.compactNullableArrayLength(4);
  const lastKnownElr: number[] | null = lastKnownElrCount < 0 ? null : [];
  for (let left = lastKnownElrCount; left > 0; left--) lastKnownElr!.push(from.int32());
  const offlineReplicas: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) offlineReplicas.push(from.int32());
  from.skipTags();
  return { errorCode, partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, eligibleLeaderReplicas, lastKnownElr, offlineReplicas };
}

export function writeDescribeTopicPartitionsResponsePartition(to: Writer, value: DescribeTopicPartitionsResponsePartition, _version: number): void {
  to.int16(value.errorCode);
  to.int32(value.partitionIndex);
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  to.compactArrayLength(value.replicaNodes.length);
  for (const each of value.replicaNodes) to.int32(each);
  to.compactArrayLength(value.isrNodes.length);
  for (const each of value.isrNodes) to.int32(each);
  to.compactArrayLength(value.eligibleLeaderReplicas?.length ?? -1);
  for (const each of value.eligibleLeaderReplicas ?? []) to.int32(each);
  to.compactArrayLength(value.lastKnownElr?.length ?? -1);
  for (const each of value.lastKnownElr ?? []) to.int32(each);
  to.compactArrayLength(value.offlineReplicas.length);
  for (const each of value.offlineReplicas) to.int32(each);
  to.noTags();
}

export function readDescribeTopicPartitionsResponseCursor(from: Reader, _version: number): DescribeTopicPartitionsResponseCursor {
  const topicName = from.compactString();
  const partitionIndex = from.int32();
  from.skipTags();
  return { topicName, partitionIndex };
}

export function writeDescribeTopicPartitionsResponseCursor(to: Writer, value: DescribeTopicPartitionsResponseCursor, _version: number): void {
  to.compactString(value.topicName);
  to.int32(value.partitionIndex);
  to.noTags();
}

export const DescribeTopicPartitions: Message<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> = {
  key: 75,
  name: "DescribeTopicPartitions",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDescribeTopicPartitionsRequest,
  writeRequest: writeDescribeTopicPartitionsRequest,
  readResponse: readDescribeTopicPartitionsResponse,
  writeResponse: writeDescribeTopicPartitionsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/ConsumerGroupHeartbeatRequest.json and common/message/ConsumerGroupHeartbeatResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ConsumerGroupHeartbeatRequest {
  groupId: string;
  memberId: string;
  memberEpoch: number;
  instanceId: string | null;
  rackId: string | null;
  rebalanceTimeoutMs: number;
  subscribedTopicNames: string[] | null;
  subscribedTopicRegex: string | null;
  serverAssignor: string | null;
  topicPartitions: ConsumerGroupHeartbeatRequestTopicPartitions[] | null;
}

export interface ConsumerGroupHeartbeatRequestTopicPartitions {
  topicId: string;
  partitions: number[];
}

export function readConsumerGroupHeartbeatRequest(from: Reader, version: number): ConsumerGroupHeartbeatRequest {
  const groupId = from.compactString();
  const memberId = from.compactString();
  const memberEpoch = from.int32();
  const instanceId: string | null = from.compactNullableString();
  const rackId: string | null = from.compactNullableString();
  const rebalanceTimeoutMs = from.int32();
  const subscribedTopicNamesCount = from.compactNullableArrayLength(1);
  const subscribedTopicNames: string[] | null = subscribedTopicNamesCount < 0 ? null : [];
  for (let left = subscribedTopicNamesCount; left > 0; left--) subscribedTopicNames!.push(from.compactString());
  const subscribedTopicRegex: string | null = version === 0 ? null : from.compactNullableString();
  const serverAssignor: string | null = from.compactNullableString();
  const topicPartitionsCount = from.compactNullableArrayLength(18);
  const topicPartitions: ConsumerGroupHeartbeatRequestTopicPartitions[] | null = topicPartitionsCount < 0 ? null : [];
  for (let left = topicPartitionsCount; left > 0; left--) topicPartitions!.push(readConsumerGroupHeartbeatRequestTopicPartitions(from, version));
  from.skipTags();
  return { groupId, memberId, memberEpoch, instanceId, rackId, rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, serverAssignor, topicPartitions };
}

export function writeConsumerGroupHeartbeatRequest(to: Writer, value: ConsumerGroupHeartbeatRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactString(value.memberId);
  to.int32(value.memberEpoch);
  to.compactNullableString(value.instanceId);
  to.compactNullableString(value.rackId);
  to.int32(value.rebalanceTimeoutMs);
  to.compactArrayLength(value.subscribedTopicNames?.length ?? -1);
  for (const each of value.subscribedTopicNames ?? []) to.compactString(each);
  if (version === 1) to.compactNullableString(value.subscribedTopicRegex);
  if (version === 0 && value.subscribedTopicRegex !== null) to.unsupported("ConsumerGroupHeartbeatRequest.subscribedTopicRegex", version);
  to.compactNullableString(value.serverAssignor);
  to.compactArrayLength(value.topicPartitions?.length ?? -1);
  for (const each of value.topicPartitions ?? []) writeConsumerGroupHeartbeatRequestTopicPartitions(to, each, version);
  to.noTags();
}

export function readConsumerGroupHeartbeatRequestTopicPartitions(from: Reader, _version: number): ConsumerGroupHeartbeatRequestTopicPartitions {
  const topicId = from.uuid();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicId, partitions };
}

export function writeConsumerGroupHeartbeatRequestTopicPartitions(to: Writer, value: ConsumerGroupHeartbeatRequestTopicPartitions, _version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export interface ConsumerGroupHeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  memberId: string | null;
  memberEpoch: number;
  heartbeatIntervalMs: number;
  assignment: Assignment | null;
}

export interface Assignment {
  topicPartitions: ConsumerGroupHeartbeatResponseTopicPartitions[];
}

export interface ConsumerGroupHeartbeatResponseTopicPartitions {
  topicId: string;
  partitions: number[];
}

export function readConsumerGroupHeartbeatResponse(from: Reader, version: number): ConsumerGroupHeartbeatResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const memberId: string | null = from.compactNullableString();
  const memberEpoch = from.int32();
  const heartbeatIntervalMs = from.int32();
  const assignment: Assignment | null = from.int8() < 0 ? null : readAssignment(from, version);
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, memberId, memberEpoch, heartbeatIntervalMs, assignment };
}

export function writeConsumerGroupHeartbeatResponse(to: Writer, value: ConsumerGroupHeartbeatResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactNullableString(value.memberId);
  to.int32(value.memberEpoch);
  to.int32(value.heartbeatIntervalMs);
  if (value.assignment === null) to.int8(-1);
  else {
    to.int8(1);
    writeAssignment(to, value.assignment, version);
  }
  to.noTags();
}

export function readAssignment(from: Reader, version: number): Assignment {
  const topicPartitions: ConsumerGroupHeartbeatResponseTopicPartitions[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topicPartitions.push(readConsumerGroupHeartbeatResponseTopicPartitions(from, version));
  from.skipTags();
  return { topicPartitions };
}

export function writeAssignment(to: Writer, value: Assignment, version: number): void {
  to.compactArrayLength(value.topicPartitions.length);
  for (const each of value.topicPartitions) writeConsumerGroupHeartbeatResponseTopicPartitions(to, each, version);
  to.noTags();
}

export function readConsumerGroupHeartbeatResponseTopicPartitions(from: Reader, _version: number): ConsumerGroupHeartbeatResponseTopicPartitions {
  const topicId = from.uuid();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicId, partitions };
}

export function writeConsumerGroupHeartbeatResponseTopicPartitions(to: Writer, value: ConsumerGroupHeartbeatResponseTopicPartitions, _version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export const ConsumerGroupHeartbeat: Message<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> = {
  key: 68,
  name: "ConsumerGroupHeartbeat",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readConsumerGroupHeartbeatRequest,
  writeRequest: writeConsumerGroupHeartbeatRequest,
  readResponse: readConsumerGroupHeartbeatResponse,
  writeResponse: writeConsumerGroupHeartbeatResponse,
};

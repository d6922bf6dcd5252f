// From kafka-clients-4.3.1.jar: common/message/ShareGroupHeartbeatRequest.json and common/message/ShareGroupHeartbeatResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ShareGroupHeartbeatRequest {
  groupId: string;
  memberId: string;
  memberEpoch: number;
  rackId: string | null;
  subscribedTopicNames: string[] | null;
}

export function readShareGroupHeartbeatRequest(from: Reader, _version: number): ShareGroupHeartbeatRequest {
  const groupId = from.compactString();
  const memberId = from.compactString();
  const memberEpoch = from.int32();
  const rackId: string | null = from.compactNullableString();
  const subscribedTopicNamesCount = from.compactNullableArrayLength(1);
  const subscribedTopicNames: string[] | null = subscribedTopicNamesCount < 0 ? null : [];
  for (let left = subscribedTopicNamesCount; left > 0; left--) subscribedTopicNames!.push(from.compactString());
  from.skipTags();
  return { groupId, memberId, memberEpoch, rackId, subscribedTopicNames };
}

export function writeShareGroupHeartbeatRequest(to: Writer, value: ShareGroupHeartbeatRequest, _version: number): void {
  to.compactString(value.groupId);
  to.compactString(value.memberId);
  to.int32(value.memberEpoch);
  to.compactNullableString(value.rackId);
  to.compactArrayLength(value.subscribedTopicNames?.length ?? -1);
  for (const each of value.subscribedTopicNames ?? []) to.compactString(each);
  to.noTags();
}

export interface ShareGroupHeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  memberId: string | null;
  memberEpoch: number;
  heartbeatIntervalMs: number;
  assignment: Assignment | null;
}

export interface Assignment {
  topicPartitions: TopicPartitions[];
}

export interface TopicPartitions {
  topicId: string;
  partitions: number[];
}

export function readShareGroupHeartbeatResponse(from: Reader, version: number): ShareGroupHeartbeatResponse {
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

export function writeShareGroupHeartbeatResponse(to: Writer, value: ShareGroupHeartbeatResponse, version: number): void {
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
  const topicPartitions: TopicPartitions[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topicPartitions.push(readTopicPartitions(from, version));
  from.skipTags();
  return { topicPartitions };
}

export function writeAssignment(to: Writer, value: Assignment, version: number): void {
  to.compactArrayLength(value.topicPartitions.length);
  for (const each of value.topicPartitions) writeTopicPartitions(to, each, version);
  to.noTags();
}

export function readTopicPartitions(from: Reader, _version: number): TopicPartitions {
  const topicId = from.uuid();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicId, partitions };
}

export function writeTopicPartitions(to: Writer, value: TopicPartitions, _version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export const ShareGroupHeartbeat: Message<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse> = {
  key: 76,
  name: "ShareGroupHeartbeat",
  versions: [1, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readShareGroupHeartbeatRequest,
  writeRequest: writeShareGroupHeartbeatRequest,
  readResponse: readShareGroupHeartbeatResponse,
  writeResponse: writeShareGroupHeartbeatResponse,
};

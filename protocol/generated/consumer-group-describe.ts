// From kafka-clients-4.3.1.jar: common/message/ConsumerGroupDescribeRequest.json and common/message/ConsumerGroupDescribeResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ConsumerGroupDescribeRequest {
  groupIds: string[];
  includeAuthorizedOperations: boolean;
}

export function readConsumerGroupDescribeRequest(from: Reader, _version: number): ConsumerGroupDescribeRequest {
  const groupIds: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) groupIds.push(from.compactString());
  const includeAuthorizedOperations = from.bool();
  from.skipTags();
  return { groupIds, includeAuthorizedOperations };
}

export function writeConsumerGroupDescribeRequest(to: Writer, value: ConsumerGroupDescribeRequest, _version: number): void {
  to.compactArrayLength(value.groupIds.length);
  for (const each of value.groupIds) to.compactString(each);
  to.bool(value.includeAuthorizedOperations);
  to.noTags();
}

export interface ConsumerGroupDescribeResponse {
  throttleTimeMs: number;
  groups: DescribedGroup[];
}

export interface DescribedGroup {
  errorCode: number;
  errorMessage: string | null;
  groupId: string;
  groupState: string;
  groupEpoch: number;
  assignmentEpoch: number;
  assignorName: string;
  members: Member[];
  authorizedOperations: number;
}

export interface Member {
  memberId: string;
  instanceId: string | null;
  rackId: string | null;
  memberEpoch: number;
  clientId: string;
  clientHost: string;
  subscribedTopicNames: string[];
  subscribedTopicRegex: string | null;
  assignment: Assignment;
  targetAssignment: Assignment;
  memberType: number;
}

export interface TopicPartitions {
  topicId: string;
  topicName: string;
  partitions: number[];
}

export interface Assignment {
  topicPartitions: TopicPartitions[];
}

export function readConsumerGroupDescribeResponse(from: Reader, version: number): ConsumerGroupDescribeResponse {
  const throttleTimeMs = from.int32();
  const groups: DescribedGroup[] = [];
  for (let left = from.compactArrayLength(20); left > 0; left--) groups.push(readDescribedGroup(from, version));
  from.skipTags();
  return { throttleTimeMs, groups };
}

export function writeConsumerGroupDescribeResponse(to: Writer, value: ConsumerGroupDescribeResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.compactArrayLength(value.groups.length);
  for (const each of value.groups) writeDescribedGroup(to, each, version);
  to.noTags();
}

export function readDescribedGroup(from: Reader, version: number): DescribedGroup {
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const groupId = from.compactString();
  const groupState = from.compactString();
  const groupEpoch = from.int32();
  const assignmentEpoch = from.int32();
  const assignorName = from.compactString();
  const members: Member[] = [];
  for (let left = from.compactArrayLength(16); left > 0; left--) members.push(readMember(from, version));
  const authorizedOperations = from.int32();
  from.skipTags();
  return { errorCode, errorMessage, groupId, groupState, groupEpoch, assignmentEpoch, assignorName, members, authorizedOperations };
}

export function writeDescribedGroup(to: Writer, value: DescribedGroup, version: number): void {
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactString(value.groupId);
  to.compactString(value.groupState);
  to.int32(value.groupEpoch);
  to.int32(value.assignmentEpoch);
  to.compactString(value.assignorName);
  to.compactArrayLength(value.members.length);
  for (const each of value.members) writeMember(to, each, version);
  to.int32(value.authorizedOperations);
  to.noTags();
}

export function readMember(from: Reader, version: number): Member {
  const memberId = from.compactString();
  const instanceId: string | null = from.compactNullableString();
  const rackId: string | null = from.compactNullableString();
  const memberEpoch = from.int32();
  const clientId = from.compactString();
  const clientHost = from.compactString();
  const subscribedTopicNames: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) subscribedTopicNames.push(from.compactString());
  const subscribedTopicRegex: string | null = from.compactNullableString();
  const assignment = readAssignment(from, version);
  const targetAssignment = readAssignment(from, version);
  const memberType = version === 0 ? -1 : from.int8();
  from.skipTags();
  return { memberId, instanceId, rackId, memberEpoch, clientId, clientHost, subscribedTopicNames, subscribedTopicRegex, assignment, targetAssignment, memberType };
}

export function writeMember(to: Writer, value: Member, version: number): void {
  to.compactString(value.memberId);
  to.compactNullableString(value.instanceId);
  to.compactNullableString(value.rackId);
  to.int32(value.memberEpoch);
  to.compactString(value.clientId);
  to.compactString(value.clientHost);
  to.compactArrayLength(value.subscribedTopicNames.length);
  for (const each of value.subscribedTopicNames) to.compactString(each);
  to.compactNullableString(value.subscribedTopicRegex);
  writeAssignment(to, value.assignment, version);
  writeAssignment(to, value.targetAssignment, version);
  if (version === 1) to.int8(value.memberType);
  to.noTags();
}

export function readTopicPartitions(from: Reader, _version: number): TopicPartitions {
  const topicId = from.uuid();
  const topicName = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicId, topicName, partitions };
}

export function writeTopicPartitions(to: Writer, value: TopicPartitions, _version: number): void {
  to.uuid(value.topicId);
  to.compactString(value.topicName);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export function readAssignment(from: Reader, version: number): Assignment {
  const topicPartitions: TopicPartitions[] = [];
  for (let left = from.compactArrayLength(19); left > 0; left--) topicPartitions.push(readTopicPartitions(from, version));
  from.skipTags();
  return { topicPartitions };
}

export function writeAssignment(to: Writer, value: Assignment, version: number): void {
  to.compactArrayLength(value.topicPartitions.length);
  for (const each of value.topicPartitions) writeTopicPartitions(to, each, version);
  to.noTags();
}

export const ConsumerGroupDescribe: Message<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> = {
  key: 69,
  name: "ConsumerGroupDescribe",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readConsumerGroupDescribeRequest,
  writeRequest: writeConsumerGroupDescribeRequest,
  readResponse: readConsumerGroupDescribeResponse,
  writeResponse: writeConsumerGroupDescribeResponse,
};

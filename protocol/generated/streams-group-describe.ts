// From kafka-clients-4.3.1.jar: common/message/StreamsGroupDescribeRequest.json and common/message/StreamsGroupDescribeResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface StreamsGroupDescribeRequest {
  groupIds: string[];
  includeAuthorizedOperations: boolean;
}

export function readStreamsGroupDescribeRequest(from: Reader, _version: number): StreamsGroupDescribeRequest {
  const groupIds: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) groupIds.push(from.compactString());
  const includeAuthorizedOperations = from.bool();
  from.skipTags();
  return { groupIds, includeAuthorizedOperations };
}

export function writeStreamsGroupDescribeRequest(to: Writer, value: StreamsGroupDescribeRequest, _version: number): void {
  to.compactArrayLength(value.groupIds.length);
  for (const each of value.groupIds) to.compactString(each);
  to.bool(value.includeAuthorizedOperations);
  to.noTags();
}

export interface StreamsGroupDescribeResponse {
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
  topology: Topology | null;
  members: Member[];
  authorizedOperations: number;
}

export interface Topology {
  epoch: number;
  subtopologies: Subtopology[] | null;
}

export interface Subtopology {
  subtopologyId: string;
  sourceTopics: string[];
  repartitionSinkTopics: string[];
  stateChangelogTopics: TopicInfo[];
  repartitionSourceTopics: TopicInfo[];
}

export interface Member {
  memberId: string;
  memberEpoch: number;
  instanceId: string | null;
  rackId: string | null;
  clientId: string;
  clientHost: string;
  topologyEpoch: number;
  processId: string;
  userEndpoint: Endpoint | null;
  clientTags: KeyValue[];
  taskOffsets: TaskOffset[];
  taskEndOffsets: TaskOffset[];
  assignment: Assignment;
  targetAssignment: Assignment;
  isClassic: boolean;
}

export interface Endpoint {
  host: string;
  port: number;
}

export interface TaskOffset {
  subtopologyId: string;
  partition: number;
  offset: number;
}

export interface Assignment {
  activeTasks: TaskIds[];
  standbyTasks: TaskIds[];
  warmupTasks: TaskIds[];
}

export interface TaskIds {
  subtopologyId: string;
  partitions: number[];
}

export interface KeyValue {
  key: string;
  value: string;
}

export interface TopicInfo {
  name: string;
  partitions: number;
  replicationFactor: number;
  topicConfigs: KeyValue[];
}

export function readStreamsGroupDescribeResponse(from: Reader, version: number): StreamsGroupDescribeResponse {
  const throttleTimeMs = from.int32();
  const groups: DescribedGroup[] = [];
  for (let left = from.compactArrayLength(20); left > 0; left--) groups.push(readDescribedGroup(from, version));
  from.skipTags();
  return { throttleTimeMs, groups };
}

export function writeStreamsGroupDescribeResponse(to: Writer, value: StreamsGroupDescribeResponse, version: number): void {
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
  const topology: Topology | null = from.int8() < 0 ? null : readTopology(from, version);
  const members: Member[] = [];
  for (let left = from.compactArrayLength(28); left > 0; left--) members.push(readMember(from, version));
  const authorizedOperations = from.int32();
  from.skipTags();
  return { errorCode, errorMessage, groupId, groupState, groupEpoch, assignmentEpoch, topology, members, authorizedOperations };
}

export function writeDescribedGroup(to: Writer, value: DescribedGroup, version: number): void {
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactString(value.groupId);
  to.compactString(value.groupState);
  to.int32(value.groupEpoch);
  to.int32(value.assignmentEpoch);
  if (value.topology === null) to.int8(-1);
  else {
    to.int8(1);
    writeTopology(to, value.topology, version);
  }
  to.compactArrayLength(value.members.length);
  for (const each of value.members) writeMember(to, each, version);
  to.int32(value.authorizedOperations);
  to.noTags();
}

export function readTopology(from: Reader, version: number): Topology {
  const epoch = from.int32();
  const subtopologiesCount = from.compactNullableArrayLength(6);
  const subtopologies: Subtopology[] | null = subtopologiesCount < 0 ? null : [];
  for (let left = subtopologiesCount; left > 0; left--) subtopologies!.push(readSubtopology(from, version));
  from.skipTags();
  return { epoch, subtopologies };
}

export function writeTopology(to: Writer, value: Topology, version: number): void {
  to.int32(value.epoch);
  to.compactArrayLength(value.subtopologies?.length ?? -1);
  for (const each of value.subtopologies ?? []) writeSubtopology(to, each, version);
  to.noTags();
}

export function readSubtopology(from: Reader, version: number): Subtopology {
  const subtopologyId = from.compactString();
  const sourceTopics: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) sourceTopics.push(from.compactString());
  const repartitionSinkTopics: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) repartitionSinkTopics.push(from.compactString());
  const stateChangelogTopics: TopicInfo[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) stateChangelogTopics.push(readTopicInfo(from, version));
  const repartitionSourceTopics: TopicInfo[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) repartitionSourceTopics.push(readTopicInfo(from, version));
  from.skipTags();
  return { subtopologyId, sourceTopics, repartitionSinkTopics, stateChangelogTopics, repartitionSourceTopics };
}

export function writeSubtopology(to: Writer, value: Subtopology, version: number): void {
  to.compactString(value.subtopologyId);
  to.compactArrayLength(value.sourceTopics.length);
  for (const each of value.sourceTopics) to.compactString(each);
  to.compactArrayLength(value.repartitionSinkTopics.length);
  for (const each of value.repartitionSinkTopics) to.compactString(each);
  to.compactArrayLength(value.stateChangelogTopics.length);
  for (const each of value.stateChangelogTopics) writeTopicInfo(to, each, version);
  to.compactArrayLength(value.repartitionSourceTopics.length);
  for (const each of value.repartitionSourceTopics) writeTopicInfo(to, each, version);
  to.noTags();
}

export function readMember(from: Reader, version: number): Member {
  const memberId = from.compactString();
  const memberEpoch = from.int32();
  const instanceId: string | null = from.compactNullableString();
  const rackId: string | null = from.compactNullableString();
  const clientId = from.compactString();
  const clientHost = from.compactString();
  const topologyEpoch = from.int32();
  const processId = from.compactString();
  const userEndpoint: Endpoint | null = from.int8() < 0 ? null : readEndpoint(from, version);
  const clientTags: KeyValue[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) clientTags.push(readKeyValue(from, version));
  const taskOffsets: TaskOffset[] = [];
  for (let left = from.compactArrayLength(14); left > 0; left--) taskOffsets.push(readTaskOffset(from, version));
  const taskEndOffsets: TaskOffset[] = [];
  for (let left = from.compactArrayLength(14); left > 0; left--) taskEndOffsets.push(readTaskOffset(from, version));
  const assignment = readAssignment(from, version);
  const targetAssignment = readAssignment(from, version);
  const isClassic = from.bool();
  from.skipTags();
  return { memberId, memberEpoch, instanceId, rackId, clientId, clientHost, topologyEpoch, processId, userEndpoint, clientTags, taskOffsets, taskEndOffsets, assignment, targetAssignment, isClassic };
}

export function writeMember(to: Writer, value: Member, version: number): void {
  to.compactString(value.memberId);
  to.int32(value.memberEpoch);
  to.compactNullableString(value.instanceId);
  to.compactNullableString(value.rackId);
  to.compactString(value.clientId);
  to.compactString(value.clientHost);
  to.int32(value.topologyEpoch);
  to.compactString(value.processId);
  if (value.userEndpoint === null) to.int8(-1);
  else {
    to.int8(1);
    writeEndpoint(to, value.userEndpoint, version);
  }
  to.compactArrayLength(value.clientTags.length);
  for (const each of value.clientTags) writeKeyValue(to, each, version);
  to.compactArrayLength(value.taskOffsets.length);
  for (const each of value.taskOffsets) writeTaskOffset(to, each, version);
  to.compactArrayLength(value.taskEndOffsets.length);
  for (const each of value.taskEndOffsets) writeTaskOffset(to, each, version);
  writeAssignment(to, value.assignment, version);
  writeAssignment(to, value.targetAssignment, version);
  to.bool(value.isClassic);
  to.noTags();
}

export function readEndpoint(from: Reader, _version: number): Endpoint {
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { host, port };
}

export function writeEndpoint(to: Writer, value: Endpoint, _version: number): void {
  to.compactString(value.host);
  to.uint16(value.port);
  to.noTags();
}

export function readTaskOffset(from: Reader, _version: number): TaskOffset {
  const subtopologyId = from.compactString();
  const partition = from.int32();
  const offset = from.int64();
  from.skipTags();
  return { subtopologyId, partition, offset };
}

export function writeTaskOffset(to: Writer, value: TaskOffset, _version: number): void {
  to.compactString(value.subtopologyId);
  to.int32(value.partition);
  to.int64(value.offset);
  to.noTags();
}

export function readAssignment(from: Reader, version: number): Assignment {
  const activeTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) activeTasks.push(readTaskIds(from, version));
  const standbyTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) standbyTasks.push(readTaskIds(from, version));
  const warmupTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) warmupTasks.push(readTaskIds(from, version));
  from.skipTags();
  return { activeTasks, standbyTasks, warmupTasks };
}

export function writeAssignment(to: Writer, value: Assignment, version: number): void {
  to.compactArrayLength(value.activeTasks.length);
  for (const each of value.activeTasks) writeTaskIds(to, each, version);
  to.compactArrayLength(value.standbyTasks.length);
  for (const each of value.standbyTasks) writeTaskIds(to, each, version);
  to.compactArrayLength(value.warmupTasks.length);
  for (const each of value.warmupTasks) writeTaskIds(to, each, version);
  to.noTags();
}

export function readTaskIds(from: Reader, _version: number): TaskIds {
  const subtopologyId = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { subtopologyId, partitions };
}

export function writeTaskIds(to: Writer, value: TaskIds, _version: number): void {
  to.compactString(value.subtopologyId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export function readKeyValue(from: Reader, _version: number): KeyValue {
  const key = from.compactString();
  const value_ = from.compactString();
  from.skipTags();
  return { key, value: value_ };
}

export function writeKeyValue(to: Writer, value: KeyValue, _version: number): void {
  to.compactString(value.key);
  to.compactString(value.value);
  to.noTags();
}

export function readTopicInfo(from: Reader, version: number): TopicInfo {
  const name = from.compactString();
  const partitions = from.int32();
  const replicationFactor = from.int16();
  const topicConfigs: KeyValue[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topicConfigs.push(readKeyValue(from, version));
  from.skipTags();
  return { name, partitions, replicationFactor, topicConfigs };
}

export function writeTopicInfo(to: Writer, value: TopicInfo, version: number): void {
  to.compactString(value.name);
  to.int32(value.partitions);
  to.int16(value.replicationFactor);
  to.compactArrayLength(value.topicConfigs.length);
  for (const each of value.topicConfigs) writeKeyValue(to, each, version);
  to.noTags();
}

export const StreamsGroupDescribe: Message<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse> = {
  key: 89,
  name: "StreamsGroupDescribe",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readStreamsGroupDescribeRequest,
  writeRequest: writeStreamsGroupDescribeRequest,
  readResponse: readStreamsGroupDescribeResponse,
  writeResponse: writeStreamsGroupDescribeResponse,
};

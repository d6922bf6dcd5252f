// From kafka-clients-4.3.1.jar: common/message/StreamsGroupHeartbeatRequest.json and common/message/StreamsGroupHeartbeatResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface StreamsGroupHeartbeatRequest {
  groupId: string;
  memberId: string;
  memberEpoch: number;
  endpointInformationEpoch: number;
  instanceId: string | null;
  rackId: string | null;
  rebalanceTimeoutMs: number;
  topology: Topology | null;
  activeTasks: StreamsGroupHeartbeatRequestTaskIds[] | null;
  standbyTasks: StreamsGroupHeartbeatRequestTaskIds[] | null;
  warmupTasks: StreamsGroupHeartbeatRequestTaskIds[] | null;
  processId: string | null;
  userEndpoint: StreamsGroupHeartbeatRequestEndpoint | null;
  clientTags: KeyValue[] | null;
  taskOffsets: TaskOffset[] | null;
  taskEndOffsets: TaskOffset[] | null;
  shutdownApplication: boolean;
}

export interface Topology {
  epoch: number;
  subtopologies: Subtopology[];
}

export interface Subtopology {
  subtopologyId: string;
  sourceTopics: string[];
  sourceTopicRegex: string[];
  stateChangelogTopics: TopicInfo[];
  repartitionSinkTopics: string[];
  repartitionSourceTopics: TopicInfo[];
  copartitionGroups: CopartitionGroup[];
}

export interface CopartitionGroup {
  sourceTopics: number[];
  sourceTopicRegex: number[];
  repartitionSourceTopics: number[];
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

export interface StreamsGroupHeartbeatRequestEndpoint {
  host: string;
  port: number;
}

export interface TaskOffset {
  subtopologyId: string;
  partition: number;
  offset: number;
}

export interface StreamsGroupHeartbeatRequestTaskIds {
  subtopologyId: string;
  partitions: number[];
}

export function readStreamsGroupHeartbeatRequest(from: Reader, version: number): StreamsGroupHeartbeatRequest {
  const groupId = from.compactString();
  const memberId = from.compactString();
  const memberEpoch = from.int32();
  const endpointInformationEpoch = from.int32();
  const instanceId: string | null = from.compactNullableString();
  const rackId: string | null = from.compactNullableString();
  const rebalanceTimeoutMs = from.int32();
  const topology: Topology | null = from.int8() < 0 ? null : readTopology(from, version);
  const activeTasksCount = from.compactNullableArrayLength(3);
  const activeTasks: StreamsGroupHeartbeatRequestTaskIds[] | null = activeTasksCount < 0 ? null : [];
  for (let left = activeTasksCount; left > 0; left--) activeTasks!.push(readStreamsGroupHeartbeatRequestTaskIds(from, version));
  const standbyTasksCount = from.compactNullableArrayLength(3);
  const standbyTasks: StreamsGroupHeartbeatRequestTaskIds[] | null = standbyTasksCount < 0 ? null : [];
  for (let left = standbyTasksCount; left > 0; left--) standbyTasks!.push(readStreamsGroupHeartbeatRequestTaskIds(from, version));
  const warmupTasksCount = from.compactNullableArrayLength(3);
  const warmupTasks: StreamsGroupHeartbeatRequestTaskIds[] | null = warmupTasksCount < 0 ? null : [];
  for (let left = warmupTasksCount; left > 0; left--) warmupTasks!.push(readStreamsGroupHeartbeatRequestTaskIds(from, version));
  const processId: string | null = from.compactNullableString();
  const userEndpoint: StreamsGroupHeartbeatRequestEndpoint | null = from.int8() < 0 ? null : readStreamsGroupHeartbeatRequestEndpoint(from, version);
  const clientTagsCount = from.compactNullableArrayLength(3);
  const clientTags: KeyValue[] | null = clientTagsCount < 0 ? null : [];
  for (let left = clientTagsCount; left > 0; left--) clientTags!.push(readKeyValue(from, version));
  const taskOffsetsCount = from.compactNullableArrayLength(14);
  const taskOffsets: TaskOffset[] | null = taskOffsetsCount < 0 ? null : [];
  for (let left = taskOffsetsCount; left > 0; left--) taskOffsets!.push(readTaskOffset(from, version));
  const taskEndOffsetsCount = from.compactNullableArrayLength(14);
  const taskEndOffsets: TaskOffset[] | null = taskEndOffsetsCount < 0 ? null : [];
  for (let left = taskEndOffsetsCount; left > 0; left--) taskEndOffsets!.push(readTaskOffset(from, version));
  const shutdownApplication = from.bool();
  from.skipTags();
  return { groupId, memberId, memberEpoch, endpointInformationEpoch, instanceId, rackId, rebalanceTimeoutMs, topology, activeTasks, standbyTasks, warmupTasks, processId, userEndpoint, clientTags, taskOffsets, taskEndOffsets, shutdownApplication };
}

export function writeStreamsGroupHeartbeatRequest(to: Writer, value: StreamsGroupHeartbeatRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactString(value.memberId);
  to.int32(value.memberEpoch);
  to.int32(value.endpointInformationEpoch);
  to.compactNullableString(value.instanceId);
  to.compactNullableString(value.rackId);
  to.int32(value.rebalanceTimeoutMs);
  if (value.topology === null) to.int8(-1);
  else {
    to.int8(1);
    writeTopology(to, value.topology, version);
  }
  to.compactArrayLength(value.activeTasks?.length ?? -1);
  for (const each of value.activeTasks ?? []) writeStreamsGroupHeartbeatRequestTaskIds(to, each, version);
  to.compactArrayLength(value.standbyTasks?.length ?? -1);
  for (const each of value.standbyTasks ?? []) writeStreamsGroupHeartbeatRequestTaskIds(to, each, version);
  to.compactArrayLength(value.warmupTasks?.length ?? -1);
  for (const each of value.warmupTasks ?? []) writeStreamsGroupHeartbeatRequestTaskIds(to, each, version);
  to.compactNullableString(value.processId);
  if (value.userEndpoint === null) to.int8(-1);
  else {
    to.int8(1);
    writeStreamsGroupHeartbeatRequestEndpoint(to, value.userEndpoint, version);
  }
  to.compactArrayLength(value.clientTags?.length ?? -1);
  for (const each of value.clientTags ?? []) writeKeyValue(to, each, version);
  to.compactArrayLength(value.taskOffsets?.length ?? -1);
  for (const each of value.taskOffsets ?? []) writeTaskOffset(to, each, version);
  to.compactArrayLength(value.taskEndOffsets?.length ?? -1);
  for (const each of value.taskEndOffsets ?? []) writeTaskOffset(to, each, version);
  to.bool(value.shutdownApplication);
  to.noTags();
}

export function readTopology(from: Reader, version: number): Topology {
  const epoch = from.int32();
  const subtopologies: Subtopology[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) subtopologies.push(readSubtopology(from, version));
  from.skipTags();
  return { epoch, subtopologies };
}

export function writeTopology(to: Writer, value: Topology, version: number): void {
  to.int32(value.epoch);
  to.compactArrayLength(value.subtopologies.length);
  for (const each of value.subtopologies) writeSubtopology(to, each, version);
  to.noTags();
}

export function readSubtopology(from: Reader, version: number): Subtopology {
  const subtopologyId = from.compactString();
  const sourceTopics: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) sourceTopics.push(from.compactString());
  const sourceTopicRegex: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) sourceTopicRegex.push(from.compactString());
  const stateChangelogTopics: TopicInfo[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) stateChangelogTopics.push(readTopicInfo(from, version));
  const repartitionSinkTopics: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) repartitionSinkTopics.push(from.compactString());
  const repartitionSourceTopics: TopicInfo[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) repartitionSourceTopics.push(readTopicInfo(from, version));
  const copartitionGroups: CopartitionGroup[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) copartitionGroups.push(readCopartitionGroup(from, version));
  from.skipTags();
  return { subtopologyId, sourceTopics, sourceTopicRegex, stateChangelogTopics, repartitionSinkTopics, repartitionSourceTopics, copartitionGroups };
}

export function writeSubtopology(to: Writer, value: Subtopology, version: number): void {
  to.compactString(value.subtopologyId);
  to.compactArrayLength(value.sourceTopics.length);
  for (const each of value.sourceTopics) to.compactString(each);
  to.compactArrayLength(value.sourceTopicRegex.length);
  for (const each of value.sourceTopicRegex) to.compactString(each);
  to.compactArrayLength(value.stateChangelogTopics.length);
  for (const each of value.stateChangelogTopics) writeTopicInfo(to, each, version);
  to.compactArrayLength(value.repartitionSinkTopics.length);
  for (const each of value.repartitionSinkTopics) to.compactString(each);
  to.compactArrayLength(value.repartitionSourceTopics.length);
  for (const each of value.repartitionSourceTopics) writeTopicInfo(to, each, version);
  to.compactArrayLength(value.copartitionGroups.length);
  for (const each of value.copartitionGroups) writeCopartitionGroup(to, each, version);
  to.noTags();
}

export function readCopartitionGroup(from: Reader, _version: number): CopartitionGroup {
  const sourceTopics: number[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) sourceTopics.push(from.int16());
  const sourceTopicRegex: number[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) sourceTopicRegex.push(from.int16());
  const repartitionSourceTopics: number[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) repartitionSourceTopics.push(from.int16());
  from.skipTags();
  return { sourceTopics, sourceTopicRegex, repartitionSourceTopics };
}

export function writeCopartitionGroup(to: Writer, value: CopartitionGroup, _version: number): void {
  to.compactArrayLength(value.sourceTopics.length);
  for (const each of value.sourceTopics) to.int16(each);
  to.compactArrayLength(value.sourceTopicRegex.length);
  for (const each of value.sourceTopicRegex) to.int16(each);
  to.compactArrayLength(value.repartitionSourceTopics.length);
  for (const each of value.repartitionSourceTopics) to.int16(each);
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

export function readStreamsGroupHeartbeatRequestEndpoint(from: Reader, _version: number): StreamsGroupHeartbeatRequestEndpoint {
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { host, port };
}

export function writeStreamsGroupHeartbeatRequestEndpoint(to: Writer, value: StreamsGroupHeartbeatRequestEndpoint, _version: number): void {
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

export function readStreamsGroupHeartbeatRequestTaskIds(from: Reader, _version: number): StreamsGroupHeartbeatRequestTaskIds {
  const subtopologyId = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { subtopologyId, partitions };
}

export function writeStreamsGroupHeartbeatRequestTaskIds(to: Writer, value: StreamsGroupHeartbeatRequestTaskIds, _version: number): void {
  to.compactString(value.subtopologyId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export interface StreamsGroupHeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  memberId: string;
  memberEpoch: number;
  heartbeatIntervalMs: number;
  acceptableRecoveryLag: number;
  taskOffsetIntervalMs: number;
  status: Status[] | null;
  activeTasks: StreamsGroupHeartbeatResponseTaskIds[] | null;
  standbyTasks: StreamsGroupHeartbeatResponseTaskIds[] | null;
  warmupTasks: StreamsGroupHeartbeatResponseTaskIds[] | null;
  endpointInformationEpoch: number;
  partitionsByUserEndpoint: EndpointToPartitions[] | null;
}

export interface EndpointToPartitions {
  userEndpoint: StreamsGroupHeartbeatResponseEndpoint;
  activePartitions: TopicPartition[];
  standbyPartitions: TopicPartition[];
}

export interface Status {
  statusCode: number;
  statusDetail: string;
}

export interface TopicPartition {
  topic: string;
  partitions: number[];
}

export interface StreamsGroupHeartbeatResponseTaskIds {
  subtopologyId: string;
  partitions: number[];
}

export interface StreamsGroupHeartbeatResponseEndpoint {
  host: string;
  port: number;
}

export function readStreamsGroupHeartbeatResponse(from: Reader, version: number): StreamsGroupHeartbeatResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const memberId = from.compactString();
  const memberEpoch = from.int32();
  const heartbeatIntervalMs = from.int32();
  const acceptableRecoveryLag = from.int32();
  const taskOffsetIntervalMs = from.int32();
  const statusCount = from.compactNullableArrayLength(3);
  const status: Status[] | null = statusCount < 0 ? null : [];
  for (let left = statusCount; left > 0; left--) status!.push(readStatus(from, version));
  const activeTasksCount = from.compactNullableArrayLength(3);
  const activeTasks: StreamsGroupHeartbeatResponseTaskIds[] | null = activeTasksCount < 0 ? null : [];
  for (let left = activeTasksCount; left > 0; left--) activeTasks!.push(readStreamsGroupHeartbeatResponseTaskIds(from, version));
  const standbyTasksCount = from.compactNullableArrayLength(3);
  const standbyTasks: StreamsGroupHeartbeatResponseTaskIds[] | null = standbyTasksCount < 0 ? null : [];
  for (let left = standbyTasksCount; left > 0; left--) standbyTasks!.push(readStreamsGroupHeartbeatResponseTaskIds(from, version));
  const warmupTasksCount = from.compactNullableArrayLength(3);
  const warmupTasks: StreamsGroupHeartbeatResponseTaskIds[] | null = warmupTasksCount < 0 ? null : [];
  for (let left = warmupTasksCount; left > 0; left--) warmupTasks!.push(readStreamsGroupHeartbeatResponseTaskIds(from, version));
  const endpointInformationEpoch = from.int32();
  const partitionsByUserEndpointCount = from.compactNullableArrayLength(7);
  const partitionsByUserEndpoint: EndpointToPartitions[] | null = partitionsByUserEndpointCount < 0 ? null : [];
  for (let left = partitionsByUserEndpointCount; left > 0; left--) partitionsByUserEndpoint!.push(readEndpointToPartitions(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, memberId, memberEpoch, heartbeatIntervalMs, acceptableRecoveryLag, taskOffsetIntervalMs, status, activeTasks, standbyTasks, warmupTasks, endpointInformationEpoch, partitionsByUserEndpoint };
}

export function writeStreamsGroupHeartbeatResponse(to: Writer, value: StreamsGroupHeartbeatResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactString(value.memberId);
  to.int32(value.memberEpoch);
  to.int32(value.heartbeatIntervalMs);
  to.int32(value.acceptableRecoveryLag);
  to.int32(value.taskOffsetIntervalMs);
  to.compactArrayLength(value.status?.length ?? -1);
  for (const each of value.status ?? []) writeStatus(to, each, version);
  to.compactArrayLength(value.activeTasks?.length ?? -1);
  for (const each of value.activeTasks ?? []) writeStreamsGroupHeartbeatResponseTaskIds(to, each, version);
  to.compactArrayLength(value.standbyTasks?.length ?? -1);
  for (const each of value.standbyTasks ?? []) writeStreamsGroupHeartbeatResponseTaskIds(to, each, version);
  to.compactArrayLength(value.warmupTasks?.length ?? -1);
  for (const each of value.warmupTasks ?? []) writeStreamsGroupHeartbeatResponseTaskIds(to, each, version);
  to.int32(value.endpointInformationEpoch);
  to.compactArrayLength(value.partitionsByUserEndpoint?.length ?? -1);
  for (const each of value.partitionsByUserEndpoint ?? []) writeEndpointToPartitions(to, each, version);
  to.noTags();
}

export function readEndpointToPartitions(from: Reader, version: number): EndpointToPartitions {
  const userEndpoint = readStreamsGroupHeartbeatResponseEndpoint(from, version);
  const activePartitions: TopicPartition[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) activePartitions.push(readTopicPartition(from, version));
  const standbyPartitions: TopicPartition[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) standbyPartitions.push(readTopicPartition(from, version));
  from.skipTags();
  return { userEndpoint, activePartitions, standbyPartitions };
}

export function writeEndpointToPartitions(to: Writer, value: EndpointToPartitions, version: number): void {
  writeStreamsGroupHeartbeatResponseEndpoint(to, value.userEndpoint, version);
  to.compactArrayLength(value.activePartitions.length);
  for (const each of value.activePartitions) writeTopicPartition(to, each, version);
  to.compactArrayLength(value.standbyPartitions.length);
  for (const each of value.standbyPartitions) writeTopicPartition(to, each, version);
  to.noTags();
}

export function readStatus(from: Reader, _version: number): Status {
  const statusCode = from.int8();
  const statusDetail = from.compactString();
  from.skipTags();
  return { statusCode, statusDetail };
}

export function writeStatus(to: Writer, value: Status, _version: number): void {
  to.int8(value.statusCode);
  to.compactString(value.statusDetail);
  to.noTags();
}

export function readTopicPartition(from: Reader, _version: number): TopicPartition {
  const topic = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topic, partitions };
}

export function writeTopicPartition(to: Writer, value: TopicPartition, _version: number): void {
  to.compactString(value.topic);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export function readStreamsGroupHeartbeatResponseTaskIds(from: Reader, _version: number): StreamsGroupHeartbeatResponseTaskIds {
  const subtopologyId = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { subtopologyId, partitions };
}

export function writeStreamsGroupHeartbeatResponseTaskIds(to: Writer, value: StreamsGroupHeartbeatResponseTaskIds, _version: number): void {
  to.compactString(value.subtopologyId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export function readStreamsGroupHeartbeatResponseEndpoint(from: Reader, _version: number): StreamsGroupHeartbeatResponseEndpoint {
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { host, port };
}

export function writeStreamsGroupHeartbeatResponseEndpoint(to: Writer, value: StreamsGroupHeartbeatResponseEndpoint, _version: number): void {
  to.compactString(value.host);
  to.uint16(value.port);
  to.noTags();
}

export const StreamsGroupHeartbeat: Message<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse> = {
  key: 88,
  name: "StreamsGroupHeartbeat",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readStreamsGroupHeartbeatRequest,
  writeRequest: writeStreamsGroupHeartbeatRequest,
  readResponse: readStreamsGroupHeartbeatResponse,
  writeResponse: writeStreamsGroupHeartbeatResponse,
};

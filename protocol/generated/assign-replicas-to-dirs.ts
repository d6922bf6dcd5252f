// From kafka-clients-4.3.1.jar: common/message/AssignReplicasToDirsRequest.json and common/message/AssignReplicasToDirsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AssignReplicasToDirsRequest {
  brokerId: number;
  brokerEpoch: number;
  directories: AssignReplicasToDirsRequestDirectoryData[];
}

export interface AssignReplicasToDirsRequestDirectoryData {
  id: string;
  topics: AssignReplicasToDirsRequestTopicData[];
}

export interface AssignReplicasToDirsRequestTopicData {
  topicId: string;
  partitions: AssignReplicasToDirsRequestPartitionData[];
}

export interface AssignReplicasToDirsRequestPartitionData {
  partitionIndex: number;
}

export function readAssignReplicasToDirsRequest(from: Reader, version: number): AssignReplicasToDirsRequest {
  const brokerId = from.int32();
  const brokerEpoch = from.int64();
  const directories: AssignReplicasToDirsRequestDirectoryData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) directories.push(readAssignReplicasToDirsRequestDirectoryData(from, version));
  from.skipTags();
  return { brokerId, brokerEpoch, directories };
}

export function writeAssignReplicasToDirsRequest(to: Writer, value: AssignReplicasToDirsRequest, version: number): void {
  to.int32(value.brokerId);
  to.int64(value.brokerEpoch);
  to.compactArrayLength(value.directories.length);
  for (const each of value.directories) writeAssignReplicasToDirsRequestDirectoryData(to, each, version);
  to.noTags();
}

export function readAssignReplicasToDirsRequestDirectoryData(from: Reader, version: number): AssignReplicasToDirsRequestDirectoryData {
  const id = from.uuid();
  const topics: AssignReplicasToDirsRequestTopicData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readAssignReplicasToDirsRequestTopicData(from, version));
  from.skipTags();
  return { id, topics };
}

export function writeAssignReplicasToDirsRequestDirectoryData(to: Writer, value: AssignReplicasToDirsRequestDirectoryData, version: number): void {
  to.uuid(value.id);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeAssignReplicasToDirsRequestTopicData(to, each, version);
  to.noTags();
}

export function readAssignReplicasToDirsRequestTopicData(from: Reader, version: number): AssignReplicasToDirsRequestTopicData {
  const topicId = from.uuid();
  const partitions: AssignReplicasToDirsRequestPartitionData[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) partitions.push(readAssignReplicasToDirsRequestPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeAssignReplicasToDirsRequestTopicData(to: Writer, value: AssignReplicasToDirsRequestTopicData, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeAssignReplicasToDirsRequestPartitionData(to, each, version);
  to.noTags();
}

export function readAssignReplicasToDirsRequestPartitionData(from: Reader, _version: number): AssignReplicasToDirsRequestPartitionData {
  const partitionIndex = from.int32();
  from.skipTags();
  return { partitionIndex };
}

export function writeAssignReplicasToDirsRequestPartitionData(to: Writer, value: AssignReplicasToDirsRequestPartitionData, _version: number): void {
  to.int32(value.partitionIndex);
  to.noTags();
}

export interface AssignReplicasToDirsResponse {
  throttleTimeMs: number;
  errorCode: number;
  directories: AssignReplicasToDirsResponseDirectoryData[];
}

export interface AssignReplicasToDirsResponseDirectoryData {
  id: string;
  topics: AssignReplicasToDirsResponseTopicData[];
}

export interface AssignReplicasToDirsResponseTopicData {
  topicId: string;
  partitions: AssignReplicasToDirsResponsePartitionData[];
}

export interface AssignReplicasToDirsResponsePartitionData {
  partitionIndex: number;
  errorCode: number;
}

export function readAssignReplicasToDirsResponse(from: Reader, version: number): AssignReplicasToDirsResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const directories: AssignReplicasToDirsResponseDirectoryData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) directories.push(readAssignReplicasToDirsResponseDirectoryData(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, directories };
}

export function writeAssignReplicasToDirsResponse(to: Writer, value: AssignReplicasToDirsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactArrayLength(value.directories.length);
  for (const each of value.directories) writeAssignReplicasToDirsResponseDirectoryData(to, each, version);
  to.noTags();
}

export function readAssignReplicasToDirsResponseDirectoryData(from: Reader, version: number): AssignReplicasToDirsResponseDirectoryData {
  const id = from.uuid();
  const topics: AssignReplicasToDirsResponseTopicData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readAssignReplicasToDirsResponseTopicData(from, version));
  from.skipTags();
  return { id, topics };
}

export function writeAssignReplicasToDirsResponseDirectoryData(to: Writer, value: AssignReplicasToDirsResponseDirectoryData, version: number): void {
  to.uuid(value.id);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeAssignReplicasToDirsResponseTopicData(to, each, version);
  to.noTags();
}

export function readAssignReplicasToDirsResponseTopicData(from: Reader, version: number): AssignReplicasToDirsResponseTopicData {
  const topicId = from.uuid();
  const partitions: AssignReplicasToDirsResponsePartitionData[] = [];
  for (let left = from.compactArrayLength(7); left > 0; left--) partitions.push(readAssignReplicasToDirsResponsePartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeAssignReplicasToDirsResponseTopicData(to: Writer, value: AssignReplicasToDirsResponseTopicData, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeAssignReplicasToDirsResponsePartitionData(to, each, version);
  to.noTags();
}

export function readAssignReplicasToDirsResponsePartitionData(from: Reader, _version: number): AssignReplicasToDirsResponsePartitionData {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  from.skipTags();
  return { partitionIndex, errorCode };
}

export function writeAssignReplicasToDirsResponsePartitionData(to: Writer, value: AssignReplicasToDirsResponsePartitionData, _version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.noTags();
}

export const AssignReplicasToDirs: Message<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse> = {
  key: 73,
  name: "AssignReplicasToDirs",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readAssignReplicasToDirsRequest,
  writeRequest: writeAssignReplicasToDirsRequest,
  readResponse: readAssignReplicasToDirsResponse,
  writeResponse: writeAssignReplicasToDirsResponse,
};

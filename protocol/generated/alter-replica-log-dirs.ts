// From kafka-clients-4.3.1.jar: common/message/AlterReplicaLogDirsRequest.json and common/message/AlterReplicaLogDirsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AlterReplicaLogDirsRequest {
  dirs: AlterReplicaLogDir[];
}

export interface AlterReplicaLogDir {
  path: string;
  topics: AlterReplicaLogDirTopic[];
}

export interface AlterReplicaLogDirTopic {
  name: string;
  partitions: number[];
}

export function readAlterReplicaLogDirsRequest(from: Reader, version: number): AlterReplicaLogDirsRequest {
  const flexible = version >= 2;
  const dirs: AlterReplicaLogDir[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) dirs.push(readAlterReplicaLogDir(from, version));
  if (flexible) from.skipTags();
  return { dirs };
}

export function writeAlterReplicaLogDirsRequest(to: Writer, value: AlterReplicaLogDirsRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactArrayLength(value.dirs.length);
  else to.arrayLength(value.dirs.length);
  for (const each of value.dirs) writeAlterReplicaLogDir(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterReplicaLogDir(from: Reader, version: number): AlterReplicaLogDir {
  const flexible = version >= 2;
  const path = flexible ? from.compactString() : from.string();
  const topics: AlterReplicaLogDirTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readAlterReplicaLogDirTopic(from, version));
  if (flexible) from.skipTags();
  return { path, topics };
}

export function writeAlterReplicaLogDir(to: Writer, value: AlterReplicaLogDir, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.path);
  else to.string(value.path);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeAlterReplicaLogDirTopic(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterReplicaLogDirTopic(from: Reader, version: number): AlterReplicaLogDirTopic {
  const flexible = version >= 2;
  const name = flexible ? from.compactString() : from.string();
  const partitions: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) partitions.push(from.int32());
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeAlterReplicaLogDirTopic(to: Writer, value: AlterReplicaLogDirTopic, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  if (flexible) to.noTags();
}

export interface AlterReplicaLogDirsResponse {
  throttleTimeMs: number;
  results: AlterReplicaLogDirTopicResult[];
}

export interface AlterReplicaLogDirTopicResult {
  topicName: string;
  partitions: AlterReplicaLogDirPartitionResult[];
}

export interface AlterReplicaLogDirPartitionResult {
  partitionIndex: number;
  errorCode: number;
}

export function readAlterReplicaLogDirsResponse(from: Reader, version: number): AlterReplicaLogDirsResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const results: AlterReplicaLogDirTopicResult[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) results.push(readAlterReplicaLogDirTopicResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, results };
}

export function writeAlterReplicaLogDirsResponse(to: Writer, value: AlterReplicaLogDirsResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.results.length);
  else to.arrayLength(value.results.length);
  for (const each of value.results) writeAlterReplicaLogDirTopicResult(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterReplicaLogDirTopicResult(from: Reader, version: number): AlterReplicaLogDirTopicResult {
  const flexible = version >= 2;
  const topicName = flexible ? from.compactString() : from.string();
  const partitions: AlterReplicaLogDirPartitionResult[] = [];
  for (let left = flexible ? from.compactArrayLength(7) : from.arrayLength(6); left > 0; left--) partitions.push(readAlterReplicaLogDirPartitionResult(from, version));
  if (flexible) from.skipTags();
  return { topicName, partitions };
}

export function writeAlterReplicaLogDirTopicResult(to: Writer, value: AlterReplicaLogDirTopicResult, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.topicName);
  else to.string(value.topicName);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeAlterReplicaLogDirPartitionResult(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterReplicaLogDirPartitionResult(from: Reader, version: number): AlterReplicaLogDirPartitionResult {
  const flexible = version >= 2;
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { partitionIndex, errorCode };
}

export function writeAlterReplicaLogDirPartitionResult(to: Writer, value: AlterReplicaLogDirPartitionResult, version: number): void {
  const flexible = version >= 2;
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export const AlterReplicaLogDirs: Message<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> = {
  key: 34,
  name: "AlterReplicaLogDirs",
  versions: [1, 2],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readAlterReplicaLogDirsRequest,
  writeRequest: writeAlterReplicaLogDirsRequest,
  readResponse: readAlterReplicaLogDirsResponse,
  writeResponse: writeAlterReplicaLogDirsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/AlterPartitionReassignmentsRequest.json and common/message/AlterPartitionReassignmentsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AlterPartitionReassignmentsRequest {
  timeoutMs: number;
  allowReplicationFactorChange: boolean;
  topics: ReassignableTopic[];
}

export interface ReassignableTopic {
  name: string;
  partitions: ReassignablePartition[];
}

export interface ReassignablePartition {
  partitionIndex: number;
  replicas: number[] | null;
}

export function readAlterPartitionReassignmentsRequest(from: Reader, version: number): AlterPartitionReassignmentsRequest {
  const timeoutMs = from.int32();
  const allowReplicationFactorChange = version === 0 ? true : from.bool();
  const topics: ReassignableTopic[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readReassignableTopic(from, version));
  from.skipTags();
  return { timeoutMs, allowReplicationFactorChange, topics };
}

export function writeAlterPartitionReassignmentsRequest(to: Writer, value: AlterPartitionReassignmentsRequest, version: number): void {
  to.int32(value.timeoutMs);
  if (version === 1) to.bool(value.allowReplicationFactorChange);
  if (version === 0 && !value.allowReplicationFactorChange) to.unsupported("AlterPartitionReassignmentsRequest.allowReplicationFactorChange", version);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeReassignableTopic(to, each, version);
  to.noTags();
}

export function readReassignableTopic(from: Reader, version: number): ReassignableTopic {
  const name = from.compactString();
  const partitions: ReassignablePartition[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) partitions.push(readReassignablePartition(from, version));
  from.skipTags();
  return { name, partitions };
}

export function writeReassignableTopic(to: Writer, value: ReassignableTopic, version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeReassignablePartition(to, each, version);
  to.noTags();
}

export function readReassignablePartition(from: Reader, _version: number): ReassignablePartition {
  const partitionIndex = from.int32();
  const replicasCount = from.compactNullableArrayLength(4);
  const replicas: number[] | null = replicasCount < 0 ? null : [];
  for (let left = replicasCount; left > 0; left--) replicas!.push(from.int32());
  from.skipTags();
  return { partitionIndex, replicas };
}

export function writeReassignablePartition(to: Writer, value: ReassignablePartition, _version: number): void {
  to.int32(value.partitionIndex);
  to.compactArrayLength(value.replicas?.length ?? -1);
  for (const each of value.replicas ?? []) to.int32(each);
  to.noTags();
}

export interface AlterPartitionReassignmentsResponse {
  throttleTimeMs: number;
  allowReplicationFactorChange: boolean;
  errorCode: number;
  errorMessage: string | null;
  responses: ReassignableTopicResponse[];
}

export interface ReassignableTopicResponse {
  name: string;
  partitions: ReassignablePartitionResponse[];
}

export interface ReassignablePartitionResponse {
  partitionIndex: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readAlterPartitionReassignmentsResponse(from: Reader, version: number): AlterPartitionReassignmentsResponse {
  const throttleTimeMs = from.int32();
  const allowReplicationFactorChange = version === 0 ? true : from.bool();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const responses: ReassignableTopicResponse[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) responses.push(readReassignableTopicResponse(from, version));
  from.skipTags();
  return { throttleTimeMs, allowReplicationFactorChange, errorCode, errorMessage, responses };
}

export function writeAlterPartitionReassignmentsResponse(to: Writer, value: AlterPartitionReassignmentsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  if (version === 1) to.bool(value.allowReplicationFactorChange);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactArrayLength(value.responses.length);
  for (const each of value.responses) writeReassignableTopicResponse(to, each, version);
  to.noTags();
}

export function readReassignableTopicResponse(from: Reader, version: number): ReassignableTopicResponse {
  const name = from.compactString();
  const partitions: ReassignablePartitionResponse[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) partitions.push(readReassignablePartitionResponse(from, version));
  from.skipTags();
  return { name, partitions };
}

export function writeReassignableTopicResponse(to: Writer, value: ReassignableTopicResponse, version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeReassignablePartitionResponse(to, each, version);
  to.noTags();
}

export function readReassignablePartitionResponse(from: Reader, _version: number): ReassignablePartitionResponse {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { partitionIndex, errorCode, errorMessage };
}

export function writeReassignablePartitionResponse(to: Writer, value: ReassignablePartitionResponse, _version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const AlterPartitionReassignments: Message<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> = {
  key: 45,
  name: "AlterPartitionReassignments",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readAlterPartitionReassignmentsRequest,
  writeRequest: writeAlterPartitionReassignmentsRequest,
  readResponse: readAlterPartitionReassignmentsResponse,
  writeResponse: writeAlterPartitionReassignmentsResponse,
};

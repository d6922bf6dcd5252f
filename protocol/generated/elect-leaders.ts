// From kafka-clients-4.3.1.jar: common/message/ElectLeadersRequest.json and common/message/ElectLeadersResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ElectLeadersRequest {
  electionType: number;
  topicPartitions: TopicPartitions[] | null;
  timeoutMs: number;
}

export interface TopicPartitions {
  topic: string;
  partitions: number[];
}

export function readElectLeadersRequest(from: Reader, version: number): ElectLeadersRequest {
  const flexible = version >= 2;
  const electionType = version === 0 ? 0 : from.int8();
  const topicPartitionsCount = flexible ? from.compactNullableArrayLength(3) : from.nullableArrayLength(6);
  const topicPartitions: TopicPartitions[] | null = topicPartitionsCount < 0 ? null : [];
  for (let left = topicPartitionsCount; left > 0; left--) topicPartitions!.push(readTopicPartitions(from, version));
  const timeoutMs = from.int32();
  if (flexible) from.skipTags();
  return { electionType, topicPartitions, timeoutMs };
}

export function writeElectLeadersRequest(to: Writer, value: ElectLeadersRequest, version: number): void {
  const flexible = version >= 2;
  if (version >= 1) to.int8(value.electionType);
  if (version === 0 && value.electionType !== 0) to.unsupported("ElectLeadersRequest.electionType", version);
  if (flexible) to.compactArrayLength(value.topicPartitions?.length ?? -1);
  else to.arrayLength(value.topicPartitions?.length ?? -1);
  for (const each of value.topicPartitions ?? []) writeTopicPartitions(to, each, version);
  to.int32(value.timeoutMs);
  if (flexible) to.noTags();
}

export function readTopicPartitions(from: Reader, version: number): TopicPartitions {
  const flexible = version >= 2;
  const topic = flexible ? from.compactString() : from.string();
  const partitions: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) partitions.push(from.int32());
  if (flexible) from.skipTags();
  return { topic, partitions };
}

export function writeTopicPartitions(to: Writer, value: TopicPartitions, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.topic);
  else to.string(value.topic);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  if (flexible) to.noTags();
}

export interface ElectLeadersResponse {
  throttleTimeMs: number;
  errorCode: number;
  replicaElectionResults: ReplicaElectionResult[];
}

export interface ReplicaElectionResult {
  topic: string;
  partitionResult: PartitionResult[];
}

export interface PartitionResult {
  partitionId: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readElectLeadersResponse(from: Reader, version: number): ElectLeadersResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const errorCode = version === 0 ? 0 : from.int16();
  const replicaElectionResults: ReplicaElectionResult[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) replicaElectionResults.push(readReplicaElectionResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, replicaElectionResults };
}

export function writeElectLeadersResponse(to: Writer, value: ElectLeadersResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  if (version >= 1) to.int16(value.errorCode);
  if (flexible) to.compactArrayLength(value.replicaElectionResults.length);
  else to.arrayLength(value.replicaElectionResults.length);
  for (const each of value.replicaElectionResults) writeReplicaElectionResult(to, each, version);
  if (flexible) to.noTags();
}

export function readReplicaElectionResult(from: Reader, version: number): ReplicaElectionResult {
  const flexible = version >= 2;
  const topic = flexible ? from.compactString() : from.string();
  const partitionResult: PartitionResult[] = [];
  for (let left = flexible ? from.compactArrayLength(8) : from.arrayLength(8); left > 0; left--) partitionResult.push(readPartitionResult(from, version));
  if (flexible) from.skipTags();
  return { topic, partitionResult };
}

export function writeReplicaElectionResult(to: Writer, value: ReplicaElectionResult, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.topic);
  else to.string(value.topic);
  if (flexible) to.compactArrayLength(value.partitionResult.length);
  else to.arrayLength(value.partitionResult.length);
  for (const each of value.partitionResult) writePartitionResult(to, each, version);
  if (flexible) to.noTags();
}

export function readPartitionResult(from: Reader, version: number): PartitionResult {
  const flexible = version >= 2;
  const partitionId = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { partitionId, errorCode, errorMessage };
}

export function writePartitionResult(to: Writer, value: PartitionResult, version: number): void {
  const flexible = version >= 2;
  to.int32(value.partitionId);
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.noTags();
}

export const ElectLeaders: Message<ElectLeadersRequest, ElectLeadersResponse> = {
  key: 43,
  name: "ElectLeaders",
  versions: [0, 2],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readElectLeadersRequest,
  writeRequest: writeElectLeadersRequest,
  readResponse: readElectLeadersResponse,
  writeResponse: writeElectLeadersResponse,
};

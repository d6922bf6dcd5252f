// From kafka-clients-4.3.1.jar: common/message/MetadataRequest.json and common/message/MetadataResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface MetadataRequest {
  topics: MetadataRequestTopic[] | null;
  allowAutoTopicCreation: boolean;
  includeClusterAuthorizedOperations: boolean;
  includeTopicAuthorizedOperations: boolean;
}

export interface MetadataRequestTopic {
  topicId: string;
  name: string | null;
}

export function readMetadataRequest(from: Reader, version: number): MetadataRequest {
  const flexible = version >= 9;
  const topicsCount = version === 0 ? from.arrayLength(2) : version <= 8 ? from.nullableArrayLength(2) : from.compactNullableArrayLength(2);
  const topics: MetadataRequestTopic[] | null = topicsCount < 0 ? null : [];
  for (let left = topicsCount; left > 0; left--) topics!.push(readMetadataRequestTopic(from, version));
  const allowAutoTopicCreation = version <= 3 ? true : from.bool();
  const includeClusterAuthorizedOperations = version <= 7 ? false : version <= 10 ? from.bool() : false;
  const includeTopicAuthorizedOperations = version <= 7 ? false : from.bool();
  if (flexible) from.skipTags();
  return { topics, allowAutoTopicCreation, includeClusterAuthorizedOperations, includeTopicAuthorizedOperations };
}

export function writeMetadataRequest(to: Writer, value: MetadataRequest, version: number): void {
  const flexible = version >= 9;
  if (flexible) to.compactArrayLength(value.topics?.length ?? -1);
  else if (version >= 1 && version <= 8) to.arrayLength(value.topics?.length ?? -1);
  else to.arrayLength(value.topics!.length);
  for (const each of value.topics ?? []) writeMetadataRequestTopic(to, each, version);
  if (version >= 4) to.bool(value.allowAutoTopicCreation);
  if (version <= 3 && !value.allowAutoTopicCreation) to.unsupported("MetadataRequest.allowAutoTopicCreation", version);
  if (version >= 8 && version <= 10) to.bool(value.includeClusterAuthorizedOperations);
  if (version <= 7 && value.includeClusterAuthorizedOperations) to.unsupported("MetadataRequest.includeClusterAuthorizedOperations", version);
  if (version >= 11 && value.includeClusterAuthorizedOperations) to.unsupported("MetadataRequest.includeClusterAuthorizedOperations", version);
  if (version >= 8) to.bool(value.includeTopicAuthorizedOperations);
  if (version <= 7 && value.includeTopicAuthorizedOperations) to.unsupported("MetadataRequest.includeTopicAuthorizedOperations", version);
  if (flexible) to.noTags();
}

export function readMetadataRequestTopic(from: Reader, version: number): MetadataRequestTopic {
  const flexible = version >= 9;
  const topicId = version <= 9 ? ZERO_UUID : from.uuid();
  const name: string | null = version <= 8 ? from.string() : version <= 9 ? from.compactString() : from.compactNullableString();
  if (flexible) from.skipTags();
  return { topicId, name };
}

export function writeMetadataRequestTopic(to: Writer, value: MetadataRequestTopic, version: number): void {
  const flexible = version >= 9;
  if (version >= 10) to.uuid(value.topicId);
  if (version >= 10) to.compactNullableString(value.name);
  else if (version === 9) to.compactString(value.name!);
  else to.string(value.name!);
  if (flexible) to.noTags();
}

export interface MetadataResponse {
  throttleTimeMs: number;
  brokers: MetadataResponseBroker[];
  clusterId: string | null;
  controllerId: number;
  topics: MetadataResponseTopic[];
  clusterAuthorizedOperations: number;
  errorCode: number;
}

export interface MetadataResponseBroker {
  nodeId: number;
  host: string;
  port: number;
  rack: string | null;
}

export interface MetadataResponseTopic {
  errorCode: number;
  name: string | null;
  topicId: string;
  isInternal: boolean;
  partitions: MetadataResponsePartition[];
  topicAuthorizedOperations: number;
}

export interface MetadataResponsePartition {
  errorCode: number;
  partitionIndex: number;
  leaderId: number;
  leaderEpoch: number;
  replicaNodes: number[];
  isrNodes: number[];
  offlineReplicas: number[];
}

export function readMetadataResponse(from: Reader, version: number): MetadataResponse {
  const flexible = version >= 9;
  const throttleTimeMs = version <= 2 ? 0 : from.int32();
  const brokers: MetadataResponseBroker[] = [];
  for (let left = flexible ? from.compactArrayLength(11) : from.arrayLength(10); left > 0; left--) brokers.push(readMetadataResponseBroker(from, version));
  const clusterId: string | null = version <= 1 ? null : version <= 8 ? from.nullableString() : from.compactNullableString();
  const controllerId = version === 0 ? -1 : from.int32();
  const topics: MetadataResponseTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(10) : from.arrayLength(8); left > 0; left--) topics.push(readMetadataResponseTopic(from, version));
  const clusterAuthorizedOperations = version <= 7 ? -2147483648 : version <= 10 ? from.int32() : -2147483648;
  const errorCode = version <= 12 ? 0 : from.int16();
  if (flexible) from.skipTags();
  return { throttleTimeMs, brokers, clusterId, controllerId, topics, clusterAuthorizedOperations, errorCode };
}

export function writeMetadataResponse(to: Writer, value: MetadataResponse, version: number): void {
  const flexible = version >= 9;
  if (version >= 3) to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.brokers.length);
  else to.arrayLength(value.brokers.length);
  for (const each of value.brokers) writeMetadataResponseBroker(to, each, version);
  if (flexible) to.compactNullableString(value.clusterId);
  else if (version >= 2 && version <= 8) to.nullableString(value.clusterId);
  if (version >= 1) to.int32(value.controllerId);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeMetadataResponseTopic(to, each, version);
  if (version >= 8 && version <= 10) to.int32(value.clusterAuthorizedOperations);
  if (version === 13) to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export function readMetadataResponseBroker(from: Reader, version: number): MetadataResponseBroker {
  const flexible = version >= 9;
  const nodeId = from.int32();
  const host = flexible ? from.compactString() : from.string();
  const port = from.int32();
  const rack: string | null = version === 0 ? null : version <= 8 ? from.nullableString() : from.compactNullableString();
  if (flexible) from.skipTags();
  return { nodeId, host, port, rack };
}

export function writeMetadataResponseBroker(to: Writer, value: MetadataResponseBroker, version: number): void {
  const flexible = version >= 9;
  to.int32(value.nodeId);
  if (flexible) to.compactString(value.host);
  else to.string(value.host);
  to.int32(value.port);
  if (flexible) to.compactNullableString(value.rack);
  else if (version >= 1 && version <= 8) to.nullableString(value.rack);
  if (flexible) to.noTags();
}

export function readMetadataResponseTopic(from: Reader, version: number): MetadataResponseTopic {
  const flexible = version >= 9;
  const errorCode = from.int16();
  const name: string | null = version <= 8 ? from.string() : version <= 11 ? from.compactString() : from.compactNullableString();
  const topicId = version <= 9 ? ZERO_UUID : from.uuid();
  const isInternal = version === 0 ? false : from.bool();
  const partitions: MetadataResponsePartition[] = [];
  for (let left = flexible ? from.compactArrayLength(18) : from.arrayLength(18); left > 0; left--) partitions.push(readMetadataResponsePartition(from, version));
  const topicAuthorizedOperations = version <= 7 ? -2147483648 : from.int32();
  if (flexible) from.skipTags();
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations };
}

export function writeMetadataResponseTopic(to: Writer, value: MetadataResponseTopic, version: number): void {
  const flexible = version >= 9;
  to.int16(value.errorCode);
  if (version >= 12) to.compactNullableString(value.name);
  else if (version >= 9 && version <= 11) to.compactString(value.name!);
  else to.string(value.name!);
  if (version >= 10) to.uuid(value.topicId);
  if (version >= 1) to.bool(value.isInternal);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeMetadataResponsePartition(to, each, version);
  if (version >= 8) to.int32(value.topicAuthorizedOperations);
  if (flexible) to.noTags();
}

export function readMetadataResponsePartition(from: Reader, version: number): MetadataResponsePartition {
  const flexible = version >= 9;
  const errorCode = from.int16();
  const partitionIndex = from.int32();
  const leaderId = from.int32();
  const leaderEpoch = version <= 6 ? -1 : from.int32();
  const replicaNodes: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) replicaNodes.push(from.int32());
  const isrNodes: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) isrNodes.push(from.int32());
  const offlineReplicas: number[] = [];
  for (let left = version <= 4 ? 0 : version <= 8 ? from.arrayLength(4) : from.compactArrayLength(4); left > 0; left--) offlineReplicas.push(from.int32());
  if (flexible) from.skipTags();
  return { errorCode, partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas };
}

export function writeMetadataResponsePartition(to: Writer, value: MetadataResponsePartition, version: number): void {
  const flexible = version >= 9;
  to.int16(value.errorCode);
  to.int32(value.partitionIndex);
  to.int32(value.leaderId);
  if (version >= 7) to.int32(value.leaderEpoch);
  if (flexible) to.compactArrayLength(value.replicaNodes.length);
  else to.arrayLength(value.replicaNodes.length);
  for (const each of value.replicaNodes) to.int32(each);
  if (flexible) to.compactArrayLength(value.isrNodes.length);
  else to.arrayLength(value.isrNodes.length);
  for (const each of value.isrNodes) to.int32(each);
  if (version >= 5) {
    if (flexible) to.compactArrayLength(value.offlineReplicas.length);
    else to.arrayLength(value.offlineReplicas.length);
    for (const each of value.offlineReplicas) to.int32(each);
  }
  if (flexible) to.noTags();
}

export const Metadata: Message<MetadataRequest, MetadataResponse> = {
  key: 3,
  name: "Metadata",
  versions: [0, 13],
  flexibleFrom: 9,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readMetadataRequest,
  writeRequest: writeMetadataRequest,
  readResponse: readMetadataResponse,
  writeResponse: writeMetadataResponse,
};

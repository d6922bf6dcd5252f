// From kafka-clients-4.3.1.jar: common/message/CreateTopicsRequest.json and common/message/CreateTopicsResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface CreateTopicsRequest {
  topics: CreatableTopic[];
  timeoutMs: number;
  validateOnly: boolean;
}

export interface CreatableTopic {
  name: string;
  numPartitions: number;
  replicationFactor: number;
  assignments: CreatableReplicaAssignment[];
  configs: CreatableTopicConfig[];
}

export interface CreatableReplicaAssignment {
  partitionIndex: number;
  brokerIds: number[];
}

export interface CreatableTopicConfig {
  name: string;
  value: string | null;
}

export function readCreateTopicsRequest(from: Reader, version: number): CreateTopicsRequest {
  const flexible = version >= 5;
  const topics: CreatableTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(10) : from.arrayLength(16); left > 0; left--) topics.push(readCreatableTopic(from, version));
  const timeoutMs = from.int32();
  const validateOnly = from.bool();
  if (flexible) from.skipTags();
  return { topics, timeoutMs, validateOnly };
}

export function writeCreateTopicsRequest(to: Writer, value: CreateTopicsRequest, version: number): void {
  const flexible = version >= 5;
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeCreatableTopic(to, each, version);
  to.int32(value.timeoutMs);
  to.bool(value.validateOnly);
  if (flexible) to.noTags();
}

export function readCreatableTopic(from: Reader, version: number): CreatableTopic {
  const flexible = version >= 5;
  const name = flexible ? from.compactString() : from.string();
  const numPartitions = from.int32();
  const replicationFactor = from.int16();
  const assignments: CreatableReplicaAssignment[] = [];
  for (let left = flexible ? from.compactArrayLength(6) : from.arrayLength(8); left > 0; left--) assignments.push(readCreatableReplicaAssignment(from, version));
  const configs: CreatableTopicConfig[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(4); left > 0; left--) configs.push(readCreatableTopicConfig(from, version));
  if (flexible) from.skipTags();
  return { name, numPartitions, replicationFactor, assignments, configs };
}

export function writeCreatableTopic(to: Writer, value: CreatableTopic, version: number): void {
  const flexible = version >= 5;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  to.int32(value.numPartitions);
  to.int16(value.replicationFactor);
  if (flexible) to.compactArrayLength(value.assignments.length);
  else to.arrayLength(value.assignments.length);
  for (const each of value.assignments) writeCreatableReplicaAssignment(to, each, version);
  if (flexible) to.compactArrayLength(value.configs.length);
  else to.arrayLength(value.configs.length);
  for (const each of value.configs) writeCreatableTopicConfig(to, each, version);
  if (flexible) to.noTags();
}

export function readCreatableReplicaAssignment(from: Reader, version: number): CreatableReplicaAssignment {
  const flexible = version >= 5;
  const partitionIndex = from.int32();
  const brokerIds: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) brokerIds.push(from.int32());
  if (flexible) from.skipTags();
  return { partitionIndex, brokerIds };
}

export function writeCreatableReplicaAssignment(to: Writer, value: CreatableReplicaAssignment, version: number): void {
  const flexible = version >= 5;
  to.int32(value.partitionIndex);
  if (flexible) to.compactArrayLength(value.brokerIds.length);
  else to.arrayLength(value.brokerIds.length);
  for (const each of value.brokerIds) to.int32(each);
  if (flexible) to.noTags();
}

export function readCreatableTopicConfig(from: Reader, version: number): CreatableTopicConfig {
  const flexible = version >= 5;
  const name = flexible ? from.compactString() : from.string();
  const value_: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { name, value: value_ };
}

export function writeCreatableTopicConfig(to: Writer, value: CreatableTopicConfig, version: number): void {
  const flexible = version >= 5;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactNullableString(value.value);
  else to.nullableString(value.value);
  if (flexible) to.noTags();
}

export interface CreateTopicsResponse {
  throttleTimeMs: number;
  topics: CreatableTopicResult[];
}

export interface CreatableTopicResult {
  name: string;
  topicId: string;
  errorCode: number;
  errorMessage: string | null;
  topicConfigErrorCode: number;
  numPartitions: number;
  replicationFactor: number;
  configs: CreatableTopicConfigs[] | null;
}

export interface CreatableTopicConfigs {
  name: string;
  value: string | null;
  readOnly: boolean;
  configSource: number;
  isSensitive: boolean;
}

export function readCreateTopicsResponse(from: Reader, version: number): CreateTopicsResponse {
  const flexible = version >= 5;
  const throttleTimeMs = from.int32();
  const topics: CreatableTopicResult[] = [];
  for (let left = flexible ? from.compactArrayLength(12) : from.arrayLength(6); left > 0; left--) topics.push(readCreatableTopicResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, topics };
}

export function writeCreateTopicsResponse(to: Writer, value: CreateTopicsResponse, version: number): void {
  const flexible = version >= 5;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeCreatableTopicResult(to, each, version);
  if (flexible) to.noTags();
}

export function readCreatableTopicResult(from: Reader, version: number): CreatableTopicResult {
  const flexible = version >= 5;
  const name = flexible ? from.compactString() : from.string();
  const topicId = version <= 6 ? ZERO_UUID : from.uuid();
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  let topicConfigErrorCode = 0;
  const numPartitions = flexible ? from.int32() : -1;
  const replicationFactor = flexible ? from.int16() : -1;
  const configsCount = flexible ? from.compactNullableArrayLength(6) : 0;
  const configs: CreatableTopicConfigs[] | null = configsCount < 0 ? null : [];
  for (let left = configsCount; left > 0; left--) configs!.push(readCreatableTopicConfigs(from, version));
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        topicConfigErrorCode = from.int16();
        break;
      }
      default: from.skip(size);
    }
  }
  return { name, topicId, errorCode, errorMessage, topicConfigErrorCode, numPartitions, replicationFactor, configs };
}

export function writeCreatableTopicResult(to: Writer, value: CreatableTopicResult, version: number): void {
  const flexible = version >= 5;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (version === 7) to.uuid(value.topicId);
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.int32(value.numPartitions);
  if (flexible) to.int16(value.replicationFactor);
  if (flexible) {
    to.compactArrayLength(value.configs?.length ?? -1);
    for (const each of value.configs ?? []) writeCreatableTopicConfigs(to, each, version);
  }
  if (flexible) {
    const hasTopicConfigErrorCode = value.topicConfigErrorCode !== 0;
    to.unsignedVarint(hasTopicConfigErrorCode ? 1 : 0);
    if (hasTopicConfigErrorCode) {
      const mark = to.openTag(0);
      to.int16(value.topicConfigErrorCode);
      to.closeTag(mark);
    }
  }
}

export function readCreatableTopicConfigs(from: Reader, _version: number): CreatableTopicConfigs {
  const name = from.compactString();
  const value_: string | null = from.compactNullableString();
  const readOnly = from.bool();
  const configSource = from.int8();
  const isSensitive = from.bool();
  from.skipTags();
  return { name, value: value_, readOnly, configSource, isSensitive };
}

export function writeCreatableTopicConfigs(to: Writer, value: CreatableTopicConfigs, _version: number): void {
  to.compactString(value.name);
  to.compactNullableString(value.value);
  to.bool(value.readOnly);
  to.int8(value.configSource);
  to.bool(value.isSensitive);
  to.noTags();
}

export const CreateTopics: Message<CreateTopicsRequest, CreateTopicsResponse> = {
  key: 19,
  name: "CreateTopics",
  versions: [2, 7],
  flexibleFrom: 5,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readCreateTopicsRequest,
  writeRequest: writeCreateTopicsRequest,
  readResponse: readCreateTopicsResponse,
  writeResponse: writeCreateTopicsResponse,
};

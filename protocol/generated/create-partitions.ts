// From kafka-clients-4.3.1.jar: common/message/CreatePartitionsRequest.json and common/message/CreatePartitionsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface CreatePartitionsRequest {
  topics: CreatePartitionsTopic[];
  timeoutMs: number;
  validateOnly: boolean;
}

export interface CreatePartitionsTopic {
  name: string;
  count: number;
  assignments: CreatePartitionsAssignment[] | null;
}

export interface CreatePartitionsAssignment {
  brokerIds: number[];
}

export function readCreatePartitionsRequest(from: Reader, version: number): CreatePartitionsRequest {
  const flexible = version >= 2;
  const topics: CreatePartitionsTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(7) : from.arrayLength(10); left > 0; left--) topics.push(readCreatePartitionsTopic(from, version));
  const timeoutMs = from.int32();
  const validateOnly = from.bool();
  if (flexible) from.skipTags();
  return { topics, timeoutMs, validateOnly };
}

export function writeCreatePartitionsRequest(to: Writer, value: CreatePartitionsRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeCreatePartitionsTopic(to, each, version);
  to.int32(value.timeoutMs);
  to.bool(value.validateOnly);
  if (flexible) to.noTags();
}

export function readCreatePartitionsTopic(from: Reader, version: number): CreatePartitionsTopic {
  const flexible = version >= 2;
  const name = flexible ? from.compactString() : from.string();
  const count = from.int32();
  const assignmentsCount = flexible ? from.compactNullableArrayLength(2) : from.nullableArrayLength(4);
  const assignments: CreatePartitionsAssignment[] | null = assignmentsCount < 0 ? null : [];
  for (let left = assignmentsCount; left > 0; left--) assignments!.push(readCreatePartitionsAssignment(from, version));
  if (flexible) from.skipTags();
  return { name, count, assignments };
}

export function writeCreatePartitionsTopic(to: Writer, value: CreatePartitionsTopic, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  to.int32(value.count);
  if (flexible) to.compactArrayLength(value.assignments?.length ?? -1);
  else to.arrayLength(value.assignments?.length ?? -1);
  for (const each of value.assignments ?? []) writeCreatePartitionsAssignment(to, each, version);
  if (flexible) to.noTags();
}

export function readCreatePartitionsAssignment(from: Reader, version: number): CreatePartitionsAssignment {
  const flexible = version >= 2;
  const brokerIds: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) brokerIds.push(from.int32());
  if (flexible) from.skipTags();
  return { brokerIds };
}

export function writeCreatePartitionsAssignment(to: Writer, value: CreatePartitionsAssignment, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactArrayLength(value.brokerIds.length);
  else to.arrayLength(value.brokerIds.length);
  for (const each of value.brokerIds) to.int32(each);
  if (flexible) to.noTags();
}

export interface CreatePartitionsResponse {
  throttleTimeMs: number;
  results: CreatePartitionsTopicResult[];
}

export interface CreatePartitionsTopicResult {
  name: string;
  errorCode: number;
  errorMessage: string | null;
}

export function readCreatePartitionsResponse(from: Reader, version: number): CreatePartitionsResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const results: CreatePartitionsTopicResult[] = [];
  for (let left = flexible ? from.compactArrayLength(5) : from.arrayLength(6); left > 0; left--) results.push(readCreatePartitionsTopicResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, results };
}

export function writeCreatePartitionsResponse(to: Writer, value: CreatePartitionsResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.results.length);
  else to.arrayLength(value.results.length);
  for (const each of value.results) writeCreatePartitionsTopicResult(to, each, version);
  if (flexible) to.noTags();
}

export function readCreatePartitionsTopicResult(from: Reader, version: number): CreatePartitionsTopicResult {
  const flexible = version >= 2;
  const name = flexible ? from.compactString() : from.string();
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { name, errorCode, errorMessage };
}

export function writeCreatePartitionsTopicResult(to: Writer, value: CreatePartitionsTopicResult, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.noTags();
}

export const CreatePartitions: Message<CreatePartitionsRequest, CreatePartitionsResponse> = {
  key: 37,
  name: "CreatePartitions",
  versions: [0, 3],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readCreatePartitionsRequest,
  writeRequest: writeCreatePartitionsRequest,
  readResponse: readCreatePartitionsResponse,
  writeResponse: writeCreatePartitionsResponse,
};

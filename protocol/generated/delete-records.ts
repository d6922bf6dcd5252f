// From kafka-clients-4.3.1.jar: common/message/DeleteRecordsRequest.json and common/message/DeleteRecordsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DeleteRecordsRequest {
  topics: DeleteRecordsTopic[];
  timeoutMs: number;
}

export interface DeleteRecordsTopic {
  name: string;
  partitions: DeleteRecordsPartition[];
}

export interface DeleteRecordsPartition {
  partitionIndex: number;
  offset: number;
}

export function readDeleteRecordsRequest(from: Reader, version: number): DeleteRecordsRequest {
  const flexible = version >= 2;
  const topics: DeleteRecordsTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readDeleteRecordsTopic(from, version));
  const timeoutMs = from.int32();
  if (flexible) from.skipTags();
  return { topics, timeoutMs };
}

export function writeDeleteRecordsRequest(to: Writer, value: DeleteRecordsRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeDeleteRecordsTopic(to, each, version);
  to.int32(value.timeoutMs);
  if (flexible) to.noTags();
}

export function readDeleteRecordsTopic(from: Reader, version: number): DeleteRecordsTopic {
  const flexible = version >= 2;
  const name = flexible ? from.compactString() : from.string();
  const partitions: DeleteRecordsPartition[] = [];
  for (let left = flexible ? from.compactArrayLength(13) : from.arrayLength(12); left > 0; left--) partitions.push(readDeleteRecordsPartition(from, version));
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeDeleteRecordsTopic(to: Writer, value: DeleteRecordsTopic, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeDeleteRecordsPartition(to, each, version);
  if (flexible) to.noTags();
}

export function readDeleteRecordsPartition(from: Reader, version: number): DeleteRecordsPartition {
  const flexible = version >= 2;
  const partitionIndex = from.int32();
  const offset = from.int64();
  if (flexible) from.skipTags();
  return { partitionIndex, offset };
}

export function writeDeleteRecordsPartition(to: Writer, value: DeleteRecordsPartition, version: number): void {
  const flexible = version >= 2;
  to.int32(value.partitionIndex);
  to.int64(value.offset);
  if (flexible) to.noTags();
}

export interface DeleteRecordsResponse {
  throttleTimeMs: number;
  topics: DeleteRecordsTopicResult[];
}

export interface DeleteRecordsTopicResult {
  name: string;
  partitions: DeleteRecordsPartitionResult[];
}

export interface DeleteRecordsPartitionResult {
  partitionIndex: number;
  lowWatermark: number;
  errorCode: number;
}

export function readDeleteRecordsResponse(from: Reader, version: number): DeleteRecordsResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const topics: DeleteRecordsTopicResult[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readDeleteRecordsTopicResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, topics };
}

export function writeDeleteRecordsResponse(to: Writer, value: DeleteRecordsResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeDeleteRecordsTopicResult(to, each, version);
  if (flexible) to.noTags();
}

export function readDeleteRecordsTopicResult(from: Reader, version: number): DeleteRecordsTopicResult {
  const flexible = version >= 2;
  const name = flexible ? from.compactString() : from.string();
  const partitions: DeleteRecordsPartitionResult[] = [];
  for (let left = flexible ? from.compactArrayLength(15) : from.arrayLength(14); left > 0; left--) partitions.push(readDeleteRecordsPartitionResult(from, version));
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeDeleteRecordsTopicResult(to: Writer, value: DeleteRecordsTopicResult, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeDeleteRecordsPartitionResult(to, each, version);
  if (flexible) to.noTags();
}

export function readDeleteRecordsPartitionResult(from: Reader, version: number): DeleteRecordsPartitionResult {
  const flexible = version >= 2;
  const partitionIndex = from.int32();
  const lowWatermark = from.int64();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { partitionIndex, lowWatermark, errorCode };
}

export function writeDeleteRecordsPartitionResult(to: Writer, value: DeleteRecordsPartitionResult, version: number): void {
  const flexible = version >= 2;
  to.int32(value.partitionIndex);
  to.int64(value.lowWatermark);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export const DeleteRecords: Message<DeleteRecordsRequest, DeleteRecordsResponse> = {
  key: 21,
  name: "DeleteRecords",
  versions: [0, 2],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDeleteRecordsRequest,
  writeRequest: writeDeleteRecordsRequest,
  readResponse: readDeleteRecordsResponse,
  writeResponse: writeDeleteRecordsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/DeleteShareGroupStateRequest.json and common/message/DeleteShareGroupStateResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DeleteShareGroupStateRequest {
  groupId: string;
  topics: DeleteStateData[];
}

export interface DeleteStateData {
  topicId: string;
  partitions: PartitionData[];
}

export interface PartitionData {
  partition: number;
}

export function readDeleteShareGroupStateRequest(from: Reader, version: number): DeleteShareGroupStateRequest {
  const groupId = from.compactString();
  const topics: DeleteStateData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readDeleteStateData(from, version));
  from.skipTags();
  return { groupId, topics };
}

export function writeDeleteShareGroupStateRequest(to: Writer, value: DeleteShareGroupStateRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeDeleteStateData(to, each, version);
  to.noTags();
}

export function readDeleteStateData(from: Reader, version: number): DeleteStateData {
  const topicId = from.uuid();
  const partitions: PartitionData[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) partitions.push(readPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeDeleteStateData(to: Writer, value: DeleteStateData, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionData(to, each, version);
  to.noTags();
}

export function readPartitionData(from: Reader, _version: number): PartitionData {
  const partition = from.int32();
  from.skipTags();
  return { partition };
}

export function writePartitionData(to: Writer, value: PartitionData, _version: number): void {
  to.int32(value.partition);
  to.noTags();
}

export interface DeleteShareGroupStateResponse {
  results: DeleteStateResult[];
}

export interface DeleteStateResult {
  topicId: string;
  partitions: PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readDeleteShareGroupStateResponse(from: Reader, version: number): DeleteShareGroupStateResponse {
  const results: DeleteStateResult[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) results.push(readDeleteStateResult(from, version));
  from.skipTags();
  return { results };
}

export function writeDeleteShareGroupStateResponse(to: Writer, value: DeleteShareGroupStateResponse, version: number): void {
  to.compactArrayLength(value.results.length);
  for (const each of value.results) writeDeleteStateResult(to, each, version);
  to.noTags();
}

export function readDeleteStateResult(from: Reader, version: number): DeleteStateResult {
  const topicId = from.uuid();
  const partitions: PartitionResult[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) partitions.push(readPartitionResult(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeDeleteStateResult(to: Writer, value: DeleteStateResult, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionResult(to, each, version);
  to.noTags();
}

export function readPartitionResult(from: Reader, _version: number): PartitionResult {
  const partition = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { partition, errorCode, errorMessage };
}

export function writePartitionResult(to: Writer, value: PartitionResult, _version: number): void {
  to.int32(value.partition);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const DeleteShareGroupState: Message<DeleteShareGroupStateRequest, DeleteShareGroupStateResponse> = {
  key: 86,
  name: "DeleteShareGroupState",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDeleteShareGroupStateRequest,
  writeRequest: writeDeleteShareGroupStateRequest,
  readResponse: readDeleteShareGroupStateResponse,
  writeResponse: writeDeleteShareGroupStateResponse,
};

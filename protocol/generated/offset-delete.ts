// From kafka-clients-4.3.1.jar: common/message/OffsetDeleteRequest.json and common/message/OffsetDeleteResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface OffsetDeleteRequest {
  groupId: string;
  topics: OffsetDeleteRequestTopic[];
}

export interface OffsetDeleteRequestTopic {
  name: string;
  partitions: OffsetDeleteRequestPartition[];
}

export interface OffsetDeleteRequestPartition {
  partitionIndex: number;
}

export function readOffsetDeleteRequest(from: Reader, version: number): OffsetDeleteRequest {
  const groupId = from.string();
  const topics: OffsetDeleteRequestTopic[] = [];
  for (let left = from.arrayLength(6); left > 0; left--) topics.push(readOffsetDeleteRequestTopic(from, version));
  return { groupId, topics };
}

export function writeOffsetDeleteRequest(to: Writer, value: OffsetDeleteRequest, version: number): void {
  to.string(value.groupId);
  to.arrayLength(value.topics.length);
  for (const each of value.topics) writeOffsetDeleteRequestTopic(to, each, version);
}

export function readOffsetDeleteRequestTopic(from: Reader, version: number): OffsetDeleteRequestTopic {
  const name = from.string();
  const partitions: OffsetDeleteRequestPartition[] = [];
  for (let left = from.arrayLength(4); left > 0; left--) partitions.push(readOffsetDeleteRequestPartition(from, version));
  return { name, partitions };
}

export function writeOffsetDeleteRequestTopic(to: Writer, value: OffsetDeleteRequestTopic, version: number): void {
  to.string(value.name);
  to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeOffsetDeleteRequestPartition(to, each, version);
}

export function readOffsetDeleteRequestPartition(from: Reader, _version: number): OffsetDeleteRequestPartition {
  const partitionIndex = from.int32();
  return { partitionIndex };
}

export function writeOffsetDeleteRequestPartition(to: Writer, value: OffsetDeleteRequestPartition, _version: number): void {
  to.int32(value.partitionIndex);
}

export interface OffsetDeleteResponse {
  errorCode: number;
  throttleTimeMs: number;
  topics: OffsetDeleteResponseTopic[];
}

export interface OffsetDeleteResponseTopic {
  name: string;
  partitions: OffsetDeleteResponsePartition[];
}

export interface OffsetDeleteResponsePartition {
  partitionIndex: number;
  errorCode: number;
}

export function readOffsetDeleteResponse(from: Reader, version: number): OffsetDeleteResponse {
  const errorCode = from.int16();
  const throttleTimeMs = from.int32();
  const topics: OffsetDeleteResponseTopic[] = [];
  for (let left = from.arrayLength(6); left > 0; left--) topics.push(readOffsetDeleteResponseTopic(from, version));
  return { errorCode, throttleTimeMs, topics };
}

export function writeOffsetDeleteResponse(to: Writer, value: OffsetDeleteResponse, version: number): void {
  to.int16(value.errorCode);
  to.int32(value.throttleTimeMs);
  to.arrayLength(value.topics.length);
  for (const each of value.topics) writeOffsetDeleteResponseTopic(to, each, version);
}

export function readOffsetDeleteResponseTopic(from: Reader, version: number): OffsetDeleteResponseTopic {
  const name = from.string();
  const partitions: OffsetDeleteResponsePartition[] = [];
  for (let left = from.arrayLength(6); left > 0; left--) partitions.push(readOffsetDeleteResponsePartition(from, version));
  return { name, partitions };
}

export function writeOffsetDeleteResponseTopic(to: Writer, value: OffsetDeleteResponseTopic, version: number): void {
  to.string(value.name);
  to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeOffsetDeleteResponsePartition(to, each, version);
}

export function readOffsetDeleteResponsePartition(from: Reader, _version: number): OffsetDeleteResponsePartition {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  return { partitionIndex, errorCode };
}

export function writeOffsetDeleteResponsePartition(to: Writer, value: OffsetDeleteResponsePartition, _version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
}

export const OffsetDelete: Message<OffsetDeleteRequest, OffsetDeleteResponse> = {
  key: 47,
  name: "OffsetDelete",
  versions: [0, 0],
  flexibleFrom: Infinity,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readOffsetDeleteRequest,
  writeRequest: writeOffsetDeleteRequest,
  readResponse: readOffsetDeleteResponse,
  writeResponse: writeOffsetDeleteResponse,
};

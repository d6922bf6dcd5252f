// From kafka-clients-4.3.1.jar: common/message/ListPartitionReassignmentsRequest.json and common/message/ListPartitionReassignmentsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ListPartitionReassignmentsRequest {
  timeoutMs: number;
  topics: ListPartitionReassignmentsTopics[] | null;
}

export interface ListPartitionReassignmentsTopics {
  name: string;
  partitionIndexes: number[];
}

export function readListPartitionReassignmentsRequest(from: Reader, version: number): ListPartitionReassignmentsRequest {
  const timeoutMs = from.int32();
  const topicsCount = from.compactNullableArrayLength(3);
  const topics: ListPartitionReassignmentsTopics[] | null = topicsCount < 0 ? null : [];
  for (let left = topicsCount; left > 0; left--) topics!.push(readListPartitionReassignmentsTopics(from, version));
  from.skipTags();
  return { timeoutMs, topics };
}

export function writeListPartitionReassignmentsRequest(to: Writer, value: ListPartitionReassignmentsRequest, version: number): void {
  to.int32(value.timeoutMs);
  to.compactArrayLength(value.topics?.length ?? -1);
  for (const each of value.topics ?? []) writeListPartitionReassignmentsTopics(to, each, version);
  to.noTags();
}

export function readListPartitionReassignmentsTopics(from: Reader, _version: number): ListPartitionReassignmentsTopics {
  const name = from.compactString();
  const partitionIndexes: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitionIndexes.push(from.int32());
  from.skipTags();
  return { name, partitionIndexes };
}

export function writeListPartitionReassignmentsTopics(to: Writer, value: ListPartitionReassignmentsTopics, _version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitionIndexes.length);
  for (const each of value.partitionIndexes) to.int32(each);
  to.noTags();
}

export interface ListPartitionReassignmentsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  topics: OngoingTopicReassignment[];
}

export interface OngoingTopicReassignment {
  name: string;
  partitions: OngoingPartitionReassignment[];
}

export interface OngoingPartitionReassignment {
  partitionIndex: number;
  replicas: number[];
  addingReplicas: number[];
  removingReplicas: number[];
}

export function readListPartitionReassignmentsResponse(from: Reader, version: number): ListPartitionReassignmentsResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const topics: OngoingTopicReassignment[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readOngoingTopicReassignment(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, topics };
}

export function writeListPartitionReassignmentsResponse(to: Writer, value: ListPartitionReassignmentsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeOngoingTopicReassignment(to, each, version);
  to.noTags();
}

export function readOngoingTopicReassignment(from: Reader, version: number): OngoingTopicReassignment {
  const name = from.compactString();
  const partitions: OngoingPartitionReassignment[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) partitions.push(readOngoingPartitionReassignment(from, version));
  from.skipTags();
  return { name, partitions };
}

export function writeOngoingTopicReassignment(to: Writer, value: OngoingTopicReassignment, version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeOngoingPartitionReassignment(to, each, version);
  to.noTags();
}

export function readOngoingPartitionReassignment(from: Reader, _version: number): OngoingPartitionReassignment {
  const partitionIndex = from.int32();
  const replicas: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) replicas.push(from.int32());
  const addingReplicas: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) addingReplicas.push(from.int32());
  const removingReplicas: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) removingReplicas.push(from.int32());
  from.skipTags();
  return { partitionIndex, replicas, addingReplicas, removingReplicas };
}

export function writeOngoingPartitionReassignment(to: Writer, value: OngoingPartitionReassignment, _version: number): void {
  to.int32(value.partitionIndex);
  to.compactArrayLength(value.replicas.length);
  for (const each of value.replicas) to.int32(each);
  to.compactArrayLength(value.addingReplicas.length);
  for (const each of value.addingReplicas) to.int32(each);
  to.compactArrayLength(value.removingReplicas.length);
  for (const each of value.removingReplicas) to.int32(each);
  to.noTags();
}

export const ListPartitionReassignments: Message<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> = {
  key: 46,
  name: "ListPartitionReassignments",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readListPartitionReassignmentsRequest,
  writeRequest: writeListPartitionReassignmentsRequest,
  readResponse: readListPartitionReassignmentsResponse,
  writeResponse: writeListPartitionReassignmentsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/WriteTxnMarkersRequest.json and common/message/WriteTxnMarkersResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface WriteTxnMarkersRequest {
  markers: WritableTxnMarker[];
}

export interface WritableTxnMarker {
  producerId: number;
  producerEpoch: number;
  transactionResult: boolean;
  topics: WritableTxnMarkerTopic[];
  coordinatorEpoch: number;
  transactionVersion: number;
}

export interface WritableTxnMarkerTopic {
  name: string;
  partitionIndexes: number[];
}

export function readWriteTxnMarkersRequest(from: Reader, version: number): WriteTxnMarkersRequest {
  const markers: WritableTxnMarker[] = [];
  for (let left = from.compactArrayLength(17); left > 0; left--) markers.push(readWritableTxnMarker(from, version));
  from.skipTags();
  return { markers };
}

export function writeWriteTxnMarkersRequest(to: Writer, value: WriteTxnMarkersRequest, version: number): void {
  to.compactArrayLength(value.markers.length);
  for (const each of value.markers) writeWritableTxnMarker(to, each, version);
  to.noTags();
}

export function readWritableTxnMarker(from: Reader, version: number): WritableTxnMarker {
  const producerId = from.int64();
  const producerEpoch = from.int16();
  const transactionResult = from.bool();
  const topics: WritableTxnMarkerTopic[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readWritableTxnMarkerTopic(from, version));
  const coordinatorEpoch = from.int32();
  const transactionVersion = version === 1 ? 0 : from.int8();
  from.skipTags();
  return { producerId, producerEpoch, transactionResult, topics, coordinatorEpoch, transactionVersion };
}

export function writeWritableTxnMarker(to: Writer, value: WritableTxnMarker, version: number): void {
  to.int64(value.producerId);
  to.int16(value.producerEpoch);
  to.bool(value.transactionResult);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeWritableTxnMarkerTopic(to, each, version);
  to.int32(value.coordinatorEpoch);
  if (version === 2) to.int8(value.transactionVersion);
  to.noTags();
}

export function readWritableTxnMarkerTopic(from: Reader, _version: number): WritableTxnMarkerTopic {
  const name = from.compactString();
  const partitionIndexes: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitionIndexes.push(from.int32());
  from.skipTags();
  return { name, partitionIndexes };
}

export function writeWritableTxnMarkerTopic(to: Writer, value: WritableTxnMarkerTopic, _version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitionIndexes.length);
  for (const each of value.partitionIndexes) to.int32(each);
  to.noTags();
}

export interface WriteTxnMarkersResponse {
  markers: WritableTxnMarkerResult[];
}

export interface WritableTxnMarkerResult {
  producerId: number;
  topics: WritableTxnMarkerTopicResult[];
}

export interface WritableTxnMarkerTopicResult {
  name: string;
  partitions: WritableTxnMarkerPartitionResult[];
}

export interface WritableTxnMarkerPartitionResult {
  partitionIndex: number;
  errorCode: number;
}

export function readWriteTxnMarkersResponse(from: Reader, version: number): WriteTxnMarkersResponse {
  const markers: WritableTxnMarkerResult[] = [];
  for (let left = from.compactArrayLength(10); left > 0; left--) markers.push(readWritableTxnMarkerResult(from, version));
  from.skipTags();
  return { markers };
}

export function writeWriteTxnMarkersResponse(to: Writer, value: WriteTxnMarkersResponse, version: number): void {
  to.compactArrayLength(value.markers.length);
  for (const each of value.markers) writeWritableTxnMarkerResult(to, each, version);
  to.noTags();
}

export function readWritableTxnMarkerResult(from: Reader, version: number): WritableTxnMarkerResult {
  const producerId = from.int64();
  const topics: WritableTxnMarkerTopicResult[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readWritableTxnMarkerTopicResult(from, version));
  from.skipTags();
  return { producerId, topics };
}

export function writeWritableTxnMarkerResult(to: Writer, value: WritableTxnMarkerResult, version: number): void {
  to.int64(value.producerId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeWritableTxnMarkerTopicResult(to, each, version);
  to.noTags();
}

export function readWritableTxnMarkerTopicResult(from: Reader, version: number): WritableTxnMarkerTopicResult {
  const name = from.compactString();
  const partitions: WritableTxnMarkerPartitionResult[] = [];
  for (let left = from.compactArrayLength(7); left > 0; left--) partitions.push(readWritableTxnMarkerPartitionResult(from, version));
  from.skipTags();
  return { name, partitions };
}

export function writeWritableTxnMarkerTopicResult(to: Writer, value: WritableTxnMarkerTopicResult, version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeWritableTxnMarkerPartitionResult(to, each, version);
  to.noTags();
}

export function readWritableTxnMarkerPartitionResult(from: Reader, _version: number): WritableTxnMarkerPartitionResult {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  from.skipTags();
  return { partitionIndex, errorCode };
}

export function writeWritableTxnMarkerPartitionResult(to: Writer, value: WritableTxnMarkerPartitionResult, _version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.noTags();
}

export const WriteTxnMarkers: Message<WriteTxnMarkersRequest, WriteTxnMarkersResponse> = {
  key: 27,
  name: "WriteTxnMarkers",
  versions: [1, 2],
  flexibleFrom: 1,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readWriteTxnMarkersRequest,
  writeRequest: writeWriteTxnMarkersRequest,
  readResponse: readWriteTxnMarkersResponse,
  writeResponse: writeWriteTxnMarkersResponse,
};

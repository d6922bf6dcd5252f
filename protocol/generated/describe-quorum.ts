// From kafka-clients-4.3.1.jar: common/message/DescribeQuorumRequest.json and common/message/DescribeQuorumResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeQuorumRequest {
  topics: DescribeQuorumRequestTopicData[];
}

export interface DescribeQuorumRequestTopicData {
  topicName: string;
  partitions: DescribeQuorumRequestPartitionData[];
}

export interface DescribeQuorumRequestPartitionData {
  partitionIndex: number;
}

export function readDescribeQuorumRequest(from: Reader, version: number): DescribeQuorumRequest {
  const topics: DescribeQuorumRequestTopicData[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readDescribeQuorumRequestTopicData(from, version));
  from.skipTags();
  return { topics };
}

export function writeDescribeQuorumRequest(to: Writer, value: DescribeQuorumRequest, version: number): void {
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeDescribeQuorumRequestTopicData(to, each, version);
  to.noTags();
}

export function readDescribeQuorumRequestTopicData(from: Reader, version: number): DescribeQuorumRequestTopicData {
  const topicName = from.compactString();
  const partitions: DescribeQuorumRequestPartitionData[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) partitions.push(readDescribeQuorumRequestPartitionData(from, version));
  from.skipTags();
  return { topicName, partitions };
}

export function writeDescribeQuorumRequestTopicData(to: Writer, value: DescribeQuorumRequestTopicData, version: number): void {
  to.compactString(value.topicName);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeDescribeQuorumRequestPartitionData(to, each, version);
  to.noTags();
}

export function readDescribeQuorumRequestPartitionData(from: Reader, _version: number): DescribeQuorumRequestPartitionData {
  const partitionIndex = from.int32();
  from.skipTags();
  return { partitionIndex };
}

export function writeDescribeQuorumRequestPartitionData(to: Writer, value: DescribeQuorumRequestPartitionData, _version: number): void {
  to.int32(value.partitionIndex);
  to.noTags();
}

export interface DescribeQuorumResponse {
  errorCode: number;
  errorMessage: string | null;
  topics: DescribeQuorumResponseTopicData[];
  nodes: Node[];
}

export interface DescribeQuorumResponseTopicData {
  topicName: string;
  partitions: DescribeQuorumResponsePartitionData[];
}

export interface DescribeQuorumResponsePartitionData {
  partitionIndex: number;
  errorCode: number;
  errorMessage: string | null;
  leaderId: number;
  leaderEpoch: number;
  highWatermark: number;
  currentVoters: ReplicaState[];
  observers: ReplicaState[];
}

export interface Node {
  nodeId: number;
  listeners: Listener[];
}

export interface Listener {
  name: string;
  host: string;
  port: number;
}

export interface ReplicaState {
  replicaId: number;
  replicaDirectoryId: string;
  logEndOffset: number;
  lastFetchTimestamp: number;
  lastCaughtUpTimestamp: number;
}

export function readDescribeQuorumResponse(from: Reader, version: number): DescribeQuorumResponse {
  const errorCode = from.int16();
  const errorMessage: string | null = version <= 1 ? "" : from.compactNullableString();
  const topics: DescribeQuorumResponseTopicData[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readDescribeQuorumResponseTopicData(from, version));
  const nodes: Node[] = [];
  for (let left = version <= 1 ? 0 : from.compactArrayLength(6); left > 0; left--) nodes.push(readNode(from, version));
  from.skipTags();
  return { errorCode, errorMessage, topics, nodes };
}

export function writeDescribeQuorumResponse(to: Writer, value: DescribeQuorumResponse, version: number): void {
  to.int16(value.errorCode);
  if (version === 2) to.compactNullableString(value.errorMessage);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeDescribeQuorumResponseTopicData(to, each, version);
  if (version === 2) {
    to.compactArrayLength(value.nodes.length);
    for (const each of value.nodes) writeNode(to, each, version);
  }
  to.noTags();
}

export function readDescribeQuorumResponseTopicData(from: Reader, version: number): DescribeQuorumResponseTopicData {
  const topicName = from.compactString();
  const partitions: DescribeQuorumResponsePartitionData[] = [];
  for (let left = from.compactArrayLength(25); left > 0; left--) partitions.push(readDescribeQuorumResponsePartitionData(from, version));
  from.skipTags();
  return { topicName, partitions };
}

export function writeDescribeQuorumResponseTopicData(to: Writer, value: DescribeQuorumResponseTopicData, version: number): void {
  to.compactString(value.topicName);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeDescribeQuorumResponsePartitionData(to, each, version);
  to.noTags();
}

export function readDescribeQuorumResponsePartitionData(from: Reader, version: number): DescribeQuorumResponsePartitionData {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = version <= 1 ? "" : from.compactNullableString();
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  const highWatermark = from.int64();
  const currentVoters: ReplicaState[] = [];
  for (let left = from.compactArrayLength(13); left > 0; left--) currentVoters.push(readReplicaState(from, version));
  const observers: ReplicaState[] = [];
  for (let left = from.compactArrayLength(13); left > 0; left--) observers.push(readReplicaState(from, version));
  from.skipTags();
  return { partitionIndex, errorCode, errorMessage, leaderId, leaderEpoch, highWatermark, currentVoters, observers };
}

export function writeDescribeQuorumResponsePartitionData(to: Writer, value: DescribeQuorumResponsePartitionData, version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  if (version === 2) to.compactNullableString(value.errorMessage);
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  to.int64(value.highWatermark);
  to.compactArrayLength(value.currentVoters.length);
  for (const each of value.currentVoters) writeReplicaState(to, each, version);
  to.compactArrayLength(value.observers.length);
  for (const each of value.observers) writeReplicaState(to, each, version);
  to.noTags();
}

export function readNode(from: Reader, version: number): Node {
  const nodeId = from.int32();
  const listeners: Listener[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) listeners.push(readListener(from, version));
  from.skipTags();
  return { nodeId, listeners };
}

export function writeNode(to: Writer, value: Node, version: number): void {
  to.int32(value.nodeId);
  to.compactArrayLength(value.listeners.length);
  for (const each of value.listeners) writeListener(to, each, version);
  to.noTags();
}

export function readListener(from: Reader, _version: number): Listener {
  const name = from.compactString();
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { name, host, port };
}

export function writeListener(to: Writer, value: Listener, _version: number): void {
  to.compactString(value.name);
  to.compactString(value.host);
  to.uint16(value.port);
  to.noTags();
}

export function readReplicaState(from: Reader, version: number): ReplicaState {
  const replicaId = from.int32();
  const replicaDirectoryId = version <= 1 ? ZERO_UUID : from.uuid();
  const logEndOffset = from.int64();
  const lastFetchTimestamp = version === 0 ? -1 : from.int64();
  const lastCaughtUpTimestamp = version === 0 ? -1 : from.int64();
  from.skipTags();
  return { replicaId, replicaDirectoryId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp };
}

export function writeReplicaState(to: Writer, value: ReplicaState, version: number): void {
  to.int32(value.replicaId);
  if (version === 2) to.uuid(value.replicaDirectoryId);
  to.int64(value.logEndOffset);
  if (version >= 1) to.int64(value.lastFetchTimestamp);
  if (version >= 1) to.int64(value.lastCaughtUpTimestamp);
  to.noTags();
}

export const DescribeQuorum: Message<DescribeQuorumRequest, DescribeQuorumResponse> = {
  key: 55,
  name: "DescribeQuorum",
  versions: [0, 2],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readDescribeQuorumRequest,
  writeRequest: writeDescribeQuorumRequest,
  readResponse: readDescribeQuorumResponse,
  writeResponse: writeDescribeQuorumResponse,
};

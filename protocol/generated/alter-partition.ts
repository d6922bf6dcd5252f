// From kafka-clients-4.3.1.jar: common/message/AlterPartitionRequest.json and common/message/AlterPartitionResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AlterPartitionRequest {
  brokerId: number;
  brokerEpoch: number;
  topics: AlterPartitionRequestTopicData[];
}

export interface AlterPartitionRequestTopicData {
  topicId: string;
  partitions: AlterPartitionRequestPartitionData[];
}

export interface AlterPartitionRequestPartitionData {
  partitionIndex: number;
  leaderEpoch: number;
  newIsr: number[];
  newIsrWithEpochs: BrokerState[];
  leaderRecoveryState: number;
  partitionEpoch: number;
}

export interface BrokerState {
  brokerId: number;
  brokerEpoch: number;
}

export function readAlterPartitionRequest(from: Reader, version: number): AlterPartitionRequest {
  const brokerId = from.int32();
  const brokerEpoch = from.int64();
  const topics: AlterPartitionRequestTopicData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readAlterPartitionRequestTopicData(from, version));
  from.skipTags();
  return { brokerId, brokerEpoch, topics };
}

export function writeAlterPartitionRequest(to: Writer, value: AlterPartitionRequest, version: number): void {
  to.int32(value.brokerId);
  to.int64(value.brokerEpoch);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeAlterPartitionRequestTopicData(to, each, version);
  to.noTags();
}

export function readAlterPartitionRequestTopicData(from: Reader, version: number): AlterPartitionRequestTopicData {
  const topicId = from.uuid();
  const partitions: AlterPartitionRequestPartitionData[] = [];
  for (let left = from.compactArrayLength(15); left > 0; left--) partitions.push(readAlterPartitionRequestPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeAlterPartitionRequestTopicData(to: Writer, value: AlterPartitionRequestTopicData, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeAlterPartitionRequestPartitionData(to, each, version);
  to.noTags();
}

export function readAlterPartitionRequestPartitionData(from: Reader, version: number): AlterPartitionRequestPartitionData {
  const partitionIndex = from.int32();
  const leaderEpoch = from.int32();
  const newIsr: number[] = [];
  for (let left = version === 2 ? from.compactArrayLength(4) : 0; left > 0; left--) newIsr.push(from.int32());
  const newIsrWithEpochs: BrokerState[] = [];
  for (let left = version === 2 ? 0 : from.compactArrayLength(13); left > 0; left--) newIsrWithEpochs.push(readBrokerState(from, version));
  const leaderRecoveryState = from.int8();
  const partitionEpoch = from.int32();
  from.skipTags();
  return { partitionIndex, leaderEpoch, newIsr, newIsrWithEpochs, leaderRecoveryState, partitionEpoch };
}

export function writeAlterPartitionRequestPartitionData(to: Writer, value: AlterPartitionRequestPartitionData, version: number): void {
  to.int32(value.partitionIndex);
  to.int32(value.leaderEpoch);
  if (version === 2) {
    to.compactArrayLength(value.newIsr.length);
    for (const each of value.newIsr) to.int32(each);
  }
  if (version === 3 && value.newIsr.length !== 0) to.unsupported("AlterPartitionRequestPartitionData.newIsr", version);
  if (version === 3) {
    to.compactArrayLength(value.newIsrWithEpochs.length);
    for (const each of value.newIsrWithEpochs) writeBrokerState(to, each, version);
  }
  if (version === 2 && value.newIsrWithEpochs.length !== 0) to.unsupported("AlterPartitionRequestPartitionData.newIsrWithEpochs", version);
  to.int8(value.leaderRecoveryState);
  to.int32(value.partitionEpoch);
  to.noTags();
}

export function readBrokerState(from: Reader, _version: number): BrokerState {
  const brokerId = from.int32();
  const brokerEpoch = from.int64();
  from.skipTags();
  return { brokerId, brokerEpoch };
}

export function writeBrokerState(to: Writer, value: BrokerState, _version: number): void {
  to.int32(value.brokerId);
  to.int64(value.brokerEpoch);
  to.noTags();
}

export interface AlterPartitionResponse {
  throttleTimeMs: number;
  errorCode: number;
  topics: AlterPartitionResponseTopicData[];
}

export interface AlterPartitionResponseTopicData {
  topicId: string;
  partitions: AlterPartitionResponsePartitionData[];
}

export interface AlterPartitionResponsePartitionData {
  partitionIndex: number;
  errorCode: number;
  leaderId: number;
  leaderEpoch: number;
  isr: number[];
  leaderRecoveryState: number;
  partitionEpoch: number;
}

export function readAlterPartitionResponse(from: Reader, version: number): AlterPartitionResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const topics: AlterPartitionResponseTopicData[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readAlterPartitionResponseTopicData(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, topics };
}

export function writeAlterPartitionResponse(to: Writer, value: AlterPartitionResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeAlterPartitionResponseTopicData(to, each, version);
  to.noTags();
}

export function readAlterPartitionResponseTopicData(from: Reader, version: number): AlterPartitionResponseTopicData {
  const topicId = from.uuid();
  const partitions: AlterPartitionResponsePartitionData[] = [];
  for (let left = from.compactArrayLength(21); left > 0; left--) partitions.push(readAlterPartitionResponsePartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeAlterPartitionResponseTopicData(to: Writer, value: AlterPartitionResponseTopicData, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeAlterPartitionResponsePartitionData(to, each, version);
  to.noTags();
}

export function readAlterPartitionResponsePartitionData(from: Reader, _version: number): AlterPartitionResponsePartitionData {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  const isr: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) isr.push(from.int32());
  const leaderRecoveryState = from.int8();
  const partitionEpoch = from.int32();
  from.skipTags();
  return { partitionIndex, errorCode, leaderId, leaderEpoch, isr, leaderRecoveryState, partitionEpoch };
}

export function writeAlterPartitionResponsePartitionData(to: Writer, value: AlterPartitionResponsePartitionData, _version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  to.compactArrayLength(value.isr.length);
  for (const each of value.isr) to.int32(each);
  to.int8(value.leaderRecoveryState);
  to.int32(value.partitionEpoch);
  to.noTags();
}

export const AlterPartition: Message<AlterPartitionRequest, AlterPartitionResponse> = {
  key: 56,
  name: "AlterPartition",
  versions: [2, 3],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readAlterPartitionRequest,
  writeRequest: writeAlterPartitionRequest,
  readResponse: readAlterPartitionResponse,
  writeResponse: writeAlterPartitionResponse,
};

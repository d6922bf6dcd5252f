// From kafka-clients-4.3.1.jar: common/message/TxnOffsetCommitRequest.json and common/message/TxnOffsetCommitResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface TxnOffsetCommitRequest {
  transactionalId: string;
  groupId: string;
  producerId: number;
  producerEpoch: number;
  generationId: number;
  memberId: string;
  groupInstanceId: string | null;
  topics: TxnOffsetCommitRequestTopic[];
}

export interface TxnOffsetCommitRequestTopic {
  name: string;
  partitions: TxnOffsetCommitRequestPartition[];
}

export interface TxnOffsetCommitRequestPartition {
  partitionIndex: number;
  committedOffset: number;
  committedLeaderEpoch: number;
  committedMetadata: string | null;
}

export function readTxnOffsetCommitRequest(from: Reader, version: number): TxnOffsetCommitRequest {
  const flexible = version >= 3;
  const transactionalId = flexible ? from.compactString() : from.string();
  const groupId = flexible ? from.compactString() : from.string();
  const producerId = from.int64();
  const producerEpoch = from.int16();
  const generationId = flexible ? from.int32() : -1;
  const memberId = flexible ? from.compactString() : "";
  const groupInstanceId: string | null = flexible ? from.compactNullableString() : null;
  const topics: TxnOffsetCommitRequestTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readTxnOffsetCommitRequestTopic(from, version));
  if (flexible) from.skipTags();
  return { transactionalId, groupId, producerId, producerEpoch, generationId, memberId, groupInstanceId, topics };
}

export function writeTxnOffsetCommitRequest(to: Writer, value: TxnOffsetCommitRequest, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.transactionalId);
  else to.string(value.transactionalId);
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  to.int64(value.producerId);
  to.int16(value.producerEpoch);
  if (flexible) to.int32(value.generationId);
  if (!flexible && value.generationId !== -1) to.unsupported("TxnOffsetCommitRequest.generationId", version);
  if (flexible) to.compactString(value.memberId);
  if (!flexible && value.memberId !== "") to.unsupported("TxnOffsetCommitRequest.memberId", version);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  if (!flexible && value.groupInstanceId !== null) to.unsupported("TxnOffsetCommitRequest.groupInstanceId", version);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeTxnOffsetCommitRequestTopic(to, each, version);
  if (flexible) to.noTags();
}

export function readTxnOffsetCommitRequestTopic(from: Reader, version: number): TxnOffsetCommitRequestTopic {
  const flexible = version >= 3;
  const name = flexible ? from.compactString() : from.string();
  const partitions: TxnOffsetCommitRequestPartition[] = [];
  for (let left = flexible ? from.compactArrayLength(18) : from.arrayLength(14); left > 0; left--) partitions.push(readTxnOffsetCommitRequestPartition(from, version));
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeTxnOffsetCommitRequestTopic(to: Writer, value: TxnOffsetCommitRequestTopic, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeTxnOffsetCommitRequestPartition(to, each, version);
  if (flexible) to.noTags();
}

export function readTxnOffsetCommitRequestPartition(from: Reader, version: number): TxnOffsetCommitRequestPartition {
  const flexible = version >= 3;
  const partitionIndex = from.int32();
  const committedOffset = from.int64();
  const committedLeaderEpoch = version <= 1 ? -1 : from.int32();
  const committedMetadata: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata };
}

export function writeTxnOffsetCommitRequestPartition(to: Writer, value: TxnOffsetCommitRequestPartition, version: number): void {
  const flexible = version >= 3;
  to.int32(value.partitionIndex);
  to.int64(value.committedOffset);
  if (version >= 2) to.int32(value.committedLeaderEpoch);
  if (flexible) to.compactNullableString(value.committedMetadata);
  else to.nullableString(value.committedMetadata);
  if (flexible) to.noTags();
}

export interface TxnOffsetCommitResponse {
  throttleTimeMs: number;
  topics: TxnOffsetCommitResponseTopic[];
}

export interface TxnOffsetCommitResponseTopic {
  name: string;
  partitions: TxnOffsetCommitResponsePartition[];
}

export interface TxnOffsetCommitResponsePartition {
  partitionIndex: number;
  errorCode: number;
}

export function readTxnOffsetCommitResponse(from: Reader, version: number): TxnOffsetCommitResponse {
  const flexible = version >= 3;
  const throttleTimeMs = from.int32();
  const topics: TxnOffsetCommitResponseTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readTxnOffsetCommitResponseTopic(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, topics };
}

export function writeTxnOffsetCommitResponse(to: Writer, value: TxnOffsetCommitResponse, version: number): void {
  const flexible = version >= 3;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeTxnOffsetCommitResponseTopic(to, each, version);
  if (flexible) to.noTags();
}

export function readTxnOffsetCommitResponseTopic(from: Reader, version: number): TxnOffsetCommitResponseTopic {
  const flexible = version >= 3;
  const name = flexible ? from.compactString() : from.string();
  const partitions: TxnOffsetCommitResponsePartition[] = [];
  for (let left = flexible ? from.compactArrayLength(7) : from.arrayLength(6); left > 0; left--) partitions.push(readTxnOffsetCommitResponsePartition(from, version));
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeTxnOffsetCommitResponseTopic(to: Writer, value: TxnOffsetCommitResponseTopic, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeTxnOffsetCommitResponsePartition(to, each, version);
  if (flexible) to.noTags();
}

export function readTxnOffsetCommitResponsePartition(from: Reader, version: number): TxnOffsetCommitResponsePartition {
  const flexible = version >= 3;
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { partitionIndex, errorCode };
}

export function writeTxnOffsetCommitResponsePartition(to: Writer, value: TxnOffsetCommitResponsePartition, version: number): void {
  const flexible = version >= 3;
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export const TxnOffsetCommit: Message<TxnOffsetCommitRequest, TxnOffsetCommitResponse> = {
  key: 28,
  name: "TxnOffsetCommit",
  versions: [0, 5],
  flexibleFrom: 3,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readTxnOffsetCommitRequest,
  writeRequest: writeTxnOffsetCommitRequest,
  readResponse: readTxnOffsetCommitResponse,
  writeResponse: writeTxnOffsetCommitResponse,
};

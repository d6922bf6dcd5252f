// From kafka-clients-4.3.1.jar: common/message/OffsetForLeaderEpochRequest.json and common/message/OffsetForLeaderEpochResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface OffsetForLeaderEpochRequest {
  replicaId: number;
  topics: OffsetForLeaderTopic[];
}

export interface OffsetForLeaderTopic {
  topic: string;
  partitions: OffsetForLeaderPartition[];
}

export interface OffsetForLeaderPartition {
  partition: number;
  currentLeaderEpoch: number;
  leaderEpoch: number;
}

export function readOffsetForLeaderEpochRequest(from: Reader, version: number): OffsetForLeaderEpochRequest {
  const flexible = version >= 4;
  const replicaId = version === 2 ? -2 : from.int32();
  const topics: OffsetForLeaderTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readOffsetForLeaderTopic(from, version));
  if (flexible) from.skipTags();
  return { replicaId, topics };
}

export function writeOffsetForLeaderEpochRequest(to: Writer, value: OffsetForLeaderEpochRequest, version: number): void {
  const flexible = version >= 4;
  if (version >= 3) to.int32(value.replicaId);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeOffsetForLeaderTopic(to, each, version);
  if (flexible) to.noTags();
}

export function readOffsetForLeaderTopic(from: Reader, version: number): OffsetForLeaderTopic {
  const flexible = version >= 4;
  const topic = flexible ? from.compactString() : from.string();
  const partitions: OffsetForLeaderPartition[] = [];
  for (let left = flexible ? from.compactArrayLength(13) : from.arrayLength(12); left > 0; left--) partitions.push(readOffsetForLeaderPartition(from, version));
  if (flexible) from.skipTags();
  return { topic, partitions };
}

export function writeOffsetForLeaderTopic(to: Writer, value: OffsetForLeaderTopic, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.topic);
  else to.string(value.topic);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeOffsetForLeaderPartition(to, each, version);
  if (flexible) to.noTags();
}

export function readOffsetForLeaderPartition(from: Reader, version: number): OffsetForLeaderPartition {
  const flexible = version >= 4;
  const partition = from.int32();
  const currentLeaderEpoch = from.int32();
  const leaderEpoch = from.int32();
  if (flexible) from.skipTags();
  return { partition, currentLeaderEpoch, leaderEpoch };
}

export function writeOffsetForLeaderPartition(to: Writer, value: OffsetForLeaderPartition, version: number): void {
  const flexible = version >= 4;
  to.int32(value.partition);
  to.int32(value.currentLeaderEpoch);
  to.int32(value.leaderEpoch);
  if (flexible) to.noTags();
}

export interface OffsetForLeaderEpochResponse {
  throttleTimeMs: number;
  topics: OffsetForLeaderTopicResult[];
}

export interface OffsetForLeaderTopicResult {
  topic: string;
  partitions: EpochEndOffset[];
}

export interface EpochEndOffset {
  errorCode: number;
  partition: number;
  leaderEpoch: number;
  endOffset: number;
}

export function readOffsetForLeaderEpochResponse(from: Reader, version: number): OffsetForLeaderEpochResponse {
  const flexible = version >= 4;
  const throttleTimeMs = from.int32();
  const topics: OffsetForLeaderTopicResult[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readOffsetForLeaderTopicResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, topics };
}

export function writeOffsetForLeaderEpochResponse(to: Writer, value: OffsetForLeaderEpochResponse, version: number): void {
  const flexible = version >= 4;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeOffsetForLeaderTopicResult(to, each, version);
  if (flexible) to.noTags();
}

export function readOffsetForLeaderTopicResult(from: Reader, version: number): OffsetForLeaderTopicResult {
  const flexible = version >= 4;
  const topic = flexible ? from.compactString() : from.string();
  const partitions: EpochEndOffset[] = [];
  for (let left = flexible ? from.compactArrayLength(19) : from.arrayLength(18); left > 0; left--) partitions.push(readEpochEndOffset(from, version));
  if (flexible) from.skipTags();
  return { topic, partitions };
}

export function writeOffsetForLeaderTopicResult(to: Writer, value: OffsetForLeaderTopicResult, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.topic);
  else to.string(value.topic);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeEpochEndOffset(to, each, version);
  if (flexible) to.noTags();
}

export function readEpochEndOffset(from: Reader, version: number): EpochEndOffset {
  const flexible = version >= 4;
  const errorCode = from.int16();
  const partition = from.int32();
  const leaderEpoch = from.int32();
  const endOffset = from.int64();
  if (flexible) from.skipTags();
  return { errorCode, partition, leaderEpoch, endOffset };
}

export function writeEpochEndOffset(to: Writer, value: EpochEndOffset, version: number): void {
  const flexible = version >= 4;
  to.int16(value.errorCode);
  to.int32(value.partition);
  to.int32(value.leaderEpoch);
  to.int64(value.endOffset);
  if (flexible) to.noTags();
}

export const OffsetForLeaderEpoch: Message<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> = {
  key: 23,
  name: "OffsetForLeaderEpoch",
  versions: [2, 4],
  flexibleFrom: 4,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readOffsetForLeaderEpochRequest,
  writeRequest: writeOffsetForLeaderEpochRequest,
  readResponse: readOffsetForLeaderEpochResponse,
  writeResponse: writeOffsetForLeaderEpochResponse,
};

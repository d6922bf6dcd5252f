// From kafka-clients-4.3.1.jar: common/message/DescribeLogDirsRequest.json and common/message/DescribeLogDirsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeLogDirsRequest {
  topics: DescribableLogDirTopic[] | null;
}

export interface DescribableLogDirTopic {
  topic: string;
  partitions: number[];
}

export function readDescribeLogDirsRequest(from: Reader, version: number): DescribeLogDirsRequest {
  const flexible = version >= 2;
  const topicsCount = flexible ? from.compactNullableArrayLength(3) : from.nullableArrayLength(6);
  const topics: DescribableLogDirTopic[] | null = topicsCount < 0 ? null : [];
  for (let left = topicsCount; left > 0; left--) topics!.push(readDescribableLogDirTopic(from, version));
  if (flexible) from.skipTags();
  return { topics };
}

export function writeDescribeLogDirsRequest(to: Writer, value: DescribeLogDirsRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactArrayLength(value.topics?.length ?? -1);
  else to.arrayLength(value.topics?.length ?? -1);
  for (const each of value.topics ?? []) writeDescribableLogDirTopic(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribableLogDirTopic(from: Reader, version: number): DescribableLogDirTopic {
  const flexible = version >= 2;
  const topic = flexible ? from.compactString() : from.string();
  const partitions: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) partitions.push(from.int32());
  if (flexible) from.skipTags();
  return { topic, partitions };
}

export function writeDescribableLogDirTopic(to: Writer, value: DescribableLogDirTopic, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.topic);
  else to.string(value.topic);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  if (flexible) to.noTags();
}

export interface DescribeLogDirsResponse {
  throttleTimeMs: number;
  errorCode: number;
  results: DescribeLogDirsResult[];
}

export interface DescribeLogDirsResult {
  errorCode: number;
  logDir: string;
  topics: DescribeLogDirsTopic[];
  totalBytes: number;
  usableBytes: number;
  isCordoned: boolean;
}

export interface DescribeLogDirsTopic {
  name: string;
  partitions: DescribeLogDirsPartition[];
}

export interface DescribeLogDirsPartition {
  partitionIndex: number;
  partitionSize: number;
  offsetLag: number;
  isFutureKey: boolean;
}

export function readDescribeLogDirsResponse(from: Reader, version: number): DescribeLogDirsResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const errorCode = version <= 2 ? 0 : from.int16();
  const results: DescribeLogDirsResult[] = [];
  for (let left = flexible ? from.compactArrayLength(5) : from.arrayLength(8); left > 0; left--) results.push(readDescribeLogDirsResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, results };
}

export function writeDescribeLogDirsResponse(to: Writer, value: DescribeLogDirsResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  if (version >= 3) to.int16(value.errorCode);
  if (flexible) to.compactArrayLength(value.results.length);
  else to.arrayLength(value.results.length);
  for (const each of value.results) writeDescribeLogDirsResult(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribeLogDirsResult(from: Reader, version: number): DescribeLogDirsResult {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const logDir = flexible ? from.compactString() : from.string();
  const topics: DescribeLogDirsTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readDescribeLogDirsTopic(from, version));
  const totalBytes = version <= 3 ? -1 : from.int64();
  const usableBytes = version <= 3 ? -1 : from.int64();
  const isCordoned = version <= 4 ? false : from.bool();
  if (flexible) from.skipTags();
  return { errorCode, logDir, topics, totalBytes, usableBytes, isCordoned };
}

export function writeDescribeLogDirsResult(to: Writer, value: DescribeLogDirsResult, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  if (flexible) to.compactString(value.logDir);
  else to.string(value.logDir);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeDescribeLogDirsTopic(to, each, version);
  if (version >= 4) to.int64(value.totalBytes);
  if (version >= 4) to.int64(value.usableBytes);
  if (version === 5) to.bool(value.isCordoned);
  if (flexible) to.noTags();
}

export function readDescribeLogDirsTopic(from: Reader, version: number): DescribeLogDirsTopic {
  const flexible = version >= 2;
  const name = flexible ? from.compactString() : from.string();
  const partitions: DescribeLogDirsPartition[] = [];
  for (let left = flexible ? from.compactArrayLength(22) : from.arrayLength(21); left > 0; left--) partitions.push(readDescribeLogDirsPartition(from, version));
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeDescribeLogDirsTopic(to: Writer, value: DescribeLogDirsTopic, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeDescribeLogDirsPartition(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribeLogDirsPartition(from: Reader, version: number): DescribeLogDirsPartition {
  const flexible = version >= 2;
  const partitionIndex = from.int32();
  const partitionSize = from.int64();
  const offsetLag = from.int64();
  const isFutureKey = from.bool();
  if (flexible) from.skipTags();
  return { partitionIndex, partitionSize, offsetLag, isFutureKey };
}

export function writeDescribeLogDirsPartition(to: Writer, value: DescribeLogDirsPartition, version: number): void {
  const flexible = version >= 2;
  to.int32(value.partitionIndex);
  to.int64(value.partitionSize);
  to.int64(value.offsetLag);
  to.bool(value.isFutureKey);
  if (flexible) to.noTags();
}

export const DescribeLogDirs: Message<DescribeLogDirsRequest, DescribeLogDirsResponse> = {
  key: 35,
  name: "DescribeLogDirs",
  versions: [1, 5],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDescribeLogDirsRequest,
  writeRequest: writeDescribeLogDirsRequest,
  readResponse: readDescribeLogDirsResponse,
  writeResponse: writeDescribeLogDirsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/ProduceRequest.json and common/message/ProduceResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ProduceRequest {
  transactionalId: string | null;
  acks: number;
  timeoutMs: number;
  topicData: TopicProduceData[];
}

export interface TopicProduceData {
  name: string;
  topicId: string;
  partitionData: PartitionProduceData[];
}

export interface PartitionProduceData {
  index: number;
  records: Uint8Array | null;
}

export function readProduceRequest(from: Reader, version: number): ProduceRequest {
  const flexible = version >= 9;
  const transactionalId: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const acks = from.int16();
  const timeoutMs = from.int32();
  const topicData: TopicProduceData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topicData.push(readTopicProduceData(from, version));
  if (flexible) from.skipTags();
  return { transactionalId, acks, timeoutMs, topicData };
}

export function writeProduceRequest(to: Writer, value: ProduceRequest, version: number): void {
  const flexible = version >= 9;
  if (flexible) to.compactNullableString(value.transactionalId);
  else to.nullableString(value.transactionalId);
  to.int16(value.acks);
  to.int32(value.timeoutMs);
  if (flexible) to.compactArrayLength(value.topicData.length);
  else to.arrayLength(value.topicData.length);
  for (const each of value.topicData) writeTopicProduceData(to, each, version);
  if (flexible) to.noTags();
}

export function readTopicProduceData(from: Reader, version: number): TopicProduceData {
  const flexible = version >= 9;
  const name = version <= 8 ? from.string() : version <= 12 ? from.compactString() : "";
  const topicId = version <= 12 ? ZERO_UUID : from.uuid();
  const partitionData: PartitionProduceData[] = [];
  for (let left = flexible ? from.compactArrayLength(6) : from.arrayLength(8); left > 0; left--) partitionData.push(readPartitionProduceData(from, version));
  if (flexible) from.skipTags();
  return { name, topicId, partitionData };
}

export function writeTopicProduceData(to: Writer, value: TopicProduceData, version: number): void {
  const flexible = version >= 9;
  if (version >= 9 && version <= 12) to.compactString(value.name);
  else if (!flexible) to.string(value.name);
  if (version === 13) to.uuid(value.topicId);
  if (flexible) to.compactArrayLength(value.partitionData.length);
  else to.arrayLength(value.partitionData.length);
  for (const each of value.partitionData) writePartitionProduceData(to, each, version);
  if (flexible) to.noTags();
}

export function readPartitionProduceData(from: Reader, version: number): PartitionProduceData {
  const flexible = version >= 9;
  const index = from.int32();
  const records: Uint8Array | null = flexible ? from.compactNullableBytes() : from.nullableBytes();
  if (flexible) from.skipTags();
  return { index, records };
}

export function writePartitionProduceData(to: Writer, value: PartitionProduceData, version: number): void {
  const flexible = version >= 9;
  to.int32(value.index);
  if (flexible) to.compactNullableBytes(value.records);
  else to.nullableBytes(value.records);
  if (flexible) to.noTags();
}

export interface ProduceResponse {
  responses: TopicProduceResponse[];
  throttleTimeMs: number;
  nodeEndpoints: NodeEndpoint[];
}

export interface TopicProduceResponse {
  name: string;
  topicId: string;
  partitionResponses: PartitionProduceResponse[];
}

export interface PartitionProduceResponse {
  index: number;
  errorCode: number;
  baseOffset: number;
  logAppendTimeMs: number;
  logStartOffset: number;
  recordErrors: BatchIndexAndErrorMessage[];
  errorMessage: string | null;
  currentLeader: LeaderIdAndEpoch;
}

export interface BatchIndexAndErrorMessage {
  batchIndex: number;
  batchIndexErrorMessage: string | null;
}

export interface LeaderIdAndEpoch {
  leaderId: number;
  leaderEpoch: number;
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
  rack: string | null;
}

export function newLeaderIdAndEpoch(): LeaderIdAndEpoch {
  return { leaderId: -1, leaderEpoch: -1 };
}

export function readProduceResponse(from: Reader, version: number): ProduceResponse {
  const flexible = version >= 9;
  const responses: TopicProduceResponse[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) responses.push(readTopicProduceResponse(from, version));
  const throttleTimeMs = from.int32();
  let nodeEndpoints: NodeEndpoint[] = [];
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version >= 10)) { from.skip(size); break; }
        nodeEndpoints = [];
        for (let left = from.compactArrayLength(11); left > 0; left--) nodeEndpoints.push(readNodeEndpoint(from, version));
        break;
      }
      default: from.skip(size);
    }
  }
  return { responses, throttleTimeMs, nodeEndpoints };
}

export function writeProduceResponse(to: Writer, value: ProduceResponse, version: number): void {
  const flexible = version >= 9;
  if (flexible) to.compactArrayLength(value.responses.length);
  else to.arrayLength(value.responses.length);
  for (const each of value.responses) writeTopicProduceResponse(to, each, version);
  to.int32(value.throttleTimeMs);
  if (flexible) {
    const hasNodeEndpoints = version >= 10 && value.nodeEndpoints.length !== 0;
    to.unsignedVarint(hasNodeEndpoints ? 1 : 0);
    if (hasNodeEndpoints) {
      const mark = to.openTag(0);
      to.compactArrayLength(value.nodeEndpoints.length);
      for (const each of value.nodeEndpoints) writeNodeEndpoint(to, each, version);
      to.closeTag(mark);
    }
  }
}

export function readTopicProduceResponse(from: Reader, version: number): TopicProduceResponse {
  const flexible = version >= 9;
  const name = version <= 8 ? from.string() : version <= 12 ? from.compactString() : "";
  const topicId = version <= 12 ? ZERO_UUID : from.uuid();
  const partitionResponses: PartitionProduceResponse[] = [];
  for (let left = flexible ? from.compactArrayLength(33) : from.arrayLength(22); left > 0; left--) partitionResponses.push(readPartitionProduceResponse(from, version));
  if (flexible) from.skipTags();
  return { name, topicId, partitionResponses };
}

export function writeTopicProduceResponse(to: Writer, value: TopicProduceResponse, version: number): void {
  const flexible = version >= 9;
  if (version >= 9 && version <= 12) to.compactString(value.name);
  else if (!flexible) to.string(value.name);
  if (version === 13) to.uuid(value.topicId);
  if (flexible) to.compactArrayLength(value.partitionResponses.length);
  else to.arrayLength(value.partitionResponses.length);
  for (const each of value.partitionResponses) writePartitionProduceResponse(to, each, version);
  if (flexible) to.noTags();
}

export function readPartitionProduceResponse(from: Reader, version: number): PartitionProduceResponse {
  const flexible = version >= 9;
  const index = from.int32();
  const errorCode = from.int16();
  const baseOffset = from.int64();
  const logAppendTimeMs = from.int64();
  const logStartOffset = version <= 4 ? -1 : from.int64();
  const recordErrors: BatchIndexAndErrorMessage[] = [];
  for (let left = version <= 7 ? 0 : version <= 8 ? from.arrayLength(6) : from.compactArrayLength(6); left > 0; left--) recordErrors.push(readBatchIndexAndErrorMessage(from, version));
  const errorMessage: string | null = version <= 7 ? null : version <= 8 ? from.nullableString() : from.compactNullableString();
  let currentLeader = newLeaderIdAndEpoch();
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version >= 10)) { from.skip(size); break; }
        currentLeader = readLeaderIdAndEpoch(from, version);
        break;
      }
      default: from.skip(size);
    }
  }
  return { index, errorCode, baseOffset, logAppendTimeMs, logStartOffset, recordErrors, errorMessage, currentLeader };
}

export function writePartitionProduceResponse(to: Writer, value: PartitionProduceResponse, version: number): void {
  const flexible = version >= 9;
  to.int32(value.index);
  to.int16(value.errorCode);
  to.int64(value.baseOffset);
  to.int64(value.logAppendTimeMs);
  if (version >= 5) to.int64(value.logStartOffset);
  if (version >= 8) {
    if (flexible) to.compactArrayLength(value.recordErrors.length);
    else to.arrayLength(value.recordErrors.length);
    for (const each of value.recordErrors) writeBatchIndexAndErrorMessage(to, each, version);
  }
  if (flexible) to.compactNullableString(value.errorMessage);
  else if (version === 8) to.nullableString(value.errorMessage);
  if (flexible) {
    const hasCurrentLeader = version >= 10 && !(value.currentLeader.leaderId === -1 && value.currentLeader.leaderEpoch === -1);
    to.unsignedVarint(hasCurrentLeader ? 1 : 0);
    if (hasCurrentLeader) {
      const mark = to.openTag(0);
      writeLeaderIdAndEpoch(to, value.currentLeader, version);
      to.closeTag(mark);
    }
  }
}

export function readBatchIndexAndErrorMessage(from: Reader, version: number): BatchIndexAndErrorMessage {
  const flexible = version >= 9;
  const batchIndex = from.int32();
  const batchIndexErrorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { batchIndex, batchIndexErrorMessage };
}

export function writeBatchIndexAndErrorMessage(to: Writer, value: BatchIndexAndErrorMessage, version: number): void {
  const flexible = version >= 9;
  to.int32(value.batchIndex);
  if (flexible) to.compactNullableString(value.batchIndexErrorMessage);
  else to.nullableString(value.batchIndexErrorMessage);
  if (flexible) to.noTags();
}

export function readLeaderIdAndEpoch(from: Reader, _version: number): LeaderIdAndEpoch {
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  from.skipTags();
  return { leaderId, leaderEpoch };
}

export function writeLeaderIdAndEpoch(to: Writer, value: LeaderIdAndEpoch, _version: number): void {
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  to.noTags();
}

export function readNodeEndpoint(from: Reader, _version: number): NodeEndpoint {
  const nodeId = from.int32();
  const host = from.compactString();
  const port = from.int32();
  const rack: string | null = from.compactNullableString();
  from.skipTags();
  return { nodeId, host, port, rack };
}

export function writeNodeEndpoint(to: Writer, value: NodeEndpoint, _version: number): void {
  to.int32(value.nodeId);
  to.compactString(value.host);
  to.int32(value.port);
  to.compactNullableString(value.rack);
  to.noTags();
}

export const Produce: Message<ProduceRequest, ProduceResponse> = {
  key: 0,
  name: "Produce",
  versions: [3, 13],
  flexibleFrom: 9,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readProduceRequest,
  writeRequest: writeProduceRequest,
  readResponse: readProduceResponse,
  writeResponse: writeProduceResponse,
};

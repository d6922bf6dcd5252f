// From kafka-clients-4.3.1.jar: common/message/ShareFetchRequest.json and common/message/ShareFetchResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ShareFetchRequest {
  groupId: string | null;
  memberId: string | null;
  shareSessionEpoch: number;
  maxWaitMs: number;
  minBytes: number;
  maxBytes: number;
  maxRecords: number;
  batchSize: number;
  shareAcquireMode: number;
  isRenewAck: boolean;
  topics: FetchTopic[];
  forgottenTopicsData: ForgottenTopic[];
}

export interface FetchTopic {
  topicId: string;
  partitions: FetchPartition[];
}

export interface FetchPartition {
  partitionIndex: number;
  acknowledgementBatches: AcknowledgementBatch[];
}

export interface AcknowledgementBatch {
  firstOffset: number;
  lastOffset: number;
  acknowledgeTypes: number[];
}

export interface ForgottenTopic {
  topicId: string;
  partitions: number[];
}

export function readShareFetchRequest(from: Reader, version: number): ShareFetchRequest {
  const groupId: string | null = from.compactNullableString();
  const memberId: string | null = from.compactNullableString();
  const shareSessionEpoch = from.int32();
  const maxWaitMs = from.int32();
  const minBytes = from.int32();
  const maxBytes = from.int32();
  const maxRecords = from.int32();
  const batchSize = from.int32();
  const shareAcquireMode = version === 1 ? 0 : from.int8();
  const isRenewAck = version === 1 ? false : from.bool();
  const topics: FetchTopic[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readFetchTopic(from, version));
  const forgottenTopicsData: ForgottenTopic[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) forgottenTopicsData.push(readForgottenTopic(from, version));
  from.skipTags();
  return { groupId, memberId, shareSessionEpoch, maxWaitMs, minBytes, maxBytes, maxRecords, batchSize, shareAcquireMode, isRenewAck, topics, forgottenTopicsData };
}

export function writeShareFetchRequest(to: Writer, value: ShareFetchRequest, version: number): void {
  to.compactNullableString(value.groupId);
  to.compactNullableString(value.memberId);
  to.int32(value.shareSessionEpoch);
  to.int32(value.maxWaitMs);
  to.int32(value.minBytes);
  to.int32(value.maxBytes);
  to.int32(value.maxRecords);
  to.int32(value.batchSize);
  if (version === 2) to.int8(value.shareAcquireMode);
  if (version === 2) to.bool(value.isRenewAck);
  if (version === 1 && value.isRenewAck) to.unsupported("ShareFetchRequest.isRenewAck", version);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeFetchTopic(to, each, version);
  to.compactArrayLength(value.forgottenTopicsData.length);
  for (const each of value.forgottenTopicsData) writeForgottenTopic(to, each, version);
  to.noTags();
}

export function readFetchTopic(from: Reader, version: number): FetchTopic {
  const topicId = from.uuid();
  const partitions: FetchPartition[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) partitions.push(readFetchPartition(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeFetchTopic(to: Writer, value: FetchTopic, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeFetchPartition(to, each, version);
  to.noTags();
}

export function readFetchPartition(from: Reader, version: number): FetchPartition {
  const partitionIndex = from.int32();
  const acknowledgementBatches: AcknowledgementBatch[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) acknowledgementBatches.push(readAcknowledgementBatch(from, version));
  from.skipTags();
  return { partitionIndex, acknowledgementBatches };
}

export function writeFetchPartition(to: Writer, value: FetchPartition, version: number): void {
  to.int32(value.partitionIndex);
  to.compactArrayLength(value.acknowledgementBatches.length);
  for (const each of value.acknowledgementBatches) writeAcknowledgementBatch(to, each, version);
  to.noTags();
}

export function readAcknowledgementBatch(from: Reader, _version: number): AcknowledgementBatch {
  const firstOffset = from.int64();
  const lastOffset = from.int64();
  const acknowledgeTypes: number[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) acknowledgeTypes.push(from.int8());
  from.skipTags();
  return { firstOffset, lastOffset, acknowledgeTypes };
}

export function writeAcknowledgementBatch(to: Writer, value: AcknowledgementBatch, _version: number): void {
  to.int64(value.firstOffset);
  to.int64(value.lastOffset);
  to.compactArrayLength(value.acknowledgeTypes.length);
  for (const each of value.acknowledgeTypes) to.int8(each);
  to.noTags();
}

export function readForgottenTopic(from: Reader, _version: number): ForgottenTopic {
  const topicId = from.uuid();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicId, partitions };
}

export function writeForgottenTopic(to: Writer, value: ForgottenTopic, _version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export interface ShareFetchResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  acquisitionLockTimeoutMs: number;
  responses: ShareFetchableTopicResponse[];
  nodeEndpoints: NodeEndpoint[];
}

export interface ShareFetchableTopicResponse {
  topicId: string;
  partitions: PartitionData[];
}

export interface PartitionData {
  partitionIndex: number;
  errorCode: number;
  errorMessage: string | null;
  acknowledgeErrorCode: number;
  acknowledgeErrorMessage: string | null;
  currentLeader: LeaderIdAndEpoch;
  records: Uint8Array;
  acquiredRecords: AcquiredRecords[];
}

export interface LeaderIdAndEpoch {
  leaderId: number;
  leaderEpoch: number;
}

export interface AcquiredRecords {
  firstOffset: number;
  lastOffset: number;
  deliveryCount: number;
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
  rack: string | null;
}

export function readShareFetchResponse(from: Reader, version: number): ShareFetchResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const acquisitionLockTimeoutMs = from.int32();
  const responses: ShareFetchableTopicResponse[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) responses.push(readShareFetchableTopicResponse(from, version));
  const nodeEndpoints: NodeEndpoint[] = [];
  for (let left = from.compactArrayLength(11); left > 0; left--) nodeEndpoints.push(readNodeEndpoint(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, acquisitionLockTimeoutMs, responses, nodeEndpoints };
}

export function writeShareFetchResponse(to: Writer, value: ShareFetchResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.int32(value.acquisitionLockTimeoutMs);
  to.compactArrayLength(value.responses.length);
  for (const each of value.responses) writeShareFetchableTopicResponse(to, each, version);
  to.compactArrayLength(value.nodeEndpoints.length);
  for (const each of value.nodeEndpoints) writeNodeEndpoint(to, each, version);
  to.noTags();
}

export function readShareFetchableTopicResponse(from: Reader, version: number): ShareFetchableTopicResponse {
  const topicId = from.uuid();
  const partitions: PartitionData[] = [];
  for (let left = from.compactArrayLength(22); left > 0; left--) partitions.push(readPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeShareFetchableTopicResponse(to: Writer, value: ShareFetchableTopicResponse, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionData(to, each, version);
  to.noTags();
}

export function readPartitionData(from: Reader, version: number): PartitionData {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const acknowledgeErrorCode = from.int16();
  const acknowledgeErrorMessage: string | null = from.compactNullableString();
  const currentLeader = readLeaderIdAndEpoch(from, version);
  const records = from.compactBytes();
  const acquiredRecords: AcquiredRecords[] = [];
  for (let left = from.compactArrayLength(19); left > 0; left--) acquiredRecords.push(readAcquiredRecords(from, version));
  from.skipTags();
  return { partitionIndex, errorCode, errorMessage, acknowledgeErrorCode, acknowledgeErrorMessage, currentLeader, records, acquiredRecords };
}

export function writePartitionData(to: Writer, value: PartitionData, version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.int16(value.acknowledgeErrorCode);
  to.compactNullableString(value.acknowledgeErrorMessage);
  writeLeaderIdAndEpoch(to, value.currentLeader, version);
  to.compactBytes(value.records);
  to.compactArrayLength(value.acquiredRecords.length);
  for (const each of value.acquiredRecords) writeAcquiredRecords(to, each, version);
  to.noTags();
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

export function readAcquiredRecords(from: Reader, _version: number): AcquiredRecords {
  const firstOffset = from.int64();
  const lastOffset = from.int64();
  const deliveryCount = from.int16();
  from.skipTags();
  return { firstOffset, lastOffset, deliveryCount };
}

export function writeAcquiredRecords(to: Writer, value: AcquiredRecords, _version: number): void {
  to.int64(value.firstOffset);
  to.int64(value.lastOffset);
  to.int16(value.deliveryCount);
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

export const ShareFetch: Message<ShareFetchRequest, ShareFetchResponse> = {
  key: 78,
  name: "ShareFetch",
  versions: [1, 2],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readShareFetchRequest,
  writeRequest: writeShareFetchRequest,
  readResponse: readShareFetchResponse,
  writeResponse: writeShareFetchResponse,
};

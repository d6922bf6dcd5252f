// From kafka-clients-4.3.1.jar: common/message/ShareAcknowledgeRequest.json and common/message/ShareAcknowledgeResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ShareAcknowledgeRequest {
  groupId: string | null;
  memberId: string | null;
  shareSessionEpoch: number;
  isRenewAck: boolean;
  topics: AcknowledgeTopic[];
}

export interface AcknowledgeTopic {
  topicId: string;
  partitions: AcknowledgePartition[];
}

export interface AcknowledgePartition {
  partitionIndex: number;
  acknowledgementBatches: AcknowledgementBatch[];
}

export interface AcknowledgementBatch {
  firstOffset: number;
  lastOffset: number;
  acknowledgeTypes: number[];
}

export function readShareAcknowledgeRequest(from: Reader, version: number): ShareAcknowledgeRequest {
  const groupId: string | null = from.compactNullableString();
  const memberId: string | null = from.compactNullableString();
  const shareSessionEpoch = from.int32();
  const isRenewAck = version === 1 ? false : from.bool();
  const topics: AcknowledgeTopic[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topics.push(readAcknowledgeTopic(from, version));
  from.skipTags();
  return { groupId, memberId, shareSessionEpoch, isRenewAck, topics };
}

export function writeShareAcknowledgeRequest(to: Writer, value: ShareAcknowledgeRequest, version: number): void {
  to.compactNullableString(value.groupId);
  to.compactNullableString(value.memberId);
  to.int32(value.shareSessionEpoch);
  if (version === 2) to.bool(value.isRenewAck);
  if (version === 1 && value.isRenewAck) to.unsupported("ShareAcknowledgeRequest.isRenewAck", version);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeAcknowledgeTopic(to, each, version);
  to.noTags();
}

export function readAcknowledgeTopic(from: Reader, version: number): AcknowledgeTopic {
  const topicId = from.uuid();
  const partitions: AcknowledgePartition[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) partitions.push(readAcknowledgePartition(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeAcknowledgeTopic(to: Writer, value: AcknowledgeTopic, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeAcknowledgePartition(to, each, version);
  to.noTags();
}

export function readAcknowledgePartition(from: Reader, version: number): AcknowledgePartition {
  const partitionIndex = from.int32();
  const acknowledgementBatches: AcknowledgementBatch[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) acknowledgementBatches.push(readAcknowledgementBatch(from, version));
  from.skipTags();
  return { partitionIndex, acknowledgementBatches };
}

export function writeAcknowledgePartition(to: Writer, value: AcknowledgePartition, version: number): void {
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

export interface ShareAcknowledgeResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  acquisitionLockTimeoutMs: number;
  responses: ShareAcknowledgeTopicResponse[];
  nodeEndpoints: NodeEndpoint[];
}

export interface ShareAcknowledgeTopicResponse {
  topicId: string;
  partitions: PartitionData[];
}

export interface PartitionData {
  partitionIndex: number;
  errorCode: number;
  errorMessage: string | null;
  currentLeader: LeaderIdAndEpoch;
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

export function readShareAcknowledgeResponse(from: Reader, version: number): ShareAcknowledgeResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const acquisitionLockTimeoutMs = version === 1 ? 0 : from.int32();
  const responses: ShareAcknowledgeTopicResponse[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) responses.push(readShareAcknowledgeTopicResponse(from, version));
  const nodeEndpoints: NodeEndpoint[] = [];
  for (let left = from.compactArrayLength(11); left > 0; left--) nodeEndpoints.push(readNodeEndpoint(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, acquisitionLockTimeoutMs, responses, nodeEndpoints };
}

export function writeShareAcknowledgeResponse(to: Writer, value: ShareAcknowledgeResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  if (version === 2) to.int32(value.acquisitionLockTimeoutMs);
  to.compactArrayLength(value.responses.length);
  for (const each of value.responses) writeShareAcknowledgeTopicResponse(to, each, version);
  to.compactArrayLength(value.nodeEndpoints.length);
  for (const each of value.nodeEndpoints) writeNodeEndpoint(to, each, version);
  to.noTags();
}

export function readShareAcknowledgeTopicResponse(from: Reader, version: number): ShareAcknowledgeTopicResponse {
  const topicId = from.uuid();
  const partitions: PartitionData[] = [];
  for (let left = from.compactArrayLength(17); left > 0; left--) partitions.push(readPartitionData(from, version));
  from.skipTags();
  return { topicId, partitions };
}

export function writeShareAcknowledgeTopicResponse(to: Writer, value: ShareAcknowledgeTopicResponse, version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionData(to, each, version);
  to.noTags();
}

export function readPartitionData(from: Reader, version: number): PartitionData {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const currentLeader = readLeaderIdAndEpoch(from, version);
  from.skipTags();
  return { partitionIndex, errorCode, errorMessage, currentLeader };
}

export function writePartitionData(to: Writer, value: PartitionData, version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  writeLeaderIdAndEpoch(to, value.currentLeader, version);
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

export const ShareAcknowledge: Message<ShareAcknowledgeRequest, ShareAcknowledgeResponse> = {
  key: 79,
  name: "ShareAcknowledge",
  versions: [1, 2],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readShareAcknowledgeRequest,
  writeRequest: writeShareAcknowledgeRequest,
  readResponse: readShareAcknowledgeResponse,
  writeResponse: writeShareAcknowledgeResponse,
};

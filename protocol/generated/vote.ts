// From kafka-clients-4.3.1.jar: common/message/VoteRequest.json and common/message/VoteResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface VoteRequest {
  clusterId: string | null;
  voterId: number;
  topics: VoteRequestTopicData[];
}

export interface VoteRequestTopicData {
  topicName: string;
  partitions: VoteRequestPartitionData[];
}

export interface VoteRequestPartitionData {
  partitionIndex: number;
  replicaEpoch: number;
  replicaId: number;
  replicaDirectoryId: string;
  voterDirectoryId: string;
  lastOffsetEpoch: number;
  lastOffset: number;
  preVote: boolean;
}

export function readVoteRequest(from: Reader, version: number): VoteRequest {
  const clusterId: string | null = from.compactNullableString();
  const voterId = version === 0 ? -1 : from.int32();
  const topics: VoteRequestTopicData[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readVoteRequestTopicData(from, version));
  from.skipTags();
  return { clusterId, voterId, topics };
}

export function writeVoteRequest(to: Writer, value: VoteRequest, version: number): void {
  to.compactNullableString(value.clusterId);
  if (version >= 1) to.int32(value.voterId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeVoteRequestTopicData(to, each, version);
  to.noTags();
}

export function readVoteRequestTopicData(from: Reader, version: number): VoteRequestTopicData {
  const topicName = from.compactString();
  const partitions: VoteRequestPartitionData[] = [];
  for (let left = from.compactArrayLength(25); left > 0; left--) partitions.push(readVoteRequestPartitionData(from, version));
  from.skipTags();
  return { topicName, partitions };
}

export function writeVoteRequestTopicData(to: Writer, value: VoteRequestTopicData, version: number): void {
  to.compactString(value.topicName);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeVoteRequestPartitionData(to, each, version);
  to.noTags();
}

export function readVoteRequestPartitionData(from: Reader, version: number): VoteRequestPartitionData {
  const partitionIndex = from.int32();
  const replicaEpoch = from.int32();
  const replicaId = from.int32();
  const replicaDirectoryId = version === 0 ? ZERO_UUID : from.uuid();
  const voterDirectoryId = version === 0 ? ZERO_UUID : from.uuid();
  const lastOffsetEpoch = from.int32();
  const lastOffset = from.int64();
  const preVote = version <= 1 ? false : from.bool();
  from.skipTags();
  return { partitionIndex, replicaEpoch, replicaId, replicaDirectoryId, voterDirectoryId, lastOffsetEpoch, lastOffset, preVote };
}

export function writeVoteRequestPartitionData(to: Writer, value: VoteRequestPartitionData, version: number): void {
  to.int32(value.partitionIndex);
  to.int32(value.replicaEpoch);
  to.int32(value.replicaId);
  if (version >= 1) to.uuid(value.replicaDirectoryId);
  if (version >= 1) to.uuid(value.voterDirectoryId);
  to.int32(value.lastOffsetEpoch);
  to.int64(value.lastOffset);
  if (version === 2) to.bool(value.preVote);
  if (version <= 1 && value.preVote) to.unsupported("VoteRequestPartitionData.preVote", version);
  to.noTags();
}

export interface VoteResponse {
  errorCode: number;
  topics: VoteResponseTopicData[];
  nodeEndpoints: NodeEndpoint[];
}

export interface VoteResponseTopicData {
  topicName: string;
  partitions: VoteResponsePartitionData[];
}

export interface VoteResponsePartitionData {
  partitionIndex: number;
  errorCode: number;
  leaderId: number;
  leaderEpoch: number;
  voteGranted: boolean;
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
}

export function readVoteResponse(from: Reader, version: number): VoteResponse {
  const errorCode = from.int16();
  const topics: VoteResponseTopicData[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readVoteResponseTopicData(from, version));
  let nodeEndpoints: NodeEndpoint[] = [];
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version >= 1)) { from.skip(size); break; }
        nodeEndpoints = [];
        for (let left = from.compactArrayLength(8); left > 0; left--) nodeEndpoints.push(readNodeEndpoint(from, version));
        break;
      }
      default: from.skip(size);
    }
  }
  return { errorCode, topics, nodeEndpoints };
}

export function writeVoteResponse(to: Writer, value: VoteResponse, version: number): void {
  to.int16(value.errorCode);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeVoteResponseTopicData(to, each, version);
  const hasNodeEndpoints = version >= 1 && value.nodeEndpoints.length !== 0;
  to.unsignedVarint(hasNodeEndpoints ? 1 : 0);
  if (hasNodeEndpoints) {
    const mark = to.openTag(0);
    to.compactArrayLength(value.nodeEndpoints.length);
    for (const each of value.nodeEndpoints) writeNodeEndpoint(to, each, version);
    to.closeTag(mark);
  }
}

export function readVoteResponseTopicData(from: Reader, version: number): VoteResponseTopicData {
  const topicName = from.compactString();
  const partitions: VoteResponsePartitionData[] = [];
  for (let left = from.compactArrayLength(16); left > 0; left--) partitions.push(readVoteResponsePartitionData(from, version));
  from.skipTags();
  return { topicName, partitions };
}

export function writeVoteResponseTopicData(to: Writer, value: VoteResponseTopicData, version: number): void {
  to.compactString(value.topicName);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeVoteResponsePartitionData(to, each, version);
  to.noTags();
}

export function readVoteResponsePartitionData(from: Reader, _version: number): VoteResponsePartitionData {
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  const voteGranted = from.bool();
  from.skipTags();
  return { partitionIndex, errorCode, leaderId, leaderEpoch, voteGranted };
}

export function writeVoteResponsePartitionData(to: Writer, value: VoteResponsePartitionData, _version: number): void {
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  to.bool(value.voteGranted);
  to.noTags();
}

export function readNodeEndpoint(from: Reader, _version: number): NodeEndpoint {
  const nodeId = from.int32();
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { nodeId, host, port };
}

export function writeNodeEndpoint(to: Writer, value: NodeEndpoint, _version: number): void {
  to.int32(value.nodeId);
  to.compactString(value.host);
  to.uint16(value.port);
  to.noTags();
}

export const Vote: Message<VoteRequest, VoteResponse> = {
  key: 52,
  name: "Vote",
  versions: [0, 2],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readVoteRequest,
  writeRequest: writeVoteRequest,
  readResponse: readVoteResponse,
  writeResponse: writeVoteResponse,
};

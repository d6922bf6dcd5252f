// From kafka-clients-4.3.1.jar: common/message/BeginQuorumEpochRequest.json and common/message/BeginQuorumEpochResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface BeginQuorumEpochRequest {
  clusterId: string | null;
  voterId: number;
  topics: BeginQuorumEpochRequestTopicData[];
  leaderEndpoints: LeaderEndpoint[];
}

export interface BeginQuorumEpochRequestTopicData {
  topicName: string;
  partitions: BeginQuorumEpochRequestPartitionData[];
}

export interface BeginQuorumEpochRequestPartitionData {
  partitionIndex: number;
  voterDirectoryId: string;
  leaderId: number;
  leaderEpoch: number;
}

export interface LeaderEndpoint {
  name: string;
  host: string;
  port: number;
}

export function readBeginQuorumEpochRequest(from: Reader, version: number): BeginQuorumEpochRequest {
  const flexible = version >= 1;
  const clusterId: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const voterId = flexible ? from.int32() : -1;
  const topics: BeginQuorumEpochRequestTopicData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readBeginQuorumEpochRequestTopicData(from, version));
  const leaderEndpoints: LeaderEndpoint[] = [];
  for (let left = flexible ? from.compactArrayLength(5) : 0; left > 0; left--) leaderEndpoints.push(readLeaderEndpoint(from, version));
  if (flexible) from.skipTags();
  return { clusterId, voterId, topics, leaderEndpoints };
}

export function writeBeginQuorumEpochRequest(to: Writer, value: BeginQuorumEpochRequest, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactNullableString(value.clusterId);
  else to.nullableString(value.clusterId);
  if (flexible) to.int32(value.voterId);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeBeginQuorumEpochRequestTopicData(to, each, version);
  if (flexible) {
    to.compactArrayLength(value.leaderEndpoints.length);
    for (const each of value.leaderEndpoints) writeLeaderEndpoint(to, each, version);
  }
  if (flexible) to.noTags();
}

export function readBeginQuorumEpochRequestTopicData(from: Reader, version: number): BeginQuorumEpochRequestTopicData {
  const flexible = version >= 1;
  const topicName = flexible ? from.compactString() : from.string();
  const partitions: BeginQuorumEpochRequestPartitionData[] = [];
  for (let left = flexible ? from.compactArrayLength(29) : from.arrayLength(12); left > 0; left--) partitions.push(readBeginQuorumEpochRequestPartitionData(from, version));
  if (flexible) from.skipTags();
  return { topicName, partitions };
}

export function writeBeginQuorumEpochRequestTopicData(to: Writer, value: BeginQuorumEpochRequestTopicData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.topicName);
  else to.string(value.topicName);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeBeginQuorumEpochRequestPartitionData(to, each, version);
  if (flexible) to.noTags();
}

export function readBeginQuorumEpochRequestPartitionData(from: Reader, version: number): BeginQuorumEpochRequestPartitionData {
  const flexible = version >= 1;
  const partitionIndex = from.int32();
  const voterDirectoryId = flexible ? from.uuid() : ZERO_UUID;
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  if (flexible) from.skipTags();
  return { partitionIndex, voterDirectoryId, leaderId, leaderEpoch };
}

export function writeBeginQuorumEpochRequestPartitionData(to: Writer, value: BeginQuorumEpochRequestPartitionData, version: number): void {
  const flexible = version >= 1;
  to.int32(value.partitionIndex);
  if (flexible) to.uuid(value.voterDirectoryId);
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  if (flexible) to.noTags();
}

export function readLeaderEndpoint(from: Reader, _version: number): LeaderEndpoint {
  const name = from.compactString();
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { name, host, port };
}

export function writeLeaderEndpoint(to: Writer, value: LeaderEndpoint, _version: number): void {
  to.compactString(value.name);
  to.compactString(value.host);
  to.uint16(value.port);
  to.noTags();
}

export interface BeginQuorumEpochResponse {
  errorCode: number;
  topics: BeginQuorumEpochResponseTopicData[];
  nodeEndpoints: NodeEndpoint[];
}

export interface BeginQuorumEpochResponseTopicData {
  topicName: string;
  partitions: BeginQuorumEpochResponsePartitionData[];
}

export interface BeginQuorumEpochResponsePartitionData {
  partitionIndex: number;
  errorCode: number;
  leaderId: number;
  leaderEpoch: number;
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
}

export function readBeginQuorumEpochResponse(from: Reader, version: number): BeginQuorumEpochResponse {
  const flexible = version >= 1;
  const errorCode = from.int16();
  const topics: BeginQuorumEpochResponseTopicData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readBeginQuorumEpochResponseTopicData(from, version));
  let nodeEndpoints: NodeEndpoint[] = [];
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        nodeEndpoints = [];
        for (let left = from.compactArrayLength(8); left > 0; left--) nodeEndpoints.push(readNodeEndpoint(from, version));
        break;
      }
      default: from.skip(size);
    }
  }
  return { errorCode, topics, nodeEndpoints };
}

export function writeBeginQuorumEpochResponse(to: Writer, value: BeginQuorumEpochResponse, version: number): void {
  const flexible = version >= 1;
  to.int16(value.errorCode);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeBeginQuorumEpochResponseTopicData(to, each, version);
  if (flexible) {
    const hasNodeEndpoints = value.nodeEndpoints.length !== 0;
    to.unsignedVarint(hasNodeEndpoints ? 1 : 0);
    if (hasNodeEndpoints) {
      const mark = to.openTag(0);
      to.compactArrayLength(value.nodeEndpoints.length);
      for (const each of value.nodeEndpoints) writeNodeEndpoint(to, each, version);
      to.closeTag(mark);
    }
  }
}

export function readBeginQuorumEpochResponseTopicData(from: Reader, version: number): BeginQuorumEpochResponseTopicData {
  const flexible = version >= 1;
  const topicName = flexible ? from.compactString() : from.string();
  const partitions: BeginQuorumEpochResponsePartitionData[] = [];
  for (let left = flexible ? from.compactArrayLength(15) : from.arrayLength(14); left > 0; left--) partitions.push(readBeginQuorumEpochResponsePartitionData(from, version));
  if (flexible) from.skipTags();
  return { topicName, partitions };
}

export function writeBeginQuorumEpochResponseTopicData(to: Writer, value: BeginQuorumEpochResponseTopicData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.topicName);
  else to.string(value.topicName);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeBeginQuorumEpochResponsePartitionData(to, each, version);
  if (flexible) to.noTags();
}

export function readBeginQuorumEpochResponsePartitionData(from: Reader, version: number): BeginQuorumEpochResponsePartitionData {
  const flexible = version >= 1;
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  if (flexible) from.skipTags();
  return { partitionIndex, errorCode, leaderId, leaderEpoch };
}

export function writeBeginQuorumEpochResponsePartitionData(to: Writer, value: BeginQuorumEpochResponsePartitionData, version: number): void {
  const flexible = version >= 1;
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  if (flexible) to.noTags();
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

export const BeginQuorumEpoch: Message<BeginQuorumEpochRequest, BeginQuorumEpochResponse> = {
  key: 53,
  name: "BeginQuorumEpoch",
  versions: [0, 1],
  flexibleFrom: 1,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readBeginQuorumEpochRequest,
  writeRequest: writeBeginQuorumEpochRequest,
  readResponse: readBeginQuorumEpochResponse,
  writeResponse: writeBeginQuorumEpochResponse,
};

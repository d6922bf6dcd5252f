// From kafka-clients-4.3.1.jar: common/message/EndQuorumEpochRequest.json and common/message/EndQuorumEpochResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface EndQuorumEpochRequest {
  clusterId: string | null;
  topics: EndQuorumEpochRequestTopicData[];
  leaderEndpoints: LeaderEndpoint[];
}

export interface EndQuorumEpochRequestTopicData {
  topicName: string;
  partitions: EndQuorumEpochRequestPartitionData[];
}

export interface EndQuorumEpochRequestPartitionData {
  partitionIndex: number;
  leaderId: number;
  leaderEpoch: number;
  preferredSuccessors: number[];
  preferredCandidates: ReplicaInfo[];
}

export interface ReplicaInfo {
  candidateId: number;
  candidateDirectoryId: string;
}

export interface LeaderEndpoint {
  name: string;
  host: string;
  port: number;
}

export function readEndQuorumEpochRequest(from: Reader, version: number): EndQuorumEpochRequest {
  const flexible = version >= 1;
  const clusterId: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const topics: EndQuorumEpochRequestTopicData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readEndQuorumEpochRequestTopicData(from, version));
  const leaderEndpoints: LeaderEndpoint[] = [];
  for (let left = flexible ? from.compactArrayLength(5) : 0; left > 0; left--) leaderEndpoints.push(readLeaderEndpoint(from, version));
  if (flexible) from.skipTags();
  return { clusterId, topics, leaderEndpoints };
}

export function writeEndQuorumEpochRequest(to: Writer, value: EndQuorumEpochRequest, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactNullableString(value.clusterId);
  else to.nullableString(value.clusterId);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeEndQuorumEpochRequestTopicData(to, each, version);
  if (flexible) {
    to.compactArrayLength(value.leaderEndpoints.length);
    for (const each of value.leaderEndpoints) writeLeaderEndpoint(to, each, version);
  }
  if (flexible) to.noTags();
}

export function readEndQuorumEpochRequestTopicData(from: Reader, version: number): EndQuorumEpochRequestTopicData {
  const flexible = version >= 1;
  const topicName = flexible ? from.compactString() : from.string();
  const partitions: EndQuorumEpochRequestPartitionData[] = [];
  for (let left = flexible ? from.compactArrayLength(14) : from.arrayLength(16); left > 0; left--) partitions.push(readEndQuorumEpochRequestPartitionData(from, version));
  if (flexible) from.skipTags();
  return { topicName, partitions };
}

export function writeEndQuorumEpochRequestTopicData(to: Writer, value: EndQuorumEpochRequestTopicData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.topicName);
  else to.string(value.topicName);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeEndQuorumEpochRequestPartitionData(to, each, version);
  if (flexible) to.noTags();
}

export function readEndQuorumEpochRequestPartitionData(from: Reader, version: number): EndQuorumEpochRequestPartitionData {
  const flexible = version >= 1;
  const partitionIndex = from.int32();
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  const preferredSuccessors: number[] = [];
  for (let left = flexible ? 0 : from.arrayLength(4); left > 0; left--) preferredSuccessors.push(from.int32());
  const preferredCandidates: ReplicaInfo[] = [];
  for (let left = flexible ? from.compactArrayLength(21) : 0; left > 0; left--) preferredCandidates.push(readReplicaInfo(from, version));
  if (flexible) from.skipTags();
  return { partitionIndex, leaderId, leaderEpoch, preferredSuccessors, preferredCandidates };
}

export function writeEndQuorumEpochRequestPartitionData(to: Writer, value: EndQuorumEpochRequestPartitionData, version: number): void {
  const flexible = version >= 1;
  to.int32(value.partitionIndex);
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  if (!flexible) {
    to.arrayLength(value.preferredSuccessors.length);
    for (const each of value.preferredSuccessors) to.int32(each);
  }
  if (flexible) {
    to.compactArrayLength(value.preferredCandidates.length);
    for (const each of value.preferredCandidates) writeReplicaInfo(to, each, version);
  }
  if (flexible) to.noTags();
}

export function readReplicaInfo(from: Reader, _version: number): ReplicaInfo {
  const candidateId = from.int32();
  const candidateDirectoryId = from.uuid();
  from.skipTags();
  return { candidateId, candidateDirectoryId };
}

export function writeReplicaInfo(to: Writer, value: ReplicaInfo, _version: number): void {
  to.int32(value.candidateId);
  to.uuid(value.candidateDirectoryId);
  to.noTags();
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

export interface EndQuorumEpochResponse {
  errorCode: number;
  topics: EndQuorumEpochResponseTopicData[];
  nodeEndpoints: NodeEndpoint[];
}

export interface EndQuorumEpochResponseTopicData {
  topicName: string;
  partitions: EndQuorumEpochResponsePartitionData[];
}

export interface EndQuorumEpochResponsePartitionData {
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

export function readEndQuorumEpochResponse(from: Reader, version: number): EndQuorumEpochResponse {
  const flexible = version >= 1;
  const errorCode = from.int16();
  const topics: EndQuorumEpochResponseTopicData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readEndQuorumEpochResponseTopicData(from, version));
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

export function writeEndQuorumEpochResponse(to: Writer, value: EndQuorumEpochResponse, version: number): void {
  const flexible = version >= 1;
  to.int16(value.errorCode);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeEndQuorumEpochResponseTopicData(to, each, version);
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

export function readEndQuorumEpochResponseTopicData(from: Reader, version: number): EndQuorumEpochResponseTopicData {
  const flexible = version >= 1;
  const topicName = flexible ? from.compactString() : from.string();
  const partitions: EndQuorumEpochResponsePartitionData[] = [];
  for (let left = flexible ? from.compactArrayLength(15) : from.arrayLength(14); left > 0; left--) partitions.push(readEndQuorumEpochResponsePartitionData(from, version));
  if (flexible) from.skipTags();
  return { topicName, partitions };
}

export function writeEndQuorumEpochResponseTopicData(to: Writer, value: EndQuorumEpochResponseTopicData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.topicName);
  else to.string(value.topicName);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeEndQuorumEpochResponsePartitionData(to, each, version);
  if (flexible) to.noTags();
}

export function readEndQuorumEpochResponsePartitionData(from: Reader, version: number): EndQuorumEpochResponsePartitionData {
  const flexible = version >= 1;
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  if (flexible) from.skipTags();
  return { partitionIndex, errorCode, leaderId, leaderEpoch };
}

export function writeEndQuorumEpochResponsePartitionData(to: Writer, value: EndQuorumEpochResponsePartitionData, version: number): void {
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

export const EndQuorumEpoch: Message<EndQuorumEpochRequest, EndQuorumEpochResponse> = {
  key: 54,
  name: "EndQuorumEpoch",
  versions: [0, 1],
  flexibleFrom: 1,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readEndQuorumEpochRequest,
  writeRequest: writeEndQuorumEpochRequest,
  readResponse: readEndQuorumEpochResponse,
  writeResponse: writeEndQuorumEpochResponse,
};

// From kafka-clients-4.3.1.jar: common/message/FetchSnapshotRequest.json and common/message/FetchSnapshotResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface FetchSnapshotRequest {
  clusterId: string | null;
  replicaId: number;
  maxBytes: number;
  topics: FetchSnapshotRequestTopicSnapshot[];
}

export interface FetchSnapshotRequestTopicSnapshot {
  name: string;
  partitions: FetchSnapshotRequestPartitionSnapshot[];
}

export interface FetchSnapshotRequestPartitionSnapshot {
  partition: number;
  currentLeaderEpoch: number;
  snapshotId: FetchSnapshotRequestSnapshotId;
  position: number;
  replicaDirectoryId: string;
}

export interface FetchSnapshotRequestSnapshotId {
  endOffset: number;
  epoch: number;
}

export function readFetchSnapshotRequest(from: Reader, version: number): FetchSnapshotRequest {
  let clusterId: string | null = null;
  const replicaId = from.int32();
  const maxBytes = from.int32();
  const topics: FetchSnapshotRequestTopicSnapshot[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readFetchSnapshotRequestTopicSnapshot(from, version));
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        clusterId = from.compactNullableString();
        break;
      }
      default: from.skip(size);
    }
  }
  return { clusterId, replicaId, maxBytes, topics };
}

export function writeFetchSnapshotRequest(to: Writer, value: FetchSnapshotRequest, version: number): void {
  to.int32(value.replicaId);
  to.int32(value.maxBytes);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeFetchSnapshotRequestTopicSnapshot(to, each, version);
  const hasClusterId = value.clusterId !== null;
  to.unsignedVarint(hasClusterId ? 1 : 0);
  if (hasClusterId) {
    const mark = to.openTag(0);
    to.compactNullableString(value.clusterId);
    to.closeTag(mark);
  }
}

export function readFetchSnapshotRequestTopicSnapshot(from: Reader, version: number): FetchSnapshotRequestTopicSnapshot {
  const name = from.compactString();
  const partitions: FetchSnapshotRequestPartitionSnapshot[] = [];
  for (let left = from.compactArrayLength(30); left > 0; left--) partitions.push(readFetchSnapshotRequestPartitionSnapshot(from, version));
  from.skipTags();
  return { name, partitions };
}

export function writeFetchSnapshotRequestTopicSnapshot(to: Writer, value: FetchSnapshotRequestTopicSnapshot, version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeFetchSnapshotRequestPartitionSnapshot(to, each, version);
  to.noTags();
}

export function readFetchSnapshotRequestPartitionSnapshot(from: Reader, version: number): FetchSnapshotRequestPartitionSnapshot {
  const partition = from.int32();
  const currentLeaderEpoch = from.int32();
  const snapshotId = readFetchSnapshotRequestSnapshotId(from, version);
  const position = from.int64();
  let replicaDirectoryId = ZERO_UUID;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version === 1)) { from.skip(size); break; }
        replicaDirectoryId = from.uuid();
        break;
      }
      default: from.skip(size);
    }
  }
  return { partition, currentLeaderEpoch, snapshotId, position, replicaDirectoryId };
}

export function writeFetchSnapshotRequestPartitionSnapshot(to: Writer, value: FetchSnapshotRequestPartitionSnapshot, version: number): void {
  to.int32(value.partition);
  to.int32(value.currentLeaderEpoch);
  writeFetchSnapshotRequestSnapshotId(to, value.snapshotId, version);
  to.int64(value.position);
  const hasReplicaDirectoryId = version === 1 && value.replicaDirectoryId !== ZERO_UUID;
  to.unsignedVarint(hasReplicaDirectoryId ? 1 : 0);
  if (hasReplicaDirectoryId) {
    const mark = to.openTag(0);
    to.uuid(value.replicaDirectoryId);
    to.closeTag(mark);
  }
}

export function readFetchSnapshotRequestSnapshotId(from: Reader, _version: number): FetchSnapshotRequestSnapshotId {
  const endOffset = from.int64();
  const epoch = from.int32();
  from.skipTags();
  return { endOffset, epoch };
}

export function writeFetchSnapshotRequestSnapshotId(to: Writer, value: FetchSnapshotRequestSnapshotId, _version: number): void {
  to.int64(value.endOffset);
  to.int32(value.epoch);
  to.noTags();
}

export interface FetchSnapshotResponse {
  throttleTimeMs: number;
  errorCode: number;
  topics: FetchSnapshotResponseTopicSnapshot[];
  nodeEndpoints: NodeEndpoint[];
}

export interface FetchSnapshotResponseTopicSnapshot {
  name: string;
  partitions: FetchSnapshotResponsePartitionSnapshot[];
}

export interface FetchSnapshotResponsePartitionSnapshot {
  index: number;
  errorCode: number;
  snapshotId: FetchSnapshotResponseSnapshotId;
  currentLeader: LeaderIdAndEpoch;
  size: number;
  position: number;
  unalignedRecords: Uint8Array;
}

export interface FetchSnapshotResponseSnapshotId {
  endOffset: number;
  epoch: number;
}

export interface LeaderIdAndEpoch {
  leaderId: number;
  leaderEpoch: number;
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
}

export function newLeaderIdAndEpoch(): LeaderIdAndEpoch {
  return { leaderId: 0, leaderEpoch: 0 };
}

export function readFetchSnapshotResponse(from: Reader, version: number): FetchSnapshotResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const topics: FetchSnapshotResponseTopicSnapshot[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readFetchSnapshotResponseTopicSnapshot(from, version));
  let nodeEndpoints: NodeEndpoint[] = [];
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version === 1)) { from.skip(size); break; }
        nodeEndpoints = [];
        for (let left = from.compactArrayLength(8); left > 0; left--) nodeEndpoints.push(readNodeEndpoint(from, version));
        break;
      }
      default: from.skip(size);
    }
  }
  return { throttleTimeMs, errorCode, topics, nodeEndpoints };
}

export function writeFetchSnapshotResponse(to: Writer, value: FetchSnapshotResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeFetchSnapshotResponseTopicSnapshot(to, each, version);
  const hasNodeEndpoints = version === 1 && value.nodeEndpoints.length !== 0;
  to.unsignedVarint(hasNodeEndpoints ? 1 : 0);
  if (hasNodeEndpoints) {
    const mark = to.openTag(0);
    to.compactArrayLength(value.nodeEndpoints.length);
    for (const each of value.nodeEndpoints) writeNodeEndpoint(to, each, version);
    to.closeTag(mark);
  }
}

export function readFetchSnapshotResponseTopicSnapshot(from: Reader, version: number): FetchSnapshotResponseTopicSnapshot {
  const name = from.compactString();
  const partitions: FetchSnapshotResponsePartitionSnapshot[] = [];
  for (let left = from.compactArrayLength(37); left > 0; left--) partitions.push(readFetchSnapshotResponsePartitionSnapshot(from, version));
  from.skipTags();
  return { name, partitions };
}

export function writeFetchSnapshotResponseTopicSnapshot(to: Writer, value: FetchSnapshotResponseTopicSnapshot, version: number): void {
  to.compactString(value.name);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) writeFetchSnapshotResponsePartitionSnapshot(to, each, version);
  to.noTags();
}

export function readFetchSnapshotResponsePartitionSnapshot(from: Reader, version: number): FetchSnapshotResponsePartitionSnapshot {
  const index = from.int32();
  const errorCode = from.int16();
  const snapshotId = readFetchSnapshotResponseSnapshotId(from, version);
  let currentLeader = newLeaderIdAndEpoch();
  const size = from.int64();
  const position = from.int64();
  const unalignedRecords = from.compactBytes();
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        currentLeader = readLeaderIdAndEpoch(from, version);
        break;
      }
      default: from.skip(size);
    }
  }
  return { index, errorCode, snapshotId, currentLeader, size, position, unalignedRecords };
}

export function writeFetchSnapshotResponsePartitionSnapshot(to: Writer, value: FetchSnapshotResponsePartitionSnapshot, version: number): void {
  to.int32(value.index);
  to.int16(value.errorCode);
  writeFetchSnapshotResponseSnapshotId(to, value.snapshotId, version);
  to.int64(value.size);
  to.int64(value.position);
  to.compactBytes(value.unalignedRecords);
  const hasCurrentLeader = !(value.currentLeader.leaderId === 0 && value.currentLeader.leaderEpoch === 0);
  to.unsignedVarint(hasCurrentLeader ? 1 : 0);
  if (hasCurrentLeader) {
    const mark = to.openTag(0);
    writeLeaderIdAndEpoch(to, value.currentLeader, version);
    to.closeTag(mark);
  }
}

export function readFetchSnapshotResponseSnapshotId(from: Reader, _version: number): FetchSnapshotResponseSnapshotId {
  const endOffset = from.int64();
  const epoch = from.int32();
  from.skipTags();
  return { endOffset, epoch };
}

export function writeFetchSnapshotResponseSnapshotId(to: Writer, value: FetchSnapshotResponseSnapshotId, _version: number): void {
  to.int64(value.endOffset);
  to.int32(value.epoch);
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

export const FetchSnapshot: Message<FetchSnapshotRequest, FetchSnapshotResponse> = {
  key: 59,
  name: "FetchSnapshot",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readFetchSnapshotRequest,
  writeRequest: writeFetchSnapshotRequest,
  readResponse: readFetchSnapshotResponse,
  writeResponse: writeFetchSnapshotResponse,
};

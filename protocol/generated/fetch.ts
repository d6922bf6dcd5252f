// From kafka-clients-4.3.1.jar: common/message/FetchRequest.json and common/message/FetchResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface FetchRequest {
  clusterId: string | null;
  replicaId: number;
  replicaState: ReplicaState;
  maxWaitMs: number;
  minBytes: number;
  maxBytes: number;
  isolationLevel: number;
  sessionId: number;
  sessionEpoch: number;
  topics: FetchTopic[];
  forgottenTopicsData: ForgottenTopic[];
  rackId: string;
}

export interface ReplicaState {
  replicaId: number;
  replicaEpoch: number;
}

export interface FetchTopic {
  topic: string;
  topicId: string;
  partitions: FetchPartition[];
}

export interface FetchPartition {
  partition: number;
  currentLeaderEpoch: number;
  fetchOffset: number;
  lastFetchedEpoch: number;
  logStartOffset: number;
  partitionMaxBytes: number;
  replicaDirectoryId: string;
  highWatermark: number;
}

export interface ForgottenTopic {
  topic: string;
  topicId: string;
  partitions: number[];
}

export function newReplicaState(): ReplicaState {
  return { replicaId: -1, replicaEpoch: -1 };
}

export function readFetchRequest(from: Reader, version: number): FetchRequest {
  const flexible = version >= 12;
  let clusterId: string | null = null;
  const replicaId = version <= 14 ? from.int32() : -1;
  let replicaState = newReplicaState();
  const maxWaitMs = from.int32();
  const minBytes = from.int32();
  const maxBytes = from.int32();
  const isolationLevel = from.int8();
  const sessionId = version <= 6 ? 0 : from.int32();
  const sessionEpoch = version <= 6 ? -1 : from.int32();
  const topics: FetchTopic[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) topics.push(readFetchTopic(from, version));
  const forgottenTopicsData: ForgottenTopic[] = [];
  for (let left = version <= 6 ? 0 : version <= 11 ? from.arrayLength(6) : from.compactArrayLength(3); left > 0; left--) forgottenTopicsData.push(readForgottenTopic(from, version));
  const rackId = version <= 10 ? "" : version <= 11 ? from.string() : from.compactString();
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        clusterId = from.compactNullableString();
        break;
      }
      case 1: {
        if (!(version >= 15)) { from.skip(size); break; }
        replicaState = readReplicaState(from, version);
        break;
      }
      default: from.skip(size);
    }
  }
  return { clusterId, replicaId, replicaState, maxWaitMs, minBytes, maxBytes, isolationLevel, sessionId, sessionEpoch, topics, forgottenTopicsData, rackId };
}

export function writeFetchRequest(to: Writer, value: FetchRequest, version: number): void {
  const flexible = version >= 12;
  if (version <= 14) to.int32(value.replicaId);
  if (version >= 15 && value.replicaId !== -1) to.unsupported("FetchRequest.replicaId", version);
  if (version <= 14 && !(value.replicaState.replicaId === -1 && value.replicaState.replicaEpoch === -1)) to.unsupported("FetchRequest.replicaState", version);
  to.int32(value.maxWaitMs);
  to.int32(value.minBytes);
  to.int32(value.maxBytes);
  to.int8(value.isolationLevel);
  if (version >= 7) to.int32(value.sessionId);
  if (version >= 7) to.int32(value.sessionEpoch);
  if (flexible) to.compactArrayLength(value.topics.length);
  else to.arrayLength(value.topics.length);
  for (const each of value.topics) writeFetchTopic(to, each, version);
  if (version >= 7) {
    if (flexible) to.compactArrayLength(value.forgottenTopicsData.length);
    else to.arrayLength(value.forgottenTopicsData.length);
    for (const each of value.forgottenTopicsData) writeForgottenTopic(to, each, version);
  }
  if (version <= 6 && value.forgottenTopicsData.length !== 0) to.unsupported("FetchRequest.forgottenTopicsData", version);
  if (flexible) to.compactString(value.rackId);
  else if (version === 11) to.string(value.rackId);
  if (flexible) {
    const hasClusterId = value.clusterId !== null;
    const hasReplicaState = version >= 15 && !(value.replicaState.replicaId === -1 && value.replicaState.replicaEpoch === -1);
    to.unsignedVarint((hasClusterId ? 1 : 0) + (hasReplicaState ? 1 : 0));
    if (hasClusterId) {
      const mark = to.openTag(0);
      to.compactNullableString(value.clusterId);
      to.closeTag(mark);
    }
    if (hasReplicaState) {
      const mark = to.openTag(1);
      writeReplicaState(to, value.replicaState, version);
      to.closeTag(mark);
    }
  }
}

export function readReplicaState(from: Reader, _version: number): ReplicaState {
  const replicaId = from.int32();
  const replicaEpoch = from.int64();
  from.skipTags();
  return { replicaId, replicaEpoch };
}

export function writeReplicaState(to: Writer, value: ReplicaState, _version: number): void {
  to.int32(value.replicaId);
  to.int64(value.replicaEpoch);
  to.noTags();
}

export function readFetchTopic(from: Reader, version: number): FetchTopic {
  const flexible = version >= 12;
  const topic = version <= 11 ? from.string() : version <= 12 ? from.compactString() : "";
  const topicId = version <= 12 ? ZERO_UUID : from.uuid();
  const partitions: FetchPartition[] = [];
  for (let left = flexible ? from.compactArrayLength(33) : from.arrayLength(16); left > 0; left--) partitions.push(readFetchPartition(from, version));
  if (flexible) from.skipTags();
  return { topic, topicId, partitions };
}

export function writeFetchTopic(to: Writer, value: FetchTopic, version: number): void {
  const flexible = version >= 12;
  if (version === 12) to.compactString(value.topic);
  else if (!flexible) to.string(value.topic);
  if (version >= 13) to.uuid(value.topicId);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writeFetchPartition(to, each, version);
  if (flexible) to.noTags();
}

export function readFetchPartition(from: Reader, version: number): FetchPartition {
  const flexible = version >= 12;
  const partition = from.int32();
  const currentLeaderEpoch = version <= 8 ? -1 : from.int32();
  const fetchOffset = from.int64();
  const lastFetchedEpoch = flexible ? from.int32() : -1;
  const logStartOffset = version === 4 ? -1 : from.int64();
  const partitionMaxBytes = from.int32();
  let replicaDirectoryId = ZERO_UUID;
  let highWatermark = Infinity;
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version >= 17)) { from.skip(size); break; }
        replicaDirectoryId = from.uuid();
        break;
      }
      case 1: {
        if (!(version === 18)) { from.skip(size); break; }
        highWatermark = from.int64();
        break;
      }
      default: from.skip(size);
    }
  }
  return { partition, currentLeaderEpoch, fetchOffset, lastFetchedEpoch, logStartOffset, partitionMaxBytes, replicaDirectoryId, highWatermark };
}

export function writeFetchPartition(to: Writer, value: FetchPartition, version: number): void {
  const flexible = version >= 12;
  to.int32(value.partition);
  if (version >= 9) to.int32(value.currentLeaderEpoch);
  to.int64(value.fetchOffset);
  if (flexible) to.int32(value.lastFetchedEpoch);
  if (!flexible && value.lastFetchedEpoch !== -1) to.unsupported("FetchPartition.lastFetchedEpoch", version);
  if (version >= 5) to.int64(value.logStartOffset);
  to.int32(value.partitionMaxBytes);
  if (flexible) {
    const hasReplicaDirectoryId = version >= 17 && value.replicaDirectoryId !== ZERO_UUID;
    const hasHighWatermark = version === 18 && value.highWatermark !== Infinity;
    to.unsignedVarint((hasReplicaDirectoryId ? 1 : 0) + (hasHighWatermark ? 1 : 0));
    if (hasReplicaDirectoryId) {
      const mark = to.openTag(0);
      to.uuid(value.replicaDirectoryId);
      to.closeTag(mark);
    }
    if (hasHighWatermark) {
      const mark = to.openTag(1);
      to.int64(value.highWatermark);
      to.closeTag(mark);
    }
  }
}

export function readForgottenTopic(from: Reader, version: number): ForgottenTopic {
  const flexible = version >= 12;
  const topic = version <= 11 ? from.string() : version <= 12 ? from.compactString() : "";
  const topicId = version <= 12 ? ZERO_UUID : from.uuid();
  const partitions: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) partitions.push(from.int32());
  if (flexible) from.skipTags();
  return { topic, topicId, partitions };
}

export function writeForgottenTopic(to: Writer, value: ForgottenTopic, version: number): void {
  const flexible = version >= 12;
  if (version === 12) to.compactString(value.topic);
  else if (!flexible) to.string(value.topic);
  if (version >= 13) to.uuid(value.topicId);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  if (flexible) to.noTags();
}

export interface FetchResponse {
  throttleTimeMs: number;
  errorCode: number;
  sessionId: number;
  responses: FetchableTopicResponse[];
  nodeEndpoints: NodeEndpoint[];
}

export interface FetchableTopicResponse {
  topic: string;
  topicId: string;
  partitions: PartitionData[];
}

export interface PartitionData {
  partitionIndex: number;
  errorCode: number;
  highWatermark: number;
  lastStableOffset: number;
  logStartOffset: number;
  divergingEpoch: EpochEndOffset;
  currentLeader: LeaderIdAndEpoch;
  snapshotId: SnapshotId;
  abortedTransactions: AbortedTransaction[] | null;
  preferredReadReplica: number;
  records: Uint8Array | null;
}

export interface EpochEndOffset {
  epoch: number;
  endOffset: number;
}

export interface LeaderIdAndEpoch {
  leaderId: number;
  leaderEpoch: number;
}

export interface SnapshotId {
  endOffset: number;
  epoch: number;
}

export interface AbortedTransaction {
  producerId: number;
  firstOffset: number;
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
  rack: string | null;
}

export function newEpochEndOffset(): EpochEndOffset {
  return { epoch: -1, endOffset: -1 };
}

export function newLeaderIdAndEpoch(): LeaderIdAndEpoch {
  return { leaderId: -1, leaderEpoch: -1 };
}

export function newSnapshotId(): SnapshotId {
  return { endOffset: -1, epoch: -1 };
}

export function readFetchResponse(from: Reader, version: number): FetchResponse {
  const flexible = version >= 12;
  const throttleTimeMs = from.int32();
  const errorCode = version <= 6 ? 0 : from.int16();
  const sessionId = version <= 6 ? 0 : from.int32();
  const responses: FetchableTopicResponse[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) responses.push(readFetchableTopicResponse(from, version));
  let nodeEndpoints: NodeEndpoint[] = [];
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version >= 16)) { from.skip(size); break; }
        nodeEndpoints = [];
        for (let left = from.compactArrayLength(11); left > 0; left--) nodeEndpoints.push(readNodeEndpoint(from, version));
        break;
      }
      default: from.skip(size);
    }
  }
  return { throttleTimeMs, errorCode, sessionId, responses, nodeEndpoints };
}

export function writeFetchResponse(to: Writer, value: FetchResponse, version: number): void {
  const flexible = version >= 12;
  to.int32(value.throttleTimeMs);
  if (version >= 7) to.int16(value.errorCode);
  if (version >= 7) to.int32(value.sessionId);
  if (flexible) to.compactArrayLength(value.responses.length);
  else to.arrayLength(value.responses.length);
  for (const each of value.responses) writeFetchableTopicResponse(to, each, version);
  if (flexible) {
    const hasNodeEndpoints = version >= 16 && value.nodeEndpoints.length !== 0;
    to.unsignedVarint(hasNodeEndpoints ? 1 : 0);
    if (hasNodeEndpoints) {
      const mark = to.openTag(0);
      to.compactArrayLength(value.nodeEndpoints.length);
      for (const each of value.nodeEndpoints) writeNodeEndpoint(to, each, version);
      to.closeTag(mark);
    }
  }
}

export function readFetchableTopicResponse(from: Reader, version: number): FetchableTopicResponse {
  const flexible = version >= 12;
  const topic = version <= 11 ? from.string() : version <= 12 ? from.compactString() : "";
  const topicId = version <= 12 ? ZERO_UUID : from.uuid();
  const partitions: PartitionData[] = [];
  for (let left = flexible ? from.compactArrayLength(37) : from.arrayLength(30); left > 0; left--) partitions.push(readPartitionData(from, version));
  if (flexible) from.skipTags();
  return { topic, topicId, partitions };
}

export function writeFetchableTopicResponse(to: Writer, value: FetchableTopicResponse, version: number): void {
  const flexible = version >= 12;
  if (version === 12) to.compactString(value.topic);
  else if (!flexible) to.string(value.topic);
  if (version >= 13) to.uuid(value.topicId);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) writePartitionData(to, each, version);
  if (flexible) to.noTags();
}

export function readPartitionData(from: Reader, version: number): PartitionData {
  const flexible = version >= 12;
  const partitionIndex = from.int32();
  const errorCode = from.int16();
  const highWatermark = from.int64();
  const lastStableOffset = from.int64();
  const logStartOffset = version === 4 ? -1 : from.int64();
  let divergingEpoch = newEpochEndOffset();
  let currentLeader = newLeaderIdAndEpoch();
  let snapshotId = newSnapshotId();
  const abortedTransactionsCount = flexible ? from.compactNullableArrayLength(17) : from.nullableArrayLength(16);
  const abortedTransactions: AbortedTransaction[] | null = abortedTransactionsCount < 0 ? null : [];
  for (let left = abortedTransactionsCount; left > 0; left--) abortedTransactions!.push(readAbortedTransaction(from, version));
  const preferredReadReplica = version <= 10 ? -1 : from.int32();
  const records: Uint8Array | null = flexible ? from.compactNullableBytes() : from.nullableBytes();
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        divergingEpoch = readEpochEndOffset(from, version);
        break;
      }
      case 1: {
        currentLeader = readLeaderIdAndEpoch(from, version);
        break;
      }
      case 2: {
        snapshotId = readSnapshotId(from, version);
        break;
      }
      default: from.skip(size);
    }
  }
  return { partitionIndex, errorCode, highWatermark, lastStableOffset, logStartOffset, divergingEpoch, currentLeader, snapshotId, abortedTransactions, preferredReadReplica, records };
}

export function writePartitionData(to: Writer, value: PartitionData, version: number): void {
  const flexible = version >= 12;
  to.int32(value.partitionIndex);
  to.int16(value.errorCode);
  to.int64(value.highWatermark);
  to.int64(value.lastStableOffset);
  if (version >= 5) to.int64(value.logStartOffset);
  if (flexible) to.compactArrayLength(value.abortedTransactions?.length ?? -1);
  else to.arrayLength(value.abortedTransactions?.length ?? -1);
  for (const each of value.abortedTransactions ?? []) writeAbortedTransaction(to, each, version);
  if (version >= 11) to.int32(value.preferredReadReplica);
  if (flexible) to.compactNullableBytes(value.records);
  else to.nullableBytes(value.records);
  if (flexible) {
    const hasDivergingEpoch = !(value.divergingEpoch.epoch === -1 && value.divergingEpoch.endOffset === -1);
    const hasCurrentLeader = !(value.currentLeader.leaderId === -1 && value.currentLeader.leaderEpoch === -1);
    const hasSnapshotId = !(value.snapshotId.endOffset === -1 && value.snapshotId.epoch === -1);
    to.unsignedVarint((hasDivergingEpoch ? 1 : 0) + (hasCurrentLeader ? 1 : 0) + (hasSnapshotId ? 1 : 0));
    if (hasDivergingEpoch) {
      const mark = to.openTag(0);
      writeEpochEndOffset(to, value.divergingEpoch, version);
      to.closeTag(mark);
    }
    if (hasCurrentLeader) {
      const mark = to.openTag(1);
      writeLeaderIdAndEpoch(to, value.currentLeader, version);
      to.closeTag(mark);
    }
    if (hasSnapshotId) {
      const mark = to.openTag(2);
      writeSnapshotId(to, value.snapshotId, version);
      to.closeTag(mark);
    }
  }
}

export function readEpochEndOffset(from: Reader, _version: number): EpochEndOffset {
  const epoch = from.int32();
  const endOffset = from.int64();
  from.skipTags();
  return { epoch, endOffset };
}

export function writeEpochEndOffset(to: Writer, value: EpochEndOffset, _version: number): void {
  to.int32(value.epoch);
  to.int64(value.endOffset);
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

export function readSnapshotId(from: Reader, _version: number): SnapshotId {
  const endOffset = from.int64();
  const epoch = from.int32();
  from.skipTags();
  return { endOffset, epoch };
}

export function writeSnapshotId(to: Writer, value: SnapshotId, _version: number): void {
  to.int64(value.endOffset);
  to.int32(value.epoch);
  to.noTags();
}

export function readAbortedTransaction(from: Reader, version: number): AbortedTransaction {
  const flexible = version >= 12;
  const producerId = from.int64();
  const firstOffset = from.int64();
  if (flexible) from.skipTags();
  return { producerId, firstOffset };
}

export function writeAbortedTransaction(to: Writer, value: AbortedTransaction, version: number): void {
  const flexible = version >= 12;
  to.int64(value.producerId);
  to.int64(value.firstOffset);
  if (flexible) to.noTags();
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

export const Fetch: Message<FetchRequest, FetchResponse> = {
  key: 1,
  name: "Fetch",
  versions: [4, 18],
  flexibleFrom: 12,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readFetchRequest,
  writeRequest: writeFetchRequest,
  readResponse: readFetchResponse,
  writeResponse: writeFetchResponse,
};

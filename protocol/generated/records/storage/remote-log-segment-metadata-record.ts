// From kafka-storage-4.3.1.jar: message/RemoteLogSegmentMetadataRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RemoteLogSegmentMetadataRecord {
  remoteLogSegmentId: RemoteLogSegmentIdEntry;
  startOffset: number;
  endOffset: number;
  brokerId: number;
  maxTimestampMs: number;
  eventTimestampMs: number;
  segmentLeaderEpochs: SegmentLeaderEpochEntry[];
  segmentSizeInBytes: number;
  customMetadata: Uint8Array | null;
  remoteLogSegmentState: number;
  txnIndexEmpty: boolean;
}

export interface RemoteLogSegmentIdEntry {
  topicIdPartition: TopicIdPartitionEntry;
  id: string;
}

export interface TopicIdPartitionEntry {
  name: string;
  id: string;
  partition: number;
}

export interface SegmentLeaderEpochEntry {
  leaderEpoch: number;
  offset: number;
}

export function readRemoteLogSegmentMetadataRecord(from: Reader, version: number): RemoteLogSegmentMetadataRecord {
  const remoteLogSegmentId = readRemoteLogSegmentIdEntry(from, version);
  const startOffset = from.int64();
  const endOffset = from.int64();
  const brokerId = from.int32();
  const maxTimestampMs = from.int64();
  const eventTimestampMs = from.int64();
  const segmentLeaderEpochs: SegmentLeaderEpochEntry[] = [];
  for (let left = from.compactArrayLength(13); left > 0; left--) segmentLeaderEpochs.push(readSegmentLeaderEpochEntry(from, version));
  const segmentSizeInBytes = from.int32();
  const customMetadata: Uint8Array | null = from.compactNullableBytes();
  const remoteLogSegmentState = from.int8();
  let txnIndexEmpty = false;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        txnIndexEmpty = from.bool();
        break;
      }
      default: from.skip(size);
    }
  }
  return { remoteLogSegmentId, startOffset, endOffset, brokerId, maxTimestampMs, eventTimestampMs, segmentLeaderEpochs, segmentSizeInBytes, customMetadata, remoteLogSegmentState, txnIndexEmpty };
}

export function writeRemoteLogSegmentMetadataRecord(to: Writer, value: RemoteLogSegmentMetadataRecord, version: number): void {
  writeRemoteLogSegmentIdEntry(to, value.remoteLogSegmentId, version);
  to.int64(value.startOffset);
  to.int64(value.endOffset);
  to.int32(value.brokerId);
  to.int64(value.maxTimestampMs);
  to.int64(value.eventTimestampMs);
  to.compactArrayLength(value.segmentLeaderEpochs.length);
  for (const each of value.segmentLeaderEpochs) writeSegmentLeaderEpochEntry(to, each, version);
  to.int32(value.segmentSizeInBytes);
  to.compactNullableBytes(value.customMetadata);
  to.int8(value.remoteLogSegmentState);
  const hasTxnIndexEmpty = value.txnIndexEmpty;
  to.unsignedVarint(hasTxnIndexEmpty ? 1 : 0);
  if (hasTxnIndexEmpty) {
    const mark = to.openTag(0);
    to.bool(value.txnIndexEmpty);
    to.closeTag(mark);
  }
}

export function readRemoteLogSegmentIdEntry(from: Reader, version: number): RemoteLogSegmentIdEntry {
  const topicIdPartition = readTopicIdPartitionEntry(from, version);
  const id = from.uuid();
  from.skipTags();
  return { topicIdPartition, id };
}

export function writeRemoteLogSegmentIdEntry(to: Writer, value: RemoteLogSegmentIdEntry, version: number): void {
  writeTopicIdPartitionEntry(to, value.topicIdPartition, version);
  to.uuid(value.id);
  to.noTags();
}

export function readTopicIdPartitionEntry(from: Reader, _version: number): TopicIdPartitionEntry {
  const name = from.compactString();
  const id = from.uuid();
  const partition = from.int32();
  from.skipTags();
  return { name, id, partition };
}

export function writeTopicIdPartitionEntry(to: Writer, value: TopicIdPartitionEntry, _version: number): void {
  to.compactString(value.name);
  to.uuid(value.id);
  to.int32(value.partition);
  to.noTags();
}

export function readSegmentLeaderEpochEntry(from: Reader, _version: number): SegmentLeaderEpochEntry {
  const leaderEpoch = from.int32();
  const offset = from.int64();
  from.skipTags();
  return { leaderEpoch, offset };
}

export function writeSegmentLeaderEpochEntry(to: Writer, value: SegmentLeaderEpochEntry, _version: number): void {
  to.int32(value.leaderEpoch);
  to.int64(value.offset);
  to.noTags();
}

export const RemoteLogSegmentMetadataRecord: RecordSchema<RemoteLogSegmentMetadataRecord> = {
  name: "RemoteLogSegmentMetadataRecord",
  apiKey: 0,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRemoteLogSegmentMetadataRecord,
  write: writeRemoteLogSegmentMetadataRecord,
};

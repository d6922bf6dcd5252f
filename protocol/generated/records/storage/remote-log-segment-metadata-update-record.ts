// From kafka-storage-4.3.1.jar: message/RemoteLogSegmentMetadataUpdateRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RemoteLogSegmentMetadataUpdateRecord {
  remoteLogSegmentId: RemoteLogSegmentIdEntry;
  brokerId: number;
  eventTimestampMs: number;
  customMetadata: Uint8Array | null;
  remoteLogSegmentState: number;
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

export function readRemoteLogSegmentMetadataUpdateRecord(from: Reader, version: number): RemoteLogSegmentMetadataUpdateRecord {
  const remoteLogSegmentId = readRemoteLogSegmentIdEntry(from, version);
  const brokerId = from.int32();
  const eventTimestampMs = from.int64();
  const customMetadata: Uint8Array | null = from.compactNullableBytes();
  const remoteLogSegmentState = from.int8();
  from.skipTags();
  return { remoteLogSegmentId, brokerId, eventTimestampMs, customMetadata, remoteLogSegmentState };
}

export function writeRemoteLogSegmentMetadataUpdateRecord(to: Writer, value: RemoteLogSegmentMetadataUpdateRecord, version: number): void {
  writeRemoteLogSegmentIdEntry(to, value.remoteLogSegmentId, version);
  to.int32(value.brokerId);
  to.int64(value.eventTimestampMs);
  to.compactNullableBytes(value.customMetadata);
  to.int8(value.remoteLogSegmentState);
  to.noTags();
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

export const RemoteLogSegmentMetadataUpdateRecord: RecordSchema<RemoteLogSegmentMetadataUpdateRecord> = {
  name: "RemoteLogSegmentMetadataUpdateRecord",
  apiKey: 1,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRemoteLogSegmentMetadataUpdateRecord,
  write: writeRemoteLogSegmentMetadataUpdateRecord,
};

// From kafka-storage-4.3.1.jar: message/RemotePartitionDeleteMetadataRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RemotePartitionDeleteMetadataRecord {
  topicIdPartition: TopicIdPartitionEntry;
  brokerId: number;
  eventTimestampMs: number;
  remotePartitionDeleteState: number;
}

export interface TopicIdPartitionEntry {
  name: string;
  id: string;
  partition: number;
}

export function readRemotePartitionDeleteMetadataRecord(from: Reader, version: number): RemotePartitionDeleteMetadataRecord {
  const topicIdPartition = readTopicIdPartitionEntry(from, version);
  const brokerId = from.int32();
  const eventTimestampMs = from.int64();
  const remotePartitionDeleteState = from.int8();
  from.skipTags();
  return { topicIdPartition, brokerId, eventTimestampMs, remotePartitionDeleteState };
}

export function writeRemotePartitionDeleteMetadataRecord(to: Writer, value: RemotePartitionDeleteMetadataRecord, version: number): void {
  writeTopicIdPartitionEntry(to, value.topicIdPartition, version);
  to.int32(value.brokerId);
  to.int64(value.eventTimestampMs);
  to.int8(value.remotePartitionDeleteState);
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

export const RemotePartitionDeleteMetadataRecord: RecordSchema<RemotePartitionDeleteMetadataRecord> = {
  name: "RemotePartitionDeleteMetadataRecord",
  apiKey: 2,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRemotePartitionDeleteMetadataRecord,
  write: writeRemotePartitionDeleteMetadataRecord,
};

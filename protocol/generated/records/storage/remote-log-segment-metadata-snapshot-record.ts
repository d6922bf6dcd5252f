// From kafka-storage-4.3.1.jar: message/RemoteLogSegmentMetadataSnapshotRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RemoteLogSegmentMetadataSnapshotRecord {
  segmentId: string;
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

export interface SegmentLeaderEpochEntry {
  leaderEpoch: number;
  offset: number;
}

export function readRemoteLogSegmentMetadataSnapshotRecord(from: Reader, version: number): RemoteLogSegmentMetadataSnapshotRecord {
  const segmentId = from.uuid();
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
  return { segmentId, startOffset, endOffset, brokerId, maxTimestampMs, eventTimestampMs, segmentLeaderEpochs, segmentSizeInBytes, customMetadata, remoteLogSegmentState, txnIndexEmpty };
}

export function writeRemoteLogSegmentMetadataSnapshotRecord(to: Writer, value: RemoteLogSegmentMetadataSnapshotRecord, version: number): void {
  to.uuid(value.segmentId);
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

export const RemoteLogSegmentMetadataSnapshotRecord: RecordSchema<RemoteLogSegmentMetadataSnapshotRecord> = {
  name: "RemoteLogSegmentMetadataSnapshotRecord",
  apiKey: 3,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRemoteLogSegmentMetadataSnapshotRecord,
  write: writeRemoteLogSegmentMetadataSnapshotRecord,
};

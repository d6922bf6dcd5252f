// From kafka-clients-4.3.1.jar: common/message/SnapshotFooterRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface SnapshotFooterRecord {
  version: number;
}

export function readSnapshotFooterRecord(from: Reader, version: number): SnapshotFooterRecord {
  const version_ = from.int16();
  from.skipTags();
  return { version: version_ };
}

export function writeSnapshotFooterRecord(to: Writer, value: SnapshotFooterRecord, version: number): void {
  to.int16(value.version);
  to.noTags();
}

export const SnapshotFooterRecord: RecordSchema<SnapshotFooterRecord> = {
  name: "SnapshotFooterRecord",
  apiKey: null,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readSnapshotFooterRecord,
  write: writeSnapshotFooterRecord,
};

// From kafka-clients-4.3.1.jar: common/message/SnapshotHeaderRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface SnapshotHeaderRecord {
  version: number;
  lastContainedLogTimestamp: number;
}

export function readSnapshotHeaderRecord(from: Reader, version: number): SnapshotHeaderRecord {
  const version_ = from.int16();
  const lastContainedLogTimestamp = from.int64();
  from.skipTags();
  return { version: version_, lastContainedLogTimestamp };
}

export function writeSnapshotHeaderRecord(to: Writer, value: SnapshotHeaderRecord, version: number): void {
  to.int16(value.version);
  to.int64(value.lastContainedLogTimestamp);
  to.noTags();
}

export const SnapshotHeaderRecord: RecordSchema<SnapshotHeaderRecord> = {
  name: "SnapshotHeaderRecord",
  apiKey: null,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readSnapshotHeaderRecord,
  write: writeSnapshotHeaderRecord,
};

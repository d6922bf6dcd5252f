// From kafka-metadata-4.3.1.jar: common/metadata/NoOpRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface NoOpRecord {
}

export function readNoOpRecord(from: Reader, _version: number): NoOpRecord {
  from.skipTags();
  return {  };
}

export function writeNoOpRecord(to: Writer, _value: NoOpRecord, _version: number): void {
  to.noTags();
}

export const NoOpRecord: RecordSchema<NoOpRecord> = {
  name: "NoOpRecord",
  apiKey: 20,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readNoOpRecord,
  write: writeNoOpRecord,
};

// From kafka-metadata-4.3.1.jar: common/metadata/ClearElrRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ClearElrRecord {
  topicName: string;
}

export function readClearElrRecord(from: Reader, _version: number): ClearElrRecord {
  const topicName = from.compactString();
  from.skipTags();
  return { topicName };
}

export function writeClearElrRecord(to: Writer, value: ClearElrRecord, _version: number): void {
  to.compactString(value.topicName);
  to.noTags();
}

export const ClearElrRecord: RecordSchema<ClearElrRecord> = {
  name: "ClearElrRecord",
  apiKey: 28,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readClearElrRecord,
  write: writeClearElrRecord,
};

// From kafka-metadata-4.3.1.jar: common/metadata/RemoveAccessControlEntryRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RemoveAccessControlEntryRecord {
  id: string;
}

export function readRemoveAccessControlEntryRecord(from: Reader, _version: number): RemoveAccessControlEntryRecord {
  const id = from.uuid();
  from.skipTags();
  return { id };
}

export function writeRemoveAccessControlEntryRecord(to: Writer, value: RemoveAccessControlEntryRecord, _version: number): void {
  to.uuid(value.id);
  to.noTags();
}

export const RemoveAccessControlEntryRecord: RecordSchema<RemoveAccessControlEntryRecord> = {
  name: "RemoveAccessControlEntryRecord",
  apiKey: 19,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRemoveAccessControlEntryRecord,
  write: writeRemoveAccessControlEntryRecord,
};

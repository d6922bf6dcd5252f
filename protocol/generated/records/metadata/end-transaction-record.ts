// From kafka-metadata-4.3.1.jar: common/metadata/EndTransactionRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface EndTransactionRecord {
}

export function readEndTransactionRecord(from: Reader, _version: number): EndTransactionRecord {
  from.skipTags();
  return {  };
}

export function writeEndTransactionRecord(to: Writer, _value: EndTransactionRecord, _version: number): void {
  to.noTags();
}

export const EndTransactionRecord: RecordSchema<EndTransactionRecord> = {
  name: "EndTransactionRecord",
  apiKey: 24,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readEndTransactionRecord,
  write: writeEndTransactionRecord,
};

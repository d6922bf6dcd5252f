// From kafka-metadata-4.3.1.jar: common/metadata/BeginTransactionRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface BeginTransactionRecord {
  name: string | null;
}

export function readBeginTransactionRecord(from: Reader, _version: number): BeginTransactionRecord {
  let name: string | null = null;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        name = from.compactNullableString();
        break;
      }
      default: from.skip(size);
    }
  }
  return { name };
}

export function writeBeginTransactionRecord(to: Writer, value: BeginTransactionRecord, _version: number): void {
  const hasName = value.name !== null;
  to.unsignedVarint(hasName ? 1 : 0);
  if (hasName) {
    const mark = to.openTag(0);
    to.compactNullableString(value.name);
    to.closeTag(mark);
  }
}

export const BeginTransactionRecord: RecordSchema<BeginTransactionRecord> = {
  name: "BeginTransactionRecord",
  apiKey: 23,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readBeginTransactionRecord,
  write: writeBeginTransactionRecord,
};

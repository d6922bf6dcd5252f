// From kafka-metadata-4.3.1.jar: common/metadata/AbortTransactionRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface AbortTransactionRecord {
  reason: string | null;
}

export function readAbortTransactionRecord(from: Reader, _version: number): AbortTransactionRecord {
  let reason: string | null = null;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        reason = from.compactNullableString();
        break;
      }
      default: from.skip(size);
    }
  }
  return { reason };
}

export function writeAbortTransactionRecord(to: Writer, value: AbortTransactionRecord, _version: number): void {
  const hasReason = value.reason !== null;
  to.unsignedVarint(hasReason ? 1 : 0);
  if (hasReason) {
    const mark = to.openTag(0);
    to.compactNullableString(value.reason);
    to.closeTag(mark);
  }
}

export const AbortTransactionRecord: RecordSchema<AbortTransactionRecord> = {
  name: "AbortTransactionRecord",
  apiKey: 25,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readAbortTransactionRecord,
  write: writeAbortTransactionRecord,
};

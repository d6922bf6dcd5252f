// From kafka-metadata-4.3.1.jar: common/metadata/RemoveDelegationTokenRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RemoveDelegationTokenRecord {
  tokenId: string;
}

export function readRemoveDelegationTokenRecord(from: Reader, _version: number): RemoveDelegationTokenRecord {
  const tokenId = from.compactString();
  from.skipTags();
  return { tokenId };
}

export function writeRemoveDelegationTokenRecord(to: Writer, value: RemoveDelegationTokenRecord, _version: number): void {
  to.compactString(value.tokenId);
  to.noTags();
}

export const RemoveDelegationTokenRecord: RecordSchema<RemoveDelegationTokenRecord> = {
  name: "RemoveDelegationTokenRecord",
  apiKey: 26,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRemoveDelegationTokenRecord,
  write: writeRemoveDelegationTokenRecord,
};

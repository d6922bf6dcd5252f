// From kafka-metadata-4.3.1.jar: common/metadata/RemoveUserScramCredentialRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RemoveUserScramCredentialRecord {
  name: string;
  mechanism: number;
}

export function readRemoveUserScramCredentialRecord(from: Reader, _version: number): RemoveUserScramCredentialRecord {
  const name = from.compactString();
  const mechanism = from.int8();
  from.skipTags();
  return { name, mechanism };
}

export function writeRemoveUserScramCredentialRecord(to: Writer, value: RemoveUserScramCredentialRecord, _version: number): void {
  to.compactString(value.name);
  to.int8(value.mechanism);
  to.noTags();
}

export const RemoveUserScramCredentialRecord: RecordSchema<RemoveUserScramCredentialRecord> = {
  name: "RemoveUserScramCredentialRecord",
  apiKey: 22,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRemoveUserScramCredentialRecord,
  write: writeRemoveUserScramCredentialRecord,
};

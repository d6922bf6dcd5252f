// From kafka-metadata-4.3.1.jar: common/metadata/UserScramCredentialRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface UserScramCredentialRecord {
  name: string;
  mechanism: number;
  salt: Uint8Array;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
  iterations: number;
}

export function readUserScramCredentialRecord(from: Reader, _version: number): UserScramCredentialRecord {
  const name = from.compactString();
  const mechanism = from.int8();
  const salt = from.compactBytes();
  const storedKey = from.compactBytes();
  const serverKey = from.compactBytes();
  const iterations = from.int32();
  from.skipTags();
  return { name, mechanism, salt, storedKey, serverKey, iterations };
}

export function writeUserScramCredentialRecord(to: Writer, value: UserScramCredentialRecord, _version: number): void {
  to.compactString(value.name);
  to.int8(value.mechanism);
  to.compactBytes(value.salt);
  to.compactBytes(value.storedKey);
  to.compactBytes(value.serverKey);
  to.int32(value.iterations);
  to.noTags();
}

export const UserScramCredentialRecord: RecordSchema<UserScramCredentialRecord> = {
  name: "UserScramCredentialRecord",
  apiKey: 11,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readUserScramCredentialRecord,
  write: writeUserScramCredentialRecord,
};

// From kafka-clients-4.3.1.jar: common/message/KRaftVersionRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface KRaftVersionRecord {
  version: number;
  kRaftVersion: number;
}

export function readKRaftVersionRecord(from: Reader, version: number): KRaftVersionRecord {
  const version_ = from.int16();
  const kRaftVersion = from.int16();
  from.skipTags();
  return { version: version_, kRaftVersion };
}

export function writeKRaftVersionRecord(to: Writer, value: KRaftVersionRecord, version: number): void {
  to.int16(value.version);
  to.int16(value.kRaftVersion);
  to.noTags();
}

export const KRaftVersionRecord: RecordSchema<KRaftVersionRecord> = {
  name: "KRaftVersionRecord",
  apiKey: null,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readKRaftVersionRecord,
  write: writeKRaftVersionRecord,
};

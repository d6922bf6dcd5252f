// From kafka-metadata-4.3.1.jar: common/metadata/ZkMigrationRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ZkMigrationStateRecord {
  zkMigrationState: number;
}

export function readZkMigrationStateRecord(from: Reader, _version: number): ZkMigrationStateRecord {
  const zkMigrationState = from.int8();
  from.skipTags();
  return { zkMigrationState };
}

export function writeZkMigrationStateRecord(to: Writer, value: ZkMigrationStateRecord, _version: number): void {
  to.int8(value.zkMigrationState);
  to.noTags();
}

export const ZkMigrationStateRecord: RecordSchema<ZkMigrationStateRecord> = {
  name: "ZkMigrationStateRecord",
  apiKey: 21,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readZkMigrationStateRecord,
  write: writeZkMigrationStateRecord,
};

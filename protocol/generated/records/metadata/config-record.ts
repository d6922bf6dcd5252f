// From kafka-metadata-4.3.1.jar: common/metadata/ConfigRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConfigRecord {
  resourceType: number;
  resourceName: string;
  name: string;
  value: string | null;
}

export function readConfigRecord(from: Reader, _version: number): ConfigRecord {
  const resourceType = from.int8();
  const resourceName = from.compactString();
  const name = from.compactString();
  const value_: string | null = from.compactNullableString();
  from.skipTags();
  return { resourceType, resourceName, name, value: value_ };
}

export function writeConfigRecord(to: Writer, value: ConfigRecord, _version: number): void {
  to.int8(value.resourceType);
  to.compactString(value.resourceName);
  to.compactString(value.name);
  to.compactNullableString(value.value);
  to.noTags();
}

export const ConfigRecord: RecordSchema<ConfigRecord> = {
  name: "ConfigRecord",
  apiKey: 4,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readConfigRecord,
  write: writeConfigRecord,
};

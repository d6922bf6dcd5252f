// From kafka-metadata-4.3.1.jar: common/metadata/FeatureLevelRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface FeatureLevelRecord {
  name: string;
  featureLevel: number;
}

export function readFeatureLevelRecord(from: Reader, _version: number): FeatureLevelRecord {
  const name = from.compactString();
  const featureLevel = from.int16();
  from.skipTags();
  return { name, featureLevel };
}

export function writeFeatureLevelRecord(to: Writer, value: FeatureLevelRecord, _version: number): void {
  to.compactString(value.name);
  to.int16(value.featureLevel);
  to.noTags();
}

export const FeatureLevelRecord: RecordSchema<FeatureLevelRecord> = {
  name: "FeatureLevelRecord",
  apiKey: 12,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readFeatureLevelRecord,
  write: writeFeatureLevelRecord,
};

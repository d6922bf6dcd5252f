// From kafka-metadata-4.3.1.jar: common/metadata/UnfenceBrokerRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface UnfenceBrokerRecord {
  id: number;
  epoch: number;
}

export function readUnfenceBrokerRecord(from: Reader, _version: number): UnfenceBrokerRecord {
  const id = from.int32();
  const epoch = from.int64();
  from.skipTags();
  return { id, epoch };
}

export function writeUnfenceBrokerRecord(to: Writer, value: UnfenceBrokerRecord, _version: number): void {
  to.int32(value.id);
  to.int64(value.epoch);
  to.noTags();
}

export const UnfenceBrokerRecord: RecordSchema<UnfenceBrokerRecord> = {
  name: "UnfenceBrokerRecord",
  apiKey: 8,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readUnfenceBrokerRecord,
  write: writeUnfenceBrokerRecord,
};

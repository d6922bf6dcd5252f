// From kafka-metadata-4.3.1.jar: common/metadata/FenceBrokerRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface FenceBrokerRecord {
  id: number;
  epoch: number;
}

export function readFenceBrokerRecord(from: Reader, _version: number): FenceBrokerRecord {
  const id = from.int32();
  const epoch = from.int64();
  from.skipTags();
  return { id, epoch };
}

export function writeFenceBrokerRecord(to: Writer, value: FenceBrokerRecord, _version: number): void {
  to.int32(value.id);
  to.int64(value.epoch);
  to.noTags();
}

export const FenceBrokerRecord: RecordSchema<FenceBrokerRecord> = {
  name: "FenceBrokerRecord",
  apiKey: 7,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readFenceBrokerRecord,
  write: writeFenceBrokerRecord,
};

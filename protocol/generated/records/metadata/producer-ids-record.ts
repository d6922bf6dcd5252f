// From kafka-metadata-4.3.1.jar: common/metadata/ProducerIdsRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ProducerIdsRecord {
  brokerId: number;
  brokerEpoch: number;
  nextProducerId: number;
}

export function readProducerIdsRecord(from: Reader, _version: number): ProducerIdsRecord {
  const brokerId = from.int32();
  const brokerEpoch = from.int64();
  const nextProducerId = from.int64();
  from.skipTags();
  return { brokerId, brokerEpoch, nextProducerId };
}

export function writeProducerIdsRecord(to: Writer, value: ProducerIdsRecord, _version: number): void {
  to.int32(value.brokerId);
  to.int64(value.brokerEpoch);
  to.int64(value.nextProducerId);
  to.noTags();
}

export const ProducerIdsRecord: RecordSchema<ProducerIdsRecord> = {
  name: "ProducerIdsRecord",
  apiKey: 15,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readProducerIdsRecord,
  write: writeProducerIdsRecord,
};

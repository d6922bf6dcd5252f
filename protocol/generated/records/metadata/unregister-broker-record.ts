// From kafka-metadata-4.3.1.jar: common/metadata/UnregisterBrokerRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface UnregisterBrokerRecord {
  brokerId: number;
  brokerEpoch: number;
}

export function readUnregisterBrokerRecord(from: Reader, _version: number): UnregisterBrokerRecord {
  const brokerId = from.int32();
  const brokerEpoch = from.int64();
  from.skipTags();
  return { brokerId, brokerEpoch };
}

export function writeUnregisterBrokerRecord(to: Writer, value: UnregisterBrokerRecord, _version: number): void {
  to.int32(value.brokerId);
  to.int64(value.brokerEpoch);
  to.noTags();
}

export const UnregisterBrokerRecord: RecordSchema<UnregisterBrokerRecord> = {
  name: "UnregisterBrokerRecord",
  apiKey: 1,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readUnregisterBrokerRecord,
  write: writeUnregisterBrokerRecord,
};

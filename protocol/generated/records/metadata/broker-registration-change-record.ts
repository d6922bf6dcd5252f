// From kafka-metadata-4.3.1.jar: common/metadata/BrokerRegistrationChangeRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface BrokerRegistrationChangeRecord {
  brokerId: number;
  brokerEpoch: number;
  fenced: number;
  inControlledShutdown: number;
  logDirs: string[];
  cordonedLogDirs: string[] | null;
}

export function readBrokerRegistrationChangeRecord(from: Reader, version: number): BrokerRegistrationChangeRecord {
  const brokerId = from.int32();
  const brokerEpoch = from.int64();
  let fenced = 0;
  let inControlledShutdown = 0;
  let logDirs: string[] = [];
  let cordonedLogDirs: string[] | null = null;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        fenced = from.int8();
        break;
      }
      case 1: {
        if (!(version >= 1)) { from.skip(size); break; }
        inControlledShutdown = from.int8();
        break;
      }
      case 2: {
        if (!(version >= 2)) { from.skip(size); break; }
        logDirs = [];
        for (let left = from.compactArrayLength(16); left > 0; left--) logDirs.push(from.uuid());
        break;
      }
      case 3: {
        if (!(version === 3)) { from.skip(size); break; }
        const count = from.compactNullableArrayLength(16);
        cordonedLogDirs = count < 0 ? null : [];
        for (let left = count; left > 0; left--) cordonedLogDirs!.push(from.uuid());
        break;
      }
      default: from.skip(size);
    }
  }
  return { brokerId, brokerEpoch, fenced, inControlledShutdown, logDirs, cordonedLogDirs };
}

export function writeBrokerRegistrationChangeRecord(to: Writer, value: BrokerRegistrationChangeRecord, version: number): void {
  to.int32(value.brokerId);
  to.int64(value.brokerEpoch);
  if (version === 0 && value.inControlledShutdown !== 0) to.unsupported("BrokerRegistrationChangeRecord.inControlledShutdown", version);
  if (version <= 1 && value.logDirs.length !== 0) to.unsupported("BrokerRegistrationChangeRecord.logDirs", version);
  if (version <= 2 && value.cordonedLogDirs !== null) to.unsupported("BrokerRegistrationChangeRecord.cordonedLogDirs", version);
  const hasFenced = value.fenced !== 0;
  const hasInControlledShutdown = version >= 1 && value.inControlledShutdown !== 0;
  const hasLogDirs = version >= 2 && value.logDirs.length !== 0;
  const hasCordonedLogDirs = version === 3 && value.cordonedLogDirs !== null;
  to.unsignedVarint((hasFenced ? 1 : 0) + (hasInControlledShutdown ? 1 : 0) + (hasLogDirs ? 1 : 0) + (hasCordonedLogDirs ? 1 : 0));
  if (hasFenced) {
    const mark = to.openTag(0);
    to.int8(value.fenced);
    to.closeTag(mark);
  }
  if (hasInControlledShutdown) {
    const mark = to.openTag(1);
    to.int8(value.inControlledShutdown);
    to.closeTag(mark);
  }
  if (hasLogDirs) {
    const mark = to.openTag(2);
    to.compactArrayLength(value.logDirs.length);
    for (const each of value.logDirs) to.uuid(each);
    to.closeTag(mark);
  }
  if (hasCordonedLogDirs) {
    const mark = to.openTag(3);
    to.compactArrayLength(value.cordonedLogDirs?.length ?? -1);
    for (const each of value.cordonedLogDirs ?? []) to.uuid(each);
    to.closeTag(mark);
  }
}

export const BrokerRegistrationChangeRecord: RecordSchema<BrokerRegistrationChangeRecord> = {
  name: "BrokerRegistrationChangeRecord",
  apiKey: 17,
  versions: [0, 3],
  flexibleFrom: 0,
  read: readBrokerRegistrationChangeRecord,
  write: writeBrokerRegistrationChangeRecord,
};

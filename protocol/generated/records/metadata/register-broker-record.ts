// From kafka-metadata-4.3.1.jar: common/metadata/RegisterBrokerRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RegisterBrokerRecord {
  brokerId: number;
  isMigratingZkBroker: boolean;
  incarnationId: string;
  brokerEpoch: number;
  endPoints: BrokerEndpoint[];
  features: BrokerFeature[];
  rack: string | null;
  fenced: boolean;
  inControlledShutdown: boolean;
  logDirs: string[];
  cordonedLogDirs: string[] | null;
}

export interface BrokerEndpoint {
  name: string;
  host: string;
  port: number;
  securityProtocol: number;
}

export interface BrokerFeature {
  name: string;
  minSupportedVersion: number;
  maxSupportedVersion: number;
}

export function readRegisterBrokerRecord(from: Reader, version: number): RegisterBrokerRecord {
  const brokerId = from.int32();
  const isMigratingZkBroker = version <= 1 ? false : from.bool();
  const incarnationId = from.uuid();
  const brokerEpoch = from.int64();
  const endPoints: BrokerEndpoint[] = [];
  for (let left = from.compactArrayLength(7); left > 0; left--) endPoints.push(readBrokerEndpoint(from, version));
  const features: BrokerFeature[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) features.push(readBrokerFeature(from, version));
  const rack: string | null = from.compactNullableString();
  const fenced = from.bool();
  const inControlledShutdown = version === 0 ? false : from.bool();
  let logDirs: string[] = [];
  let cordonedLogDirs: string[] | null = null;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version >= 3)) { from.skip(size); break; }
        logDirs = [];
        for (let left = from.compactArrayLength(16); left > 0; left--) logDirs.push(from.uuid());
        break;
      }
      case 1: {
        if (!(version === 4)) { from.skip(size); break; }
        const count = from.compactNullableArrayLength(16);
        cordonedLogDirs = count < 0 ? null : [];
        for (let left = count; left > 0; left--) cordonedLogDirs!.push(from.uuid());
        break;
      }
      default: from.skip(size);
    }
  }
  return { brokerId, isMigratingZkBroker, incarnationId, brokerEpoch, endPoints, features, rack, fenced, inControlledShutdown, logDirs, cordonedLogDirs };
}

export function writeRegisterBrokerRecord(to: Writer, value: RegisterBrokerRecord, version: number): void {
  to.int32(value.brokerId);
  if (version >= 2) to.bool(value.isMigratingZkBroker);
  if (version <= 1 && value.isMigratingZkBroker) to.unsupported("RegisterBrokerRecord.isMigratingZkBroker", version);
  to.uuid(value.incarnationId);
  to.int64(value.brokerEpoch);
  to.compactArrayLength(value.endPoints.length);
  for (const each of value.endPoints) writeBrokerEndpoint(to, each, version);
  to.compactArrayLength(value.features.length);
  for (const each of value.features) writeBrokerFeature(to, each, version);
  to.compactNullableString(value.rack);
  to.bool(value.fenced);
  if (version >= 1) to.bool(value.inControlledShutdown);
  if (version === 0 && value.inControlledShutdown) to.unsupported("RegisterBrokerRecord.inControlledShutdown", version);
  if (version <= 2 && value.logDirs.length !== 0) to.unsupported("RegisterBrokerRecord.logDirs", version);
  if (version <= 3 && value.cordonedLogDirs !== null) to.unsupported("RegisterBrokerRecord.cordonedLogDirs", version);
  const hasLogDirs = version >= 3 && value.logDirs.length !== 0;
  const hasCordonedLogDirs = version === 4 && value.cordonedLogDirs !== null;
  to.unsignedVarint((hasLogDirs ? 1 : 0) + (hasCordonedLogDirs ? 1 : 0));
  if (hasLogDirs) {
    const mark = to.openTag(0);
    to.compactArrayLength(value.logDirs.length);
    for (const each of value.logDirs) to.uuid(each);
    to.closeTag(mark);
  }
  if (hasCordonedLogDirs) {
    const mark = to.openTag(1);
    to.compactArrayLength(value.cordonedLogDirs?.length ?? -1);
    for (const each of value.cordonedLogDirs ?? []) to.uuid(each);
    to.closeTag(mark);
  }
}

export function readBrokerEndpoint(from: Reader, _version: number): BrokerEndpoint {
  const name = from.compactString();
  const host = from.compactString();
  const port = from.uint16();
  const securityProtocol = from.int16();
  from.skipTags();
  return { name, host, port, securityProtocol };
}

export function writeBrokerEndpoint(to: Writer, value: BrokerEndpoint, _version: number): void {
  to.compactString(value.name);
  to.compactString(value.host);
  to.uint16(value.port);
  to.int16(value.securityProtocol);
  to.noTags();
}

export function readBrokerFeature(from: Reader, _version: number): BrokerFeature {
  const name = from.compactString();
  const minSupportedVersion = from.int16();
  const maxSupportedVersion = from.int16();
  from.skipTags();
  return { name, minSupportedVersion, maxSupportedVersion };
}

export function writeBrokerFeature(to: Writer, value: BrokerFeature, _version: number): void {
  to.compactString(value.name);
  to.int16(value.minSupportedVersion);
  to.int16(value.maxSupportedVersion);
  to.noTags();
}

export const RegisterBrokerRecord: RecordSchema<RegisterBrokerRecord> = {
  name: "RegisterBrokerRecord",
  apiKey: 0,
  versions: [0, 4],
  flexibleFrom: 0,
  read: readRegisterBrokerRecord,
  write: writeRegisterBrokerRecord,
};

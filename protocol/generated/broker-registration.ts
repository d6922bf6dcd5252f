// From kafka-clients-4.3.1.jar: common/message/BrokerRegistrationRequest.json and common/message/BrokerRegistrationResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface BrokerRegistrationRequest {
  brokerId: number;
  clusterId: string;
  incarnationId: string;
  listeners: Listener[];
  features: Feature[];
  rack: string | null;
  isMigratingZkBroker: boolean;
  logDirs: string[];
  previousBrokerEpoch: number;
}

export interface Listener {
  name: string;
  host: string;
  port: number;
  securityProtocol: number;
}

export interface Feature {
  name: string;
  minSupportedVersion: number;
  maxSupportedVersion: number;
}

export function readBrokerRegistrationRequest(from: Reader, version: number): BrokerRegistrationRequest {
  const brokerId = from.int32();
  const clusterId = from.compactString();
  const incarnationId = from.uuid();
  const listeners: Listener[] = [];
  for (let left = from.compactArrayLength(7); left > 0; left--) listeners.push(readListener(from, version));
  const features: Feature[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) features.push(readFeature(from, version));
  const rack: string | null = from.compactNullableString();
  const isMigratingZkBroker = version === 0 ? false : from.bool();
  const logDirs: string[] = [];
  for (let left = version <= 1 ? 0 : from.compactArrayLength(16); left > 0; left--) logDirs.push(from.uuid());
  const previousBrokerEpoch = version <= 2 ? -1 : from.int64();
  from.skipTags();
  return { brokerId, clusterId, incarnationId, listeners, features, rack, isMigratingZkBroker, logDirs, previousBrokerEpoch };
}

export function writeBrokerRegistrationRequest(to: Writer, value: BrokerRegistrationRequest, version: number): void {
  to.int32(value.brokerId);
  to.compactString(value.clusterId);
  to.uuid(value.incarnationId);
  to.compactArrayLength(value.listeners.length);
  for (const each of value.listeners) writeListener(to, each, version);
  to.compactArrayLength(value.features.length);
  for (const each of value.features) writeFeature(to, each, version);
  to.compactNullableString(value.rack);
  if (version >= 1) to.bool(value.isMigratingZkBroker);
  if (version === 0 && value.isMigratingZkBroker) to.unsupported("BrokerRegistrationRequest.isMigratingZkBroker", version);
  if (version >= 2) {
    to.compactArrayLength(value.logDirs.length);
    for (const each of value.logDirs) to.uuid(each);
  }
  if (version >= 3) to.int64(value.previousBrokerEpoch);
  to.noTags();
}

export function readListener(from: Reader, _version: number): Listener {
  const name = from.compactString();
  const host = from.compactString();
  const port = from.uint16();
  const securityProtocol = from.int16();
  from.skipTags();
  return { name, host, port, securityProtocol };
}

export function writeListener(to: Writer, value: Listener, _version: number): void {
  to.compactString(value.name);
  to.compactString(value.host);
  to.uint16(value.port);
  to.int16(value.securityProtocol);
  to.noTags();
}

export function readFeature(from: Reader, _version: number): Feature {
  const name = from.compactString();
  const minSupportedVersion = from.int16();
  const maxSupportedVersion = from.int16();
  from.skipTags();
  return { name, minSupportedVersion, maxSupportedVersion };
}

export function writeFeature(to: Writer, value: Feature, _version: number): void {
  to.compactString(value.name);
  to.int16(value.minSupportedVersion);
  to.int16(value.maxSupportedVersion);
  to.noTags();
}

export interface BrokerRegistrationResponse {
  throttleTimeMs: number;
  errorCode: number;
  brokerEpoch: number;
}

export function readBrokerRegistrationResponse(from: Reader, _version: number): BrokerRegistrationResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const brokerEpoch = from.int64();
  from.skipTags();
  return { throttleTimeMs, errorCode, brokerEpoch };
}

export function writeBrokerRegistrationResponse(to: Writer, value: BrokerRegistrationResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.int64(value.brokerEpoch);
  to.noTags();
}

export const BrokerRegistration: Message<BrokerRegistrationRequest, BrokerRegistrationResponse> = {
  key: 62,
  name: "BrokerRegistration",
  versions: [0, 4],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readBrokerRegistrationRequest,
  writeRequest: writeBrokerRegistrationRequest,
  readResponse: readBrokerRegistrationResponse,
  writeResponse: writeBrokerRegistrationResponse,
};

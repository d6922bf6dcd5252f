// From kafka-metadata-4.3.1.jar: common/metadata/RegisterControllerRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RegisterControllerRecord {
  controllerId: number;
  incarnationId: string;
  zkMigrationReady: boolean;
  endPoints: ControllerEndpoint[];
  features: ControllerFeature[];
}

export interface ControllerEndpoint {
  name: string;
  host: string;
  port: number;
  securityProtocol: number;
}

export interface ControllerFeature {
  name: string;
  minSupportedVersion: number;
  maxSupportedVersion: number;
}

export function readRegisterControllerRecord(from: Reader, version: number): RegisterControllerRecord {
  const controllerId = from.int32();
  const incarnationId = from.uuid();
  const zkMigrationReady = from.bool();
  const endPoints: ControllerEndpoint[] = [];
  for (let left = from.compactArrayLength(7); left > 0; left--) endPoints.push(readControllerEndpoint(from, version));
  const features: ControllerFeature[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) features.push(readControllerFeature(from, version));
  from.skipTags();
  return { controllerId, incarnationId, zkMigrationReady, endPoints, features };
}

export function writeRegisterControllerRecord(to: Writer, value: RegisterControllerRecord, version: number): void {
  to.int32(value.controllerId);
  to.uuid(value.incarnationId);
  to.bool(value.zkMigrationReady);
  to.compactArrayLength(value.endPoints.length);
  for (const each of value.endPoints) writeControllerEndpoint(to, each, version);
  to.compactArrayLength(value.features.length);
  for (const each of value.features) writeControllerFeature(to, each, version);
  to.noTags();
}

export function readControllerEndpoint(from: Reader, _version: number): ControllerEndpoint {
  const name = from.compactString();
  const host = from.compactString();
  const port = from.uint16();
  const securityProtocol = from.int16();
  from.skipTags();
  return { name, host, port, securityProtocol };
}

export function writeControllerEndpoint(to: Writer, value: ControllerEndpoint, _version: number): void {
  to.compactString(value.name);
  to.compactString(value.host);
  to.uint16(value.port);
  to.int16(value.securityProtocol);
  to.noTags();
}

export function readControllerFeature(from: Reader, _version: number): ControllerFeature {
  const name = from.compactString();
  const minSupportedVersion = from.int16();
  const maxSupportedVersion = from.int16();
  from.skipTags();
  return { name, minSupportedVersion, maxSupportedVersion };
}

export function writeControllerFeature(to: Writer, value: ControllerFeature, _version: number): void {
  to.compactString(value.name);
  to.int16(value.minSupportedVersion);
  to.int16(value.maxSupportedVersion);
  to.noTags();
}

export const RegisterControllerRecord: RecordSchema<RegisterControllerRecord> = {
  name: "RegisterControllerRecord",
  apiKey: 27,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRegisterControllerRecord,
  write: writeRegisterControllerRecord,
};

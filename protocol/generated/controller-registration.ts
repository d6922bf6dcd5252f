// From kafka-clients-4.3.1.jar: common/message/ControllerRegistrationRequest.json and common/message/ControllerRegistrationResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ControllerRegistrationRequest {
  controllerId: number;
  incarnationId: string;
  zkMigrationReady: boolean;
  listeners: Listener[];
  features: Feature[];
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

export function readControllerRegistrationRequest(from: Reader, version: number): ControllerRegistrationRequest {
  const controllerId = from.int32();
  const incarnationId = from.uuid();
  const zkMigrationReady = from.bool();
  const listeners: Listener[] = [];
  for (let left = from.compactArrayLength(7); left > 0; left--) listeners.push(readListener(from, version));
  const features: Feature[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) features.push(readFeature(from, version));
  from.skipTags();
  return { controllerId, incarnationId, zkMigrationReady, listeners, features };
}

export function writeControllerRegistrationRequest(to: Writer, value: ControllerRegistrationRequest, version: number): void {
  to.int32(value.controllerId);
  to.uuid(value.incarnationId);
  to.bool(value.zkMigrationReady);
  to.compactArrayLength(value.listeners.length);
  for (const each of value.listeners) writeListener(to, each, version);
  to.compactArrayLength(value.features.length);
  for (const each of value.features) writeFeature(to, each, version);
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

export interface ControllerRegistrationResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readControllerRegistrationResponse(from: Reader, _version: number): ControllerRegistrationResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage };
}

export function writeControllerRegistrationResponse(to: Writer, value: ControllerRegistrationResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const ControllerRegistration: Message<ControllerRegistrationRequest, ControllerRegistrationResponse> = {
  key: 70,
  name: "ControllerRegistration",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readControllerRegistrationRequest,
  writeRequest: writeControllerRegistrationRequest,
  readResponse: readControllerRegistrationResponse,
  writeResponse: writeControllerRegistrationResponse,
};

// From kafka-clients-4.3.1.jar: common/message/UnregisterBrokerRequest.json and common/message/UnregisterBrokerResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface UnregisterBrokerRequest {
  brokerId: number;
}

export function readUnregisterBrokerRequest(from: Reader, _version: number): UnregisterBrokerRequest {
  const brokerId = from.int32();
  from.skipTags();
  return { brokerId };
}

export function writeUnregisterBrokerRequest(to: Writer, value: UnregisterBrokerRequest, _version: number): void {
  to.int32(value.brokerId);
  to.noTags();
}

export interface UnregisterBrokerResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readUnregisterBrokerResponse(from: Reader, _version: number): UnregisterBrokerResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage };
}

export function writeUnregisterBrokerResponse(to: Writer, value: UnregisterBrokerResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const UnregisterBroker: Message<UnregisterBrokerRequest, UnregisterBrokerResponse> = {
  key: 64,
  name: "UnregisterBroker",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readUnregisterBrokerRequest,
  writeRequest: writeUnregisterBrokerRequest,
  readResponse: readUnregisterBrokerResponse,
  writeResponse: writeUnregisterBrokerResponse,
};

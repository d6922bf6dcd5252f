// From kafka-clients-4.3.1.jar: common/message/ExpireDelegationTokenRequest.json and common/message/ExpireDelegationTokenResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ExpireDelegationTokenRequest {
  hmac: Uint8Array;
  expiryTimePeriodMs: number;
}

export function readExpireDelegationTokenRequest(from: Reader, version: number): ExpireDelegationTokenRequest {
  const flexible = version >= 2;
  const hmac = flexible ? from.compactBytes() : from.bytes();
  const expiryTimePeriodMs = from.int64();
  if (flexible) from.skipTags();
  return { hmac, expiryTimePeriodMs };
}

export function writeExpireDelegationTokenRequest(to: Writer, value: ExpireDelegationTokenRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactBytes(value.hmac);
  else to.bytes(value.hmac);
  to.int64(value.expiryTimePeriodMs);
  if (flexible) to.noTags();
}

export interface ExpireDelegationTokenResponse {
  errorCode: number;
  expiryTimestampMs: number;
  throttleTimeMs: number;
}

export function readExpireDelegationTokenResponse(from: Reader, version: number): ExpireDelegationTokenResponse {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const expiryTimestampMs = from.int64();
  const throttleTimeMs = from.int32();
  if (flexible) from.skipTags();
  return { errorCode, expiryTimestampMs, throttleTimeMs };
}

export function writeExpireDelegationTokenResponse(to: Writer, value: ExpireDelegationTokenResponse, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  to.int64(value.expiryTimestampMs);
  to.int32(value.throttleTimeMs);
  if (flexible) to.noTags();
}

export const ExpireDelegationToken: Message<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse> = {
  key: 40,
  name: "ExpireDelegationToken",
  versions: [1, 2],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readExpireDelegationTokenRequest,
  writeRequest: writeExpireDelegationTokenRequest,
  readResponse: readExpireDelegationTokenResponse,
  writeResponse: writeExpireDelegationTokenResponse,
};

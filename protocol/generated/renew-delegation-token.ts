// From kafka-clients-4.3.1.jar: common/message/RenewDelegationTokenRequest.json and common/message/RenewDelegationTokenResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface RenewDelegationTokenRequest {
  hmac: Uint8Array;
  renewPeriodMs: number;
}

export function readRenewDelegationTokenRequest(from: Reader, version: number): RenewDelegationTokenRequest {
  const flexible = version >= 2;
  const hmac = flexible ? from.compactBytes() : from.bytes();
  const renewPeriodMs = from.int64();
  if (flexible) from.skipTags();
  return { hmac, renewPeriodMs };
}

export function writeRenewDelegationTokenRequest(to: Writer, value: RenewDelegationTokenRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactBytes(value.hmac);
  else to.bytes(value.hmac);
  to.int64(value.renewPeriodMs);
  if (flexible) to.noTags();
}

export interface RenewDelegationTokenResponse {
  errorCode: number;
  expiryTimestampMs: number;
  throttleTimeMs: number;
}

export function readRenewDelegationTokenResponse(from: Reader, version: number): RenewDelegationTokenResponse {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const expiryTimestampMs = from.int64();
  const throttleTimeMs = from.int32();
  if (flexible) from.skipTags();
  return { errorCode, expiryTimestampMs, throttleTimeMs };
}

export function writeRenewDelegationTokenResponse(to: Writer, value: RenewDelegationTokenResponse, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  to.int64(value.expiryTimestampMs);
  to.int32(value.throttleTimeMs);
  if (flexible) to.noTags();
}

export const RenewDelegationToken: Message<RenewDelegationTokenRequest, RenewDelegationTokenResponse> = {
  key: 39,
  name: "RenewDelegationToken",
  versions: [1, 2],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readRenewDelegationTokenRequest,
  writeRequest: writeRenewDelegationTokenRequest,
  readResponse: readRenewDelegationTokenResponse,
  writeResponse: writeRenewDelegationTokenResponse,
};

// From kafka-clients-4.3.1.jar: common/message/SaslAuthenticateRequest.json and common/message/SaslAuthenticateResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface SaslAuthenticateRequest {
  authBytes: Uint8Array;
}

export function readSaslAuthenticateRequest(from: Reader, version: number): SaslAuthenticateRequest {
  const flexible = version >= 2;
  const authBytes = flexible ? from.compactBytes() : from.bytes();
  if (flexible) from.skipTags();
  return { authBytes };
}

export function writeSaslAuthenticateRequest(to: Writer, value: SaslAuthenticateRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactBytes(value.authBytes);
  else to.bytes(value.authBytes);
  if (flexible) to.noTags();
}

export interface SaslAuthenticateResponse {
  errorCode: number;
  errorMessage: string | null;
  authBytes: Uint8Array;
  sessionLifetimeMs: number;
}

export function readSaslAuthenticateResponse(from: Reader, version: number): SaslAuthenticateResponse {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const authBytes = flexible ? from.compactBytes() : from.bytes();
  const sessionLifetimeMs = version === 0 ? 0 : from.int64();
  if (flexible) from.skipTags();
  return { errorCode, errorMessage, authBytes, sessionLifetimeMs };
}

export function writeSaslAuthenticateResponse(to: Writer, value: SaslAuthenticateResponse, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.compactBytes(value.authBytes);
  else to.bytes(value.authBytes);
  if (version >= 1) to.int64(value.sessionLifetimeMs);
  if (flexible) to.noTags();
}

export const SaslAuthenticate: Message<SaslAuthenticateRequest, SaslAuthenticateResponse> = {
  key: 36,
  name: "SaslAuthenticate",
  versions: [0, 2],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readSaslAuthenticateRequest,
  writeRequest: writeSaslAuthenticateRequest,
  readResponse: readSaslAuthenticateResponse,
  writeResponse: writeSaslAuthenticateResponse,
};

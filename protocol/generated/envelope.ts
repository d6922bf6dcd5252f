// From kafka-clients-4.3.1.jar: common/message/EnvelopeRequest.json and common/message/EnvelopeResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface EnvelopeRequest {
  requestData: Uint8Array;
  requestPrincipal: Uint8Array | null;
  clientHostAddress: Uint8Array;
}

export function readEnvelopeRequest(from: Reader, _version: number): EnvelopeRequest {
  const requestData = from.compactBytes();
  const requestPrincipal: Uint8Array | null = from.compactNullableBytes();
  const clientHostAddress = from.compactBytes();
  from.skipTags();
  return { requestData, requestPrincipal, clientHostAddress };
}

export function writeEnvelopeRequest(to: Writer, value: EnvelopeRequest, _version: number): void {
  to.compactBytes(value.requestData);
  to.compactNullableBytes(value.requestPrincipal);
  to.compactBytes(value.clientHostAddress);
  to.noTags();
}

export interface EnvelopeResponse {
  responseData: Uint8Array | null;
  errorCode: number;
}

export function readEnvelopeResponse(from: Reader, _version: number): EnvelopeResponse {
  const responseData: Uint8Array | null = from.compactNullableBytes();
  const errorCode = from.int16();
  from.skipTags();
  return { responseData, errorCode };
}

export function writeEnvelopeResponse(to: Writer, value: EnvelopeResponse, _version: number): void {
  to.compactNullableBytes(value.responseData);
  to.int16(value.errorCode);
  to.noTags();
}

export const Envelope: Message<EnvelopeRequest, EnvelopeResponse> = {
  key: 58,
  name: "Envelope",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readEnvelopeRequest,
  writeRequest: writeEnvelopeRequest,
  readResponse: readEnvelopeResponse,
  writeResponse: writeEnvelopeResponse,
};

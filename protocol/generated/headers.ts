// From kafka-clients-4.3.1.jar: common/message/RequestHeader.json and common/message/ResponseHeader.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";

export interface RequestHeader {
  requestApiKey: number;
  requestApiVersion: number;
  correlationId: number;
  clientId: string | null;
}

export function readRequestHeader(from: Reader, version: number): RequestHeader {
  const flexible = version >= 2;
  const requestApiKey = from.int16();
  const requestApiVersion = from.int16();
  const correlationId = from.int32();
  const clientId: string | null = from.nullableString();
  if (flexible) from.skipTags();
  return { requestApiKey, requestApiVersion, correlationId, clientId };
}

export function writeRequestHeader(to: Writer, value: RequestHeader, version: number): void {
  const flexible = version >= 2;
  to.int16(value.requestApiKey);
  to.int16(value.requestApiVersion);
  to.int32(value.correlationId);
  to.nullableString(value.clientId);
  if (flexible) to.noTags();
}

export interface ResponseHeader {
  correlationId: number;
}

export function readResponseHeader(from: Reader, version: number): ResponseHeader {
  const flexible = version >= 1;
  const correlationId = from.int32();
  if (flexible) from.skipTags();
  return { correlationId };
}

export function writeResponseHeader(to: Writer, value: ResponseHeader, version: number): void {
  const flexible = version >= 1;
  to.int32(value.correlationId);
  if (flexible) to.noTags();
}

/**
 * What surrounds a message on a connection: the size, then a request or response header whose version follows from the
 * API and its version (KIP-482: flexible APIs have flexible headers). The header's own layout is Kafka's
 * RequestHeader.json and ResponseHeader.json; it is written out here because its version stands inside it.
 */
import { DecodeError } from "./bytes/decode-error.ts";
import type { Reader } from "./bytes/reader.ts";
import { Writer } from "./bytes/writer.ts";
import type { Message } from "./message.ts";

/** The part of a Message that its header depends on. */
export interface Framed {
  readonly key: number;
  readonly flexibleFrom: number;
}

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  /** Kafka takes null for "". */
  readonly clientId: string | null;
}

/** Its response must be readable before versions are known, so that header never became flexible (KIP-511). */
const API_VERSIONS_KEY = 18;

export function requestHeaderVersion(message: Framed, version: number): 1 | 2 {
  return version >= message.flexibleFrom ? 2 : 1;
}

export function responseHeaderVersion(message: Framed, version: number): 0 | 1 {
  return version >= message.flexibleFrom && message.key !== API_VERSIONS_KEY ? 1 : 0;
}

/**
 * Reads a request's header; the reader then stands before the message. An unknown key is a DecodeError, because nobody
 * can tell where its header ends. The version may be one that we do not speak: that is for the caller to answer.
 */
export function readRequestHeader(from: Reader, messageOf: (apiKey: number) => Framed | undefined): RequestHeader {
  const apiKey = from.int16();
  const apiVersion = from.int16();
  const message = messageOf(apiKey);
  if (message === undefined) throw new DecodeError(`unknown API key ${apiKey}`);
  const correlationId = from.int32();
  const clientId = from.nullableString(); // never compact, so that any broker can read it
  if (requestHeaderVersion(message, apiVersion) === 2) from.skipTags();
  return { apiKey, apiVersion, correlationId, clientId };
}

export function writeRequestHeader(to: Writer, message: Framed, header: RequestHeader): void {
  to.int16(header.apiKey);
  to.int16(header.apiVersion);
  to.int32(header.correlationId);
  to.nullableString(header.clientId);
  if (requestHeaderVersion(message, header.apiVersion) === 2) to.noTags();
}

/** Returns the correlation id; the reader then stands before the message. */
export function readResponseHeader(from: Reader, message: Framed, version: number): number {
  const correlationId = from.int32();
  if (responseHeaderVersion(message, version) === 1) from.skipTags();
  return correlationId;
}

export function writeResponseHeader(to: Writer, message: Framed, version: number, correlationId: number): void {
  to.int32(correlationId);
  if (responseHeaderVersion(message, version) === 1) to.noTags();
}

/** A whole request as it goes onto the wire, size included. */
export function requestFrame<Request, Response>(
  message: Message<Request, Response>,
  request: Request,
  version: number,
  sender: { readonly correlationId: number; readonly clientId: string | null },
  to: Writer = new Writer(),
): Uint8Array[] {
  to.int32(0);
  writeRequestHeader(to, message, { apiKey: message.key, apiVersion: version, ...sender });
  message.writeRequest(to, request, version);
  return to.finishFrame();
}

/** A whole response as it goes onto the wire, size included. Large views stay views: they live until it is sent. */
export function responseFrame<Request, Response>(
  message: Message<Request, Response>,
  response: Response,
  version: number,
  correlationId: number,
  to: Writer = new Writer(),
): Uint8Array[] {
  to.int32(0);
  writeResponseHeader(to, message, version, correlationId);
  message.writeResponse(to, response, version);
  return to.finishFrame();
}

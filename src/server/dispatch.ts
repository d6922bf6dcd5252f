/**
 * From a frame to the frame of its reply: header, API, version, decode, handle, encode. What Apache answers by closing
 * the connection (unknown key, version that is not served here, bytes that do not decode) is a BadRequest.
 */
import { DiskError, type Logger } from "../../base/ports.ts";
import { DecodeError } from "../../protocol/bytes/decode-error.ts";
import { KnownTexts } from "../../protocol/bytes/known-texts.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { code, errors, KafkaError } from "../../protocol/errors.ts";
import { type RequestHeader, readRequestHeader, responseFrame } from "../../protocol/frame.ts";
import { type Answer, type AnyApi, closeConnection, noReply } from "../apis/api.ts";
import type { Services } from "../apis/services.ts";
import type { Garbage } from "./garbage.ts";
import type { ReplySlot } from "./reply-queue.ts";
import { type ConnectionFacts, Request } from "./request.ts";

export const PRODUCE_KEY = 0;
const API_VERSIONS_KEY = 18;
const WRITER_BYTES = 64 << 10;
/**
 * Array elements of one request, nested ones included: several times what a request of the largest clusters has. A
 * frame of the permitted 100 MiB could announce thirty million, and each becomes an object here and one in the answer.
 */
const ELEMENTS_MAX = 500_000;

/** A request that gets no answer but a closed connection; the message says why, for the log. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** The chunks of a reply frame, none where no reply is wanted, or null to close the connection. */
export type Outcome = readonly Uint8Array[] | null;

const noChunks: readonly Uint8Array[] = [];

/** The API key of a frame that is not decoded yet; -1 where it is too short. */
export function apiKeyOf(frame: Uint8Array): number {
  return frame.length < 2 ? -1 : (frame[0]! << 8) | frame[1]!;
}

export class Dispatch {
  readonly #apis: ReadonlyMap<number, AnyApi>;
  readonly #services: Services;
  readonly #logger: Logger;
  readonly #garbage: Garbage;
  readonly #messageOf: (apiKey: number) => AnyApi["message"] | undefined;
  /** Decoding and encoding never wait, so one of each serves every connection. */
  readonly #reader = new Reader();
  #writer = new Writer(WRITER_BYTES);

  constructor(apis: ReadonlyMap<number, AnyApi>, services: Services, logger: Logger, garbage: Garbage) {
    this.#apis = apis;
    this.#services = services;
    this.#logger = logger;
    this.#garbage = garbage;
    this.#messageOf = (apiKey) => apis.get(apiKey)?.message;
    this.#reader.elementsMax = ELEMENTS_MAX;
    this.#reader.texts = new KnownTexts();
  }

  /** @throws BadRequest */
  handle(frame: Uint8Array, connection: ConnectionFacts, slot: ReplySlot): Outcome | Promise<Outcome> {
    const from = this.#reader.point(frame);
    const header = decodeHeader(from, this.#messageOf);
    const api = this.#apiOf(header, connection);
    if (header.apiKey === API_VERSIONS_KEY && !isServed(api, header.apiVersion)) {
      // KIP-511: a client of a later release learns our range from a reply at version 0; its body is not decoded.
      return this.#encode(api, { ...header, apiVersion: 0 }, api.refused({}, code("UNSUPPORTED_VERSION"), null, 0));
    }
    let request: unknown;
    try {
      request = decodeBody(api, from, header);
    } finally {
      slot.elements = from.elementCount;
      this.#garbage.made(from.elementCount);
    }
    try {
      const answer = api.handle(this.#services, request, new Request(header, connection, slot));
      if (answer instanceof Promise) return this.#encodeLater(api, header, request, answer);
      return this.#encode(api, header, answer);
    } catch (failure) {
      return this.#refuse(api, header, request, failure);
    }
  }

  #encodeLater(
    api: AnyApi,
    header: RequestHeader,
    request: unknown,
    answer: Promise<Answer<unknown>>,
  ): Promise<Outcome> {
    return answer.then(
      (settled) => this.#encode(api, header, settled),
      (failure) => this.#refuse(api, header, request, failure),
    );
  }

  #apiOf({ apiKey, apiVersion }: RequestHeader, connection: ConnectionFacts): AnyApi {
    const api = this.#apis.get(apiKey);
    if (!api?.listeners.includes(connection.listenerKind)) {
      throw new BadRequest(`API key ${apiKey} is not served on listener ${connection.listener}`);
    }
    if (apiKey !== API_VERSIONS_KEY && !isServed(api, apiVersion)) {
      throw new BadRequest(`version ${apiVersion} of ${api.message.name} is not served`);
    }
    return api;
  }

  #refuse(api: AnyApi, header: RequestHeader, request: unknown, failure: unknown): Outcome {
    const { name } = api.message;
    let errorCode = code("UNKNOWN_SERVER_ERROR");
    let message: string | null = null;
    if (failure instanceof KafkaError) {
      errorCode = code(failure.error);
      // The error's own words say nothing that the code does not: Apache's ApiError leaves them out.
      message = failure.message === errors[failure.error].message ? null : failure.message;
    } else if (failure instanceof DiskError) {
      errorCode = code("KAFKA_STORAGE_ERROR");
      this.#logger.error(`${name} failed: ${failure.message}.`);
    } else {
      this.#logger.error(`${name} v${header.apiVersion} of client "${header.clientId}" failed: ${stackOf(failure)}`);
    }
    return this.#encode(api, header, api.refused(request, errorCode, message, header.apiVersion));
  }

  #encode(api: AnyApi, header: RequestHeader, answer: Answer<unknown>): Outcome {
    if (answer === noReply) return noChunks;
    if (answer === closeConnection) return null;
    const writer = this.#writer;
    const largeBytesBefore = writer.largeBufferBytes;
    try {
      return responseFrame(api.message, answer, header.apiVersion, header.correlationId, writer);
    } catch (failure) {
      this.#writer = new Writer(WRITER_BYTES);
      this.#logger.error(`The reply of ${api.message.name} v${header.apiVersion} has no encoding: ${stackOf(failure)}`);
      return null;
    } finally {
      this.#garbage.wrote(writer.largeBufferBytes - largeBytesBefore);
    }
  }
}

function isServed(api: AnyApi, version: number): boolean {
  return version >= api.versions[0] && version <= api.versions[1];
}

function decodeHeader(from: Reader, messageOf: (apiKey: number) => AnyApi["message"] | undefined): RequestHeader {
  try {
    return readRequestHeader(from, messageOf);
  } catch (failure) {
    if (!(failure instanceof DecodeError)) throw failure;
    throw new BadRequest(`the request header does not decode: ${failure.message}`);
  }
}

function decodeBody(api: AnyApi, from: Reader, header: RequestHeader): unknown {
  try {
    return api.message.readRequest(from, header.apiVersion);
  } catch (failure) {
    if (!(failure instanceof DecodeError)) throw failure;
    throw new BadRequest(`${api.message.name} v${header.apiVersion} does not decode: ${failure.message}`);
  }
}

export function stackOf(failure: unknown): string {
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}

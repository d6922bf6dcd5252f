/** What the generator emits for each API and for each record schema: facts and four straight-line codecs. */
import type { Reader } from "./bytes/reader.ts";
import type { Writer } from "./bytes/writer.ts";

export type MessageListener = "broker" | "controller";

export interface Message<Request, Response> {
  readonly key: number;
  /** As in Kafka's ApiKeys display name: "ListOffsets". */
  readonly name: string;
  /** The valid versions of the request, both ends included. */
  readonly versions: readonly [min: number, max: number];
  /** The first flexible version (KIP-482); Infinity where none is. */
  readonly flexibleFrom: number;
  readonly latestVersionUnstable: boolean;
  readonly listeners: readonly MessageListener[];
  readRequest(from: Reader, version: number): Request;
  writeRequest(to: Writer, value: Request, version: number): void;
  readResponse(from: Reader, version: number): Response;
  writeResponse(to: Writer, value: Response, version: number): void;
}

/** The request itself, or how it looks in the version that the two sides agree on. */
export type RequestOf<Request> = Request | ((version: number) => Request);

export function requestIn<Request>(request: RequestOf<Request>, version: number): Request {
  return typeof request === "function" ? (request as (version: number) => Request)(version) : request;
}

export interface RecordSchema<Value> {
  readonly name: string;
  /** The record type (metadata) or key type (coordinators); null where the schema has none. */
  readonly apiKey: number | null;
  readonly versions: readonly [min: number, max: number];
  readonly flexibleFrom: number;
  read(from: Reader, version: number): Value;
  write(to: Writer, value: Value, version: number): void;
}

/** One kind of record in a coordinator's log. */
export interface KeyValueSchema {
  readonly key: RecordSchema<unknown>;
  readonly value: RecordSchema<unknown>;
}

/**
 * `odradek/protocol`: Kafka's wire protocol without a broker. The codecs of the APIs come from
 * `loadMessages()`, so that importing this page does not load all of them.
 */
import type { Message, RecordSchema } from "./message.ts";

// biome-ignore-start lint/performance/noBarrelFile: the published surface is one page; nothing inside imports it.
export { DecodeError } from "./bytes/decode-error.ts";
export { Reader } from "./bytes/reader.ts";
export { Writer } from "./bytes/writer.ts";
export { code, type ErrorFact, type ErrorName, errorName, errors, KafkaError } from "./errors.ts";
export {
  type Framed,
  type RequestHeader,
  readRequestHeader,
  readResponseHeader,
  requestFrame,
  requestHeaderVersion,
  responseFrame,
  responseHeaderVersion,
  writeRequestHeader,
  writeResponseHeader,
} from "./frame.ts";
export type { Message, MessageListener, RecordSchema } from "./message.ts";
// biome-ignore-end lint/performance/noBarrelFile: see above

/** Every API, by key. */
export function loadMessages(): Promise<readonly Message<unknown, unknown>[]> {
  return import("./generated/all-messages.ts").then((module) => module.allMessages);
}

/** Every record schema of Kafka's own logs, by name. */
export function loadRecords(): Promise<readonly RecordSchema<unknown>[]> {
  return import("./generated/all-records.ts").then((module) => module.allRecords);
}

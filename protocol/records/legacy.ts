/**
 * Message sets of magic 0 and 1, as Kafka wrote them before 0.11: old directories still hold them, no client may send
 * them any more. An entry is one message, or one whose value is a compressed set of messages. Its offset is then that
 * of the last one; inner offsets count from 0 in magic 1 and are absolute in magic 0.
 *
 * Offset 0 (8), size 8 (4), CRC-32 12 (4), magic 16 (1), attributes 17 (1), [magic 1: timestamp 18 (8)], key, value.
 */
import crc32 from "crc-32";
import { KafkaError } from "../errors.ts";
import * as batch from "./batch.ts";
import { type Codec, codecOf, INFLATED_BYTES_MAX, inflate } from "./codecs.ts";
import type { ReadRecord } from "./cursor.ts";

const CRC_AT = 12;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 17;
const TIMESTAMP_AT = 18;
const LOG_APPEND_TIME = 0x08;
/** A magic 0 message without key and value. */
const SIZE_MIN = batch.LOG_OVERHEAD + 14;

const corrupt = (message: string): KafkaError => new KafkaError("CORRUPT_MESSAGE", message);
const invalid = (message: string): KafkaError => new KafkaError("INVALID_RECORD", message);

/** Whether the CRC of the entry holds. It must lie whole in `bytes`. */
export function isValidLegacy(bytes: Uint8Array, at: number): boolean {
  const size = batch.sizeBytes(bytes, at);
  if (size < SIZE_MIN || size > bytes.length - at) return false;
  const stored = batch.int32(bytes, at + CRC_AT);
  return stored === crc32.buf(bytes.subarray(at + MAGIC_AT, at + size));
}

/**
 * The records of the entry at `at`; keys and values are views.
 * @throws CORRUPT_MESSAGE, INVALID_RECORD; what `inflate` throws.
 */
export function readLegacyRecords(
  bytes: Uint8Array,
  at = 0,
  maxInflatedBytes: number = INFLATED_BYTES_MAX,
): ReadRecord[] {
  const codec = codecOfEntry(bytes, at);
  if (codec === "none") return [readEntry(bytes, at)];
  const outer = readEntry(bytes, at);
  if (codec === "zstd" || outer.value === null) throw invalid(`A magic 0 or 1 message set in ${codec}, or empty`);
  const magic = batch.magic(bytes, at);
  const inner = readInner(inflate(codec, outer.value, maxInflatedBytes, magic));
  const last = inner.at(-1);
  if (last === undefined) throw invalid("A compressed message set without messages");
  if (magic === 0) return inner;
  // Some producers left the outer offset at 0: then the inner ones are the offsets.
  if (outer.offset !== 0 && outer.offset < last.offset)
    throw invalid("The wrapper's offset is below its last message's");
  const base = outer.offset === 0 ? 0 : outer.offset - last.offset;
  const appendTime = ((bytes[at + ATTRIBUTES_AT] as number) & LOG_APPEND_TIME) !== 0 ? outer.timestamp : null;
  return inner.map((record) => ({
    ...record,
    offset: base + record.offset,
    timestamp: appendTime ?? record.timestamp,
  }));
}

function codecOfEntry(bytes: Uint8Array, at: number): Codec {
  const id = (bytes[at + ATTRIBUTES_AT] as number) & 0x07;
  const codec = codecOf(id);
  if (codec === null) throw invalid(`Unknown compression type id: ${id}`);
  return codec;
}

function readInner(set: Uint8Array): ReadRecord[] {
  const records: ReadRecord[] = [];
  let at = 0;
  while (set.length - at >= batch.LOG_OVERHEAD) {
    const size = batch.sizeBytes(set, at);
    if (size < SIZE_MIN) throw corrupt(`Record size ${size} is less than the minimum record overhead`);
    if (size > set.length - at) break;
    if (codecOfEntry(set, at) !== "none") throw invalid("Inner messages must not be compressed");
    records.push(readEntry(set, at));
    at += size;
  }
  return records;
}

/** One message as it stands. */
function readEntry(bytes: Uint8Array, at: number): ReadRecord {
  const end = at + batch.sizeBytes(bytes, at);
  const magic = batch.magic(bytes, at);
  if (magic !== 0 && magic !== 1) throw corrupt(`Magic ${magic} in a message set`);
  if (end > bytes.length) throw corrupt("The message set ends within a message");
  const keyAt = magic === 0 ? TIMESTAMP_AT : TIMESTAMP_AT + 8;
  const key = sized(bytes, at + keyAt, end);
  const value = sized(bytes, at + keyAt + 4 + (key?.length ?? 0), end);
  const timestamp = magic === 0 ? batch.NO_TIMESTAMP : batch.int64(bytes, at + TIMESTAMP_AT);
  return { offset: batch.int64(bytes, at), timestamp, key, value, headers: [] };
}

function sized(bytes: Uint8Array, at: number, end: number): Uint8Array | null {
  if (at + 4 > end) throw corrupt("The message ends within a length");
  const length = batch.int32(bytes, at);
  if (length < 0) return null;
  if (length > end - at - 4) throw corrupt("The message ends within its key or value");
  return bytes.subarray(at + 4, at + 4 + length);
}

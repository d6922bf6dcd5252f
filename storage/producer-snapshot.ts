/**
 * `OFFSET.snapshot`: every producer's state just before that offset, so that a start need not read the whole log.
 * Version 1 (int16), CRC-32C of what follows it (uint32), then an array of entries of 46 bytes. Of a producer's
 * batches only the last is kept.
 */

import { int16, int32, int64, putInt16, putInt32, putInt64 } from "../protocol/records/batch.ts";
import { crc32c } from "../protocol/records/crc32c.ts";
import { ProducerEntry } from "./producer-entry.ts";

const VERSION = 1;
const CRC_AT = 2;
const ENTRIES_AT = 6;
const HEADER_BYTES = 10;
const ENTRY_BYTES = 46;

export function encodeProducerSnapshot(entries: Iterable<ProducerEntry>): Uint8Array {
  const all = [...entries].sort((a, b) => a.producerId - b.producerId);
  const bytes = new Uint8Array(HEADER_BYTES + all.length * ENTRY_BYTES);
  putInt16(bytes, 0, VERSION);
  putInt32(bytes, ENTRIES_AT, all.length);
  let at = HEADER_BYTES;
  for (const entry of all) {
    putInt64(bytes, at, entry.producerId);
    putInt16(bytes, at + 8, entry.producerEpoch);
    putInt32(bytes, at + 10, entry.lastSequence);
    putInt64(bytes, at + 14, entry.last?.lastOffset ?? -1);
    putInt32(bytes, at + 22, entry.last?.offsetDelta ?? 0);
    putInt64(bytes, at + 26, entry.lastTimestamp);
    putInt32(bytes, at + 34, entry.coordinatorEpoch);
    putInt64(bytes, at + 38, entry.currentTxnFirstOffset);
    at += ENTRY_BYTES;
  }
  putInt32(bytes, CRC_AT, crc32c(bytes, ENTRIES_AT));
  return bytes;
}

/** The entries, or what is wrong with the file. */
export function decodeProducerSnapshot(bytes: Uint8Array): ProducerEntry[] | string {
  if (bytes.length < HEADER_BYTES) return `it has ${bytes.length} bytes`;
  if (int16(bytes, 0) !== VERSION) return `its version is ${int16(bytes, 0)}`;
  const count = int32(bytes, ENTRIES_AT);
  if (count < 0 || HEADER_BYTES + count * ENTRY_BYTES > bytes.length) return `it names ${count} entries`;
  if (int32(bytes, CRC_AT) >>> 0 !== crc32c(bytes, ENTRIES_AT)) return "its checksum does not fit its content";
  return Array.from({ length: count }, (_, n) => decodeEntry(bytes, HEADER_BYTES + n * ENTRY_BYTES));
}

function decodeEntry(bytes: Uint8Array, at: number): ProducerEntry {
  const entry = new ProducerEntry(int64(bytes, at));
  const timestamp = int64(bytes, at + 26);
  const lastOffset = int64(bytes, at + 14);
  entry.producerEpoch = int16(bytes, at + 8);
  entry.coordinatorEpoch = int32(bytes, at + 34);
  entry.lastTimestamp = timestamp;
  entry.currentTxnFirstOffset = Math.max(-1, int64(bytes, at + 38));
  if (lastOffset >= 0) {
    const lastSequence = int32(bytes, at + 10);
    entry.batches.push({ lastSequence, lastOffset, offsetDelta: int32(bytes, at + 22), timestamp });
  }
  return entry;
}

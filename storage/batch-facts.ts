/**
 * What storage asks of a batch of any magic by its header alone. Magic 0 and 1 come from directories that were written
 * by Kafka before 0.11: one message, or one compressed wrapper, whose offset is the last one in it.
 */
import crc32 from "crc-32";
import * as batch from "../protocol/records/batch.ts";

/** The smallest size that the length field of any magic can name, and still hold a header (magic 0). */
export const SMALLEST_BATCH_BYTES: number = batch.LOG_OVERHEAD + 14;

/** The smallest size of a batch of the magic found at `at`. */
export function smallestBytes(bytes: Uint8Array, at: number): number {
  return batch.magic(bytes, at) >= 2 ? batch.HEADER_SIZE : SMALLEST_BATCH_BYTES;
}

export function lastOffsetOf(bytes: Uint8Array, at: number): number {
  return batch.magic(bytes, at) >= 2 ? batch.lastOffset(bytes, at) : batch.baseOffset(bytes, at);
}

/** The base offset; for a legacy wrapper, whose base only inflating would tell, its last offset. */
export const firstOffsetOf: (bytes: Uint8Array, at: number) => number = batch.baseOffset;

export function maxTimestampOf(bytes: Uint8Array, at: number): number {
  const magic = batch.magic(bytes, at);
  if (magic >= 2) return batch.maxTimestamp(bytes, at);
  return magic === 1 ? batch.int64(bytes, at + 18) : batch.NO_TIMESTAMP;
}

export function leaderEpochOf(bytes: Uint8Array, at: number): number {
  return batch.magic(bytes, at) >= 2 ? batch.partitionLeaderEpoch(bytes, at) : batch.NO_LEADER_EPOCH;
}

export function hasProducer(bytes: Uint8Array, at: number): boolean {
  return batch.magic(bytes, at) >= 2 && batch.producerId(bytes, at) > batch.NO_PRODUCER_ID;
}

/**
 * Whether a batch read back whole is what was written: magic 2 has a CRC-32C, magic 0 and 1 a CRC-32 from the magic
 * on.
 */
export function isIntact(bytes: Uint8Array, at: number): boolean {
  const magic = batch.magic(bytes, at);
  if (magic === 2) return batch.isValid(bytes, at);
  if (magic !== 0 && magic !== 1) return false;
  const end = at + batch.sizeBytes(bytes, at);
  return crc32.buf(bytes.subarray(at + 16, end)) === batch.int32(bytes, at + batch.LOG_OVERHEAD);
}

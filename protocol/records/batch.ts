/**
 * The header of a record batch, read and written where it lies: every function takes the bytes and the position at
 * which the batch starts, so walking a buffer of batches allocates nothing. Import it as a namespace:
 * `batch.lastOffset(bytes, at)`.
 *
 * Magic 2: base offset 0 (8), length 8 (4), leader epoch 12 (4), magic 16 (1), CRC-32C 17 (4), attributes 21 (2), last
 * offset delta 23 (4), base timestamp 27 (8), max timestamp 35 (8), producer id 43 (8), producer epoch 51 (2), base
 * sequence 53 (4), count 57 (4), records 61. Only the first 17 bytes mean the same in magic 0 and 1 (see legacy.ts).
 * The CRC covers everything from the attributes on: base offset and leader epoch are written without touching it.
 */
import { crc32c } from "./crc32c.ts";

/** Base offset and length: what precedes the counted bytes in every magic. */
export const LOG_OVERHEAD = 12;
/** Enough bytes of any batch to know its size and magic. */
export const HEADER_UP_TO_MAGIC = 17;
/** Size of a magic 2 header: a batch without records. */
export const HEADER_SIZE = 61;

export const NO_TIMESTAMP = -1;
export const NO_PRODUCER_ID = -1;
export const NO_PRODUCER_EPOCH = -1;
export const NO_SEQUENCE = -1;
export const NO_LEADER_EPOCH = -1;

const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

export type TimestampType = "CreateTime" | "LogAppendTime";

/** The value of the attribute bits 0-2; `codecs.ts` names them. */
export const compressionId = (bytes: Uint8Array, at: number): number => attributes(bytes, at) & COMPRESSION_MASK;

export function int16(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) << 24) >> 16) | (bytes[at + 1] as number);
}

export function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** As a number: exact up to 2^53-1 in size, rounded beyond (only timestamps of hostile batches get there). */
export function int64(bytes: Uint8Array, at: number): number {
  return int32(bytes, at) * 0x1_0000_0000 + (int32(bytes, at + 4) >>> 0);
}

export function putInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}

export function putInt64(bytes: Uint8Array, at: number, value: number): void {
  putInt32(bytes, at, Math.floor(value / 0x1_0000_0000));
  putInt32(bytes, at + 4, value >>> 0);
}

/**
 * The first offset of a magic 2 batch. In magic 0 and 1 these bytes hold the *last* offset of the (wrapper) message.
 */
export const baseOffset = (bytes: Uint8Array, at: number): number => int64(bytes, at);
/** The bytes counted after the length field; from outside it may be anything. */
export const batchLength = (bytes: Uint8Array, at: number): number => int32(bytes, at + 8);
/** The whole batch. */
export const sizeBytes = (bytes: Uint8Array, at: number): number => LOG_OVERHEAD + int32(bytes, at + 8);
export const partitionLeaderEpoch = (bytes: Uint8Array, at: number): number => int32(bytes, at + 12);
/** Signed, as Java reads it. */
export const magic = (bytes: Uint8Array, at: number): number => ((bytes[at + 16] as number) << 24) >> 24;
export const crc = (bytes: Uint8Array, at: number): number => int32(bytes, at + CRC_AT) >>> 0;
/** The low byte; the high one is unused. */
export const attributes = (bytes: Uint8Array, at: number): number => bytes[at + ATTRIBUTES_AT + 1] as number;
export const lastOffsetDelta = (bytes: Uint8Array, at: number): number => int32(bytes, at + 23);
export const lastOffset = (bytes: Uint8Array, at: number): number => int64(bytes, at) + int32(bytes, at + 23);
/** With a delete horizon these bytes are the horizon (`hasDeleteHorizon`). */
export const baseTimestamp = (bytes: Uint8Array, at: number): number => int64(bytes, at + 27);
export const maxTimestamp = (bytes: Uint8Array, at: number): number => int64(bytes, at + 35);
export const producerId = (bytes: Uint8Array, at: number): number => int64(bytes, at + 43);
export const producerEpoch = (bytes: Uint8Array, at: number): number => int16(bytes, at + 51);
export const baseSequence = (bytes: Uint8Array, at: number): number => int32(bytes, at + 53);
export const count = (bytes: Uint8Array, at: number): number => int32(bytes, at + 57);

export const isTransactional = (bytes: Uint8Array, at: number): boolean =>
  (attributes(bytes, at) & TRANSACTIONAL) !== 0;
export const isControl = (bytes: Uint8Array, at: number): boolean => (attributes(bytes, at) & CONTROL) !== 0;
export const hasDeleteHorizon = (bytes: Uint8Array, at: number): boolean =>
  (attributes(bytes, at) & DELETE_HORIZON) !== 0;
export const isLogAppendTime = (bytes: Uint8Array, at: number): boolean =>
  (attributes(bytes, at) & LOG_APPEND_TIME) !== 0;
export const timestampType = (bytes: Uint8Array, at: number): TimestampType =>
  isLogAppendTime(bytes, at) ? "LogAppendTime" : "CreateTime";

/** Sequences are int32 that wrap from 2^31-1 to 0. */
export function incrementSequence(sequence: number, increment: number): number {
  return sequence > 0x7fff_ffff - increment ? increment - (0x7fff_ffff - sequence) - 1 : sequence + increment;
}

/** The sequence of the last record, NO_SEQUENCE where the batch has none. */
export function lastSequence(bytes: Uint8Array, at: number): number {
  const base = baseSequence(bytes, at);
  return base === NO_SEQUENCE ? NO_SEQUENCE : incrementSequence(base, lastOffsetDelta(bytes, at));
}

/** The CRC that the bytes from the attributes on should have. The batch must lie whole in `bytes`. */
export function computeCrc(bytes: Uint8Array, at: number): number {
  return crc32c(bytes, at + ATTRIBUTES_AT, at + sizeBytes(bytes, at));
}

/** Whether the CRC holds. The batch (magic 2) must lie whole in `bytes`. */
export function isValid(bytes: Uint8Array, at: number): boolean {
  return sizeBytes(bytes, at) >= HEADER_SIZE && crc(bytes, at) === computeCrc(bytes, at);
}

/** Outside the CRC. */
export const setBaseOffset = (bytes: Uint8Array, at: number, offset: number): void => putInt64(bytes, at, offset);
/** Outside the CRC. */
export const setPartitionLeaderEpoch = (bytes: Uint8Array, at: number, epoch: number): void =>
  putInt32(bytes, at + 12, epoch);

export const writeCrc = (bytes: Uint8Array, at: number): void => putInt32(bytes, at + CRC_AT, computeCrc(bytes, at));

/** Sets timestamp type and max timestamp; the CRC is computed again only where one of them changes. */
export function setMaxTimestamp(bytes: Uint8Array, at: number, type: TimestampType, timestamp: number): void {
  if (timestampType(bytes, at) === type && maxTimestamp(bytes, at) === timestamp) return;
  const kept = attributes(bytes, at) & (COMPRESSION_MASK | TRANSACTIONAL | CONTROL | DELETE_HORIZON);
  putInt16(bytes, at + ATTRIBUTES_AT, kept | (type === "LogAppendTime" ? LOG_APPEND_TIME : 0));
  putInt64(bytes, at + 35, timestamp);
  writeCrc(bytes, at);
}

export interface BatchHeader {
  readonly baseOffset: number;
  readonly lastOffsetDelta: number;
  readonly sizeBytes: number;
  readonly partitionLeaderEpoch: number;
  readonly compressionId: number;
  readonly timestampType: TimestampType;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  /** The base timestamp is a delete horizon (KIP-534): default no. */
  readonly hasDeleteHorizon?: boolean;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly count: number;
}

/** Writes a magic 2 header over the first 61 bytes; the CRC, over the records that follow, comes last. */
export function writeHeader(bytes: Uint8Array, at: number, header: BatchHeader): void {
  putInt64(bytes, at, header.baseOffset);
  putInt32(bytes, at + 8, header.sizeBytes - LOG_OVERHEAD);
  putInt32(bytes, at + 12, header.partitionLeaderEpoch);
  bytes[at + 16] = 2;
  const flags =
    header.compressionId |
    (header.timestampType === "LogAppendTime" ? LOG_APPEND_TIME : 0) |
    (header.isTransactional ? TRANSACTIONAL : 0) |
    (header.isControl ? CONTROL : 0) |
    (header.hasDeleteHorizon === true ? DELETE_HORIZON : 0);
  putInt16(bytes, at + ATTRIBUTES_AT, flags);
  putInt32(bytes, at + 23, header.lastOffsetDelta);
  putInt64(bytes, at + 27, header.baseTimestamp);
  putInt64(bytes, at + 35, header.maxTimestamp);
  putInt64(bytes, at + 43, header.producerId);
  putInt16(bytes, at + 51, header.producerEpoch);
  putInt32(bytes, at + 53, header.baseSequence);
  putInt32(bytes, at + 57, header.count);
  writeCrc(bytes, at);
}

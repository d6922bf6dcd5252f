/**
 * What a leader does to the records of a Produce before it appends them: the checks of Apache's LogValidator and of
 * UnifiedLog.analyzeAndValidateRecords, in their order, then base offset and leader epoch written in place. The CRC is
 * computed again only where the timestamp type or the max timestamp has to change, and a batch is rebuilt only where
 * the topic has a compression of its own or an old client numbered compressed records wrongly. Produce v3+ carries
 * exactly one magic 2 batch, so no other magic gets here.
 */
import { KafkaError } from "../errors.ts";
import * as batch from "./batch.ts";
import { RecordBatchBuilder } from "./builder.ts";
import { type Codec, codecOf, INFLATED_BYTES_MAX } from "./codecs.ts";
import { RecordCursor } from "./cursor.ts";
import { OrdinaryRecords } from "./ordinary.ts";

/** The topic's settings that records must obey, read anew for each append. */
export interface RecordRules {
  /** `max.message.bytes` */
  readonly maxMessageBytes: number;
  /** Whether `cleanup.policy` contains `compact`: every record needs a key. */
  readonly compacted: boolean;
  /** `message.timestamp.type` */
  readonly timestampType: batch.TimestampType;
  /** `message.timestamp.before.max.ms`; Infinity allows any */
  readonly timestampBeforeMaxMs: number;
  /** `message.timestamp.after.max.ms` */
  readonly timestampAfterMaxMs: number;
  /** `compression.type`: null is "producer", which keeps what came. */
  readonly codec: Codec | null;
  /** `compression.gzip.level` and its kin, for the codec above. */
  readonly codecLevel?: number;
  /** What a compressed batch may inflate to. */
  readonly inflatedBytesMax?: number;
}

export interface Placement {
  /** Printed in messages: "orders-0". */
  readonly topicPartition: string;
  /** The log end: the offset of the first record. */
  readonly baseOffset: number;
  readonly leaderEpoch: number;
  readonly nowMs: number;
  /** Coordinators may write control records, and number their own batches. */
  readonly origin: "client" | "coordinator";
}

/** One refused record, as ProduceResponse v8+ names it. */
export interface RecordError {
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string;
}

/** Some records of a batch were refused, and so the batch. */
export class RecordValidationError extends KafkaError {
  readonly recordErrors: readonly RecordError[];
  constructor(error: "INVALID_TIMESTAMP" | "INVALID_RECORD", message: string, recordErrors: readonly RecordError[]) {
    super(error, message);
    this.recordErrors = recordErrors;
  }
}

export interface ValidatedRecords {
  /** What to append: the bytes given, or a rebuilt batch. */
  readonly bytes: Uint8Array;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
  /** With LogAppendTime the time put on the records, else -1. */
  readonly logAppendTimeMs: number;
}

const invalid = (message: string): KafkaError => new KafkaError("INVALID_RECORD", message);
const SMALLEST_BATCH = 26; // a magic 0 message without content: less cannot be a batch of any magic

/**
 * Size of the first whole batch, 0 where there is none: what Apache's ByteBufferLogInputStream does.
 * @throws CORRUPT_MESSAGE for a size or magic that no batch has.
 */
function firstBatchSize(bytes: Uint8Array, at: number): number {
  const remaining = bytes.length - at;
  if (remaining < batch.LOG_OVERHEAD) return 0;
  const length = batch.batchLength(bytes, at);
  if (length < SMALLEST_BATCH - batch.LOG_OVERHEAD) {
    throw new KafkaError("CORRUPT_MESSAGE", `Record size ${length} is less than the minimum record overhead`);
  }
  if (remaining < batch.HEADER_UP_TO_MAGIC) return 0;
  const magic = batch.magic(bytes, at);
  if (magic < 0 || magic > 2) throw new KafkaError("CORRUPT_MESSAGE", `Invalid magic found in record: ${magic}`);
  const size = length + batch.LOG_OVERHEAD;
  return remaining < size ? 0 : size;
}

/**
 * What a Produce request of the version may carry for one partition: exactly one batch of magic 2.
 * @throws INVALID_RECORD, CORRUPT_MESSAGE, UNSUPPORTED_COMPRESSION_TYPE (zstd before v7).
 */
export function validateProduceRecords(bytes: Uint8Array, version: number): void {
  const size = firstBatchSize(bytes, 0);
  if (size === 0) throw invalid(`${requestsOf(version)} must have at least one record batch per partition`);
  if (batch.magic(bytes, 0) !== 2)
    throw invalid(`${requestsOf(version)} may only contain record batches with magic version 2`);
  if (version < 7 && size >= batch.HEADER_SIZE && codecOf(batch.compressionId(bytes, 0)) === "zstd") {
    throw new KafkaError("UNSUPPORTED_COMPRESSION_TYPE", `${requestsOf(version)} may not use ZStandard compression`);
  }
  if (firstBatchSize(bytes, size) > 0) {
    throw invalid(`${requestsOf(version)} may only contain exactly one record batch per partition`);
  }
}

const requestsOf = (version: number): string => `Produce requests with version ${version}`;

/** Checks one batch at the start of `bytes` and places it. One validator serves all partitions of a node. */
export class RecordValidator {
  private readonly cursor = new RecordCursor();
  private readonly ordinary = new OrdinaryRecords();

  validate(bytes: Uint8Array, rules: RecordRules, place: Placement): ValidatedRecords {
    checkBatch(bytes, rules, place);
    const source = codecOf(batch.compressionId(bytes, 0));
    if (source === null) {
      const id = batch.compressionId(bytes, 0);
      throw new KafkaError("UNKNOWN_SERVER_ERROR", `Unknown compression type id: ${id}`);
    }
    checkHeader(bytes, place);
    // Control records keep whatever form their coordinator gave them.
    const target = rules.codec === null || batch.isControl(bytes, 0) ? source : rules.codec;
    try {
      const walk = (source === "none" ? this.look(bytes, rules, place) : null) ?? this.walk(bytes, rules, place);
      const inPlace = source === target && (source === "none" || walk.offsetsInSequence);
      return inPlace
        ? placed(bytes, rules, place, walk.maxTimestamp)
        : this.rebuilt(bytes, rules, place, target, walk.uncompressedBytes);
    } finally {
      this.cursor.close();
    }
  }

  /** What the walk would say of uncompressed records, where nothing about any of them is special; else null. */
  private look(bytes: Uint8Array, rules: RecordRules, { nowMs }: Placement): Walk | null {
    const { ordinary } = this;
    if (rules.compacted || batch.isLogAppendTime(bytes, 0) || !ordinary.are(bytes)) return null;
    const base = batch.baseTimestamp(bytes, 0);
    const newest = base + ordinary.timestampDeltaMax;
    const isInRange =
      base + ordinary.timestampDeltaMin >= nowMs - rules.timestampBeforeMaxMs &&
      newest <= nowMs + rules.timestampAfterMaxMs;
    if (rules.timestampType === "CreateTime" && !isInRange) return null;
    return {
      maxTimestamp: Math.max(batch.NO_TIMESTAMP, newest),
      offsetsInSequence: true,
      uncompressedBytes: batch.sizeBytes(bytes, 0),
    };
  }

  /** Every record looked at once; the errors of all of them are collected before the batch is refused. */
  private walk(bytes: Uint8Array, rules: RecordRules, place: Placement): Walk {
    const { cursor } = this;
    const logAppendTime = batch.isLogAppendTime(bytes, 0);
    const { compacted } = rules; // settings are looked up each time they are read: not once a record
    const checkRange = rules.timestampType === "CreateTime";
    const oldest = place.nowMs - rules.timestampBeforeMaxMs;
    const newest = place.nowMs + rules.timestampAfterMaxMs;
    let errors: FoundErrors | null = null;
    let maxTimestamp = batch.NO_TIMESTAMP;
    let offsetsInSequence = true;
    let uncompressedBytes = batch.HEADER_SIZE;
    cursor.open(bytes, 0, rules.inflatedBytesMax ?? INFLATED_BYTES_MAX);
    for (let index = 0; cursor.next(); index++) {
      const { timestamp } = cursor;
      if (timestamp > maxTimestamp) maxTimestamp = timestamp;
      if (cursor.offsetDelta !== index) offsetsInSequence = false;
      uncompressedBytes += cursor.sizeBytes;
      if (compacted && cursor.keyLength < 0) {
        const message = `Compacted topic cannot accept message without key in topic partition ${place.topicPartition}`;
        errors = found(errors, false, index, message);
      } else if (checkRange && timestamp !== batch.NO_TIMESTAMP) {
        if (timestamp < oldest || timestamp > newest) {
          errors = found(errors, true, index, outOfRange(cursor, oldest, newest));
        }
      } else if (logAppendTime) {
        errors = found(errors, true, index, typeNotAllowed(cursor));
      }
    }
    if (errors !== null) throw refusal(errors);
    return { maxTimestamp, offsetsInSequence, uncompressedBytes };
  }

  /** The same records in a new batch: another codec, or offsets made consecutive. */
  private rebuilt(
    bytes: Uint8Array,
    rules: RecordRules,
    place: Placement,
    codec: Codec,
    uncompressedBytes: number,
  ): ValidatedRecords {
    const logAppendTime = rules.timestampType === "LogAppendTime";
    const builder = new RecordBatchBuilder(
      {
        baseOffset: place.baseOffset,
        partitionLeaderEpoch: place.leaderEpoch,
        codec,
        ...(rules.codecLevel === undefined ? {} : { level: rules.codecLevel }),
        timestampType: rules.timestampType,
        logAppendTimeMs: place.nowMs,
        producerId: batch.producerId(bytes, 0),
        producerEpoch: batch.producerEpoch(bytes, 0),
        baseSequence: batch.baseSequence(bytes, 0),
        isTransactional: batch.isTransactional(bytes, 0),
      },
      uncompressedBytes + 16, // timestamps relative to the first record may need a little more
    );
    const { cursor } = this;
    cursor.open(bytes, 0, rules.inflatedBytesMax ?? INFLATED_BYTES_MAX);
    while (cursor.next()) {
      builder.append(cursor.timestamp, cursor.key(), cursor.value(), cursor.headers());
    }
    const built = builder.build();
    if (built.length > rules.maxMessageBytes) throw tooLarge(built.length, rules, place);
    return {
      bytes: built,
      lastOffset: batch.lastOffset(built, 0),
      maxTimestamp: batch.maxTimestamp(built, 0),
      logAppendTimeMs: logAppendTime ? place.nowMs : batch.NO_TIMESTAMP,
    };
  }
}

interface Walk {
  readonly maxTimestamp: number;
  readonly offsetsInSequence: boolean;
  readonly uncompressedBytes: number;
}

interface FoundErrors {
  timestamp: boolean;
  readonly records: RecordError[];
}

function found(errors: FoundErrors | null, timestamp: boolean, batchIndex: number, message: string): FoundErrors {
  const all = errors ?? { timestamp: false, records: [] };
  all.timestamp ||= timestamp;
  all.records.push({ batchIndex, batchIndexErrorMessage: message });
  return all;
}

// The words are Apache's: clients print them, and people search for them.

function outOfRange(cursor: RecordCursor, oldest: number, newest: number): string {
  return (
    `Timestamp ${cursor.timestamp} of message with offset ${cursor.offset} is out of range. ` +
    `The timestamp should be within [${oldest}, ${newest}]`
  );
}

function typeNotAllowed({ offset, timestamp, keyLength, valueLength }: RecordCursor): string {
  const record =
    `DefaultRecord(offset=${offset}, timestamp=${timestamp}, key=${Math.max(0, keyLength)} bytes, ` +
    `value=${Math.max(0, valueLength)} bytes)`;
  return `Invalid timestamp type in message ${record}. Producer should not set timestamp type to LogAppendTime.`;
}

function refusal({ timestamp, records }: FoundErrors): RecordValidationError {
  if (timestamp) {
    const message = "One or more records have been rejected due to invalid timestamp";
    return new RecordValidationError("INVALID_TIMESTAMP", message, records);
  }
  const shown = records
    .slice(0, 3)
    .map(
      ({ batchIndex, batchIndexErrorMessage }) =>
        `RecordError(batchIndex=${batchIndex}, message='${batchIndexErrorMessage}')`,
    );
  const message =
    `One or more records have been rejected due to ${records.length} record errors in total, ` +
    `and only showing the first three errors at most: [${shown.join(", ")}]`;
  return new RecordValidationError("INVALID_RECORD", message, records);
}

function tooLarge(sizeBytes: number, rules: RecordRules, place: Placement): KafkaError {
  const batchOf = `The record batch for ${place.topicPartition}`;
  return new KafkaError("MESSAGE_TOO_LARGE", `${batchOf} has ${sizeBytes} bytes, at most ${rules.maxMessageBytes}`);
}

const inPartition = ({ topicPartition }: Placement): string => `in topic partition ${topicPartition}`;

/** UnifiedLog.analyzeAndValidateRecords: what is checked before any record is looked at. */
function checkBatch(bytes: Uint8Array, rules: RecordRules, place: Placement): void {
  if (place.origin === "client" && batch.baseOffset(bytes, 0) !== 0) {
    throw invalid(
      `The base offset of the record batch should be 0, but is ${batch.baseOffset(bytes, 0)} ${inPartition(place)}`,
    );
  }
  const size = batch.sizeBytes(bytes, 0);
  if (size > rules.maxMessageBytes) throw tooLarge(size, rules, place);
  if (!batch.isValid(bytes, 0)) {
    const stored = size >= batch.HEADER_SIZE ? batch.crc(bytes, 0) : 0;
    throw new KafkaError("CORRUPT_MESSAGE", `Record is corrupt (stored crc = ${stored}) ${inPartition(place)}`);
  }
}

/** LogValidator.validateBatch. */
function checkHeader(bytes: Uint8Array, place: Placement): void {
  if (place.origin !== "client") return;
  const count = batch.count(bytes, 0);
  const countFromOffsets = batch.lastOffsetDelta(bytes, 0) + 1;
  if (countFromOffsets <= 0)
    throw invalid(`Batch has an invalid offset range of ${countFromOffsets} ${inPartition(place)}`);
  if (count <= 0) throw invalid(`Invalid reported count for record batch: ${count} ${inPartition(place)}`);
  if (countFromOffsets !== count) {
    throw invalid(`The batch covers ${countFromOffsets} offsets and says ${count} records ${inPartition(place)}`);
  }
  if (batch.isControl(bytes, 0))
    throw invalid(`Clients are not allowed to write control records ${inPartition(place)}`);
  const sequence = batch.baseSequence(bytes, 0);
  if (batch.producerId(bytes, 0) > batch.NO_PRODUCER_ID && sequence < 0) {
    throw invalid(
      `Invalid sequence number ${sequence} of producer ${batch.producerId(bytes, 0)} ${inPartition(place)}`,
    );
  }
}

/** Offsets, epoch and timestamp into the header, the records as they came. */
function placed(bytes: Uint8Array, rules: RecordRules, place: Placement, walkedMax: number): ValidatedRecords {
  const logAppendTime = rules.timestampType === "LogAppendTime";
  const maxTimestamp = logAppendTime ? place.nowMs : walkedMax;
  batch.setBaseOffset(bytes, 0, place.baseOffset);
  batch.setPartitionLeaderEpoch(bytes, 0, place.leaderEpoch);
  batch.setMaxTimestamp(bytes, 0, rules.timestampType, maxTimestamp);
  const size = batch.sizeBytes(bytes, 0);
  return {
    bytes: size === bytes.length ? bytes : bytes.subarray(0, size), // what follows the batch is no batch
    lastOffset: batch.lastOffset(bytes, 0),
    maxTimestamp,
    logAppendTimeMs: logAppendTime ? place.nowMs : batch.NO_TIMESTAMP,
  };
}

/**
 * Whether the first batch, if there is one, belongs to a transaction.
 * @throws CORRUPT_MESSAGE for bytes that begin like no batch.
 */
export function isTransactionalProduce(bytes: Uint8Array): boolean {
  const size = firstBatchSize(bytes, 0);
  return size >= batch.HEADER_SIZE && batch.magic(bytes, 0) === 2 && batch.isTransactional(bytes, 0);
}

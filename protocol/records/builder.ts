/**
 * Builds one magic 2 batch, record by record: what coordinators, raft, compaction and tests append. Produce only comes
 * here where a topic's own compression or an old message format forces a rewrite.
 */
import { assert } from "../../base/assert.ts";
import * as batch from "./batch.ts";
import { type Codec, codecId, compress } from "./codecs.ts";
import { putVarint, putVarlong, sizeOfVarint, sizeOfVarlong } from "./varint.ts";

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface NewRecord {
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
}

/** What a batch says about itself; every field has the default of an ordinary batch. */
export interface BatchOptions {
  /** Offset of the first record (default 0, as a producer sends it). */
  readonly baseOffset?: number;
  /** Default -1: the leader stamps it. */
  readonly partitionLeaderEpoch?: number;
  readonly codec?: Codec;
  /** For gzip, lz4 and zstd: Kafka's level; default the codec's own. */
  readonly level?: number;
  /** With LogAppendTime `logAppendTimeMs` becomes the max timestamp. */
  readonly timestampType?: batch.TimestampType;
  readonly logAppendTimeMs?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
  /** All records are control records (`appendControl`). */
  readonly isControl?: boolean;
  /**
   * The time from which tombstones and markers in the batch may be dropped; it becomes the base timestamp (KIP-534).
   */
  readonly deleteHorizonMs?: number;
  /** Where the last record is not the last offset: compaction has removed what was there. */
  readonly lastOffset?: number;
}

/** Types of control records (the second int16 of their key). */
export const controlTypes = {
  ABORT: 0,
  COMMIT: 1,
  LEADER_CHANGE: 2,
  SNAPSHOT_HEADER: 3,
  SNAPSHOT_FOOTER: 4,
  KRAFT_VERSION: 5,
  KRAFT_VOTERS: 6,
} as const;
export type ControlType = keyof typeof controlTypes;

const utf8 = new TextEncoder();
const noHeaders: readonly RecordHeader[] = [];

export class RecordBatchBuilder {
  private readonly options: BatchOptions;
  private bytes: Uint8Array;
  private end = batch.HEADER_SIZE;
  private baseTimestamp = batch.NO_TIMESTAMP;
  private maxTimestamp = batch.NO_TIMESTAMP;
  private lastOffsetDelta = -1;
  /** Records appended so far. */
  count = 0;

  constructor(options: BatchOptions = {}, sizeHintBytes = 1024) {
    this.options = options;
    this.bytes = new Uint8Array(Math.max(sizeHintBytes, batch.HEADER_SIZE));
  }

  /** Size of the batch so far, before compression. */
  get sizeBytes(): number {
    return this.end;
  }

  /** The size that one more record would add before compression. */
  sizeOf(timestamp: number, key: Uint8Array | null, value: Uint8Array | null, headers = noHeaders): number {
    const timestampDelta = this.count === 0 ? 0 : timestamp - this.baseTimestamp;
    const body = sizeOfBody(timestampDelta, this.lastOffsetDelta + 1, key, value, headers);
    return sizeOfVarint(body) + body;
  }

  append(timestamp: number, key: Uint8Array | null, value: Uint8Array | null, headers = noHeaders): void {
    this.appendAt(this.lastOffsetDelta + 1, timestamp, key, value, headers);
  }

  /** A record whose offset is base offset + delta: compaction leaves gaps. */
  appendAt(
    offsetDelta: number,
    timestamp: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers = noHeaders,
  ): void {
    assert(offsetDelta > this.lastOffsetDelta, "offsets grow within a batch");
    const timestampDelta = this.timestampDelta(timestamp);
    const body = sizeOfBody(timestampDelta, offsetDelta, key, value, headers);
    this.reserve(sizeOfVarint(body) + body);
    this.end = putRecord(this.bytes, this.end, body, timestampDelta, offsetDelta, key, value, headers);
    this.appended(offsetDelta, timestamp);
  }

  /** A record of another batch: `content` is its key, value and headers with their lengths, copied as they are. */
  appendContent(offsetDelta: number, timestamp: number, content: Uint8Array): void {
    assert(offsetDelta > this.lastOffsetDelta, "offsets grow within a batch");
    const timestampDelta = this.timestampDelta(timestamp);
    const body = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + content.length;
    this.reserve(sizeOfVarint(body) + body);
    let end = putVarint(this.bytes, this.end, body);
    this.bytes[end++] = 0; // record attributes: none are defined
    end = putVarlong(this.bytes, end, timestampDelta);
    end = putVarint(this.bytes, end, offsetDelta);
    this.bytes.set(content, end);
    this.end = end + content.length;
    this.appended(offsetDelta, timestamp);
  }

  /** A control record: its key is version 0 and the type. */
  appendControl(timestamp: number, type: ControlType, value: Uint8Array): void {
    assert(this.options.isControl === true, "control records need a control batch");
    const key = new Uint8Array(4);
    batch.putInt16(key, 2, controlTypes[type]);
    this.append(timestamp, key, value);
  }

  /** The finished batch in bytes of its own; the builder must not be used again. */
  build(): Uint8Array {
    assert(this.count > 0, "a batch has at least one record");
    const codec = this.options.codec ?? "none";
    const built = codec === "none" ? this.bytes.subarray(0, this.end) : this.compressed(codec);
    const { options } = this;
    const timestampType = options.timestampType ?? "CreateTime";
    const baseOffset = options.baseOffset ?? 0;
    batch.writeHeader(built, 0, {
      baseOffset,
      lastOffsetDelta: options.lastOffset === undefined ? this.lastOffsetDelta : options.lastOffset - baseOffset,
      sizeBytes: built.length,
      partitionLeaderEpoch: options.partitionLeaderEpoch ?? batch.NO_LEADER_EPOCH,
      compressionId: codecId(codec),
      timestampType,
      isTransactional: options.isTransactional ?? false,
      isControl: options.isControl ?? false,
      hasDeleteHorizon: options.deleteHorizonMs !== undefined,
      baseTimestamp: this.baseTimestamp,
      maxTimestamp:
        timestampType === "LogAppendTime" ? (options.logAppendTimeMs ?? this.maxTimestamp) : this.maxTimestamp,
      producerId: options.producerId ?? batch.NO_PRODUCER_ID,
      producerEpoch: options.producerEpoch ?? batch.NO_PRODUCER_EPOCH,
      baseSequence: options.baseSequence ?? batch.NO_SEQUENCE,
      count: this.count,
    });
    return built;
  }

  private timestampDelta(timestamp: number): number {
    if (this.count === 0) this.baseTimestamp = this.options.deleteHorizonMs ?? timestamp;
    return timestamp - this.baseTimestamp;
  }

  private appended(offsetDelta: number, timestamp: number): void {
    this.lastOffsetDelta = offsetDelta;
    this.maxTimestamp = Math.max(this.maxTimestamp, timestamp);
    this.count++;
  }

  private compressed(codec: Codec): Uint8Array {
    const records = compress(codec, this.bytes.subarray(batch.HEADER_SIZE, this.end), this.options.level);
    const built = new Uint8Array(batch.HEADER_SIZE + records.length);
    built.set(records, batch.HEADER_SIZE);
    return built;
  }

  private reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.end + more));
    grown.set(this.bytes.subarray(0, this.end));
    this.bytes = grown;
  }
}

/** One batch of the given records. */
export function buildBatch(records: readonly NewRecord[], options: BatchOptions = {}): Uint8Array {
  const builder = new RecordBatchBuilder(options);
  for (const record of records) builder.append(record.timestamp, record.key, record.value, record.headers);
  return builder.build();
}

/** A batch of one control record: transaction markers, and raft's own records. */
export function buildControlBatch(
  type: ControlType,
  value: Uint8Array,
  timestamp: number,
  options: BatchOptions = {},
): Uint8Array {
  const builder = new RecordBatchBuilder({ ...options, isControl: true });
  builder.appendControl(timestamp, type, value);
  return builder.build();
}

const sizeOfBytes = (value: Uint8Array | null): number =>
  value === null ? 1 : sizeOfVarint(value.length) + value.length;

function sizeOfBody(
  timestampDelta: number,
  offsetDelta: number,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[],
): number {
  let size = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOfBytes(key) + sizeOfBytes(value);
  size += sizeOfVarint(headers.length);
  for (const header of headers) size += sizeOfBytes(utf8.encode(header.key)) + sizeOfBytes(header.value);
  return size;
}

function putBytes(into: Uint8Array, at: number, value: Uint8Array | null): number {
  if (value === null) return putVarint(into, at, -1);
  const start = putVarint(into, at, value.length);
  into.set(value, start);
  return start + value.length;
}

function putRecord(
  into: Uint8Array,
  at: number,
  body: number,
  timestampDelta: number,
  offsetDelta: number,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[],
): number {
  let end = putVarint(into, at, body);
  into[end++] = 0; // record attributes: none are defined
  end = putVarlong(into, end, timestampDelta);
  end = putVarint(into, end, offsetDelta);
  end = putBytes(into, end, key);
  end = putBytes(into, end, value);
  end = putVarint(into, end, headers.length);
  for (const header of headers) {
    end = putBytes(into, end, utf8.encode(header.key));
    end = putBytes(into, end, header.value);
  }
  return end;
}

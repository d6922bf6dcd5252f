/**
 * Walks the records of one batch without an object per record: `next` moves the cursor, whose fields then describe the
 * record. One cursor serves any number of batches. What a record may look like is Apache's DefaultRecord.readFrom.
 */
import { KafkaError } from "../errors.ts";
import * as batch from "./batch.ts";
import { codecOf, INFLATED_BYTES_MAX, inflate } from "./codecs.ts";

const invalid = (message: string): KafkaError => new KafkaError("INVALID_RECORD", message);

export class RecordCursor {
  /** What `keyAt` and `valueAt` point into: the batch's bytes, or the inflated records. */
  bytes: Uint8Array = empty;
  offset = 0;
  timestamp = 0;
  offsetDelta = 0;
  /** Of the whole record, its length field included. */
  sizeBytes = 0;
  /** Where what has no relation to the batch begins: key, value and headers with their lengths, up to `endAt`. */
  contentAt = 0;
  endAt = 0;
  keyAt = 0;
  /** -1: null. */
  keyLength = -1;
  valueAt = 0;
  /** -1: null. */
  valueLength = -1;
  headersCount = 0;
  /** Where the first header begins; `readHeaders` reads them. */
  headersAt = 0;

  private at = 0;
  private end = 0;
  private left = 0;
  private baseOffset = 0;
  private baseTimestamp = 0;
  private logAppendTime = false;

  /**
   * Points before the first record of the magic 2 batch at `at`, which must lie whole in `bytes`. A compressed one is
   * inflated, up to `maxInflatedBytes`.
   */
  open(bytes: Uint8Array, at: number, maxInflatedBytes: number = INFLATED_BYTES_MAX): void {
    const end = at + batch.sizeBytes(bytes, at);
    const codec = codecOf(batch.compressionId(bytes, at));
    if (codec === null) throw invalid(`Unknown compression type id: ${batch.compressionId(bytes, at)}`);
    this.left = batch.count(bytes, at);
    if (this.left < 0) throw invalid(`Found invalid record count ${this.left} in magic v2 batch`);
    this.baseOffset = batch.baseOffset(bytes, at);
    this.logAppendTime = batch.isLogAppendTime(bytes, at);
    this.timestamp = batch.maxTimestamp(bytes, at);
    this.baseTimestamp = batch.baseTimestamp(bytes, at);
    if (codec === "none" || this.left === 0) {
      this.bytes = bytes;
      this.at = at + batch.HEADER_SIZE;
      this.end = end;
      return;
    }
    this.bytes = inflate(codec, bytes.subarray(at + batch.HEADER_SIZE, end), maxInflatedBytes);
    this.at = 0;
    this.end = this.bytes.length;
  }

  /** Gives up the inflated bytes. */
  close(): void {
    this.bytes = empty;
    this.left = 0;
  }

  /**
   * Moves to the next record; false behind the last one.
   * @throws INVALID_RECORD where a record does not fit its length, the batch its count.
   */
  next(): boolean {
    if (this.left === 0) return false;
    const start = this.at;
    const body = this.varint();
    const bodyAt = this.at;
    const bodyEnd = bodyAt + body;
    if (body < 0 || bodyEnd > this.end) {
      const remaining = this.end - bodyAt;
      throw invalid(`Invalid record size: expected ${body} bytes in record payload, but there are only ${remaining}.`);
    }
    this.at++; // attributes: none are defined
    const timestampDelta = this.varlong();
    if (!this.logAppendTime) this.timestamp = this.baseTimestamp + timestampDelta;
    this.offsetDelta = this.varint();
    this.offset = this.baseOffset + this.offsetDelta;
    this.contentAt = this.at;
    this.keyLength = Math.max(-1, this.varint());
    this.keyAt = this.skip(this.keyLength);
    this.valueLength = Math.max(-1, this.varint());
    this.valueAt = this.skip(this.valueLength);
    this.headersCount = this.varint();
    if (this.headersCount < 0 || this.headersCount > this.end - this.at) {
      throw invalid(`Found invalid number of record headers ${this.headersCount}`);
    }
    this.headersAt = this.at;
    for (let i = 0; i < this.headersCount; i++) this.skipHeader();
    if (this.at !== bodyEnd) {
      throw invalid(`Invalid record size: expected to read ${body} bytes, but instead read ${this.at - bodyAt}`);
    }
    this.sizeBytes = this.at - start;
    this.endAt = this.at;
    this.left--;
    if (this.left === 0 && this.at !== this.end) {
      throw invalid("Incorrect declared batch size, records still remaining in file");
    }
    return true;
  }

  /** A view. */
  key(): Uint8Array | null {
    return this.keyLength < 0 ? null : this.bytes.subarray(this.keyAt, this.keyAt + this.keyLength);
  }

  /** A view. */
  value(): Uint8Array | null {
    return this.valueLength < 0 ? null : this.bytes.subarray(this.valueAt, this.valueAt + this.valueLength);
  }

  /** Where header i begins is only known by walking: this reads them all, and allocates. */
  headers(): { key: string; value: Uint8Array | null }[] {
    const after = this.at;
    const headers: { key: string; value: Uint8Array | null }[] = [];
    this.at = this.headersAt;
    for (let i = 0; i < this.headersCount; i++) {
      const keyLength = this.varint();
      const keyAt = this.skip(keyLength);
      const valueLength = this.varint();
      const valueAt = this.skip(valueLength);
      headers.push({
        key: utf8.decode(this.bytes.subarray(keyAt, keyAt + keyLength)),
        value: valueLength < 0 ? null : this.bytes.subarray(valueAt, valueAt + valueLength),
      });
    }
    this.at = after;
    return headers;
  }

  private skipHeader(): void {
    const keyLength = this.varint();
    if (keyLength < 0) throw invalid(`Invalid negative header key size ${keyLength}`);
    this.skip(keyLength);
    this.skip(this.varint());
  }

  /** Passes over `length` bytes (none where negative) and returns where they begin. */
  private skip(length: number): number {
    const at = this.at;
    if (length > 0) this.at += length;
    if (this.at > this.end) throw invalid("Incorrect declared batch size, premature EOF reached");
    return at;
  }

  /** Zig-zag, at most 5 bytes. */
  private varint(): number {
    let bits = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.end) throw invalid("Incorrect declared batch size, premature EOF reached");
      const byte = this.bytes[this.at++] as number;
      bits |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (bits >>> 1) ^ -(bits & 1);
    }
    throw invalid("Found invalid record structure: varint is too long");
  }

  /** Zig-zag, at most 10 bytes; exact within ±(2^53-1), rounded beyond. */
  private varlong(): number {
    const first = this.bytes[this.at] as number;
    if (first < 0x80 && this.at < this.end) {
      this.at++;
      return (first >>> 1) ^ -(first & 1);
    }
    let bits = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (this.at >= this.end) throw invalid("Incorrect declared batch size, premature EOF reached");
      const byte = this.bytes[this.at++] as number;
      bits += (byte & 0x7f) * scale;
      if (byte < 0x80) return (first & 1) === 0 ? bits / 2 : -(bits + 1) / 2;
      scale *= 0x80;
    }
    throw invalid("Found invalid record structure: varlong is too long");
  }
}

const empty = new Uint8Array(0);
const utf8 = new TextDecoder();

/** One record as an object: for coordinators, raft and tests, where a cursor is not worth its care. */
export interface ReadRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: { key: string; value: Uint8Array | null }[];
}

/** The records of the magic 2 batch at `at`; their keys and values are views. */
export function readRecords(bytes: Uint8Array, at = 0): ReadRecord[] {
  const cursor = new RecordCursor();
  const records: ReadRecord[] = [];
  cursor.open(bytes, at);
  while (cursor.next()) {
    const { offset, timestamp } = cursor;
    records.push({ offset, timestamp, key: cursor.key(), value: cursor.value(), headers: cursor.headers() });
  }
  return records;
}

/** Calls `visit` with the position of each whole batch in `bytes`, and returns where the last one ends. */
export function forEachBatch(bytes: Uint8Array, visit: (at: number, sizeBytes: number) => void): number {
  let at = 0;
  while (bytes.length - at >= batch.HEADER_UP_TO_MAGIC) {
    const size = batch.sizeBytes(bytes, at);
    if (size < batch.HEADER_UP_TO_MAGIC || size > bytes.length - at) break;
    visit(at, size);
    at += size;
  }
  return at;
}

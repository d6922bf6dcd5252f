/**
 * Writes Kafka's primitive types into a buffer that grows. Byte strings of 8 KiB and more are not copied: they become
 * chunks of their own between pieces of the buffer, so a fetch response is a small head plus views of the log.
 * What is written is ours, so a value that has no encoding is a bug (assert), not a DecodeError.
 */
import { assert } from "../../base/assert.ts";
import { uuidToBytes } from "../../base/uuid.ts";
import { KafkaError } from "../errors.ts";
import { writeUtf8 } from "./text.ts";

/** From here on a byte string is cheaper to hand on by reference than to copy. */
export const REFERENCE_BYTES_MIN = 8 * 1024;

/** From here on a chunk is worth a system call of its own; smaller ones are copied together first. */
export const WRITE_BYTES_MIN = 32 * 1024;

const STRING_LENGTH_MAX = 0x7fff;
/** Of copied bytes, views beside them not counted: several times the largest message that anybody needs. */
const COPIED_BYTES_MAX = 128 << 20;
/** Buffers from here on are worth telling of; smaller ones come and go with every message. */
const LARGE_BUFFER_BYTES = 1 << 20;

export class Writer {
  private buffer: Uint8Array;
  /** Where the piece of the buffer that is not yet a chunk begins. */
  private start = 0;
  private at = 0;
  private chunks: Uint8Array[] = [];
  private chunkBytes = 0;
  /** Inside a tagged field bytes may still move, so views are copied. */
  private openTags = 0;
  private readonly capacity: number;
  /** Bytes of the large buffers made so far: what messages leave behind for the collector. */
  largeBufferBytes = 0;

  /** A writer that is kept for many messages does best with room for several of them. */
  constructor(capacity = 256) {
    this.capacity = capacity;
    this.buffer = new Uint8Array(capacity);
  }

  /** The bytes written so far. */
  get length(): number {
    return this.chunkBytes + this.at - this.start;
  }

  /** Hands over what was written, in order, and starts over with an empty buffer. */
  finish(): Uint8Array[] {
    this.cut();
    const chunks = this.chunks;
    this.chunks = [];
    this.chunkBytes = 0;
    // The rest of the buffer is still ours: only what lies before `start` was handed over.
    return chunks;
  }

  /** As `finish`, in one array; copies only where there are several chunks. */
  finishBytes(): Uint8Array {
    const length = this.length;
    const chunks = this.finish();
    if (chunks.length === 1) return chunks[0] as Uint8Array;
    const joined = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    return joined;
  }

  /** As `finish`, for a frame that began with `int32(0)`: that becomes the count of the bytes after it. */
  finishFrame(): Uint8Array[] {
    const size = this.length - 4;
    const chunks = this.finish();
    const head = chunks[0];
    assert(head !== undefined && head.length >= 4, "a frame begins with its size");
    head[0] = size >>> 24;
    head[1] = size >>> 16;
    head[2] = size >>> 8;
    head[3] = size;
    return chunks;
  }

  private cut(): void {
    if (this.at === this.start) return;
    this.chunks.push(this.buffer.subarray(this.start, this.at));
    this.chunkBytes += this.at - this.start;
    this.start = this.at;
  }

  /** Makes room for `length` bytes and returns where they go. Chunks handed out keep the old buffer. */
  private reserve(length: number): number {
    const at = this.at;
    if (at + length > this.buffer.length) {
      const held = at - this.start;
      if (held + length > COPIED_BYTES_MAX) throw new RangeError(`a message of more than ${COPIED_BYTES_MAX} bytes`);
      const doubled = Math.min(2 * held + length, COPIED_BYTES_MAX);
      const grown = new Uint8Array(Math.max(doubled, held + length, this.capacity));
      if (grown.length >= LARGE_BUFFER_BYTES) this.largeBufferBytes += grown.length;
      grown.set(this.buffer.subarray(this.start, at));
      this.buffer = grown;
      this.start = 0;
      this.at = held;
    }
    const place = this.at;
    this.at = place + length;
    return place;
  }

  bool(value: boolean): void {
    const at = this.reserve(1);
    this.buffer[at] = value ? 1 : 0;
  }

  int8(value: number): void {
    assert(value >= -0x80 && value <= 0x7f, "fits an int8");
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  int16(value: number): void {
    assert(value >= -0x8000 && value <= 0x7fff, "fits an int16");
    this.put16(value);
  }

  uint16(value: number): void {
    assert(value >= 0 && value <= 0xffff, "fits a uint16");
    this.put16(value);
  }

  private put16(value: number): void {
    const at = this.reserve(2);
    const buffer = this.buffer;
    buffer[at] = value >> 8;
    buffer[at + 1] = value;
  }

  int32(value: number): void {
    assert(value === (value | 0), "fits an int32");
    this.put32(value);
  }

  uint32(value: number): void {
    assert(value === value >>> 0, "fits a uint32");
    this.put32(value);
  }

  private put32(value: number): void {
    const at = this.reserve(4);
    const buffer = this.buffer;
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
  }

  private put64(high: number, low: number): void {
    const at = this.reserve(8);
    const buffer = this.buffer;
    buffer[at] = high >>> 24;
    buffer[at + 1] = high >>> 16;
    buffer[at + 2] = high >>> 8;
    buffer[at + 3] = high;
    buffer[at + 4] = low >>> 24;
    buffer[at + 5] = low >>> 16;
    buffer[at + 6] = low >>> 8;
    buffer[at + 7] = low;
  }

  /** The pair of Reader.int64: ±Infinity are the two extremes. */
  int64(value: number): void {
    const low = value | 0;
    if (value === low) this.put64(low >> 31, low);
    else if (Number.isSafeInteger(value)) this.put64(Math.floor(value / 0x1_0000_0000), low);
    else {
      assert(value === Infinity || value === -Infinity, "an int64 is a safe integer or ±Infinity");
      this.put64(value > 0 ? 0x7fff_ffff : -0x8000_0000, value > 0 ? -1 : 0);
    }
  }

  float64(value: number): void {
    const at = this.reserve(8);
    new DataView(this.buffer.buffer, at, 8).setFloat64(0, value);
  }

  /** 0 to 2^32-1. */
  unsignedVarint(value: number): void {
    assert(value === value >>> 0, "fits an unsigned varint");
    let rest = value;
    while (rest > 0x7f) {
      const at = this.reserve(1);
      this.buffer[at] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    const at = this.reserve(1);
    this.buffer[at] = rest;
  }

  varint(value: number): void {
    assert(value === (value | 0), "fits a varint");
    this.unsignedVarint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** The pair of Reader.varlong. */
  varlong(value: number): void {
    let high: number;
    let low: number;
    if (Number.isSafeInteger(value)) {
      const magnitude = value < 0 ? -value - 1 : value;
      high = Math.floor(magnitude / 0x1_0000_0000);
      low = magnitude >>> 0;
    } else {
      assert(value === Infinity || value === -Infinity, "a varlong is a safe integer or ±Infinity");
      high = 0x7fff_ffff;
      low = 0xffff_ffff;
    }
    // Shift the 63 bits left by one and put the sign below them.
    high = ((high << 1) | (low >>> 31)) >>> 0;
    low = ((low << 1) | (value < 0 ? 1 : 0)) >>> 0;
    while (high !== 0 || low > 0x7f) {
      const at = this.reserve(1);
      this.buffer[at] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    const at = this.reserve(1);
    this.buffer[at] = low;
  }

  uuid(value: string): void {
    const at = this.reserve(16);
    assert(uuidToBytes(value, this.buffer, at), "a UUID is 22 letters of base64url");
  }

  string(value: string): void {
    const lengthAt = this.reserve(2 + 3 * value.length);
    const length = this.putText(value, lengthAt + 2);
    this.buffer[lengthAt] = length >> 8;
    this.buffer[lengthAt + 1] = length;
  }

  nullableString(value: string | null): void {
    if (value === null) this.put16(-1);
    else this.string(value);
  }

  compactString(value: string): void {
    // The length comes before the text, in as many bytes as it needs: nearly always as many as the text's own length.
    const lengthAt = this.reserve(5 + 3 * value.length);
    const guessed = unsignedVarintBytes(value.length + 1);
    const length = this.putText(value, lengthAt + guessed);
    const needed = unsignedVarintBytes(length + 1);
    if (needed !== guessed) {
      this.buffer.copyWithin(lengthAt + needed, lengthAt + guessed, lengthAt + guessed + length);
    }
    this.at = lengthAt;
    this.unsignedVarint(length + 1);
    this.at += length;
  }

  compactNullableString(value: string | null): void {
    if (value === null) this.unsignedVarint(0);
    else this.compactString(value);
  }

  private putText(value: string, at: number): number {
    const length = writeUtf8(this.buffer, value, at, 3 * value.length);
    assert(length <= STRING_LENGTH_MAX, "a string is at most 32767 bytes long");
    this.at = at + length;
    return length;
  }

  bytes(value: Uint8Array): void {
    this.int32(value.length);
    this.raw(value);
  }

  nullableBytes(value: Uint8Array | null): void {
    if (value === null) this.put32(-1);
    else this.bytes(value);
  }

  compactBytes(value: Uint8Array): void {
    this.unsignedVarint(value.length + 1);
    this.raw(value);
  }

  compactNullableBytes(value: Uint8Array | null): void {
    if (value === null) this.unsignedVarint(0);
    else this.compactBytes(value);
  }

  /** The bytes alone; by reference from REFERENCE_BYTES_MIN on, so they must not change until they are sent. */
  raw(value: Uint8Array): void {
    if (value.length >= REFERENCE_BYTES_MIN && this.openTags === 0) {
      this.cut();
      this.chunks.push(value);
      this.chunkBytes += value.length;
      return;
    }
    const at = this.reserve(value.length);
    this.buffer.set(value, at);
  }

  /** -1: null. */
  arrayLength(count: number): void {
    this.int32(count);
  }

  /** -1: null. */
  compactArrayLength(count: number): void {
    this.unsignedVarint(count + 1);
  }

  /** The end of a structure without tagged fields. */
  noTags(): void {
    const at = this.reserve(1);
    this.buffer[at] = 0;
  }

  /** The receiver speaks a version that cannot say what it must be told. */
  unsupported(field: string, version: number): never {
    throw new KafkaError("UNSUPPORTED_VERSION", `${field} cannot be sent in version ${version}`);
  }

  /** Begins a tagged field; what is written until `closeTag` is its value. */
  openTag(tag: number): number {
    this.unsignedVarint(tag);
    this.openTags++;
    // Relative to `start`, because the buffer may be exchanged for a larger one.
    return this.reserve(1) - this.start;
  }

  /** Puts the size before the value of the tagged field that began at `mark`. */
  closeTag(mark: number): void {
    const sizeAt = this.start + mark;
    const size = this.at - sizeAt - 1;
    const extra = unsignedVarintBytes(size) - 1;
    if (extra > 0) {
      this.reserve(extra);
      const from = this.start + mark + 1;
      this.buffer.copyWithin(from + extra, from, from + size);
    }
    const end = this.at;
    this.at = this.start + mark;
    this.unsignedVarint(size);
    this.at = end;
    this.openTags--;
  }
}

/** How many bytes an unsigned varint takes. */
export function unsignedVarintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

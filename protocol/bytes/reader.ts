/**
 * Reads Kafka's primitive types from bytes somebody else sent. Re-pointable: a connection keeps one Reader.
 * Nothing is allocated before the bytes that justify it are known to be there: every length and count is compared with
 * what remains. Byte strings come back as views of the input. Anything malformed is a DecodeError.
 */
import { DecodeError } from "./decode-error.ts";
import type { KnownTexts } from "./known-texts.ts";
import { utf8Text, uuidText } from "./text.ts";

/** The value of a bytes field that a version lacks. It has no elements, so sharing it is harmless. */
export const noBytes: Uint8Array = new Uint8Array(0);

const STRING_LENGTH_MAX = 0x7fff;

export class Reader {
  private input: Uint8Array;
  private at: number;
  private end: number;
  /** Array elements that were announced since the last `point`, nested ones included. */
  private elements = 0;
  /** More of them are refused: a structure of three bytes becomes objects of hundreds. */
  elementsMax = Infinity;
  /** For a reader that reads message after message. */
  texts: KnownTexts | null = null;

  constructor(bytes: Uint8Array = noBytes, start = 0, end: number = bytes.length) {
    this.input = bytes;
    this.at = start;
    this.end = end;
  }

  /** Starts over on other bytes. */
  point(bytes: Uint8Array, start = 0, end: number = bytes.length): this {
    this.input = bytes;
    this.at = start;
    this.end = end;
    this.elements = 0;
    return this;
  }

  /** How much larger than its bytes a message has become. */
  get elementCount(): number {
    return this.elements;
  }

  get position(): number {
    return this.at;
  }

  get remaining(): number {
    return this.end - this.at;
  }

  skip(length: number): void {
    this.take(length);
  }

  /** Moves past `length` bytes and returns where they began. */
  private take(length: number): number {
    const start = this.at;
    if (length > this.end - start) throw new DecodeError(`${length} bytes expected, ${this.end - start} remain`);
    this.at = start + length;
    return start;
  }

  bool(): boolean {
    return this.input[this.take(1)] !== 0;
  }

  int8(): number {
    return ((this.input[this.take(1)] as number) << 24) >> 24;
  }

  uint8(): number {
    return this.input[this.take(1)] as number;
  }

  int16(): number {
    const start = this.take(2);
    const bytes = this.input;
    return (((bytes[start] as number) << 24) >> 16) | (bytes[start + 1] as number);
  }

  uint16(): number {
    return this.int16() & 0xffff;
  }

  int32(): number {
    const start = this.take(4);
    const bytes = this.input;
    return (
      ((bytes[start] as number) << 24) |
      ((bytes[start + 1] as number) << 16) |
      ((bytes[start + 2] as number) << 8) |
      (bytes[start + 3] as number)
    );
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  /** Exact up to 2^53-1 in size, its two extremes as ±Infinity; anything else is refused, never rounded. */
  int64(): number {
    const high = this.int32();
    const low = this.uint32();
    if (high === 0x7fff_ffff && low === 0xffff_ffff) return Infinity;
    if (high === -0x8000_0000 && low === 0) return -Infinity;
    const value = high * 0x1_0000_0000 + low;
    if (!Number.isSafeInteger(value)) throw new DecodeError("int64 outside ±(2^53-1)");
    return value;
  }

  /** For times that are only compared: what lies beyond ±(2^53-1) is brought to it, its two extremes to ±Infinity. */
  saturatedInt64(): number {
    const high = this.int32();
    const low = this.uint32();
    if (high === 0x7fff_ffff && low === 0xffff_ffff) return Infinity;
    if (high === -0x8000_0000 && low === 0) return -Infinity;
    const value = high * 0x1_0000_0000 + low;
    return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
  }

  float64(): number {
    const start = this.take(8);
    return new DataView(this.input.buffer, this.input.byteOffset + start, 8).getFloat64(0);
  }

  /** At most five bytes; 0 to 2^32-1. */
  unsignedVarint(): number {
    const bytes = this.input;
    const end = this.end;
    let at = this.at;
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      if (at >= end) throw new DecodeError("a varint has no end");
      const byte = bytes[at++] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.at = at;
        return value >>> 0;
      }
    }
    throw new DecodeError("a varint is longer than five bytes");
  }

  /** Zig-zag: -2^31 to 2^31-1. */
  varint(): number {
    const value = this.unsignedVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Zig-zag, at most ten bytes; the range of int64(). */
  varlong(): number {
    let low = 0; // bits 0-27
    let middle = 0; // bits 28-55
    let high = 0; // bits 56-63
    for (let count = 0; count < 10; count++) {
      const byte = this.input[this.take(1)] as number;
      const bits = byte & 0x7f;
      if (count < 4) low |= bits << (7 * count);
      else if (count < 8) middle |= bits << (7 * (count - 4));
      else high |= bits << (7 * (count - 8));
      if (byte < 0x80) return zigZagLong(low, middle, high & 0xff);
    }
    throw new DecodeError("a varlong is longer than ten bytes");
  }

  /** The 16 bytes as Kafka prints them: base64url. */
  uuid(): string {
    return uuidText(this.input, this.take(16));
  }

  string(): string {
    const length = this.int16();
    if (length < 0) throw new DecodeError("a string is null where null is not allowed");
    return this.text(length);
  }

  nullableString(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.text(length);
  }

  compactString(): string {
    const length = this.unsignedVarint() - 1;
    if (length < 0) throw new DecodeError("a string is null where null is not allowed");
    return this.text(length);
  }

  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1;
    return length < 0 ? null : this.text(length);
  }

  private text(length: number): string {
    if (length > STRING_LENGTH_MAX) throw new DecodeError(`a string of ${length} bytes`);
    const start = this.take(length);
    return this.texts === null
      ? utf8Text(this.input, start, start + length)
      : this.texts.text(this.input, start, length);
  }

  /** A view, like all byte strings: it lives as long as the input does. */
  bytes(): Uint8Array {
    const length = this.int32();
    if (length < 0) throw new DecodeError("a byte string is null where null is not allowed");
    return this.raw(length);
  }

  nullableBytes(): Uint8Array | null {
    const length = this.int32();
    return length < 0 ? null : this.raw(length);
  }

  compactBytes(): Uint8Array {
    const length = this.unsignedVarint() - 1;
    if (length < 0) throw new DecodeError("a byte string is null where null is not allowed");
    return this.raw(length);
  }

  compactNullableBytes(): Uint8Array | null {
    const length = this.unsignedVarint() - 1;
    return length < 0 ? null : this.raw(length);
  }

  /** A view of the next `length` bytes. */
  raw(length: number): Uint8Array {
    const start = this.take(length);
    return this.input.subarray(start, start + length);
  }

  /** How many elements follow; refused where that many of at least `sizeMin` bytes each cannot be there. */
  arrayLength(sizeMin: number): number {
    const count = this.int32();
    if (count < 0) throw new DecodeError("an array is null where null is not allowed");
    return this.bounded(count, sizeMin);
  }

  /** -1: null. */
  nullableArrayLength(sizeMin: number): number {
    const count = this.int32();
    return count < 0 ? -1 : this.bounded(count, sizeMin);
  }

  compactArrayLength(sizeMin: number): number {
    const count = this.unsignedVarint() - 1;
    if (count < 0) throw new DecodeError("an array is null where null is not allowed");
    return this.bounded(count, sizeMin);
  }

  /** -1: null. */
  compactNullableArrayLength(sizeMin: number): number {
    const count = this.unsignedVarint() - 1;
    return count < 0 ? -1 : this.bounded(count, sizeMin);
  }

  /** An element of no bytes counts as one, as in Apache: else ten million of them would cost four bytes. */
  private bounded(count: number, sizeMin: number): number {
    if (count * (sizeMin === 0 ? 1 : sizeMin) > this.end - this.at) {
      throw new DecodeError(`${count} elements announced, ${this.end - this.at} bytes remain`);
    }
    this.elements += count;
    if (this.elements > this.elementsMax) throw new DecodeError(`more than ${this.elementsMax} array elements`);
    return count;
  }

  /** The tagged fields of a structure of which we know none (KIP-482). */
  skipTags(): void {
    for (let left = this.unsignedVarint(); left > 0; left--) {
      this.unsignedVarint();
      this.skip(this.unsignedVarint());
    }
  }
}

/** A zig-zag number from its 28, 28 and 8 low, middle and high bits; refused outside the range of int64. */
function zigZagLong(low: number, middle: number, high: number): number {
  // The lowest bit is the sign; the magnitude is the 63 bits above it, in two halves of 32 and 31 bits.
  const negative = (low & 1) === 1;
  const lowHalf = ((low >>> 1) | ((middle & 0x1f) << 27)) >>> 0;
  const highHalf = ((middle >>> 5) | (high << 23)) >>> 0;
  if (highHalf === 0x7fff_ffff && lowHalf === 0xffff_ffff) return negative ? -Infinity : Infinity;
  const magnitude = highHalf * 0x1_0000_0000 + lowHalf;
  const value = negative ? -magnitude - 1 : magnitude;
  if (!Number.isSafeInteger(value)) throw new DecodeError("varlong outside ±(2^53-1)");
  return value;
}

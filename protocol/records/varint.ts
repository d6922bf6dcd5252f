/**
 * The zig-zag varints of records (not the unsigned ones of flexible messages). Reading is a part of `RecordCursor`,
 * which keeps its position; here are the sizes and the writing. Values are numbers: exact within ±(2^53-1).
 */

/** Bytes of a zig-zag int32. */
export function sizeOfVarint(value: number): number {
  const bits = ((value << 1) ^ (value >> 31)) >>> 0;
  return bits < 0x80 ? 1 : bits < 0x4000 ? 2 : bits < 0x20_0000 ? 3 : bits < 0x1000_0000 ? 4 : 5;
}

/** Writes a zig-zag int32 and returns the position after it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let bits = ((value << 1) ^ (value >> 31)) >>> 0;
  while (bits >= 0x80) {
    bytes[at++] = bits | 0x80;
    bits >>>= 7;
  }
  bytes[at++] = bits;
  return at;
}

/** A zig-zag value as a number that may need 54 bits: multiplication instead of shifts. */
const zigZag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

const fitsInt32 = (value: number): boolean => value === (value | 0);

export function sizeOfVarlong(value: number): number {
  if (fitsInt32(value)) return sizeOfVarint(value);
  let bits = zigZag(value);
  let size = 1;
  while (bits >= 0x80) {
    bits = Math.floor(bits / 0x80);
    size++;
  }
  return size;
}

/** Writes a zig-zag int64 and returns the position after it. */
export function putVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (fitsInt32(value)) return putVarint(bytes, at, value);
  let bits = zigZag(value);
  while (bits >= 0x80) {
    bytes[at++] = (bits % 0x80) | 0x80;
    bits = Math.floor(bits / 0x80);
  }
  bytes[at++] = bits;
  return at;
}

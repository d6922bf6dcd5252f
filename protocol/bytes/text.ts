/**
 * UTF-8 and base64url on ranges of a byte array without making a view of the range first: the platform's own methods,
 * called on a plain Uint8Array. Twice as fast as TextDecoder for names of topics and groups, and a byte order mark
 * stays in the text as it does in Java.
 */
interface TextMethods {
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  utf8Write(this: Uint8Array, text: string, at: number, lengthMax: number): number;
  base64urlSlice(this: Uint8Array, start: number, end: number): string;
}

const methods = Buffer.prototype as unknown as TextMethods;
const { utf8Slice, utf8Write, base64urlSlice } = methods;

/** Malformed sequences become U+FFFD. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  return start === end ? "" : utf8Slice.call(bytes, start, end);
}

/** Writes at most `lengthMax` bytes at `at`; returns the count. A text of n UTF-16 units needs at most 3n. */
export function writeUtf8(bytes: Uint8Array, text: string, at: number, lengthMax: number): number {
  return text === "" ? 0 : utf8Write.call(bytes, text, at, lengthMax);
}

/** Kafka's text of the 16 bytes at `at`. */
export function uuidText(bytes: Uint8Array, at: number): string {
  return base64urlSlice.call(bytes, at, at + 16);
}

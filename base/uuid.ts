/** Kafka's UUID: 16 bytes on the wire, URL-safe base64 without padding in text. In code it is always the text. */
import type { Random } from "./ports.ts";

export const ZERO_UUID = "AAAAAAAAAAAAAAAAAAAAAA";
/** The topic id of `__cluster_metadata` (…0001). */
export const METADATA_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const values = new Map([...alphabet].map((letter, value) => [letter.charCodeAt(0), value]));

/** Text of the 16 bytes at `at`. */
export function uuidToText(bytes: Uint8Array, at = 0): string {
  let text = "";
  for (let i = 0; i < 15; i += 3) {
    const group =
      ((bytes[at + i] as number) << 16) | ((bytes[at + i + 1] as number) << 8) | (bytes[at + i + 2] as number);
    text +=
      (alphabet[group >>> 18] as string) +
      alphabet[(group >>> 12) & 63] +
      alphabet[(group >>> 6) & 63] +
      alphabet[group & 63];
  }
  const last = bytes[at + 15] as number;
  return text + alphabet[last >>> 2] + alphabet[(last & 3) << 4];
}

/** Writes the 16 bytes of `text` at `at`; false where the text is no UUID. */
export function uuidToBytes(text: string, into: Uint8Array, at = 0): boolean {
  if (text.length !== 22) return false;
  let bits = 0;
  let held = 0;
  let written = 0;
  for (let i = 0; i < 22; i++) {
    const value = values.get(text.charCodeAt(i));
    if (value === undefined) return false;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8 && written < 16) {
      bits -= 8;
      into[at + written++] = (held >>> bits) & 0xff;
    }
  }
  return true;
}

/** A random (version 4) UUID, as Kafka makes them: its text never begins with "-". */
export function randomUuid(random: Random): string {
  for (;;) {
    const bytes = random.bytes(16);
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const text = uuidToText(bytes);
    if (!text.startsWith("-")) return text;
  }
}

/** The order of Kafka's Uuid.compareTo: two signed 64-bit halves. */
export function compareUuids(a: string, b: string): number {
  const left = new Uint8Array(16);
  const right = new Uint8Array(16);
  uuidToBytes(a, left);
  uuidToBytes(b, right);
  for (let i = 0; i < 16; i++) {
    const sign = i % 8 === 0 ? 0x80 : 0;
    const difference = ((left[i] as number) ^ sign) - ((right[i] as number) ^ sign);
    if (difference !== 0) return difference;
  }
  return 0;
}

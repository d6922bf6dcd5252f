/**
 * Strings that were read lately. Those of most requests (client ids, topics) are short and those of the requests
 * before: the same string again costs a comparison of its bytes, while to make one takes longer, and its hash as a key
 * of a map would be computed anew.
 */
import { utf8Text } from "./text.ts";

const TEXTS = 64;
const BYTES_MAX = 32;
/** The length, then the bytes. */
const PLACE_BYTES = 1 + BYTES_MAX;

export class KnownTexts {
  /** Each in the one place that its bytes give it. */
  private readonly texts: string[] = new Array<string>(TEXTS).fill("");
  private readonly places: Uint8Array = new Uint8Array(TEXTS * PLACE_BYTES);

  text(input: Uint8Array, start: number, length: number): string {
    if (length === 0 || length > BYTES_MAX) return utf8Text(input, start, start + length);
    const first = input[start] as number;
    const last = input[start + length - 1] as number;
    const n = (7 * length + 5 * first + last) % TEXTS;
    if (this.holds(n, input, start, length)) return this.texts[n] as string;
    const text = utf8Text(input, start, start + length);
    this.texts[n] = text;
    const at = n * PLACE_BYTES;
    this.places[at] = length;
    for (let i = 0; i < length; i++) this.places[at + 1 + i] = input[start + i] as number;
    return text;
  }

  private holds(n: number, input: Uint8Array, start: number, length: number): boolean {
    const { places } = this;
    const at = n * PLACE_BYTES;
    if (places[at] !== length) return false;
    for (let i = 0; i < length; i++) if (places[at + 1 + i] !== input[start + i]) return false;
    return true;
  }
}

import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import { KnownTexts } from "./known-texts.ts";
import { utf8Text } from "./text.ts";

test("a known text is what its bytes say, whatever was read before", () => {
  const random = new Prng(7);
  const texts = new KnownTexts();
  const input = new Uint8Array(400);
  for (let round = 0; round < 3_000; round++) {
    // Few different bytes, so that many share a place; some are no UTF-8, and come out as U+FFFD.
    const length = random.below(40);
    const start = random.below(input.length - length);
    for (let i = 0; i < length; i++)
      input[start + i] = [97, 98, 0xc3, 0xa9][random.below(length < 6 ? 2 : 4)] as number;
    expect(texts.text(input, start, length)).toBe(utf8Text(input, start, start + length));
  }
});

test("texts of one place do not pass for one another", () => {
  const texts = new KnownTexts();
  const read = (text: string) => texts.text(new TextEncoder().encode(text), 0, text.length);
  for (const text of ["axb", "ayb", "axb", "ab", "axb"]) expect(read(text)).toBe(text);
});

/** Reader and Writer against each other at the edges of every primitive type, and Reader against bad bytes. */
import { expect, test } from "bun:test";
import { DecodeError } from "./decode-error.ts";
import { Reader } from "./reader.ts";
import { REFERENCE_BYTES_MIN, Writer } from "./writer.ts";

function written(write: (to: Writer) => void): Uint8Array {
  const to = new Writer(4);
  write(to);
  return to.finishBytes();
}

const MAX = Number.MAX_SAFE_INTEGER;
const edges = {
  bool: [true, false],
  int8: [-128, -1, 0, 127],
  int16: [-0x8000, -1, 0, 0x7fff],
  uint16: [0, 0x8000, 0xffff],
  int32: [-0x8000_0000, -1, 0, 1, 0x7fff_ffff],
  uint32: [0, 0x8000_0000, 0xffff_ffff],
  int64: [-Infinity, -MAX, -(2 ** 32), -1, 0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, MAX, Infinity],
  float64: [-Infinity, -1.5, 0, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, Number.NaN],
  unsignedVarint: [0, 127, 128, 16383, 16384, 2 ** 21 - 1, 2 ** 21, 2 ** 28 - 1, 2 ** 28, 2 ** 32 - 1],
  varint: [0, -1, 1, 63, -64, 64, -65, 0x7fff_ffff, -0x8000_0000],
  varlong: [0, -1, 1, 63, -64, 64, 2 ** 27, -(2 ** 31), 2 ** 32, 2 ** 45 + 3, MAX, -MAX, Infinity, -Infinity],
  uuid: ["AAAAAAAAAAAAAAAAAAAAAA", "_____________________w", "ACVKb5S53gMoTXKXvOEGKw"],
  string: ["", "a", "\uFEFFmark", "żółć 🧵", "x".repeat(32767)],
  nullableString: [null, "", "thread"],
  compactString: ["", "é".repeat(63), "é".repeat(64), "x".repeat(126), "x".repeat(127), "ä".repeat(16000)],
  compactNullableString: [null, "", "spool"],
} as const;

for (const [type, values] of Object.entries(edges)) {
  test(`${type}: what is written is read again, to the byte`, () => {
    for (const value of values) {
      // biome-ignore lint/suspicious/noExplicitAny: one loop over all types.
      const bytes = written((to) => (to as any)[type](value));
      const from = new Reader(bytes);
      // biome-ignore lint/suspicious/noExplicitAny: one loop over all types.
      expect((from as any)[type]()).toEqual(value);
      expect(from.remaining).toBe(0);
      for (let length = 0; length < Math.min(bytes.length, 40); length++) {
        // biome-ignore lint/suspicious/noExplicitAny: one loop over all types.
        expect(() => (new Reader(bytes, 0, length) as any)[type]()).toThrow(DecodeError);
      }
    }
  });
}

test("an int64 that a number cannot hold is refused; a saturated one is brought to the nearest", () => {
  const bytes = new Uint8Array([0x00, 0x20, 0, 0, 0, 0, 0, 0]); // 2^53
  expect(() => new Reader(bytes).int64()).toThrow(DecodeError);
  expect(new Reader(bytes).saturatedInt64()).toBe(MAX);
});

test("an array of more elements than bytes is refused before anything is allocated, even of empty elements", () => {
  const bytes = written((to) => {
    to.int32(10_000_000);
    to.raw(new Uint8Array(16));
  });
  expect(() => new Reader(bytes).arrayLength(0)).toThrow(DecodeError);
  expect(() => new Reader(bytes).nullableArrayLength(1)).toThrow(DecodeError);
  expect(new Reader(written((to) => to.int32(-1))).nullableArrayLength(1)).toBe(-1);
  expect(() => new Reader(written((to) => to.int32(-1))).arrayLength(1)).toThrow(DecodeError);
});

test("a varint that does not end within its size is refused", () => {
  const bytes = new Uint8Array(11).fill(0xff);
  expect(() => new Reader(bytes).unsignedVarint()).toThrow("longer than five");
  expect(() => new Reader(bytes).varlong()).toThrow("longer than ten");
});

test("large byte strings leave by reference, between the pieces around them", () => {
  const large = new Uint8Array(REFERENCE_BYTES_MIN).fill(7);
  const to = new Writer(8);
  to.int32(0);
  to.compactString("before");
  to.bytes(large);
  to.compactString("after");
  const chunks = to.finishFrame();
  expect(chunks.length).toBe(3);
  expect(chunks[1]).toBe(large);
  const from = new Reader(Buffer.concat(chunks));
  expect(from.int32()).toBe(from.remaining);
  expect(from.compactString()).toBe("before");
  expect(from.bytes()).toEqual(large);
  expect(from.compactString()).toBe("after");
});

test("a writer goes on after finish and leaves what it handed over alone", () => {
  const to = new Writer(64);
  to.int32(1);
  const first = to.finishBytes();
  to.int32(2);
  expect(new Reader(first).int32()).toBe(1);
  expect(new Reader(to.finishBytes()).int32()).toBe(2);
});

test("a tagged field carries its size, also where the size needs several bytes and where tags nest", () => {
  const text = "n".repeat(20_000);
  const bytes = written((to) => {
    to.unsignedVarint(1);
    const outer = to.openTag(3);
    to.unsignedVarint(1);
    const inner = to.openTag(200);
    to.compactString(text);
    to.closeTag(inner);
    to.closeTag(outer);
    to.int8(9);
  });
  const from = new Reader(bytes);
  from.skipTags();
  expect(from.int8()).toBe(9);
  from.point(bytes);
  expect([from.unsignedVarint(), from.unsignedVarint(), from.unsignedVarint()]).toEqual([1, 3, bytes.length - 6]);
  expect([from.unsignedVarint(), from.unsignedVarint(), from.unsignedVarint()]).toEqual([1, 200, 20_003]);
  expect(from.compactString()).toBe(text);
});

test("a reader with a bound on elements refuses what nested arrays announce together", () => {
  const bytes = written((to) => {
    for (const count of [2, 3, 3]) {
      to.arrayLength(count);
      to.raw(new Uint8Array(12));
    }
  });
  const from = new Reader(bytes);
  const readAll = () => {
    from.point(bytes);
    for (let arrays = 0; arrays < 3; arrays++) {
      from.arrayLength(4);
      from.skip(12);
    }
  };
  from.elementsMax = 8;
  readAll();
  expect(from.elementCount).toBe(8);
  from.elementsMax = 7;
  expect(readAll).toThrow("more than 7 array elements");
});

/** Codecs there and back, and against inputs that lie. */
import { expect, test } from "bun:test";
import zlib from "node:zlib";
import { KafkaError } from "../errors.ts";
import { type Codec, codecs, compress, inflate } from "./codecs.ts";

/** Deterministic bytes that do not compress. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 12345;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof KafkaError) return error.error;
    throw error;
  }
  return "accepted";
};

const compressing = codecs.filter((codec): codec is Exclude<Codec, "none"> => codec !== "none");

const inputs = {
  "one byte": Uint8Array.of(7),
  text: new TextEncoder().encode("spool of thread ".repeat(10_000)),
  noise: noise(200_000),
  "exactly one lz4 block": noise(65_536),
  "exactly two snappy chunks": new Uint8Array(65_536),
  nothing: new Uint8Array(0),
};

for (const codec of compressing) {
  for (const [name, bytes] of Object.entries(inputs)) {
    test(`${codec}: ${name} comes back`, () => {
      expect(Buffer.from(inflate(codec, compress(codec, bytes))).equals(bytes)).toBe(true);
    });
  }

  test(`${codec}: inflating stops at the bound, one byte below and not at it`, () => {
    const bomb = compress(codec, new Uint8Array(1_000_000));
    expect(inflate(codec, bomb, 1_000_000).length).toBe(1_000_000);
    expect(refusal(() => inflate(codec, bomb, 999_999))).toBe("MESSAGE_TOO_LARGE");
    expect(refusal(() => inflate(codec, bomb, 10))).toBe("MESSAGE_TOO_LARGE");
  });

  test(`${codec}: a stream cut anywhere never gives other bytes and never breaks out`, () => {
    const bytes = new TextEncoder().encode("abc".repeat(30_000));
    const whole = compress(codec, bytes);
    const step = Math.max(1, Math.floor(whole.length / 97));
    for (let length = 0; length < whole.length; length += step) {
      try {
        const part = inflate(codec, whole.subarray(0, length));
        expect(Buffer.from(bytes).subarray(0, part.length).equals(part)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(KafkaError);
      }
    }
  });

  test(`${codec}: flipped bytes are refused or inflate within the bound`, () => {
    const whole = compress(codec, new TextEncoder().encode("xyz".repeat(5_000)));
    for (let at = 0; at < Math.min(whole.length, 400); at++) {
      const flipped = whole.slice();
      flipped[at] = (flipped[at] as number) ^ 0xff;
      try {
        expect(inflate(codec, flipped, 1 << 20).length).toBeLessThanOrEqual(1 << 20);
      } catch (error) {
        expect(error).toBeInstanceOf(KafkaError);
      }
    }
  });
}

test("snappy without xerial's framing is read too, as Java does", () => {
  const raw = Uint8Array.of(3, 2 << 2, 0x61, 0x62, 0x63); // length 3, a literal of 3
  expect(new TextDecoder().decode(inflate("snappy", raw))).toBe("abc");
});

test("snappy that announces more than it can hold is refused before anything is allocated", () => {
  const liar = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x07, 0, 0);
  expect(refusal(() => inflate("snappy", liar))).toBe("UNKNOWN_SERVER_ERROR");
});

test("two snappy streams one after the other are one, as some producers write them", () => {
  const part = (text: string): Uint8Array => compress("snappy", new TextEncoder().encode(text));
  const joined = new Uint8Array([...part("hello "), ...part("world")]);
  expect(new TextDecoder().decode(inflate("snappy", joined))).toBe("hello world");
});

test("lz4: the header's checksum counts, except in magic 0, whose producers computed it wrongly", () => {
  const frame = compress("lz4", new TextEncoder().encode("odradek")).slice();
  frame[6] = (frame[6] as number) ^ 1;
  expect(refusal(() => inflate("lz4", frame))).toBe("UNKNOWN_SERVER_ERROR");
  expect(new TextDecoder().decode(inflate("lz4", frame, 100, 0))).toBe("odradek");
});

test("lz4: blocks that depend on each other are refused, as by Java", () => {
  const frame = compress("lz4", new Uint8Array(10)).slice();
  frame[4] = (frame[4] as number) & ~0b10_0000;
  expect(refusal(() => inflate("lz4", frame))).toBe("UNKNOWN_SERVER_ERROR");
});

test("zstd that is cut or followed by something is refused, frames one after the other are one stream", () => {
  const text = new TextEncoder().encode("thread ".repeat(40_000));
  const checksummed = zlib.zstdCompressSync(text, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } });
  const random = zlib.zstdCompressSync(noise(300_000));
  for (const whole of [compress("zstd", text), checksummed, random, compress("zstd", new Uint8Array(0))]) {
    inflate("zstd", whole);
    for (const length of [1, 4, 9, whole.length - 5, whole.length - 1]) {
      if (length < whole.length) expect(refusal(() => inflate("zstd", whole.subarray(0, length)))).not.toBe("accepted");
    }
    expect(refusal(() => inflate("zstd", Buffer.concat([whole, Uint8Array.of(0)])))).not.toBe("accepted");
  }
  const skippable = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7);
  const both = Buffer.concat([checksummed, skippable, compress("zstd", text)]);
  expect(inflate("zstd", both).length).toBe(2 * text.length);
});

test("none is a view of what it was given", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(inflate("none", bytes)).toBe(bytes);
});

/** Bytes that no client should send: what is answered, and when the connection is closed. */
import type { Case, Send } from "../raw/case.ts";

/** A frame from parts: numbers as [bits, value], text as a nullable string. */
function frame(...parts: readonly (readonly [bits: 8 | 16 | 32, value: number] | string | Uint8Array)[]): Uint8Array {
  const pieces = parts.map((part) => {
    if (part instanceof Uint8Array) return Buffer.from(part);
    if (typeof part === "string") return Buffer.concat([number(16, part.length), Buffer.from(part)]);
    return number(part[0], part[1]);
  });
  const body = Buffer.concat(pieces);
  return Buffer.concat([number(32, body.length), body]);
}

function number(bits: 8 | 16 | 32, value: number): Buffer {
  const bytes = Buffer.alloc(bits / 8);
  if (bits === 8) bytes.writeInt8(value);
  else if (bits === 16) bytes.writeInt16BE(value);
  else bytes.writeInt32BE(value);
  return bytes;
}

const header = (key: number, version: number) => [[16, key], [16, version], [32, 7], "oracle"] as const;
const send = (bytes: Uint8Array, waitMs = 1_500): Send => ({ send: bytes, waitMs });
const lone = (title: string, bytes: Uint8Array, waitMs?: number, answer?: Send["answer"]): Case => ({
  title: `Bad input: ${title}`,
  steps: [{ ...send(bytes, waitMs), ...(answer === undefined ? {} : { answer }) }],
});
const metadata = ["Metadata", 4] as const;

export const badInputCases: readonly Case[] = [
  lone("an unknown API key", frame(...header(4242, 0))),
  lone("a removed API key", frame(...header(4, 0))),
  lone("a negative API key", frame(...header(-1, 0))),
  lone("a version below the range", frame(...header(3, -1))),
  lone("a version above the range", frame(...header(3, 99))),
  lone("a version that is no longer spoken", frame(...header(0, 2))),
  lone("ApiVersions of a later client", frame([16, 18], [16, 99], [32, 7], "oracle", new Uint8Array([0, 0, 0, 0]))),
  lone("a controller's API on a client listener", frame(...header(52, 2), new Uint8Array(40))),
  lone("a frame of no bytes", number(32, 0)),
  lone("a negative length", number(32, -5)),
  lone("a length beyond the maximum", number(32, 0x7fff_ffff)),
  lone("text of another protocol", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
  lone("half a frame and silence", frame(...header(3, 12)).subarray(0, 9), 700),
  lone("a header that ends too soon", frame([16, 3], [16, 12], [32, 7])),
  lone("a client id longer than its frame", frame([16, 3], [16, 4], [32, 7], [16, 500])),
  lone("10 million topics announced in 20 bytes", frame(...header(3, 4), [32, 10_000_000])),
  lone("a negative count", frame(...header(3, 4), [32, -7])),
  lone("10 million partitions announced", frame(...header(2, 1), [32, -1], [32, 1], "t", [32, 10_000_000])),
  lone(
    "a tagged field longer than its frame",
    frame([16, 18], [16, 3], [32, 7], "o", new Uint8Array([1, 0, 0xff, 0xff, 0x7f])),
  ),
  lone("bytes after the request", frame(...header(3, 4), [32, 0], [8, 0], [32, 99]), undefined, metadata),
  lone("a boolean that is neither", frame(...header(3, 4), [32, 0], [8, 77]), undefined, metadata),
  lone(
    "invalid UTF-8 in a name",
    frame(...header(3, 4), [32, 1], [16, 2], new Uint8Array([0xff, 0xfe]), [8, 0]),
    undefined,
    metadata,
  ),
  lone("null where a name must be", frame(...header(3, 4), [32, 1], [16, -1], [8, 0])),
  {
    title: "Bad input: the next connection is served",
    steps: [{ api: "ApiVersions", versions: [0], request: {} }],
  },
];

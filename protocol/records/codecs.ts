/**
 * The five compressions of record batches, as Kafka's Java classes write them. Inflating is bounded: it stops at
 * `maxBytes`, however much the input claims or would give. The pure functions of the platform are named here and
 * nowhere else in this folder.
 */
import { KafkaError } from "../errors.ts";
import { isWholeZstd } from "./zstd-frames.ts";

// Each is loaded when a batch first needs it: together they are a third of what a start loads.
const zlib = (): typeof import("node:zlib") => require("node:zlib");
const lz4 = (): typeof import("lz4-napi") => require("lz4-napi");
const snappy = (): typeof import("snappy") => require("snappy");

/** By their ids in a batch's attributes. */
export const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type Codec = (typeof codecs)[number];

export const codecId = (codec: Codec): number => codecs.indexOf(codec);

/** Null for an id that no codec has (5-7). */
export const codecOf = (id: number): Codec | null => codecs[id] ?? null;

/** What a batch may inflate to where nobody says otherwise. */
export const INFLATED_BYTES_MAX = 128 * 1024 * 1024;

/** `level` as in compression.gzip.level, compression.lz4.level (taken, without effect) and compression.zstd.level. */
export function compress(codec: Codec, bytes: Uint8Array, level?: number): Uint8Array {
  switch (codec) {
    case "none":
      return bytes;
    case "gzip":
      return zlib().gzipSync(bytes, level === undefined ? {} : { level });
    case "snappy":
      return snappyFramed(bytes);
    case "lz4":
      return lz4Frame(bytes);
    case "zstd": {
      const params = { [zlib().constants.ZSTD_c_compressionLevel]: level ?? 3 };
      return zlib().zstdCompressSync(bytes, { params });
    }
  }
}

/**
 * The inflated bytes: a view of the input for "none", otherwise bytes of their own.
 * @throws MESSAGE_TOO_LARGE beyond `maxBytes`: Apache has no such bound; a producer answers this error by splitting its
 * batch, which is the remedy. UNKNOWN_SERVER_ERROR for what the codec cannot read, as Apache answers an IOException.
 */
export function inflate(codec: Codec, bytes: Uint8Array, maxBytes: number = INFLATED_BYTES_MAX, magic = 2): Uint8Array {
  try {
    switch (codec) {
      case "none":
        return bytes;
      case "gzip":
        return zlib().gunzipSync(bytes, { maxOutputLength: maxBytes });
      case "snappy":
        return inflateSnappy(bytes, maxBytes);
      case "lz4":
        return inflateLz4(bytes, maxBytes, magic);
      case "zstd":
        if (!isWholeZstd(bytes)) throw unreadable("the zstd stream does not end with its frame");
        return zlib().zstdDecompressSync(bytes, { maxOutputLength: maxBytes });
    }
  } catch (cause) {
    if (cause instanceof KafkaError) throw cause;
    if ((cause as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes);
    throw new KafkaError("UNKNOWN_SERVER_ERROR", `Failed to decompress record stream (${codec})`, cause);
  }
}

const tooLarge = (maxBytes: number): KafkaError =>
  new KafkaError("MESSAGE_TOO_LARGE", `The record batch inflates to more than ${maxBytes} bytes`);

const unreadable = (why: string): KafkaError =>
  new KafkaError("UNKNOWN_SERVER_ERROR", `Failed to decompress record stream: ${why}`);

/** Joins the pieces of a framed stream, refusing the one that goes over the bound before it is kept. */
class Pieces {
  private readonly pieces: Uint8Array[] = [];
  private readonly maxBytes: number;
  private size = 0;
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }
  get room(): number {
    return this.maxBytes - this.size;
  }
  add(piece: Uint8Array): void {
    if (piece.length > this.room) throw tooLarge(this.maxBytes);
    this.pieces.push(piece);
    this.size += piece.length;
  }
  joined(): Uint8Array {
    if (this.pieces.length === 1) return this.pieces[0] as Uint8Array;
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const piece of this.pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

// Snappy, in the framing of xerial's snappy-java: a header, then chunks of (int32 length, raw snappy).

const SNAPPY_MAGIC = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0);
const SNAPPY_MAGIC_HEAD = 0x8253_4e41 | 0;
const SNAPPY_HEADER_SIZE = 16;
const SNAPPY_CHUNK = 32 * 1024;
/** The longest copy that a two-byte element of raw snappy can make is 64: nothing inflates more. */
const SNAPPY_RATIO_MAX = 64;

function snappyFramed(bytes: Uint8Array): Uint8Array {
  const header = new Uint8Array(SNAPPY_HEADER_SIZE);
  header.set(SNAPPY_MAGIC);
  viewOf(header).setInt32(8, 1); //  version
  viewOf(header).setInt32(12, 1); // oldest reader
  const pieces = new Pieces(Number.POSITIVE_INFINITY);
  pieces.add(header);
  for (let at = 0; at < bytes.length; at += SNAPPY_CHUNK) {
    const chunk = snappy().compressSync(bytes.subarray(at, at + SNAPPY_CHUNK));
    const length = new Uint8Array(4);
    viewOf(length).setInt32(0, chunk.length);
    pieces.add(length);
    pieces.add(chunk);
  }
  return pieces.joined();
}

function hasSnappyHeader(bytes: Uint8Array): boolean {
  return bytes.length >= SNAPPY_HEADER_SIZE && SNAPPY_MAGIC.every((value, i) => bytes[i] === value);
}

/** Streams of several headers occur: a chunk length that reads as the magic begins the next one. */
function inflateSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (!hasSnappyHeader(bytes)) return inflateRawSnappy(bytes, maxBytes);
  const view = viewOf(bytes);
  const pieces = new Pieces(maxBytes);
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw unreadable("the snappy stream ends in a chunk length");
    const length = view.getInt32(at);
    if (length === SNAPPY_MAGIC_HEAD) {
      if (!hasSnappyHeader(bytes.subarray(at)) || view.getInt32(at + 8) < 1) throw unreadable("bad snappy header");
      at += SNAPPY_HEADER_SIZE;
      continue;
    }
    at += 4;
    if (length < 0 || length > bytes.length - at) throw unreadable("the snappy stream ends in a chunk");
    pieces.add(inflateRawSnappy(bytes.subarray(at, at + length), pieces.room));
    at += length;
  }
  return pieces.joined();
}

/** Raw snappy announces its size, which is checked before anything is allocated for it. */
function inflateRawSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  let announced = 0;
  let scale = 1;
  let at = 0;
  for (; at < 5; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw unreadable("snappy without a length");
    announced += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 0x80;
  }
  if (at === 5 || announced > bytes.length * SNAPPY_RATIO_MAX) throw unreadable("snappy with an impossible length");
  if (announced > maxBytes) throw tooLarge(maxBytes);
  if (announced === 0) return new Uint8Array(0);
  return snappy().uncompressSync(bytes, { asBuffer: true }) as Uint8Array;
}

// LZ4 frames of independent blocks, without content size or checksums: what Kafka's Lz4BlockOutputStream writes.

const LZ4_MAGIC = 0x184d_2204;
const LZ4_BLOCK = 64 * 1024;
const LZ4_UNCOMPRESSED = 0x8000_0000;
const LZ4_FLAGS_INDEPENDENT = 0b0110_0000;
const LZ4_DESCRIPTOR_64_KIB = 4 << 4;

const xxHash32 = (bytes: Uint8Array): number => Bun.hash.xxHash32(bytes);

function lz4Frame(bytes: Uint8Array): Uint8Array {
  const header = Uint8Array.of(4, 0x22, 0x4d, 0x18, LZ4_FLAGS_INDEPENDENT, LZ4_DESCRIPTOR_64_KIB, 0);
  header[6] = xxHash32(header.subarray(4, 6)) >>> 8;
  const pieces = new Pieces(Number.POSITIVE_INFINITY);
  pieces.add(header);
  for (let at = 0; at < bytes.length; at += LZ4_BLOCK) {
    const plain = bytes.subarray(at, at + LZ4_BLOCK);
    const sized = lz4().compressSync(asBuffer(plain)); // the module puts the plain size before: 4 bytes, ours now
    const stored = sized.length - 4 >= plain.length;
    const length = stored ? (plain.length | LZ4_UNCOMPRESSED) >>> 0 : sized.length - 4;
    viewOf(sized).setUint32(0, length, true);
    pieces.add(stored ? sized.subarray(0, 4) : sized);
    if (stored) pieces.add(plain);
  }
  pieces.add(new Uint8Array(4));
  return pieces.joined();
}

/**
 * Magic 0 and 1 producers of old computed the header's checksum over the wrong bytes: it is not looked at for magic 0.
 */
function inflateLz4(bytes: Uint8Array, maxBytes: number, magic: number): Uint8Array {
  const { blockBytesMax, blocksAt, blockChecksums, contentChecksum } = readLz4Header(bytes, magic);
  const view = viewOf(bytes);
  const pieces = new Pieces(maxBytes);
  let at = blocksAt;
  for (;;) {
    if (bytes.length - at < 4) throw unreadable("the lz4 stream ends prematurely");
    const word = view.getUint32(at, true);
    const length = word & 0x7fff_ffff;
    at += 4;
    if (length === 0) break;
    if (length > blockBytesMax) throw unreadable(`lz4 block of ${length} bytes, at most ${blockBytesMax}`);
    const checksumAt = at + length;
    if (checksumAt + (blockChecksums ? 4 : 0) > bytes.length) throw unreadable("the lz4 stream ends prematurely");
    const block = bytes.subarray(at, checksumAt);
    if (blockChecksums && xxHash32(block) !== view.getUint32(checksumAt, true)) throw unreadable("lz4 block checksum");
    pieces.add((word & LZ4_UNCOMPRESSED) !== 0 ? block : inflateLz4Block(block, blockBytesMax));
    at = checksumAt + (blockChecksums ? 4 : 0);
  }
  const end = at + (contentChecksum ? 4 : 0);
  if (end > bytes.length) throw unreadable("the lz4 stream ends prematurely");
  return pieces.joined();
}

interface Lz4Header {
  readonly blockBytesMax: number;
  readonly blocksAt: number;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
}

function readLz4Header(bytes: Uint8Array, magic: number): Lz4Header {
  if (bytes.length < 7) throw unreadable("the lz4 stream ends prematurely");
  if (viewOf(bytes).getUint32(0, true) !== LZ4_MAGIC) throw unreadable("no lz4 frame");
  const flags = bytes[4] as number;
  const descriptor = bytes[5] as number;
  const blockSizeCode = (descriptor >> 4) & 7;
  if ((flags & 0b1110_0011) !== LZ4_FLAGS_INDEPENDENT) throw unreadable("unsupported lz4 frame");
  if ((descriptor & 0b1000_1111) !== 0 || blockSizeCode < 4) throw unreadable("unsupported lz4 block size");
  const checksumAt = 6 + ((flags & 0b1000) === 0 ? 0 : 8);
  if (bytes.length <= checksumAt) throw unreadable("the lz4 stream ends prematurely");
  const expected = (xxHash32(bytes.subarray(4, checksumAt)) >>> 8) & 0xff;
  if (magic > 0 && bytes[checksumAt] !== expected) throw unreadable("lz4 frame descriptor corrupted");
  return {
    blockBytesMax: 1 << (2 * blockSizeCode + 8),
    blocksAt: checksumAt + 1,
    blockChecksums: (flags & 0b1_0000) !== 0,
    contentChecksum: (flags & 0b100) !== 0,
  };
}

/** The module wants the plain size in front: the largest that fits serves, the answer has the real one. */
function inflateLz4Block(block: Uint8Array, maxBytes: number): Uint8Array {
  const sized = Buffer.allocUnsafe(block.length + 4);
  sized.writeUInt32LE(maxBytes, 0);
  sized.set(block, 4);
  return lz4().uncompressSync(sized);
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

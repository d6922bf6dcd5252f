/**
 * The codecs that kafkajs leaves to its users: snappy and lz4 by the native modules, zstd by zstd-codec (WebAssembly).
 */
import { createRequire } from "node:module";
import { compressFrameSync, decompressFrameSync } from "lz4-napi";
import { compressSync, uncompressSync } from "snappy";

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

/** Java's stream framing of snappy: magic, two versions, then length-prefixed blocks. */
function fromXerial(buffer: Buffer): Buffer {
  if (!buffer.subarray(0, 8).equals(xerialMagic)) return uncompressSync(buffer, { asBuffer: true }) as Buffer;
  const blocks: Buffer[] = [];
  for (let at = 16; at < buffer.length; ) {
    const length = buffer.readInt32BE(at);
    blocks.push(uncompressSync(buffer.subarray(at + 4, at + 4 + length), { asBuffer: true }) as Buffer);
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}

interface ZstdSimple {
  compress(bytes: Uint8Array): Uint8Array;
  decompress(bytes: Uint8Array): Uint8Array;
}

function zstd(): Promise<ZstdSimple> {
  const { ZstdCodec } = createRequire(import.meta.url)("zstd-codec") as {
    ZstdCodec: { run(use: (binding: { Simple: new () => ZstdSimple }) => void): void };
  };
  return new Promise((done) => ZstdCodec.run(({ Simple }) => done(new Simple())));
}

export function installKafkajsCodecs(
  codecs: Record<number, () => unknown>,
  types: { readonly Snappy: number; readonly LZ4: number; readonly ZSTD: number },
): void {
  const use = (type: number, codec: Codec) => {
    codecs[type] = () => codec;
  };
  use(types.Snappy, {
    compress: async ({ buffer }) => compressSync(buffer),
    decompress: async (buffer) => fromXerial(buffer),
  });
  use(types.LZ4, {
    compress: async ({ buffer }) => compressFrameSync(buffer),
    decompress: async (buffer) => decompressFrameSync(buffer),
  });
  const simple = zstd();
  use(types.ZSTD, {
    compress: async ({ buffer }) => Buffer.from((await simple).compress(buffer)),
    decompress: async (buffer) => Buffer.from((await simple).decompress(buffer)),
  });
}

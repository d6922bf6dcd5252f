/**
 * The limit of a fetch of hot data on Bun, which has no sendfile: a process that answers each request with the
 * next megabyte of a mapped file, which the socket takes by reference: one copy, in the kernel. `bun bench/mapped.ts`;
 * prints its port.
 */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { responseFrame } from "../protocol/frame.ts";
import { FrameCutter } from "../protocol/frame-cutter.ts";
import { Fetch } from "../protocol/generated/fetch.ts";
import { buildBatch } from "../protocol/records/builder.ts";
import { fetchedFrom, fetchVersion, sender } from "./frames.ts";

const FRAME_BYTES_MAX = 1 << 20;
/** As many batches of 16 KB as a fetch of 1 MB gets. */
const BATCHES = 63;
const RECORDS = 150;
/** Together more than the processor's own caches hold, as a broker's log. */
const MEGABYTES = 128;

interface Client {
  readonly cutter: FrameCutter;
  /** What the socket has not taken of the answer under way. */
  rest: readonly Uint8Array[];
}

const directory = mkdtempSync(join(tmpdir(), "odradek-mapped-"));
const path = join(directory, "0.log");
const record = { timestamp: 0, key: null, value: new Uint8Array(100) };
const batches = Array.from({ length: BATCHES }, (_, index) =>
  buildBatch(new Array(RECORDS).fill(record), { baseOffset: index * RECORDS }),
);
const piece = Buffer.concat(batches);
for (let n = 0; n < MEGABYTES; n++) appendFileSync(path, piece);
const mapped = Bun.mmap(path);
const answers = Array.from({ length: MEGABYTES }, (_, n) => {
  const records = mapped.subarray(n * piece.length, (n + 1) * piece.length);
  return responseFrame(Fetch, fetchedFrom(0, 0, records), fetchVersion, sender.correlationId);
});
let turn = 0;

function send(socket: Bun.Socket<Client>, all: readonly Uint8Array[]): void {
  for (const [i, chunk] of all.entries()) {
    const taken = Math.max(0, socket.write(chunk));
    if (taken === chunk.length) continue;
    socket.data.rest = [chunk.subarray(taken), ...all.slice(i + 1)];
    return;
  }
  socket.data.rest = [];
}

const server = Bun.listen<Client>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.data = { cutter: new FrameCutter(), rest: [] };
      socket.setNoDelay(true);
    },
    data(socket, bytes) {
      const frames: Uint8Array[] = [];
      socket.data.cutter.push(bytes, FRAME_BYTES_MAX, frames);
      // A client asks again when it has the answer.
      for (const _ of frames) send(socket, answers[turn++ % MEGABYTES] as readonly Uint8Array[]);
    },
    drain: (socket) => send(socket, socket.data.rest),
  },
});
process.once("SIGTERM", () => {
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
});
console.log(server.port);

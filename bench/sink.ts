/**
 * The limits of a produce: a process that cuts frames from its sockets and answers each with a Produce response. As
 * `plain socket` it throws them away: the loopback's limit. As `floor` it computes their CRC-32C and writes them to a
 * file, as they come in pieces: the least that any broker on Bun must do. `bun bench/sink.ts KIND`; prints its port.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32c } from "../protocol/records/crc32c.ts";
import { producedFrame } from "./frames.ts";

const answer = producedFrame();

interface State {
  /** Bytes of the frame under way that are still to come. */
  left: number;
  /** What is known of the next frame's size. */
  head: number[];
}

/** As a broker's segment of the default size. */
const FILE_BYTES_MAX = 2 ** 30;

/** Earlier files stay, as a broker's segments do: a file that is emptied again takes its dirty pages with it. */
class Files {
  private readonly directory = mkdtempSync(join(tmpdir(), "odradek-floor-"));
  private count = 0;
  private file = this.next();
  private position = 0;

  append(bytes: Uint8Array): void {
    crc32c(bytes, 0, bytes.length);
    if (this.position + bytes.length > FILE_BYTES_MAX) {
      closeSync(this.file);
      this.file = this.next();
      this.position = 0;
    }
    writeSync(this.file, bytes, 0, bytes.length, this.position);
    this.position += bytes.length;
  }

  remove(): void {
    closeSync(this.file);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private next(): number {
    return openSync(join(this.directory, `${this.count++}.log`), "w");
  }
}

const files = process.argv[2] === "floor" ? new Files() : null;

function taken(state: State, bytes: Uint8Array): number {
  let frames = 0;
  for (let at = 0; at < bytes.length; ) {
    if (state.left === 0) {
      state.head.push(bytes[at++] as number);
      if (state.head.length < 4) continue;
      state.left = Buffer.from(state.head).readInt32BE(0);
      state.head = [];
      continue;
    }
    const count = Math.min(state.left, bytes.length - at);
    files?.append(bytes.subarray(at, at + count));
    at += count;
    state.left -= count;
    if (state.left === 0) frames++;
  }
  return frames;
}

const server = Bun.listen<State>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.data = { left: 0, head: [] };
    },
    data(socket, bytes) {
      for (let frames = taken(socket.data, bytes); frames > 0; frames--) socket.write(answer);
    },
  },
});
process.once("SIGTERM", () => {
  files?.remove();
  process.exit(0);
});
console.log(server.port);

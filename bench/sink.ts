/**
 * The limits of a produce: a process that cuts frames from its sockets and answers each with a Produce response. As
 * `plain socket` it throws them away: the loopback's limit. As `floor` it computes their CRC-32C and writes them to a
 * file, as they come in pieces: the least that any broker on Bun must do. With SYNC `synced` the answer waits until
 * they are on the device. `bun bench/sink.ts KIND SYNC`; prints its port.
 */
import { FloorFile } from "./floor-file.ts";
import { producedFrame } from "./frames.ts";

const answer = producedFrame();

interface State {
  /** Bytes of the frame under way that are still to come. */
  left: number;
  /** What is known of the next frame's size. */
  head: number[];
}

const [kind, sync] = process.argv.slice(2);
const files = kind === "floor" ? new FloorFile() : null;

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

function answerAll(socket: Bun.Socket<State>, frames: number): void {
  for (let left = frames; left > 0; left--) socket.write(answer);
}

const server = Bun.listen<State>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.data = { left: 0, head: [] };
    },
    data(socket, bytes) {
      const frames = taken(socket.data, bytes);
      if (files === null || sync !== "synced") answerAll(socket, frames);
      else if (frames > 0) files.synced(() => answerAll(socket, frames));
    },
  },
});
process.once("SIGTERM", () => {
  files?.remove();
  process.exit(0);
});
console.log(server.port);

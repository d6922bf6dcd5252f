/**
 * The limit of the loopback for a produce: a process that cuts frames from its sockets, throws them away and answers
 * each with a Produce response. `bun bench/sink.ts`; prints its port.
 */
import { Writer } from "../protocol/bytes/writer.ts";
import { responseFrame } from "../protocol/frame.ts";
import { Produce } from "../protocol/generated/produce.ts";
import { produceVersion, sender } from "./frames.ts";

const partition = {
  index: 0,
  errorCode: 0,
  baseOffset: 0,
  logAppendTimeMs: -1,
  logStartOffset: 0,
  recordErrors: [],
  errorMessage: null,
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
};
const topic = { name: "sink", topicId: "AAAAAAAAAAAAAAAAAAAAAA", partitionResponses: [partition] };
const response = { responses: [topic], throttleTimeMs: 0, nodeEndpoints: [] };
const answer = new Uint8Array(
  Buffer.concat(responseFrame(Produce, response, produceVersion, sender.correlationId, new Writer())),
);

interface State {
  /** Bytes of the frame under way that are still to come. */
  left: number;
  /** What is known of the next frame's size. */
  head: number[];
}

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
console.log(server.port);

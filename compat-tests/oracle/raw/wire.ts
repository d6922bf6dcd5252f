/**
 * A raw client: one connection, requests in frames, and whatever came back: an answer, silence, or a closed connection.
 */
import { connect, type Socket } from "node:net";
import { Reader } from "../../../protocol/bytes/reader.ts";
import { readResponseHeader, requestFrame } from "../../../protocol/frame.ts";
import type { Message } from "../../../protocol/message.ts";

export type AnyMessage = Message<unknown, unknown>;
export type Answer = { readonly response: unknown } | { readonly closed: true } | { readonly silent: true };

/** The body of a frame, without its size. */
export type Frame = Buffer | { readonly closed: true } | { readonly silent: true };

export class Wire {
  private readonly socket: Socket;
  private received = Buffer.alloc(0);
  private closed = false;
  private wake: () => void = () => {};
  private correlationId = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake();
    });
    for (const event of ["close", "error", "end"]) {
      socket.on(event, () => {
        this.closed = true;
        this.wake();
      });
    }
  }

  static open(bootstrap: string): Promise<Wire> {
    const [host, port] = bootstrap.split(":") as [string, string];
    return new Promise((done, failed) => {
      const socket = connect(Number(port), host, () => done(new Wire(socket)));
      socket.once("error", failed);
    });
  }

  get isClosed(): boolean {
    return this.closed;
  }

  async exchange(message: AnyMessage, version: number, request: unknown, waitMs = 15_000): Promise<Answer> {
    const correlationId = ++this.correlationId;
    const frame = requestFrame(message, request, version, { correlationId, clientId: "oracle" });
    this.send(Buffer.concat(frame));
    const answer = await this.frame(waitMs);
    if (!Buffer.isBuffer(answer)) return answer;
    return { response: decode(message, version, answer, correlationId) };
  }

  send(bytes: Uint8Array): void {
    if (!this.closed) this.socket.write(bytes);
  }

  /** The next whole frame without its size. */
  async frame(waitMs: number): Promise<Frame> {
    const deadline = performance.now() + waitMs;
    for (;;) {
      if (this.received.length >= 4) {
        const end = 4 + this.received.readInt32BE(0);
        if (this.received.length >= end) {
          const frame = this.received.subarray(4, end);
          this.received = this.received.subarray(end);
          return Buffer.from(frame);
        }
      }
      if (this.closed) return { closed: true };
      const rest = deadline - performance.now();
      if (rest <= 0) return { silent: true };
      await new Promise<void>((done) => {
        const timer = setTimeout(done, rest);
        this.wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

export function decode(message: AnyMessage, version: number, frame: Buffer, correlationId: number): unknown {
  const reader = new Reader(new Uint8Array(frame));
  const got = readResponseHeader(reader, message, version);
  if (got !== correlationId) throw new Error(`answer ${got} to request ${correlationId}`);
  const response = message.readResponse(reader, version);
  if (reader.remaining !== 0) throw new Error(`${reader.remaining} bytes after the answer`);
  return response;
}

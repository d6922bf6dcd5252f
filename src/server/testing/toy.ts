/** Two toy APIs and a client for the tests of the server: requests and replies are a number and some bytes. */
import type { Address, Link, LinkEvents, Logger, Net } from "../../../base/ports.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { Reader } from "../../../protocol/bytes/reader.ts";
import type { Writer } from "../../../protocol/bytes/writer.ts";
import { requestFrame } from "../../../protocol/frame.ts";
import type { Message } from "../../../protocol/message.ts";
import { type Answer, type AnyApi, api, type RequestContext } from "../../apis/api.ts";
import type { Services } from "../../apis/services.ts";
import { Server } from "../server.ts";
import { defaultServerSettings, type ServerSettings } from "../settings.ts";

export interface Toy {
  readonly number: number;
  readonly bytes: Uint8Array;
}

export type ToyHandler = (request: Toy, context: RequestContext) => Answer<Toy> | Promise<Answer<Toy>>;

export function toyMessage(key: number, name: string): Message<Toy, Toy> {
  const read = (from: Reader): Toy => ({ number: from.int32(), bytes: from.bytes() });
  const write = (to: Writer, { number, bytes }: Toy): void => {
    to.int32(number);
    to.bytes(bytes);
  };
  return {
    key,
    name,
    versions: [0, 9],
    flexibleFrom: 9,
    latestVersionUnstable: false,
    listeners: ["broker"],
    readRequest: read,
    writeRequest: write,
    readResponse: read,
    writeResponse: write,
  };
}

export const overlapping: Message<Toy, Toy> = toyMessage(0, "Produce");
export const exclusive: Message<Toy, Toy> = toyMessage(3, "Metadata");

/** `handle` serves both; a refusal is answered with the error code as its number. */
export function toyApis(handle: ToyHandler): ReadonlyMap<number, AnyApi> {
  const toyApi = (message: Message<Toy, Toy>): AnyApi =>
    api<Toy, Toy>({
      message,
      versions: [1, 9],
      listeners: ["broker"],
      refused: (_, errorCode, text) => ({ number: errorCode, bytes: new TextEncoder().encode(text ?? "") }),
      handle: (_, request, context) => handle(request, context),
    });
  return new Map([overlapping, exclusive].map((message) => [message.key, toyApi(message)]));
}

export interface ToyServerOptions {
  readonly net: Net;
  readonly handle: ToyHandler;
  readonly settings?: Partial<ServerSettings>;
  readonly apis?: ReadonlyMap<number, AnyApi>;
}

export async function toyServer({ net, handle, settings, apis = toyApis(handle) }: ToyServerOptions) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const logger: Logger = { debug() {}, info: log, warn: log, error: log };
  const services = {} as Services;
  const server = new Server({
    clock,
    net,
    work: { reclaim: () => {}, crc32c: () => Promise.reject(new Error("not needed")) },
    logger,
    settings: { ...defaultServerSettings, ...settings },
    services,
    apis,
  });
  const port = await server.listen({ name: "PLAINTEXT", kind: "broker", host: "127.0.0.1", port: 0 });
  return { server, clock, lines, port };
}

export function frameOf(
  message: Message<Toy, Toy>,
  number: number,
  bytes = new Uint8Array(0),
  version = 1,
): Uint8Array {
  const sender = { correlationId: number, clientId: "toy" };
  const chunks = requestFrame(message, { number, bytes }, version, sender);
  return joined(chunks);
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** A client that keeps what it gets. */
export class ToyClient {
  readonly link: Link;
  readonly chunks: Uint8Array[] = [];
  readonly whenClosed: Promise<void>;
  isClosed = false;
  #receivedBytes = 0;
  readonly #unsent: Uint8Array[] = [];
  readonly #opened = Promise.withResolvers<void>();
  #wanted: { bytes: number; arrived: () => void } | null = null;

  constructor(net: Net, address: Address) {
    const closed = Promise.withResolvers<void>();
    this.whenClosed = closed.promise;
    const events: LinkEvents & { opened(): void } = {
      opened: () => this.#opened.resolve(),
      data: (bytes) => {
        this.chunks.push(bytes);
        this.#receivedBytes += bytes.length;
        if (this.#wanted !== null && this.#receivedBytes >= this.#wanted.bytes) this.#wanted.arrived();
      },
      drain: () => this.#send(),
      closed: () => {
        this.isClosed = true;
        this.#wanted?.arrived();
        closed.resolve();
      },
    };
    this.link = net.connect(address, () => events);
  }

  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  get received(): Uint8Array {
    return joined(this.chunks);
  }

  async write(...pieces: Uint8Array[]): Promise<void> {
    await this.#opened.promise;
    this.#unsent.push(...pieces);
    this.#send();
  }

  /** Every whole reply so far; the number and the length of the bytes of each. */
  replies(): { correlationId: number; number: number; length: number }[] {
    const from = new Reader(this.received);
    const replies = [];
    while (from.remaining >= 4) {
      const size = from.int32();
      if (from.remaining < size) break;
      const correlationId = from.int32();
      const { number, bytes } = exclusive.readResponse(from, 1);
      replies.push({ correlationId, number, length: bytes.length });
    }
    return replies;
  }

  /** Until so many bytes are here in all, or the connection is closed. */
  async until(bytes: number): Promise<void> {
    if (this.#receivedBytes >= bytes || this.isClosed) return;
    await new Promise<void>((arrived) => {
      this.#wanted = { bytes, arrived };
    });
  }

  #send(): void {
    for (;;) {
      const piece = this.#unsent[0];
      if (piece === undefined) return;
      const taken = this.link.write(piece);
      if (taken < piece.length) {
        this.#unsent[0] = piece.subarray(taken);
        return;
      }
      this.#unsent.shift();
    }
  }
}

/** Lets what is under way in microtasks settle. */
export async function settle(turns = 50): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}

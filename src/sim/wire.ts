/** A client's connection: real frames over the simulated network. Requests are answered in order, or the link dies. */
import type { Link } from "../../base/ports.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { readResponseHeader, requestFrame } from "../../protocol/frame.ts";
import { FrameCutter } from "../../protocol/frame-cutter.ts";
import type { Message } from "../../protocol/message.ts";
import type { Network } from "./network.ts";
import { PORT } from "./node.ts";
import { Life, stackOf, type World } from "./world.ts";

const RESPONSE_BYTES_MAX = 64 << 20;

/** The connection ended or the answer did not come: nobody knows whether the request was carried out. */
export class Indeterminate extends Error {
  override readonly name = "Indeterminate";
}

interface Waiting {
  readonly correlationId: number;
  readonly answered: (frame: Uint8Array) => void;
  readonly failed: (reason: Indeterminate) => void;
}

export class WireConnection {
  isOpen = true;
  private readonly link: Link;
  private readonly cutter = new FrameCutter();
  private readonly waiting: Waiting[] = [];
  private unsent: Uint8Array[] = [];
  private nextId = 1;
  private readonly client: WireClient;

  constructor(client: WireClient, link: Link) {
    this.client = client;
    this.link = link;
  }

  /** Sends now. Rejects with Indeterminate; `timeoutMs` passed, the connection is given up. */
  call<Request, Response>(
    message: Message<Request, Response>,
    version: number,
    request: Request,
    timeoutMs = 10_000,
  ): Promise<Response> {
    const correlationId = this.nextId++;
    if (!this.isOpen) return Promise.reject(new Indeterminate("the connection is closed"));
    this.send(requestFrame(message, request, version, { correlationId, clientId: this.client.name }));
    return new Promise((resolve, reject) => {
      const cancel = this.client.world.at(timeoutMs, () => this.giveUp(`${message.name} timed out`), this.client.life);
      this.waiting.push({
        correlationId,
        answered: (frame) => {
          cancel();
          try {
            const reader = new Reader(frame);
            const answers = readResponseHeader(reader, message, version);
            if (answers !== correlationId) {
              this.client.world.fail(
                "answers come in order",
                `${message.name}: ${answers} instead of ${correlationId}`,
              );
            }
            resolve(message.readResponse(reader, version));
          } catch (failure) {
            this.client.world.fail("answers can be read", `${message.name} v${version}: ${stackOf(failure)}`);
          }
        },
        failed: (reason) => {
          cancel();
          reject(reason);
        },
      });
    });
  }

  /** Without an answer (acks=0). */
  tell<Request, Response>(message: Message<Request, Response>, version: number, request: Request): void {
    if (!this.isOpen) return;
    this.send(requestFrame(message, request, version, { correlationId: this.nextId++, clientId: this.client.name }));
  }

  giveUp(reason: string): void {
    this.link.destroy();
    this.closed(reason);
  }

  data(bytes: Uint8Array): void {
    const frames: Uint8Array[] = [];
    this.cutter.push(bytes, RESPONSE_BYTES_MAX, frames);
    for (const frame of frames) {
      const waiting = this.waiting.shift();
      if (waiting === undefined) this.client.world.fail("every answer has its question", this.client.name);
      else waiting.answered(frame);
    }
  }

  drain(): void {
    const unsent = this.unsent;
    this.unsent = [];
    this.send(unsent);
  }

  closed(reason = "the connection was closed"): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const failure = new Indeterminate(reason);
    for (const { failed } of this.waiting.splice(0)) failed(failure);
  }

  private send(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      const taken = this.unsent.length > 0 ? 0 : this.link.write(chunk);
      if (taken < chunk.length) this.unsent.push(chunk.slice(taken));
    }
  }
}

/** A client process: a host of its own, one connection at a time. */
export class WireClient {
  readonly world: World;
  readonly name: string;
  readonly host: string;
  life: Life;
  protected readonly network: Network;
  /** The id of the node asked last, where there are several. */
  askedNode = -1;
  private readonly nodeHost: string;
  private connection: Promise<WireConnection> | null = null;

  constructor(world: World, network: Network, name: string, host: string, nodeHost: string) {
    this.world = world;
    this.network = network;
    this.name = name;
    this.host = host;
    this.nodeHost = nodeHost;
    this.life = new Life(name);
  }

  /** The open connection, or a new one. Rejects with Indeterminate where none can be had. */
  async connected(): Promise<WireConnection> {
    const present = this.connection;
    if (present !== null) {
      const connection = await present.catch(() => null);
      if (connection?.isOpen) return connection;
      if (this.connection === present) this.connection = null;
    }
    this.connection ??= this.connect(this.nodeHost);
    return this.connection;
  }

  /** For what goes to the leader of a partition. */
  connectedTo(_topic: string, _index: number): Promise<WireConnection> {
    return this.connected();
  }

  /** A leader refused: there may be another. */
  forgetLeaders(): void {}

  async call<Request, Response>(
    message: Message<Request, Response>,
    version: number,
    request: Request,
    timeoutMs?: number,
  ): Promise<Response> {
    return (await this.connected()).call(message, version, request, timeoutMs);
  }

  sleep(ms: number): Promise<void> {
    return this.world.sleep(ms, this.life);
  }

  protected connect(host: string): Promise<WireConnection> {
    return new Promise((resolve, reject) => {
      let connection: WireConnection | null = null;
      const failed = () => reject(new Indeterminate("cannot connect"));
      const cancel = this.world.at(5_000, () => link.destroy(), this.life);
      const link: Link = this.network.door(this.life, this.host).connect({ host, port: PORT }, (own) => ({
        opened: () => {
          cancel();
          connection = new WireConnection(this, own);
          resolve(connection);
        },
        data: (bytes) => connection?.data(bytes),
        drain: () => connection?.drain(),
        closed: () => {
          cancel();
          connection?.closed();
          failed();
        },
      }));
    });
  }
}

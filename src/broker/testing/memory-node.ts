/** A whole node in memory for tests: its disk, its network and its clock are the test's. */
import type { Logger, Ports } from "../../../base/ports.ts";
import { Prng } from "../../../base/prng.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { MemoryNet } from "../../../base/testing/memory-net.ts";
import { Reader } from "../../../protocol/bytes/reader.ts";
import { readResponseHeader, requestFrame } from "../../../protocol/frame.ts";
import type { Message } from "../../../protocol/message.ts";
import { type Broker, type BrokerOptions, startBroker } from "../../broker.ts";
import { parseStatic } from "../../config/static.ts";

const STEP_MS = 5;
/** As a start without a file binds it. */
const CLIENT_PORT = 9092;

export class MemoryNode {
  readonly clock = new FakeClock();
  readonly net = new MemoryNet();
  readonly disk: MemoryDisk;
  readonly lines: string[] = [];
  /** The log level that the node asked for. */
  logLevel = "";
  broker: Broker | null = null;
  /** Why the node cannot go on: whoever waits for it hears of it. */
  fatal: Error | null = null;

  private constructor(disk: MemoryDisk) {
    this.disk = disk;
  }

  /** Started and ready; settings as `--override` gives them. */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    disk = new MemoryDisk(),
    startNode: (options: BrokerOptions) => Promise<Broker> = startBroker,
  ): Promise<MemoryNode> {
    const node = new MemoryNode(disk);
    const config = parseStatic({ file: null, overrides: Object.entries(settings), workingDirectory: "/" });
    const line = (level: string) => (message: string) => void node.lines.push(`${level} ${message}`);
    const logger: Logger = {
      debug: line("debug"),
      info: line("info"),
      warn: line("warn"),
      error: line("error"),
      setLevel: (level) => {
        node.logLevel = level;
      },
    };
    const ports: Ports = {
      clock: node.clock,
      random: new Prng(11),
      net: node.net,
      disk,
      work: { reclaim: () => {}, crc32c: () => Promise.reject(new Error("not needed")) },
      logger,
    };
    const onFatal = (error: unknown) => {
      node.fatal ??= error instanceof Error ? error : new Error(String(error));
    };
    node.broker = await node.until(startNode({ config, ports, clusterId: null, onFatal }));
    return node;
  }

  /** Lets time pass until the promise settles. */
  async until<Value>(promise: Promise<Value>, withinMs = 60_000): Promise<Value> {
    let settled = false;
    promise.then(
      () => {
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    for (let passedMs = 0; !settled; passedMs += STEP_MS) {
      if (this.fatal !== null) throw this.fatal;
      if (passedMs > withinMs) throw new Error(`nothing came of it in ${withinMs} ms\n${this.lines.join("\n")}`);
      await this.clock.run(STEP_MS);
    }
    return promise;
  }

  /** To the client listener, wherever it says that it is. */
  async connect(): Promise<MemoryClient> {
    const client = new MemoryClient(this, CLIENT_PORT);
    await this.clock.run(0);
    return client;
  }

  /** One request on a connection of its own. */
  async call<Request, Response>(
    message: Message<Request, Response>,
    version: number,
    request: Request,
  ): Promise<Response> {
    const client = await this.connect();
    const response = await client.call(message, version, request);
    client.close();
    return response;
  }

  async stop(): Promise<void> {
    if (this.broker !== null) await this.until(this.broker.stop());
  }
}

/** One connection, one request at a time. */
export class MemoryClient {
  closed = false;
  private readonly node: MemoryNode;
  private readonly link;
  private received = Buffer.alloc(0);
  private correlationId = 0;

  constructor(node: MemoryNode, port: number) {
    this.node = node;
    this.link = node.net.connect({ host: "localhost", port }, () => ({
      opened: () => {},
      drain: () => {},
      data: (bytes) => {
        this.received = Buffer.concat([this.received, bytes]);
      },
      closed: () => {
        this.closed = true;
      },
    }));
  }

  async call<Request, Response>(
    message: Message<Request, Response>,
    version: number,
    request: Request,
  ): Promise<Response> {
    this.correlationId++;
    const facts = { correlationId: this.correlationId, clientId: "test" };
    for (const chunk of requestFrame(message, request, version, facts)) this.link.write(chunk);
    await this.node.until(this.frame());
    const size = this.received.readInt32BE(0);
    const reader = new Reader().point(this.received.subarray(4, 4 + size));
    this.received = this.received.subarray(4 + size);
    readResponseHeader(reader, message, version);
    return message.readResponse(reader, version);
  }

  close(): void {
    this.link.destroy();
  }

  /** Resolves when a whole frame is here. */
  private async frame(): Promise<void> {
    while (this.received.length < 4 || this.received.length < 4 + this.received.readInt32BE(0)) {
      if (this.closed) throw new Error("the node closed the connection");
      await Promise.resolve();
      await this.node.clock.run(1);
    }
  }
}

/**
 * One node in this process, with a socket that only takes bytes and a turn of the loop that ends when it is told to:
 * what a request costs can then be counted, and is the same on every machine.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Link, LinkEvents, Net } from "../base/ports.ts";
import { requestFrame } from "../protocol/frame.ts";
import { CreateTopics } from "../protocol/generated/create-topics.ts";
import { startBroker } from "../src/broker.ts";
import { parseStatic } from "../src/config/static.ts";
import { BunClock } from "../src/runtime/bun-clock.ts";
import { machinePorts } from "../src/runtime/ports.ts";
import { sender } from "./frames.ts";

const PORT = 9_092;

/** A turn ends when it is told to, once the node is up. */
class SteppedClock extends BunClock {
  stepped = false;
  private queue: (() => void)[] = [];

  override turnEnd(run: () => void): void {
    if (this.stepped) this.queue.push(run);
    else super.turnEnd(run);
  }

  endTurn(): void {
    while (this.queue.length > 0) {
      const { queue } = this;
      this.queue = [];
      for (const run of queue) run();
    }
  }
}

class TakingNet implements Net {
  readonly accepts = new Map<number, (link: Link) => LinkEvents>();
  writes = 0;

  async listen(address: { readonly port: number }, accept: (link: Link) => LinkEvents) {
    this.accepts.set(address.port, accept);
    return { port: address.port, close: () => {} };
  }

  connect(): Link {
    throw new Error("a single node connects to nobody");
  }

  open(): LinkEvents {
    const at = { host: "127.0.0.1", port: 1 };
    const link: Link = {
      remote: at,
      local: at,
      write: (bytes) => {
        this.writes++;
        return bytes.length;
      },
      pause: () => {},
      resume: () => {},
      end: () => {},
      destroy: () => {},
    };
    const accept = this.accepts.get(PORT);
    if (accept === undefined) throw new Error("the node does not listen");
    return accept(link);
  }
}

export interface Bed {
  readonly clock: SteppedClock;
  readonly net: TakingNet;
  readonly disk: { reads: number; writes: number };
  /** Stops the node and removes its directory. */
  dispose(): Promise<void>;
}

/** A node with these topics, of one partition each. */
export async function startBed(topics: readonly string[]): Promise<Bed> {
  const directory = mkdtempSync(join(tmpdir(), "odradek-gate-"));
  const bed = await start(directory);
  await createTopics(bed, topics);
  bed.clock.stepped = true;
  return bed;
}

/** One request on a connection of its own until it is answered: the first may wait for the disk. */
export async function first(bed: Bed, frame: Uint8Array): Promise<LinkEvents> {
  const client = bed.net.open();
  const before = bed.net.writes;
  client.data(frame.slice());
  for (; bed.net.writes === before; await Bun.sleep(1)) bed.clock.endTurn();
  return client;
}

async function start(directory: string): Promise<Bed> {
  const clock = new SteppedClock();
  const net = new TakingNet();
  const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const { disk, random, work } = machinePorts(() => logger);
  const counts = { reads: 0, writes: 0 };
  const readInto = disk.readInto.bind(disk);
  disk.readInto = (...args) => {
    counts.reads++;
    return readInto(...args);
  };
  const write = disk.write.bind(disk);
  disk.write = (...args) => {
    counts.writes++;
    write(...args);
  };
  const file: [string, string][] = [
    ["process.roles", "broker,controller"],
    ["node.id", "1"],
    ["listeners", `PLAINTEXT://127.0.0.1:${PORT},CONTROLLER://127.0.0.1:9093`],
    ["controller.listener.names", "CONTROLLER"],
    ["controller.quorum.bootstrap.servers", "127.0.0.1:9093"],
    ["log.dirs", directory],
    ["odradek.flush.before.ack", "false"],
  ];
  const config = parseStatic({ file: null, overrides: file, workingDirectory: directory });
  const ports = { clock, net, disk, random, work, logger };
  const onFatal = (failure: unknown): void => {
    throw failure;
  };
  const node = await startBroker({ config, ports, clusterId: null, onFatal });
  const dispose = async () => {
    clock.stepped = false;
    await node.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { clock, net, disk: counts, dispose };
}

async function createTopics(bed: Bed, names: readonly string[]): Promise<void> {
  const topics = names.map((name) => {
    return { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  });
  const request = { topics, timeoutMs: 10_000, validateOnly: false };
  const before = bed.net.writes;
  bed.net.open().data(new Uint8Array(Buffer.concat(requestFrame(CreateTopics, request, 7, sender))));
  while (bed.net.writes === before) await Bun.sleep(5);
}

/**
 * `npm run bench -- --gate`: how many objects one request of a hot path allocates, how often it goes to the disk and
 * the socket, held to bench/budget.json. Counted, not timed, so it says the same on every machine: one node in this
 * process, with a socket that only takes bytes and a turn of the loop that ends when it is told to. `--update` writes
 * the budget.
 */
import { fullGC, heapStats } from "bun:jsc";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Link, LinkEvents, Net } from "../base/ports.ts";
import { requestFrame } from "../protocol/frame.ts";
import { CreateTopics } from "../protocol/generated/create-topics.ts";
import { startBroker } from "../src/broker.ts";
import { parseStatic } from "../src/config/static.ts";
import { BunClock } from "../src/runtime/bun-clock.ts";
import { machinePorts } from "../src/runtime/ports.ts";
import { fetchFrame, produceFrame, sender } from "./frames.ts";

/** Few enough that no collection comes in between: that makes the count too low, so the highest of the runs counts. */
const REQUESTS = 200;
const RUNS = 7;
const WARM_UP = 4_000;
const PORT = 9_092;
/** A budget is this much above what was counted: compilers differ in which objects they do away with. */
const ROOM = 1.15;

interface Counts {
  /** Garbage that one request leaves behind, as objects of the JavaScript heap. */
  readonly objects: number;
  readonly diskReads: number;
  readonly diskWrites: number;
  readonly socketWrites: number;
}

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

interface Bed {
  readonly clock: SteppedClock;
  readonly net: TakingNet;
  readonly disk: { reads: number; writes: number };
  stop(): Promise<void>;
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
  return { clock, net, disk: counts, stop: () => node.stop() };
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

function objectCount(): number {
  let sum = 0;
  for (const [type, count] of Object.entries(heapStats().objectTypeCounts)) {
    if (!/Structure|CodeBlock|Executable|symbol/.test(type)) sum += count; // what the compilers make
  }
  return sum;
}

function runOf(bed: Bed, client: LinkEvents, frames: readonly Uint8Array[]): Counts {
  fullGC();
  const { disk, net, clock } = bed;
  const [reads, writes, sent] = [disk.reads, disk.writes, net.writes];
  const before = objectCount();
  for (const frame of frames) {
    client.data(frame);
    clock.endTurn();
  }
  const objects = objectCount() - before;
  const each = (count: number) => Math.round((count / frames.length) * 100) / 100;
  return {
    objects: Math.round(objects / frames.length),
    diskReads: each(disk.reads - reads),
    diskWrites: each(disk.writes - writes),
    socketWrites: each(net.writes - sent),
  };
}

async function countOf(bed: Bed, frame: Uint8Array): Promise<Counts> {
  const client = bed.net.open();
  const before = bed.net.writes;
  client.data(frame.slice());
  for (; bed.net.writes === before; await Bun.sleep(1)) bed.clock.endTurn(); // the first may wait for the disk
  const copies = (count: number) => Array.from({ length: count }, () => frame.slice()); // a frame is the receiver's
  for (let done = 0; done < WARM_UP; done += REQUESTS) runOf(bed, client, copies(REQUESTS));
  const runs = Array.from({ length: RUNS }, () => runOf(bed, client, copies(REQUESTS)));
  client.closed();
  return runs.reduce((most, run) => (run.objects > most.objects ? run : most));
}

async function countAll(): Promise<Record<string, Counts>> {
  const directory = mkdtempSync(join(tmpdir(), "odradek-gate-"));
  const bed = await start(directory);
  try {
    await createTopics(bed, ["small", "large"]);
    bed.clock.stepped = true;
    const one = { acks: 1, records: 1, valueBytes: 100 };
    const many = { acks: 1, records: 150, valueBytes: 100 };
    const shape = { maxWaitMs: 0, minBytes: 0 };
    return {
      "produce, one record": await countOf(bed, produceFrame("small", 0, one).frame),
      "produce, 16 KB": await countOf(bed, produceFrame("large", 0, many).frame),
      "fetch, 16 KB": await countOf(bed, fetchFrame("large", 0, 3_000, { ...shape, partitionMaxBytes: 16_384 })),
      "fetch, 1 MB": await countOf(bed, fetchFrame("large", 0, 3_000, { ...shape, partitionMaxBytes: 1 << 20 })),
    };
  } finally {
    bed.clock.stepped = false;
    await bed.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** False where a path is over its budget. */
export async function gate(args: readonly string[]): Promise<boolean> {
  const path = join(import.meta.dir, "budget.json");
  const found = await countAll();
  if (args.includes("--update")) {
    const budget = Object.fromEntries(
      Object.entries(found).map(([name, counts]) => [name, { ...counts, objects: Math.ceil(counts.objects * ROOM) }]),
    );
    writeFileSync(path, `${JSON.stringify(budget, null, 2)}\n`);
  }
  const budgets = JSON.parse(readFileSync(path, "utf8")) as Record<string, Counts>;
  let held = true;
  for (const [name, counts] of Object.entries(found)) {
    const budget = budgets[name] as Counts;
    const keys = Object.keys(counts) as (keyof Counts)[];
    const over = keys.filter((key) => counts[key] > budget[key] + (key === "objects" ? 0 : 0.05));
    if (over.length > 0) held = false;
    const line = keys.map((key) => `${key} ${counts[key]} of ${budget[key]}`).join(", ");
    console.log(`${over.length > 0 ? "OVER  " : "within"} ${name}: ${line}`);
  }
  return held;
}

/**
 * `npm run bench -- --gate`: how many objects one request of a hot path allocates, how often it goes to the disk and
 * the socket, held to bench/budget.json. Counted, not timed, so it says the same on every machine. `--update` writes
 * the budget. gate.test.ts holds what is exact from the first request on, in `npm test`.
 */
import { fullGC, heapStats } from "bun:jsc";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LinkEvents } from "../base/ports.ts";
import { type Bed, first, startBed } from "./bed.ts";
import { fetchFrame, produceFrame } from "./frames.ts";

/** Few enough that no collection comes in between: that makes the count too low, so the highest of the runs counts. */
const REQUESTS = 200;
const RUNS = 7;
const WARM_UP = 4_000;
/** A budget is this much above what was counted: compilers differ in which objects they do away with. */
const ROOM = 1.15;

export type Budget = Record<string, Counts>;

export interface Counts {
  /** Garbage that one request leaves behind, as objects of the JavaScript heap. */
  readonly objects: number;
  readonly diskReads: number;
  readonly diskWrites: number;
  readonly socketWrites: number;
}

/** A request again and again, or two in turn. */
export interface HotPath {
  readonly name: string;
  /** The frames of the n-th time, one request each. */
  frames(nth: number): readonly Uint8Array[];
}

/** `firstOffset`: that of the next record of topic "small". */
export function hotPaths(firstOffset: number): HotPath[] {
  const one = produceFrame("small", 0, { acks: 1, records: 1, valueBytes: 100 }).frame;
  const many = produceFrame("large", 0, { acks: 1, records: 150, valueBytes: 100 }).frame;
  const shape = { maxWaitMs: 0, minBytes: 0 };
  const fetch16k = fetchFrame("large", 0, 3_000, { ...shape, partitionMaxBytes: 16_384 });
  const fetch1m = fetchFrame("large", 0, 3_000, { ...shape, partitionMaxBytes: 1 << 20 });
  const tail = (nth: number) => fetchFrame("small", 0, firstOffset + nth, { ...shape, partitionMaxBytes: 1 << 20 });
  return [
    { name: "produce, one record, and fetch it", frames: (nth) => [one, tail(nth)] },
    { name: "produce, one record", frames: () => [one] },
    { name: "produce, 16 KB", frames: () => [many] },
    { name: "fetch, 16 KB", frames: () => [fetch16k] },
    { name: "fetch, 1 MB", frames: () => [fetch1m] },
  ];
}

function objectCount(): number {
  let sum = 0;
  for (const [type, count] of Object.entries(heapStats().objectTypeCounts)) {
    if (!/Structure|CodeBlock|Executable|symbol/.test(type)) sum += count; // what the compilers make
  }
  return sum;
}

/** What `times` requests cost, each; `from` says which they are. */
export function runOf(bed: Bed, client: LinkEvents, path: HotPath, from: number, times: number): Counts {
  const frames: Uint8Array[] = [];
  for (let nth = from; nth < from + times; nth++) {
    for (const frame of path.frames(nth)) frames.push(frame.slice()); // a frame is the receiver's
  }
  fullGC();
  const { disk, net, clock } = bed;
  const [reads, writes, sent] = [disk.reads, disk.writes, net.writes];
  const before = objectCount();
  for (const frame of frames) {
    client.data(frame);
    clock.endTurn();
  }
  const objects = objectCount() - before;
  const each = (count: number) => Math.round((count / times) * 100) / 100;
  return {
    objects: Math.round(objects / times),
    diskReads: each(disk.reads - reads),
    diskWrites: each(disk.writes - writes),
    socketWrites: each(net.writes - sent),
  };
}

async function countOf(bed: Bed, path: HotPath): Promise<Counts> {
  const client = await first(bed, path.frames(0)[0] as Uint8Array);
  let nth = path.frames(0).length === 1 ? 1 : 0;
  const next = () => {
    const counts = runOf(bed, client, path, nth, REQUESTS);
    nth += REQUESTS;
    return counts;
  };
  while (nth < WARM_UP) next();
  const runs = Array.from({ length: RUNS }, next);
  client.closed();
  return runs.reduce((most, run) => (run.objects > most.objects ? run : most));
}

async function countAll(): Promise<Budget> {
  const bed = await startBed(["small", "large"]);
  try {
    const found: Budget = {};
    for (const path of hotPaths(1)) found[path.name] = await countOf(bed, path);
    return found;
  } finally {
    await bed.dispose();
  }
}

export const readBudget = (): Budget => JSON.parse(readFileSync(join(import.meta.dir, "budget.json"), "utf8"));

/** False where a path is over its budget. */
export async function gate(args: readonly string[]): Promise<boolean> {
  const found = await countAll();
  if (args.includes("--update")) {
    const budget = Object.fromEntries(
      Object.entries(found).map(([name, counts]) => [name, { ...counts, objects: Math.ceil(counts.objects * ROOM) }]),
    );
    writeFileSync(join(import.meta.dir, "budget.json"), `${JSON.stringify(budget, null, 2)}\n`);
  }
  const budgets = readBudget();
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

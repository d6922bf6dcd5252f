/** Rows about what a node costs: its start, its memory, many partitions, many connections, a large group. */
import { join } from "node:path";
import type { Broker } from "../compat-tests/lib/brokers.ts";
import { createTopic, endOffsets } from "./admin.ts";
import type { GroupResult } from "./group.ts";
import type { Result } from "./load.ts";
import { residentMb } from "./measure.ts";
import { atLeast, atMost, type Figures, type OwnRow } from "./row.ts";
import { generate, startLimit } from "./subject.ts";

type Place = Pick<Broker, "bootstrap" | "pid">;
type Keep = (restarted: Broker) => void;

/** Starts again on the same directory; the ms since the process began until `answers`. */
export async function restart(
  broker: Broker,
  keep: Keep,
  answers: (bootstrap: string) => Promise<boolean>,
): Promise<number> {
  const began = performance.now();
  const starting = broker.restart();
  let failed = false;
  starting.then(keep, () => {
    failed = true;
  });
  while (!failed && !(await answers(broker.bootstrap).catch(() => false))) await Bun.sleep(2);
  const ms = performance.now() - began;
  await starting;
  return ms;
}

const hasTopic = (topic: string, partitions: number) => async (bootstrap: string) =>
  (await endOffsets(bootstrap, topic, partitions)) !== null;

async function measureStart(broker: Broker, keep: Keep): Promise<Figures> {
  let current = broker;
  const keeping: Keep = (restarted) => {
    current = restarted;
    keep(restarted);
  };
  await createTopic(broker.bootstrap, "here", 1);
  await broker.stop();
  const cleanMs = await restart(broker, keeping, hasTopic("here", 1));
  await Bun.sleep(2_000);
  const idleMb = residentMb(current.pid);
  await current.kill();
  const killedMs = await restart(current, keeping, hasTopic("here", 1));
  return { cleanMs, killedMs, idleMb };
}

/** CreateTopics in pieces, as the requests of a large cluster come. */
const PARTITIONS_OF_TOPIC = 1_000;

async function measurePartitions(partitions: number, broker: Broker, keep: Keep): Promise<Figures> {
  let current = broker;
  const keeping: Keep = (restarted) => {
    current = restarted;
    keep(restarted);
  };
  const { bootstrap } = broker;
  const topics = Array.from({ length: partitions / PARTITIONS_OF_TOPIC }, (_, i) => `many-${i}`);
  const beganMs = performance.now();
  for (const topic of topics) await createTopic(bootstrap, topic, PARTITIONS_OF_TOPIC);
  const createMs = performance.now() - beganMs;
  await Bun.sleep(3_000);
  const idleMb = residentMb(broker.pid);
  let requests = 0;
  let seconds = 0;
  for (const topic of topics) {
    const shape = { records: 10, valueBytes: 100, acks: 1, inFlight: 5, connections: 10 };
    const job = { kind: "produce", ...shape, bootstrap, topic, partitions: PARTITIONS_OF_TOPIC, seconds: 1 };
    const result = await generate<Result>("load.ts", job);
    requests += result.requests;
    seconds += result.seconds;
  }
  const all = async (address: string): Promise<boolean> => {
    for (const topic of topics) if (!(await hasTopic(topic, PARTITIONS_OF_TOPIC)(address))) return false;
    return true;
  };
  const stopBegan = performance.now();
  await current.stop();
  const stopMs = performance.now() - stopBegan;
  const cleanMs = await restart(current, keeping, all);
  await current.kill();
  const killedMs = await restart(current, keeping, all);
  const perPartition = { createMsEach: createMs / partitions, idleKbEach: (idleMb * 1024) / partitions };
  return { createMs, idleMb, perSecond: requests / seconds, stopMs, cleanMs, killedMs, ...perPartition };
}

function partitionsRow(partitions: number): OwnRow {
  return {
    name: `partitions-${partitions}`,
    title: `${partitions.toLocaleString("en")} partitions`,
    headline: false,
    sync: "page cache",
    roundsMax: 2,
    limitSeconds: 60 + partitions / 10,
    columns: [
      { key: "createMs", title: "create, ms", aim: atMost(0.5) },
      { key: "idleMb", title: "idle, MB resident", aim: atMost(0.5) },
      { key: "perSecond", title: "produce over all, 10 records a request, requests/s" },
      { key: "stopMs", title: "stop, ms" },
      { key: "cleanMs", title: "restart after it until all are served, ms", aim: atMost(0.5) },
      { key: "killedMs", title: "the same after kill -9, ms", aim: atMost(0.5) },
      { key: "createMsEach", title: "create, ms per partition" },
      { key: "idleKbEach", title: "idle, KB per partition (the node included)" },
    ],
    measureOwn: (broker, keep) => measurePartitions(partitions, broker, keep),
  };
}

const active = { kind: "produce", records: 1, valueBytes: 100, acks: 1, inFlight: 1, connections: 10, partitions: 10 };

async function measureConnections(connections: number, { bootstrap, pid }: Place): Promise<Figures> {
  const job = { ...active, bootstrap, topic: "active", seconds: 2 };
  await generate<Result>("load.ts", job);
  const alone = await generate<Result>("load.ts", job);
  await Bun.sleep(1_000);
  const beforeMb = residentMb(pid);
  const command = [process.execPath, join(import.meta.dir, "connections.ts")];
  const holder = Bun.spawn([...command, JSON.stringify({ bootstrap, connections })], { stdout: "pipe" });
  try {
    await holder.stdout.getReader().read();
    await Bun.sleep(1_000);
    const openMb = residentMb(pid);
    const beside = await generate<Result>("load.ts", job);
    const kbEach = ((openMb - beforeMb) * 1024) / connections;
    return { kbEach, openMb, alone: alone.p99Ms, beside: beside.p99Ms, factor: beside.p99Ms / alone.p99Ms };
  } finally {
    holder.kill();
    await holder.exited;
  }
}

/** Of sockets with nothing behind them. */
async function measureBareConnections(connections: number): Promise<Figures> {
  const { subject, dispose } = await startLimit("plain socket", "page cache");
  return measureConnections(connections, subject).finally(dispose);
}

function connectionsRow(connections: number): OwnRow {
  return {
    name: `connections-${connections}`,
    title: `${connections.toLocaleString("en")} connections, all but 10 idle`,
    headline: false,
    sync: "page cache",
    roundsMax: 2,
    columns: [
      { key: "kbEach", title: "KB resident per connection", aim: atMost(0.25) },
      { key: "openMb", title: "MB resident" },
      { key: "alone", title: "p99 ms of the active ones, alone" },
      { key: "beside", title: "p99 ms of the active ones, beside them" },
      { key: "factor", title: "beside ÷ alone" },
    ],
    measureOwn: async (broker) => {
      await createTopic(broker.bootstrap, "active", 10);
      return measureConnections(connections, broker);
    },
    measureFloor: () => measureBareConnections(connections),
  };
}

async function measureGroup({ bootstrap }: Broker): Promise<Figures> {
  await createTopic(bootstrap, "read", 1);
  const job = { bootstrap, topic: "read", members: 100, commitSeconds: 3 };
  const { errors, ...figures } = await generate<GroupResult>("group.ts", job);
  if (errors > 0) throw new Error(`${errors} offset commits were answered with an error`);
  return { ...figures };
}

export const scaleRows: readonly OwnRow[] = [
  {
    name: "startup",
    title: "start until a partition is served; idle memory",
    headline: true,
    sync: "both",
    roundsMax: 2,
    columns: [
      { key: "cleanMs", title: "ms after an orderly stop", aim: atMost(1 / 20) },
      { key: "killedMs", title: "ms after kill -9", aim: atMost(1 / 20) },
      { key: "idleMb", title: "idle, MB resident", aim: atMost(1 / 5) },
    ],
    measureOwn: measureStart,
  },
  ...[1_000, 4_000, 10_000].map(partitionsRow),
  ...[1_000, 10_000].map(connectionsRow),
  {
    name: "group",
    title: "a group of 100 members; offset commits on 20 connections",
    headline: false,
    sync: "page cache",
    columns: [
      { key: "joinMs", title: "all join, ms", aim: atMost(0.5) },
      { key: "rebalanceMs", title: "all join again, ms", aim: atMost(0.5) },
      { key: "commitsPerSecond", title: "offset commits/s", aim: atLeast(2) },
      { key: "commitP99Ms", title: "commit p99 ms" },
    ],
    measureOwn: (broker) => measureGroup(broker),
  },
];

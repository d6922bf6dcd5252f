/**
 * Rows of raw load: produce and fetch by the load generator (load.ts), against Apache Kafka and Odradek in turn within one
 * run. Each row compares like with like: both acknowledge from the page cache; `synced` rows show our default, which
 * acknowledges acks=all when the device has it, beside Apache with flush.messages=1.
 */
import { join } from "node:path";
import { type Broker, startApache, startOdradek } from "../compat-tests/lib/brokers.ts";
import { run } from "../compat-tests/lib/process.ts";
import { createTopic, deleteTopic, endOffsets } from "./admin.ts";
import type { Job, Result } from "./load.ts";
import { peakResidentMb, type Spread, spreadOf, text, usageOf } from "./measure.ts";

export interface LoadRow {
  readonly name: string;
  readonly title: string;
  readonly job: Omit<Job, "bootstrap" | "topic" | "seconds">;
  /** Topics are filled with this much per partition first. */
  readonly fillMb?: number;
  readonly synced?: boolean;
}

const small = { records: 1, valueBytes: 100, acks: 1, inFlight: 1 } as const;
/** About 16 KB of 100-byte records. */
const batch16k = { records: 150, valueBytes: 100, inFlight: 5, connections: 2 } as const;

export const loadRows: readonly LoadRow[] = [
  {
    name: "produce-16k",
    title: "produce 16 KB batches, acks=1, 1 partition",
    job: { kind: "produce", ...batch16k, acks: 1, partitions: 1 },
  },
  {
    name: "produce-16k-all",
    title: "produce 16 KB batches, acks=all, 1 partition",
    job: { kind: "produce", ...batch16k, acks: -1, partitions: 1 },
  },
  {
    name: "produce-16k-12",
    title: "produce 16 KB batches, acks=1, 12 partitions",
    job: { kind: "produce", ...batch16k, acks: 1, partitions: 12 },
  },
  {
    name: "produce-16k-12-all",
    title: "produce 16 KB batches, acks=all, 12 partitions",
    job: { kind: "produce", ...batch16k, acks: -1, partitions: 12 },
  },
  {
    name: "produce-16k-synced",
    title: "the same, each acknowledgement synced",
    job: { kind: "produce", ...batch16k, acks: -1, partitions: 12 },
    synced: true,
  },
  {
    name: "produce-1m",
    title: "produce 950 KB batches, acks=1",
    job: { kind: "produce", records: 950, valueBytes: 1000, acks: 1, inFlight: 4, connections: 2, partitions: 2 },
  },
  {
    name: "produce-small-1",
    title: "one 100 B record per request, 1 connection",
    job: { kind: "produce", ...small, connections: 1, partitions: 1 },
  },
  {
    name: "produce-small-10",
    title: "one 100 B record per request, 10 connections",
    job: { kind: "produce", ...small, connections: 10, partitions: 10 },
  },
  {
    name: "produce-small-100",
    title: "one 100 B record per request, 100 connections",
    job: { kind: "produce", ...small, connections: 100, partitions: 10 },
  },
  {
    name: "produce-small-synced",
    title: "one 100 B record per request, 100 connections, acks=all, synced",
    job: { kind: "produce", ...small, acks: -1, connections: 100, partitions: 10 },
    synced: true,
  },
  {
    name: "fetch-1m",
    title: "fetch hot data, 1 MB per request",
    job: { kind: "fetch", inFlight: 1, connections: 2, partitions: 2, fetchBytes: 1 << 20 },
    fillMb: 128,
  },
  {
    name: "fetch-16k",
    title: "fetch hot data, 16 KB per request",
    job: { kind: "fetch", inFlight: 1, connections: 10, partitions: 2, fetchBytes: 16_384 },
    fillMb: 32,
  },
];

interface Figures {
  readonly perSecond: number;
  readonly mbPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuPerGb: number;
  readonly cpuPerMillion: number;
  readonly peakMb: number;
}

const seconds = 4;

async function load(job: Job): Promise<Result> {
  const done = await run([process.execPath, join(import.meta.dir, "load.ts"), JSON.stringify(job)], {
    timeoutMs: 120_000,
  });
  if (done.exitCode !== 0) throw new Error(`load failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as Result;
}

/** A fresh topic each time, measured after a warm-up; what was acknowledged must be there. */
async function measure(broker: Broker, row: LoadRow, topic: string): Promise<Figures> {
  const flush = row.synced === true && broker.kind === "apache" ? [{ name: "flush.messages", value: "1" }] : [];
  await createTopic(broker.bootstrap, topic, row.job.partitions, flush);
  const job: Job = { ...row.job, topic, bootstrap: broker.bootstrap, seconds };
  let acknowledged = 0;
  if (row.fillMb !== undefined) await fill(job, row.fillMb);
  else acknowledged += (await load({ ...job, seconds: 1 })).records;
  const before = usageOf(broker.pid);
  const result = await load(job);
  const after = usageOf(broker.pid);
  if (result.errors > 0) throw new Error(`${row.name}: ${result.errors} answers with an error`);
  acknowledged += result.records;
  if (row.job.kind === "produce") await check(broker, row, topic, acknowledged);
  await deleteTopic(broker.bootstrap, topic);
  const cpu = after.userSeconds + after.systemSeconds - before.userSeconds - before.systemSeconds;
  return {
    perSecond: result.requests / result.seconds,
    mbPerSecond: result.bytes / result.seconds / 1e6,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    cpuPerGb: cpu / (result.bytes / 1e9),
    cpuPerMillion: cpu / (result.requests / 1e6),
    peakMb: peakResidentMb(broker.pid),
  };
}

async function fill(job: Job, megabytes: number): Promise<void> {
  const one = { ...job, kind: "produce", records: 150, valueBytes: 100, acks: 1, inFlight: 5, seconds: 0.3 } as const;
  for (let filled = 0; filled < megabytes * job.partitions * 1e6; ) filled += (await load(one)).bytes;
}

/** acks=1 may be answered a moment before the record is visible; after that all must be there, and nothing more. */
async function check(broker: Broker, row: LoadRow, topic: string, acknowledged: number): Promise<void> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const present = await endOffsets(broker.bootstrap, topic, row.job.partitions);
    if (present === acknowledged) return;
    if (performance.now() > deadline) {
      throw new Error(`${broker.kind}, ${row.name}: ${acknowledged} records were acknowledged, ${present} are there`);
    }
    await Bun.sleep(50);
  }
}

const columns = {
  perSecond: "requests/s",
  mbPerSecond: "MB/s",
  p50Ms: "p50 ms",
  p99Ms: "p99 ms",
  cpuPerGb: "broker CPU s/GB",
  cpuPerMillion: "broker CPU s/M requests",
  peakMb: "peak MB",
} as const satisfies Record<keyof Figures, string>;

/** Apache, Odradek, Apache, Odradek…: pairs of one moment give the ratios. */
export async function runLoadRows(rows: readonly LoadRow[], rounds: number): Promise<string[]> {
  const lines: string[] = [];
  for (const synced of [false, true]) {
    const chosen = rows.filter((row) => (row.synced ?? false) === synced);
    if (chosen.length === 0) continue;
    const settings: Record<string, string> = synced ? {} : { "odradek.flush.before.ack": "false" };
    const apache = await startApache({ asInProduction: true });
    const odradek = await startOdradek({ settings });
    try {
      for (const row of chosen) lines.push(...(await runRow(row, apache, odradek, rounds)));
    } finally {
      await apache.dispose();
      await odradek.dispose();
    }
  }
  return lines;
}

async function runRow(row: LoadRow, apache: Broker, odradek: Broker, rounds: number): Promise<string[]> {
  const theirs: Figures[] = [];
  const ours: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await measure(apache, row, `${row.name}-a${round}`));
    ours.push(await measure(odradek, row, `${row.name}-o${round}`));
  }
  const lines = [`\n**${row.title}** (\`${row.name}\`)\n`, "| | Apache | Odradek | ratio |", "|---|---|---|---|"];
  for (const [key, title] of Object.entries(columns) as [keyof Figures, string][]) {
    const of = (figures: readonly Figures[]): Spread => spreadOf(figures.map((figure) => figure[key]));
    const ratio = spreadOf(ours.map((figure, index) => figure[key] / (theirs[index] as Figures)[key]));
    lines.push(`| ${title} | ${text(of(theirs))} | ${text(of(ours))} | ${text(ratio)} |`);
  }
  for (const line of lines) console.log(line);
  return lines;
}

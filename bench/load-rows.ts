/**
 * Rows of raw load: produce and fetch by the generator (load.ts). What was acknowledged must be there afterwards, and
 * nothing more.
 */
import { createTopic, deleteTopic, endOffsets } from "./admin.ts";
import type { Job, Result } from "./load.ts";
import { peakResidentMb, resetPeak, usageOf } from "./measure.ts";
import { atLeast, atMost, type Column, type Figures, type SharedRow } from "./row.ts";
import { generate, type Limit, type Subject, type SyncMode } from "./subject.ts";

type Load = Omit<Job, "bootstrap" | "topic" | "seconds">;

const seconds = 3;
const small = { kind: "produce", records: 1, valueBytes: 100, acks: 1, inFlight: 1 } as const;
/** About 16 KB of 100-byte records. */
const batch16k = { kind: "produce", records: 150, valueBytes: 100, inFlight: 5, connections: 2 } as const;
const megabyte = { kind: "produce", records: 950, valueBytes: 1000, inFlight: 4, connections: 2 } as const;
const flushed = "Apache, flush.messages=1";

const rest: readonly Column[] = [
  { key: "p50Ms", title: "p50 ms" },
  { key: "p99Ms", title: "p99 ms" },
  { key: "userPerGb", title: "broker CPU s/GB, user" },
  { key: "systemPerGb", title: "broker CPU s/GB, system" },
  { key: "cpuPerGb", title: "broker CPU s/GB" },
  { key: "cpuPerMillion", title: "broker CPU s/M requests" },
  { key: "peakMb", title: "peak MB resident" },
];

/** The columns of a load, with those first that have an aim. */
function columns(...aimed: readonly Column[]): Column[] {
  const all = [{ key: "perSecond", title: "requests/s" }, { key: "mbPerSecond", title: "MB/s" }, ...rest];
  return [...aimed, ...all.filter(({ key }) => !aimed.some((column) => column.key === key))];
}

const recordsAim = { key: "recordsPerSecond", title: "records/s", aim: atLeast(2) };
const halfTheCpu = { key: "cpuPerGb", title: "broker CPU s/GB", aim: atMost(0.5) };
const requestsAim = { key: "perSecond", title: "requests/s", aim: atLeast(2) };
const p99Aim = { key: "p99Ms", title: "p99 ms", aim: atMost(0.5) };
const batchColumns = columns(recordsAim, halfTheCpu);
const smallColumns = columns(requestsAim, p99Aim);

interface LoadRow {
  readonly name: string;
  readonly title: string;
  readonly load: Load;
  readonly columns: readonly Column[];
  readonly headline?: true;
  readonly sync?: SyncMode;
  /** Topics are filled with this much per partition first. */
  readonly fillMb?: number;
  readonly limits?: readonly Limit[];
}

function batchRow(name: string, acks: number, partitions: number, headline?: true): LoadRow {
  const title = `produce 16 KB batches of 100 B records, acks=${acks === 1 ? "1" : "all"}, ${partitions} partition(s)`;
  const load = { ...batch16k, acks, partitions };
  return { name, title, load, limits: ["floor"], columns: batchColumns, ...(headline ? { headline } : {}) };
}

function smallRow(name: string, connections: number): LoadRow {
  const load = { ...small, connections, partitions: Math.min(connections, 10) };
  const title = `produce one 100 B record per request, ${connections} connection(s)`;
  return { name, title, load, columns: smallColumns, headline: true, limits: ["floor"] };
}

function syncedRow(name: string, title: string, load: Load, headline?: true): LoadRow {
  const against = (column: Column): Column => ({ ...column, against: flushed });
  const aimed = load.records === 1 ? [requestsAim, p99Aim] : [recordsAim, halfTheCpu];
  const all = columns(...aimed.map(against));
  const limits: readonly Limit[] = load.records === 1 ? ["floor"] : [];
  return {
    name,
    title: `${title}, acks=all`,
    load,
    limits,
    columns: all,
    sync: "synced",
    ...(headline ? { headline } : {}),
  };
}

const table: readonly LoadRow[] = [
  batchRow("produce-16k", 1, 1, true),
  batchRow("produce-16k-all", -1, 1),
  batchRow("produce-16k-12", 1, 12),
  batchRow("produce-16k-12-all", -1, 12, true),
  {
    name: "produce-1m",
    title: "produce 950 KB batches, acks=1",
    load: { ...megabyte, acks: 1, partitions: 2 },
    columns: columns({ key: "mbPerSecond", title: "MB/s", aim: atLeast(0.7), against: "plain socket" }),
    headline: true,
    limits: ["plain socket", "floor"],
  },
  smallRow("produce-small-1", 1),
  smallRow("produce-small-10", 10),
  smallRow("produce-small-100", 100),
  {
    name: "fetch-1m",
    title: "fetch hot data, 1 MB per request",
    load: { kind: "fetch", inFlight: 1, connections: 2, partitions: 2, fetchBytes: 1 << 20 },
    columns: columns(
      { key: "mbPerSecond", title: "MB/s", aim: atLeast(1) },
      { key: "mbPerCpuSecond", title: "MB per broker CPU s", aim: atLeast(1.2) },
    ),
    fillMb: 128,
    headline: true,
    limits: ["mapped"],
  },
  {
    name: "fetch-16k",
    title: "fetch hot data, 16 KB per request",
    load: { kind: "fetch", inFlight: 1, connections: 10, partitions: 2, fetchBytes: 16_384 },
    columns: columns(),
    fillMb: 32,
  },
  syncedRow("synced-16k", "produce 16 KB batches, 12 partitions", { ...batch16k, acks: -1, partitions: 12 }, true),
  ...[200, 1000].map((partitions) =>
    syncedRow(`synced-16k-${partitions}`, `produce 16 KB batches, ${partitions} partitions`, {
      ...{ ...batch16k, connections: 10 },
      ...{ acks: -1, partitions },
    }),
  ),
  syncedRow("synced-small-1", "one 100 B record per request, 1 connection", {
    ...{ ...small, acks: -1 },
    ...{ connections: 1, partitions: 1 },
  }),
  syncedRow(
    "synced-small-100",
    "one 100 B record per request, 100 connections",
    { ...small, acks: -1, connections: 100, partitions: 10 },
    true,
  ),
];

export const loadRows: readonly SharedRow[] = table.map(({ load, fillMb, headline, sync, ...row }) => ({
  ...row,
  headline: headline ?? false,
  sync: sync ?? "page cache",
  measure: (subject, topic) => measure(subject, topic, load, fillMb ?? null),
}));

/** On a fresh topic, after a warm-up. */
async function measure(subject: Subject, topic: string, load: Load, fillMb: number | null): Promise<Figures> {
  const { bootstrap, pid } = subject;
  const job: Job = { ...load, topic, bootstrap, seconds };
  const isReal = subject.kind !== "limit";
  if (isReal) await createTopic(bootstrap, topic, load.partitions, subject.topicConfigs);
  let acknowledged = 0;
  if (fillMb !== null && isReal) await fill(job, fillMb);
  else acknowledged += (await generate<Result>("load.ts", { ...job, seconds: 1 })).records;
  resetPeak(pid);
  const before = usageOf(pid);
  const result = await generate<Result>("load.ts", job);
  const after = usageOf(pid);
  if (result.errors > 0) throw new Error(`${topic}: ${result.errors} answers with an error`);
  acknowledged += result.records;
  if (isReal && load.kind === "produce") await checkEnd(subject, topic, load.partitions, acknowledged);
  if (isReal) await deleteTopic(bootstrap, topic);
  const user = after.userSeconds - before.userSeconds;
  const system = after.systemSeconds - before.systemSeconds;
  const gigabytes = result.bytes / 1e9;
  return {
    recordsPerSecond: result.records / result.seconds,
    perSecond: result.requests / result.seconds,
    mbPerSecond: result.bytes / result.seconds / 1e6,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    userPerGb: user / gigabytes,
    systemPerGb: system / gigabytes,
    cpuPerGb: (user + system) / gigabytes,
    mbPerCpuSecond: (gigabytes * 1_000) / (user + system),
    cpuPerMillion: (user + system) / (result.requests / 1e6),
    peakMb: peakResidentMb(pid),
  };
}

/** Fills each partition with so many megabytes of 16 KB batches. */
export async function fill(job: Job, megabytes: number): Promise<void> {
  const one = { ...job, ...batch16k, acks: 1, seconds: 1 };
  for (let filled = 0; filled < megabytes * job.partitions * 1e6; ) {
    filled += (await generate<Result>("load.ts", one)).bytes;
  }
}

/** acks=1 may be answered a moment before the record is visible; after that all must be there, and nothing more. */
export async function checkEnd({ label, bootstrap }: Subject, topic: string, partitions: number, count: number) {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const present = await endOffsets(bootstrap, topic, partitions);
    if (present === count) return;
    if (performance.now() > deadline) {
      throw new Error(`${label}, ${topic}: ${count} records were acknowledged, ${present} are there`);
    }
    await Bun.sleep(50);
  }
}

/** Rows where a consumer waits for what a steady producer sends (tail.ts); and what cold reads do to the others. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Broker } from "../compat-tests/lib/brokers.ts";
import { run } from "../compat-tests/lib/process.ts";
import { createTopic, deleteTopic, leaderEpochs } from "./admin.ts";
import type { Job, Result } from "./load.ts";
import { fill } from "./load-rows.ts";
import { peakResidentMb, resetPeak, usageOf } from "./measure.ts";
import { atMost, type Column, type Figures, type OwnRow, type Row, type SharedRow } from "./row.ts";
import { generate, type Subject, type SyncMode, startLimit } from "./subject.ts";
import type { TailJob, TailResult } from "./tail.ts";

const columns: readonly Column[] = [
  { key: "p50Ms", title: "p50 ms", aim: atMost(0.5) },
  { key: "p99Ms", title: "p99 ms", aim: atMost(0.5) },
  { key: "maxMs", title: "longest ms" },
  { key: "userPerThousand", title: "broker CPU ms per 1,000 records, user" },
  { key: "systemPerThousand", title: "broker CPU ms per 1,000 records, system" },
  { key: "peakMb", title: "peak MB resident" },
];

type Tail = Omit<TailJob, "bootstrap" | "topic" | "seconds">;

function tailRow(name: string, title: string, tail: Tail, headline: boolean, sync: SyncMode = "page cache"): SharedRow {
  const against = sync === "synced" ? { against: "Apache, flush.messages=1" } : {};
  const all = columns.map((column) => ({ ...column, ...against }));
  return {
    name,
    title,
    headline,
    sync,
    limits: ["relay"],
    columns: all,
    measure: (subject, topic) => measure(subject, topic, tail),
  };
}

const one = { partitions: 1, consumers: 1, recordsPerSecond: 1_000 };
const many = { partitions: 10, consumers: 100, recordsPerSecond: 500 };

const TAIL_SECONDS = 4;
/** As tail.ts does it. */
const WARM_UP_SECONDS = 1;

async function measure(subject: Subject, topic: string, tail: Tail): Promise<Figures> {
  const { bootstrap, pid } = subject;
  const isReal = subject.kind !== "limit";
  if (isReal) await createTopic(bootstrap, topic, tail.partitions, subject.topicConfigs);
  resetPeak(pid);
  const before = usageOf(pid);
  const job = { ...tail, bootstrap, topic, seconds: TAIL_SECONDS };
  const { missing, errors, p50Ms, p99Ms, maxMs } = await generate<TailResult>("tail.ts", job);
  if (errors > 0) throw new Error(`${subject.label}, ${topic}: ${errors} records were refused`);
  if (missing > 0) throw new Error(`${subject.label}, ${topic}: consumers miss ${missing} records`);
  const after = usageOf(pid);
  if (isReal) await deleteTopic(bootstrap, topic);
  const thousands = ((TAIL_SECONDS + WARM_UP_SECONDS) * tail.recordsPerSecond) / 1_000;
  return {
    ...{ p50Ms, p99Ms, maxMs },
    userPerThousand: ((after.userSeconds - before.userSeconds) * 1_000) / thousands,
    systemPerThousand: ((after.systemSeconds - before.systemSeconds) * 1_000) / thousands,
    peakMb: peakResidentMb(pid),
  };
}

const COLD_MB = 512;
const steady = { kind: "produce", records: 1, valueBytes: 100, acks: 1, inFlight: 1 } as const;
const busy = { ...steady, connections: 5, partitions: 5, topic: "others" } as const;
const reading = {
  kind: "fetch",
  inFlight: 1,
  connections: 2,
  partitions: 2,
  fetchBytes: 1 << 20,
  topic: "old",
} as const;

/** Everything the broker has is dropped from the page cache. Pages that a process has mapped and touched stay. */
async function dropCaches(directory: string): Promise<void> {
  const logs = readdirSync(directory, { recursive: true }).filter((name) => String(name).endsWith(".log"));
  for (const log of logs) {
    const target = `of=${join(directory, String(log))}`;
    await run(["dd", "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none", "if=/dev/null", target]);
  }
}

/** Bytes that the system fetched from the device for the process. */
const deviceBytes = (pid: number): number =>
  Number(/^read_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);

/** Cold before hot: what a view has mapped would not leave the page cache again. */
async function measureCold({ bootstrap, pid, directory }: Broker): Promise<Figures> {
  await createTopic(bootstrap, "old", 2);
  await createTopic(bootstrap, "others", 5);
  const seconds = 3;
  await fill({ ...reading, bootstrap, seconds }, COLD_MB);
  const produce: Job = { ...busy, bootstrap, seconds };
  const fetch: Job = { ...reading, bootstrap, seconds };
  await generate<Result>("load.ts", produce);
  const alone = await generate<Result>("load.ts", produce);
  await dropCaches(directory);
  const before = deviceBytes(pid);
  const [cold, read] = await Promise.all([
    generate<Result>("load.ts", produce),
    generate<Result>("load.ts", { ...fetch, seconds: 2 }),
  ]);
  const fromDevice = deviceBytes(pid) - before;
  const [hot] = await Promise.all([generate<Result>("load.ts", produce), generate<Result>("load.ts", fetch)]);
  return {
    alone: alone.p99Ms,
    besideHot: hot.p99Ms,
    besideCold: cold.p99Ms,
    factor: cold.p99Ms / alone.p99Ms,
    factorOfHot: cold.p99Ms / hot.p99Ms,
    coldMbPerSecond: read.bytes / read.seconds / 1e6,
    fromDeviceMb: fromDevice / 1e6,
  };
}

/** A process that checks, writes and answers and does nothing else, while another one reads a cold file. */
async function measureBesideReader(): Promise<Figures> {
  const { subject, dispose } = await startLimit("floor", "page cache");
  const directory = mkdtempSync(join(tmpdir(), "odradek-cold-"));
  const cold = join(directory, "cold.log");
  const dd = (...operands: string[]) => run(["dd", "status=none", "bs=1M", ...operands]);
  try {
    await dd("if=/dev/zero", `of=${cold}`, `count=${COLD_MB}`, "conv=fdatasync");
    const produce: Job = { ...busy, bootstrap: subject.bootstrap, seconds: 3 };
    await generate<Result>("load.ts", produce);
    const alone = await generate<Result>("load.ts", produce);
    let reads = true;
    const reader = async (): Promise<void> => {
      while (reads) {
        await dropCaches(directory);
        await dd(`if=${cold}`, "of=/dev/null");
      }
    };
    const reading = reader();
    const beside = await generate<Result>("load.ts", produce);
    reads = false;
    await reading;
    return { alone: alone.p99Ms, besideCold: beside.p99Ms, factor: beside.p99Ms / alone.p99Ms };
  } finally {
    dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

const coldReads: OwnRow = {
  name: "cold-reads",
  title: "p99 of small produces while others read data out of the page cache",
  headline: false,
  sync: "page cache",
  roundsMax: 2,
  columns: [
    { key: "factor", title: "p99 beside cold reads ÷ p99 alone", aim: atMost(1.2), against: "itself" },
    { key: "factorOfHot", title: "p99 beside cold reads ÷ p99 beside hot reads" },
    { key: "alone", title: "p99 ms alone" },
    { key: "besideHot", title: "p99 ms beside hot reads" },
    { key: "besideCold", title: "p99 ms beside cold reads" },
    { key: "coldMbPerSecond", title: "cold reads, MB/s" },
    { key: "fromDeviceMb", title: "MB read from the device meanwhile" },
  ],
  measureOwn: measureCold,
  measureFloor: measureBesideReader,
};

const SLOW_SYNC_MS = 100;
const slow = {
  kind: "produce",
  records: 1,
  valueBytes: 100,
  acks: -1,
  inFlight: 1,
  connections: 100,
  partitions: 10,
} as const;

/** Only of ours: nothing slows Apache's disk by as much without a device of its own. */
async function measureSlowDisk(broker: Broker): Promise<Figures> {
  if (broker.kind === "apache") return {};
  const command = [process.execPath, join(import.meta.dir, "slow-disk.ts"), String(SLOW_SYNC_MS)];
  const node = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  try {
    const { value } = await node.stdout.getReader().read();
    const bootstrap = new TextDecoder().decode(value).trim();
    await createTopic(bootstrap, "slow", slow.partitions);
    const epochBefore = await leaderEpochs(bootstrap, "slow", slow.partitions);
    const job: Job = { ...slow, bootstrap, topic: "slow", seconds: 4 };
    await generate<Result>("load.ts", job);
    const result = await generate<Result>("load.ts", job);
    const epochAfter = await leaderEpochs(bootstrap, "slow", slow.partitions);
    const { p50Ms, p99Ms, maxMs, errors } = result;
    return {
      p50Ms,
      p99Ms,
      maxMs,
      errors,
      elections: epochAfter - epochBefore,
      perSecond: result.requests / result.seconds,
    };
  } finally {
    node.stdin.end();
    await node.exited;
  }
}

const slowDisk: OwnRow = {
  name: "slow-disk",
  title: `produce of one 100 B record, acks=all, 100 connections, each sync ${SLOW_SYNC_MS} ms longer`,
  headline: false,
  sync: "both",
  roundsMax: 2,
  columns: [
    { key: "p50Ms", title: "p50 ms" },
    {
      key: "p99Ms",
      title: "p99 ms: two syncs, the one under way and one's own",
      aim: atMost(3 * SLOW_SYNC_MS),
      against: "itself",
    },
    { key: "maxMs", title: "longest ms" },
    { key: "perSecond", title: "requests/s" },
    { key: "elections", title: "changes of leader", aim: atMost(0), against: "itself" },
    { key: "errors", title: "errors", aim: atMost(0), against: "itself" },
  ],
  measureOwn: measureSlowDisk,
};

export const latencyRows: readonly Row[] = [
  tailRow("tail", "100 consumers at the end of 10 partitions, 500 records/s", { ...many, acks: 1 }, true),
  tailRow("e2e", "end to end, 1,000 records/s, acks=1", { ...one, acks: 1 }, true),
  tailRow("e2e-all", "end to end, 1,000 records/s, acks=all", { ...one, acks: -1 }, true),
  tailRow("e2e-synced", "end to end, 1,000 records/s, acks=all", { ...one, acks: -1 }, false, "synced"),
  coldReads,
  slowDisk,
];

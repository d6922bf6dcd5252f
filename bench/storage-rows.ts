/**
 * Whether a log costs the same however long it is: appends and reads of the tail on partitions of 50 KB, 50 MB and
 * 5 GB of one node, in turn; and a restart after kill -9 with all of it on the disk.
 */
import type { Broker } from "../compat-tests/lib/brokers.ts";
import { createTopic, endOffsets } from "./admin.ts";
import { LoadConnection } from "./client.ts";
import { fetchFrame, produceFrame } from "./frames.ts";
import type { Result } from "./load.ts";
import { spreadOf } from "./measure.ts";
import { atMost, type Figures, type OwnRow } from "./row.ts";
import { restart } from "./scale-rows.ts";
import { generate } from "./subject.ts";

const MB = 1e6;
const sizes = { small: 0.05 * MB, medium: 50 * MB, large: 5_000 * MB } as const;
type Size = keyof typeof sizes;

const batch = { acks: 1, records: 150, valueBytes: 100 } as const;
const ROUNDS = 40;
const REQUESTS = 8;
const TAIL_BYTES = 256 << 10;

/** Frames one after the other on one connection; the median ms of an answer. */
async function medianMs(bootstrap: string, frames: readonly Uint8Array[]): Promise<number> {
  const [host, port] = bootstrap.split(":") as [string, string];
  const latencies: number[] = [];
  const done = Promise.withResolvers<void>();
  let sent = 0;
  const connection = await LoadConnection.connect({
    host,
    port: Number(port),
    inFlight: 1,
    next: () => frames[sent++] ?? null,
    answered: (_, latencyMs) => {
      if (latencies.push(latencyMs) === frames.length) done.resolve();
    },
  });
  connection.pump();
  await done.promise;
  connection.close();
  return spreadOf(latencies).median;
}

/** At least so many bytes, in batches of a megabyte. */
async function fill(bootstrap: string, topic: string, bytes: number): Promise<void> {
  if (bytes < MB) {
    const { frame, bytes: each } = produceFrame(topic, 0, batch);
    await medianMs(bootstrap, new Array(Math.ceil(bytes / each)).fill(frame));
    return;
  }
  const shape = { kind: "produce", records: 950, valueBytes: 1000, acks: 1, inFlight: 4, connections: 2 };
  for (let filled = 0; filled < bytes; ) {
    const seconds = bytes < 100 * MB ? 0.2 : 5;
    const job = { ...shape, bootstrap, topic, partitions: 1, seconds };
    const result = await generate<Result>("load.ts", job);
    if (result.errors > 0) throw new Error(`${result.errors} answers to Produce had an error`);
    filled += result.bytes;
  }
}

async function measureAppends(bootstrap: string): Promise<Record<Size, number>> {
  const found: Record<Size, number[]> = { small: [], medium: [], large: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of Object.keys(sizes) as Size[]) {
      const { frame, bytes } = produceFrame(size, 0, batch);
      found[size].push((await medianMs(bootstrap, new Array(REQUESTS).fill(frame))) / (bytes / MB));
    }
  }
  return medians(found);
}

async function measureTails(bootstrap: string): Promise<Record<Size, number>> {
  const found: Record<Size, number[]> = { small: [], medium: [], large: [] };
  const shape = { partitionMaxBytes: TAIL_BYTES, maxWaitMs: 0, minBytes: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of Object.keys(sizes) as Size[]) {
      const end = (await endOffsets(bootstrap, size, 1)) as number;
      const frame = fetchFrame(size, 0, Math.max(0, end - Math.floor(TAIL_BYTES / 110)), shape);
      found[size].push((await medianMs(bootstrap, new Array(REQUESTS).fill(frame))) / (TAIL_BYTES / MB));
    }
  }
  return medians(found);
}

const medians = (found: Record<Size, number[]>): Record<Size, number> => ({
  small: spreadOf(found.small).median,
  medium: spreadOf(found.medium).median,
  large: spreadOf(found.large).median,
});

async function measureStorage(broker: Broker, keep: (restarted: Broker) => void): Promise<Figures> {
  const { bootstrap } = broker;
  for (const [topic, bytes] of Object.entries(sizes)) {
    await createTopic(bootstrap, topic, 1);
    await fill(bootstrap, topic, bytes);
  }
  await Bun.sleep(2_000);
  await measureAppends(bootstrap); // the code is warm
  const append = await measureAppends(bootstrap);
  await measureTails(bootstrap);
  const tail = await measureTails(bootstrap);
  await broker.kill();
  const served = async (address: string) => (await endOffsets(address, "large", 1)) !== null;
  const killedMs = await restart(broker, keep, served);
  return {
    appendSmall: append.small,
    appendMedium: append.medium / append.small,
    appendLarge: append.large / append.small,
    tailSmall: tail.small,
    tailMedium: tail.medium / tail.small,
    tailLarge: tail.large / tail.small,
    killedMs,
  };
}

export const storageRows: readonly OwnRow[] = [
  {
    name: "storage",
    title: "partitions of 50 KB, 50 MB and 5 GB: the cost of the same work",
    headline: false,
    sync: "page cache",
    roundsMax: 1,
    limitSeconds: 600,
    columns: [
      { key: "appendSmall", title: "append to 50 KB, ms/MB (16 KB requests, one at a time)" },
      { key: "appendMedium", title: "50 MB ÷ 50 KB" },
      { key: "appendLarge", title: "5 GB ÷ 50 KB" },
      { key: "tailSmall", title: "read the tail of 50 KB, ms/MB (256 KB fetches)" },
      { key: "tailMedium", title: "50 MB ÷ 50 KB" },
      { key: "tailLarge", title: "5 GB ÷ 50 KB" },
      { key: "killedMs", title: "restart after kill -9 until the 5 GB are served, ms", aim: atMost(0.5) },
    ],
    measureOwn: measureStorage,
  },
];

/**
 * The load generator as a process of its own: `bun bench/load.ts JOB`, a JSON job; prints one JSON result. It never
 * shares a thread with the broker that it measures.
 */
import { Reader } from "../protocol/bytes/reader.ts";
import { readResponseHeader } from "../protocol/frame.ts";
import { Fetch } from "../protocol/generated/fetch.ts";
import * as batch from "../protocol/records/batch.ts";
import { LoadConnection } from "./client.ts";
import { fetchFrame, fetchVersion, isProduceError, produceFrame } from "./frames.ts";
import { type Latencies, latenciesOf } from "./measure.ts";

export interface Job {
  readonly kind: "produce" | "fetch";
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
  readonly connections: number;
  readonly inFlight: number;
  readonly seconds: number;
  readonly acks?: number;
  /** Records in a batch, and the bytes of each value. */
  readonly records?: number;
  readonly valueBytes?: number;
  /** Fetch: bytes asked for of a partition. */
  readonly fetchBytes?: number;
}

export interface Result extends Latencies {
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Answers with an error code, which spoil the run. */
  readonly errors: number;
}

interface Tally {
  requests: number;
  records: number;
  bytes: number;
  errors: number;
  readonly latencies: number[];
}

type Answered = (answer: Uint8Array, latencyMs: number) => void;

const batchOf = ({ acks = 1, records = 1, valueBytes = 100 }: Job) => ({ acks, records, valueBytes });

/** One connection's frames and what its answers mean. */
function producer(job: Job, index: number, tally: Tally): { next: () => Uint8Array; answered: Answered } {
  const frames = Array.from({ length: job.partitions }, (_, partition) =>
    produceFrame(job.topic, partition, batchOf(job)),
  );
  let turn = index; // connections begin at different partitions
  const bytes = frames[0]?.bytes ?? 0;
  return {
    next: () => (frames[turn++ % frames.length] as { frame: Uint8Array }).frame,
    answered: (answer, latencyMs) => {
      tally.requests++;
      tally.records += job.records ?? 1;
      tally.bytes += bytes;
      tally.latencies.push(latencyMs);
      if (isProduceError(answer)) tally.errors++;
    },
  };
}

const reader = new Reader(new Uint8Array(0));

/** Reads its partition from the start again and again: hot data. */
function consumer(job: Job, index: number, tally: Tally): { next: () => Uint8Array; answered: Answered } {
  const partition = index % job.partitions;
  // At the end it starts over at once.
  const shape = { partitionMaxBytes: job.fetchBytes ?? 1 << 20, maxWaitMs: 0, minBytes: 0 };
  let offset = 0;
  let frame: Uint8Array = fetchFrame(job.topic, partition, 0, shape);
  return {
    next: () => frame,
    answered: (answer, latencyMs) => {
      reader.point(answer);
      readResponseHeader(reader, Fetch, fetchVersion);
      const found = Fetch.readResponse(reader, fetchVersion).responses[0]?.partitions[0];
      const records = found?.records ?? new Uint8Array(0);
      const end = lastOffsetOf(records);
      tally.requests++;
      tally.bytes += records.length;
      tally.records += end === null ? 0 : end + 1 - offset;
      tally.latencies.push(latencyMs);
      if (found === undefined || found.errorCode !== 0) tally.errors++;
      offset = end === null ? 0 : end + 1;
      frame = fetchFrame(job.topic, partition, offset, shape);
    },
  };
}

function lastOffsetOf(records: Uint8Array): number | null {
  let last: number | null = null;
  for (let at = 0; at + batch.HEADER_SIZE <= records.length; ) {
    const size = batch.sizeBytes(records, at);
    if (at + size > records.length) break;
    last = batch.lastOffset(records, at);
    at += size;
  }
  return last;
}

async function run(job: Job): Promise<Result> {
  const [host, port] = job.bootstrap.split(":") as [string, string];
  const tally: Tally = { requests: 0, records: 0, bytes: 0, errors: 0, latencies: [] };
  const connections = await Promise.all(
    Array.from({ length: job.connections }, (_, index) => {
      const worker = job.kind === "produce" ? producer(job, index, tally) : consumer(job, index, tally);
      const inFlight = job.kind === "fetch" ? 1 : job.inFlight;
      return LoadConnection.connect({ host, port: Number(port), inFlight, ...worker });
    }),
  );
  const began = performance.now();
  for (const connection of connections) connection.pump();
  await Bun.sleep(job.seconds * 1_000);
  await Promise.all(connections.map((connection) => connection.stop()));
  const seconds = (performance.now() - began) / 1_000;
  for (const connection of connections) connection.close();
  const { requests, records, bytes, errors } = tally;
  return { requests, records, bytes, errors, seconds, ...latenciesOf(tally.latencies) };
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] as string) as Job)));
process.exit(0);

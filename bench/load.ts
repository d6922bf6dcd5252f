/**
 * The load generator as a process of its own: `bun bench/load.ts JOB`, a JSON job; prints one JSON result. It never shares
 * a thread with the broker that it measures.
 */
import { Reader } from "../protocol/bytes/reader.ts";
import { readResponseHeader, requestFrame } from "../protocol/frame.ts";
import { Fetch } from "../protocol/generated/fetch.ts";
import { Produce } from "../protocol/generated/produce.ts";
import * as batch from "../protocol/records/batch.ts";
import { RecordBatchBuilder } from "../protocol/records/builder.ts";
import { LoadConnection } from "./client.ts";

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

export interface Result {
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers with an error code, which spoil the run. */
  readonly errors: number;
}

const sender = { correlationId: 7, clientId: "bench" };
const produceVersion = 9;
const fetchVersion = 12;

function produceFrame(job: Job, partition: number): { frame: Uint8Array; bytes: number } {
  const builder = new RecordBatchBuilder();
  const nowMs = Date.now();
  const value = new Uint8Array(job.valueBytes ?? 100).map((_, i) => 32 + ((i * 7) % 90));
  for (let i = 0; i < (job.records ?? 1); i++) builder.append(nowMs, null, value);
  const records = builder.build();
  const request = {
    transactionalId: null,
    acks: job.acks ?? 1,
    timeoutMs: 30_000,
    topicData: [{ name: job.topic, topicId: "AAAAAAAAAAAAAAAAAAAAAA", partitionData: [{ index: partition, records }] }],
  };
  const frame = Buffer.concat(requestFrame(Produce, request, produceVersion, sender));
  return { frame: new Uint8Array(frame), bytes: records.length };
}

function fetchFrame(job: Job, partition: number, fetchOffset: number): Uint8Array {
  const request = {
    clusterId: null,
    replicaId: -1,
    replicaState: { replicaId: -1, replicaEpoch: -1 },
    maxWaitMs: 0, // at the end it starts over at once
    minBytes: 0,
    maxBytes: 1 << 30,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic: job.topic,
        topicId: "AAAAAAAAAAAAAAAAAAAAAA",
        partitions: [
          {
            partition,
            currentLeaderEpoch: -1,
            fetchOffset,
            lastFetchedEpoch: -1,
            logStartOffset: -1,
            partitionMaxBytes: job.fetchBytes ?? 1 << 20,
            replicaDirectoryId: "AAAAAAAAAAAAAAAAAAAAAA",
            highWatermark: Number.POSITIVE_INFINITY,
          },
        ],
      },
    ],
    forgottenTopicsData: [],
    rackId: "",
  };
  return new Uint8Array(Buffer.concat(requestFrame(Fetch, request as never, fetchVersion, sender)));
}

interface Tally {
  requests: number;
  records: number;
  bytes: number;
  errors: number;
  readonly latencies: number[];
}

type Answered = (answer: Uint8Array, latencyMs: number) => void;

/** One connection's frames and what its answers mean. */
function producer(job: Job, index: number, tally: Tally): { next: () => Uint8Array; answered: Answered } {
  const frames = Array.from({ length: job.partitions }, (_, partition) => produceFrame(job, partition));
  let turn = index; // connections begin at different partitions
  const bytes = frames[0]?.bytes ?? 0;
  return {
    next: () => (frames[turn++ % frames.length] as { frame: Uint8Array }).frame,
    answered: (answer, latencyMs) => {
      tally.requests++;
      tally.records += job.records ?? 1;
      tally.bytes += bytes;
      tally.latencies.push(latencyMs);
      if (isError(answer)) tally.errors++;
    },
  };
}

const reader = new Reader(new Uint8Array(0));

function isError(answer: Uint8Array): boolean {
  reader.point(answer);
  readResponseHeader(reader, Produce, produceVersion);
  return Produce.readResponse(reader, produceVersion).responses[0]?.partitionResponses[0]?.errorCode !== 0;
}

/** Reads its partition from the start again and again: hot data. */
function consumer(job: Job, index: number, tally: Tally): { next: () => Uint8Array; answered: Answered } {
  const partition = index % job.partitions;
  let offset = 0;
  let frame: Uint8Array = fetchFrame(job, partition, 0);
  return {
    next: () => frame,
    answered: (answer, latencyMs) => {
      reader.point(answer);
      readResponseHeader(reader, Fetch, fetchVersion);
      const found = Fetch.readResponse(reader, fetchVersion).responses[0]?.partitions[0];
      const records = found?.records ?? new Uint8Array(0);
      tally.requests++;
      tally.bytes += records.length;
      tally.latencies.push(latencyMs);
      if (found === undefined || found.errorCode !== 0) tally.errors++;
      const end = lastOffsetOf(records);
      offset = end === null ? 0 : end + 1;
      frame = fetchFrame(job, partition, offset);
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
  const sorted = Float64Array.from(tally.latencies).sort();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const { requests, records, bytes, errors } = tally;
  return { requests, records, bytes, errors, seconds, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] as string) as Job)));
process.exit(0);

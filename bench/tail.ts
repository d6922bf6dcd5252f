/**
 * Consumers that wait at the end of their partitions for the records of one steady producer: `bun bench/tail.ts JOB`. A
 * record's latency is from the moment it was due until its consumer holds it, so a producer held up counts as well.
 */
import { Reader } from "../protocol/bytes/reader.ts";
import { readResponseHeader } from "../protocol/frame.ts";
import { Fetch } from "../protocol/generated/fetch.ts";
import * as batch from "../protocol/records/batch.ts";
import { LoadConnection } from "./client.ts";
import { fetchFrame, fetchVersion, isProduceError, produceFrame } from "./frames.ts";
import { type Latencies, latenciesOf } from "./measure.ts";

export interface TailJob {
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
  readonly consumers: number;
  /** Of all partitions together, each a request of its own. */
  readonly recordsPerSecond: number;
  readonly acks: number;
  readonly seconds: number;
}

export interface TailResult extends Latencies {
  readonly records: number;
  readonly missing: number;
  /** Answers to Produce with an error code. */
  readonly errors: number;
}

const WARM_UP_MS = 1_000;
const CATCH_UP_MS_MAX = 30_000;
const waits = { partitionMaxBytes: 1 << 20, maxWaitMs: 500, minBytes: 1 };
const reader = new Reader(new Uint8Array(0));

/** When the record of each offset of each partition was due. */
type Due = number[][];

async function consume(job: TailJob, partition: number, due: Due, heard: (dueMs: number) => void) {
  const [host, port] = job.bootstrap.split(":") as [string, string];
  let offset = 0;
  let frame: Uint8Array = fetchFrame(job.topic, partition, 0, waits);
  const connection = await LoadConnection.connect({
    host,
    port: Number(port),
    inFlight: 1,
    next: () => frame,
    answered: (answer) => {
      reader.point(answer);
      readResponseHeader(reader, Fetch, fetchVersion);
      const { records } = Fetch.readResponse(reader, fetchVersion).responses[0]?.partitions[0] ?? {};
      const end = records instanceof Uint8Array ? endOf(records, offset) : offset;
      for (; offset < end; offset++) heard(due[partition]?.[offset] as number);
      frame = fetchFrame(job.topic, partition, offset, waits);
    },
  });
  connection.pump();
  return { connection, offset: () => offset };
}

function endOf(records: Uint8Array, from: number): number {
  let end = from;
  for (let at = 0; at + batch.HEADER_SIZE <= records.length; ) {
    const size = batch.sizeBytes(records, at);
    if (at + size > records.length) break;
    end = batch.lastOffset(records, at) + 1;
    at += size;
  }
  return end;
}

/** Resolves with the number of answers that had an error. */
async function produceSteadily(job: TailJob, due: Due): Promise<number> {
  const [host, port] = job.bootstrap.split(":") as [string, string];
  const shape = { acks: job.acks, records: 1, valueBytes: 100 };
  const frames = due.map((_, partition) => produceFrame(job.topic, partition, shape).frame);
  const queue: Uint8Array[] = [];
  let errors = 0;
  const connection = await LoadConnection.connect({
    host,
    port: Number(port),
    inFlight: 100,
    next: () => queue.shift() ?? null,
    answered: (answer) => {
      if (isProduceError(answer)) errors++;
    },
  });
  const began = performance.now();
  const total = Math.ceil((job.seconds + WARM_UP_MS / 1_000) * job.recordsPerSecond);
  for (let sent = 0; sent < total; ) {
    for (; sent < total && performance.now() >= dueMs(began, sent, job); sent++) {
      const partition = sent % job.partitions;
      due[partition]?.push(dueMs(began, sent, job));
      queue.push(frames[partition] as Uint8Array);
    }
    connection.pump();
    await Bun.sleep(Math.max(0, dueMs(began, sent, job) - performance.now()));
  }
  while (queue.length > 0) await Bun.sleep(1); // a broker that is behind has not been sent everything yet
  await connection.stop();
  return errors;
}

const dueMs = (began: number, nth: number, { recordsPerSecond }: TailJob) => began + (nth * 1_000) / recordsPerSecond;

async function run(job: TailJob): Promise<TailResult> {
  const due: Due = Array.from({ length: job.partitions }, () => []);
  const latencies: number[] = [];
  const firstMs = performance.now() + WARM_UP_MS;
  const heard = (since: number) => {
    if (since >= firstMs) latencies.push(performance.now() - since);
  };
  const consumers = await Promise.all(
    Array.from({ length: job.consumers }, (_, i) => consume(job, i % job.partitions, due, heard)),
  );
  await Bun.sleep(200); // all are parked
  const errors = await produceSteadily(job, due);
  const missing = () =>
    consumers.reduce((sum, { offset }, i) => sum + (due[i % job.partitions]?.length ?? 0) - offset(), 0);
  const deadline = performance.now() + CATCH_UP_MS_MAX;
  while (missing() > 0 && performance.now() < deadline) await Bun.sleep(50);
  return { records: latencies.length, missing: missing(), errors, ...latenciesOf(latencies) };
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] as string) as TailJob)));
process.exit(0);

/**
 * `npm run catch-up -- [--megabytes N] [--odradek-only]`: what those who write notice of a replica that catches up. One
 * of three brokers comes back with an empty disk; how long acks=all takes meanwhile is compared with the time before
 * it came, for Odradek and Apache Kafka in turn.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Producer } from "kafkajs";
import { startCluster } from "../lib/cluster.ts";
import type { Kind } from "../lib/launch.ts";
import { javaClass, script } from "../lib/tools.ts";
import { clientOf } from "./kafkajs-load.ts";
import { isrFull } from "./partitions.ts";

const PARTITIONS = 6;
const QUIET_MS = 15_000;
const PAUSE_MS = 5;
const topic = "catch-up";

/** Sends one record after the other, each to the next partition, until the time has come; how long each took. */
async function latencies(producer: Producer, until: Promise<void>): Promise<number[]> {
  const taken: number[] = [];
  let isOver = false;
  void until.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const messages = [{ value: "x".repeat(100), partition: taken.length % PARTITIONS }];
    const beginMs = performance.now();
    await producer.send({ topic, acks: -1, messages });
    taken.push(performance.now() - beginMs);
    await Bun.sleep(PAUSE_MS);
  }
  return taken.toSorted((a, b) => a - b);
}

function told(taken: readonly number[]): string {
  const at = (part: number) => `${taken[Math.floor(part * (taken.length - 1))]?.toFixed(1)} ms`;
  return [at(0.5), at(0.99), at(1)].join(" | ");
}

async function fill(bootstrap: string, megabytes: number): Promise<void> {
  const args = ["--topic", topic, "--num-records", String(megabytes * 1_000), "--record-size", "1000"];
  const tool = ["--throughput", "-1", "--bootstrap-server", bootstrap, "--command-property", "acks=all"];
  const name = "org.apache.kafka.tools.ProducerPerformance";
  const { exitCode, stdout, stderr } = await javaClass("4.3.1", name, [...args, ...tool], { timeoutMs: 600_000 });
  if (exitCode !== 0) throw new Error(stdout + stderr);
}

async function measure(kind: Kind, megabytes: number): Promise<string> {
  const settings = { "min.insync.replicas": "2" };
  const cluster = await startCluster({ kind, nodes: { controllers: 1, brokers: 3 }, asInProduction: true, settings });
  const client = clientOf(cluster);
  const [admin, producer] = [client.admin(), client.producer()];
  try {
    const at = ["--bootstrap-server", cluster.bootstrap, "--topic", topic];
    const shape = ["--partitions", String(PARTITIONS), "--replication-factor", "3"];
    const made = await script("kafka-topics", [...at, "--create", ...shape]);
    if (made.exitCode !== 0) throw new Error(made.stdout + made.stderr);
    const away = cluster.node(4);
    await away.stop();
    away.wipe();
    await fill(cluster.brokers[0]?.bootstrap as string, megabytes);
    await Promise.all([admin.connect(), producer.connect()]);
    await latencies(producer, Bun.sleep(2_000));
    const before = await latencies(producer, Bun.sleep(QUIET_MS));
    await away.start();
    const beginMs = performance.now();
    const meanwhile = await latencies(producer, isrFull(admin, { topic }));
    const seconds = (performance.now() - beginMs) / 1000;
    const pace = `${seconds.toFixed(1)} s, ${Math.round(megabytes / seconds)} MB/s`;
    return `| ${kind} | ${told(before)} | ${told(meanwhile)} | ${pace} |`;
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]).catch(() => {});
    await cluster.dispose();
  }
}

const { values } = parseArgs({
  options: { megabytes: { type: "string", default: "1000" }, "odradek-only": { type: "boolean", default: false } },
});
console.log(`${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString()}`);
console.log("| subject | before: median | p99 | worst | meanwhile: median | p99 | worst | copied in |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const kind of ["odradek", "apache"] as const) {
  if (values["odradek-only"] && kind !== "odradek") continue;
  console.log(await measure(kind, Number(values.megabytes)));
}
process.exit(0);

/**
 * `npm run failover -- [--rounds N] [--odradek-only]`: from kill -9 of a leader to the first record acknowledged in its
 * partition, to a Java producer with its own defaults (acks=all, idempotent). Three combined nodes, all data on every
 * one; Odradek and Apache Kafka in turn, at the defaults of both and with short sessions.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { startCluster } from "../lib/cluster.ts";
import type { Kind } from "../lib/launch.ts";
import { script } from "../lib/tools.ts";
import { clientOf } from "./kafkajs-load.ts";
import { LoadTool } from "./load.ts";
import { isrFull, leaderOf } from "./partitions.ts";

interface Subject {
  readonly kind: Kind;
  readonly title: string;
  readonly settings: Readonly<Record<string, string>>;
}

const short = { "broker.session.timeout.ms": "1500", "broker.heartbeat.interval.ms": "300" };
const subjects: readonly Subject[] = (["odradek", "apache"] as const).flatMap((kind) => [
  { kind, title: `${kind}, its defaults`, settings: {} },
  { kind, title: `${kind}, sessions of 1.5 s`, settings: short },
]);

/** Between a node that is back and the next kill: sessions, fetchers and leaders settle. */
const SETTLE_MS = 2_000;

async function measure({ kind, title, settings }: Subject, tool: LoadTool, rounds: number): Promise<number[]> {
  const all = { "min.insync.replicas": "2", ...settings };
  const cluster = await startCluster({ kind, nodes: 3, asInProduction: true, settings: all });
  const target = { bootstrap: cluster.bootstrap, topic: "failover", partitions: 3 };
  const admin = clientOf(target).admin();
  try {
    const at = ["--bootstrap-server", cluster.bootstrap, "--topic", target.topic];
    const made = await script("kafka-topics", [...at, "--create", "--partitions", "3", "--replication-factor", "3"]);
    if (made.exitCode !== 0) throw new Error(made.stdout + made.stderr);
    await admin.connect();
    const producer = tool.produce(target, "java", 300);
    await producer.acknowledgedAfter(0);
    const silences: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await Bun.sleep(SETTLE_MS);
      const partition = round % target.partitions;
      const leader = cluster.node(await leaderOf(admin, target, partition));
      const killedMs = Date.now();
      await leader.kill();
      // What the leader had answered before may reach the producer after.
      const first = await producer.acknowledgedAfter(killedMs + 5, partition);
      silences.push(first.atMs - killedMs);
      console.log(`${title}: ${silences.at(-1)} ms`);
      await leader.start();
      await isrFull(admin, target);
    }
    await producer.stop();
    if (producer.failed.length > 0) throw new Error(`the producer gave up: ${producer.failed[0]}`);
    return silences.toSorted((a, b) => a - b);
  } finally {
    await admin.disconnect().catch(() => {});
    await cluster.dispose();
  }
}

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "20" }, "odradek-only": { type: "boolean", default: false } },
});
const tool = new LoadTool();
await tool.compile();
console.log(`${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString()}`);
const lines = ["| subject | kills | median | worst |", "|---|---|---|---|"];
for (const subject of subjects) {
  if (values["odradek-only"] && subject.kind !== "odradek") continue;
  const silences = await measure(subject, tool, Number(values.rounds));
  const median = silences[Math.floor(silences.length / 2)];
  lines.push(`| ${subject.title} | ${silences.length} | ${median} ms | ${silences.at(-1)} ms |`);
}
tool.dispose();
console.log(`\n${lines.join("\n")}`);
process.exit(0);

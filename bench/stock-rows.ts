/** Rows with the clients that users have: Apache's performance tools from the released jars, and kafkajs. */
import { jars } from "../compat-tests/lib/place.ts";
import { run } from "../compat-tests/lib/process.ts";
import { createTopic, deleteTopic } from "./admin.ts";
import { checkEnd } from "./load-rows.ts";
import { atLeast, atMost, type Figures, type SharedRow } from "./row.ts";
import { generate, type Subject } from "./subject.ts";

const PERF_RECORDS = 1_000_000;
const LATENCY_RECORDS = 3_000;
/** Of batches of 200, five at a time after the first. */
const KAFKAJS_RECORDS = 200 + 100 * 1_000;

export interface KafkajsJob {
  readonly bootstrap: string;
  readonly topic: string;
  readonly records: number;
}

export interface KafkajsResult {
  readonly producedPerSecond: number;
  readonly consumedPerSecond: number;
}

/** As `kafka-run-class` starts the tools. */
async function tool(name: string, args: readonly string[]): Promise<string> {
  const flags = ["-Xmx512M", "-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"];
  const command = ["java", ...flags, "-cp", `${jars("4.3.1")}/*`, `org.apache.kafka.tools.${name}`, ...args];
  const { exitCode, stdout, stderr } = await run(command, { timeoutMs: 300_000 });
  if (exitCode !== 0) throw new Error(`${name} failed: ${stderr}${stdout}`);
  return stdout;
}

function numberIn(output: string, pattern: RegExp): number {
  const found = [...output.matchAll(new RegExp(pattern, "g"))].at(-1)?.[1];
  if (found === undefined) throw new Error(`${pattern} is not in: ${output}`);
  return Number(found);
}

async function perf(subject: Subject, topic: string): Promise<Figures> {
  const { bootstrap } = subject;
  await createTopic(bootstrap, topic, 6, subject.topicConfigs);
  const common = ["--bootstrap-server", bootstrap, "--topic", topic, "--num-records", String(PERF_RECORDS)];
  const size = ["--record-size", "100", "--throughput", "-1"];
  const produced = await tool("ProducerPerformance", [...common, ...size, "--command-property", "acks=1"]);
  await checkEnd(subject, topic, 6, PERF_RECORDS);
  const consumed = await tool("ConsumerPerformance", [...common, "--timeout", "60000", "--hide-header"]);
  await deleteTopic(bootstrap, topic);
  return {
    produced: numberIn(produced, /([\d.]+) records\/sec/),
    producedP99: numberIn(produced, /(\d+) ms 99th/),
    consumed: Number(consumed.trim().split("\n").at(-1)?.split(", ")[9]), // fetch.nMsg.sec: without the join
  };
}

async function endToEnd(subject: Subject, topic: string): Promise<Figures> {
  const { bootstrap } = subject;
  await createTopic(bootstrap, topic, 1, subject.topicConfigs);
  const args = ["--bootstrap-server", bootstrap, "--topic", topic, "--num-records", String(LATENCY_RECORDS)];
  const output = await tool("EndToEndLatency", [...args, "--producer-acks", "all", "--record-size", "100"]);
  await deleteTopic(bootstrap, topic);
  return {
    average: numberIn(output, /Avg latency: ([\d.]+)/),
    p50: numberIn(output, /50th = (\d+)/),
    p99: numberIn(output, /99th = (\d+)/),
  };
}

async function kafkajs({ bootstrap, topicConfigs }: Subject, topic: string): Promise<Figures> {
  await createTopic(bootstrap, topic, 6, topicConfigs);
  const { producedPerSecond, consumedPerSecond } = await generate<KafkajsResult>("../compat-tests/kafkajs/load.ts", {
    ...{ bootstrap, topic },
    records: KAFKAJS_RECORDS,
  });
  await deleteTopic(bootstrap, topic);
  return { produced: producedPerSecond, consumed: consumedPerSecond };
}

const shared = { sync: "page cache", headline: false, roundsMax: 3 } as const;

export const stockRows: readonly SharedRow[] = [
  {
    ...{ ...shared, name: "stock-perf" },
    title: "kafka-producer-perf-test, then kafka-consumer-perf-test, 1,000,000 records of 100 B, 6 partitions",
    columns: [
      { key: "produced", title: "produced records/s", aim: atLeast(1) },
      { key: "producedP99", title: "produce p99 ms, under full load" },
      { key: "consumed", title: "consumed records/s", aim: atLeast(1) },
    ],
    measure: perf,
  },
  {
    ...{ ...shared, name: "stock-e2e" },
    title: "kafka-e2e-latency, 3,000 records of 100 B, acks=all",
    columns: [
      { key: "average", title: "average ms", aim: atMost(1) },
      { key: "p50", title: "p50 ms (whole)" },
      { key: "p99", title: "p99 ms (whole)", aim: atMost(1) },
    ],
    measure: endToEnd,
  },
  {
    ...{ ...shared, name: "stock-kafkajs" },
    title: "kafkajs 2.2.4, sends of 200 records, 6 partitions",
    columns: [
      { key: "produced", title: "produced records/s", aim: atLeast(1) },
      { key: "consumed", title: "consumed records/s", aim: atLeast(1) },
    ],
    measure: kafkajs,
  },
];

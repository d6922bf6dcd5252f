/**
 * The first thing that people try, with Apache's own console tools: a topic's life, a large text file there and back
 * through a group, and a kill -9 in the middle of an acks=all run.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import { words } from "../lib/text.ts";
import { javaClass, script } from "../lib/tools.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

/** Producer settings that wait for every acknowledgement; with idempotence a retry cannot duplicate. */
const reliable = ["acks=all", "enable.idempotence=true", "delivery.timeout.ms=60000", "linger.ms=5"];
const properties = (settings: readonly string[]) => settings.flatMap((setting) => ["--command-property", setting]);

async function consume(broker: Broker, topic: string, group: string, lines: number): Promise<string> {
  const limits = ["--max-messages", String(lines), "--timeout-ms", "30000"];
  const from = ["--bootstrap-server", broker.bootstrap, "--topic", topic, "--group", group, "--from-beginning"];
  const { stdout } = await script("kafka-console-consumer", [...from, ...limits], { timeoutMs: 90_000 });
  return stdout;
}

describe.skipIf(!have)("Apache's 4.3.1 console tools", () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startSubject();
  });
  afterAll(() => broker.dispose());

  test("create, list, describe, alter and delete a topic", async () => {
    const topics = (...args: string[]) => script("kafka-topics", ["--bootstrap-server", broker.bootstrap, ...args]);
    expect((await topics("--create", "--topic", "life", "--partitions", "3")).stdout).toBe("Created topic life.\n");
    expect((await topics("--list")).stdout.split("\n")).toContain("life");
    expect((await topics("--describe", "--topic", "life")).stdout).toMatch(/PartitionCount: 3\tReplicationFactor: 1/);
    expect((await topics("--alter", "--topic", "life", "--partitions", "5")).exitCode).toBe(0);
    expect((await topics("--describe", "--topic", "life")).stdout).toMatch(/PartitionCount: 5/);
    expect((await topics("--delete", "--topic", "life")).exitCode).toBe(0);
    expect((await topics("--list")).stdout.split("\n")).not.toContain("life");
  });

  test("a text file of 100,000 lines comes back byte-identical, for two groups", async () => {
    const text = words(100_000);
    const args = ["--bootstrap-server", broker.bootstrap, "--topic", "words"];
    const sent = await script("kafka-console-producer", [...args, ...properties(reliable)], { input: text });
    expect(sent.exitCode).toBe(0);
    for (const group of ["first", "second"]) {
      const read = await consume(broker, "words", group, 100_000);
      expect(read.length).toBe(text.length);
      expect(Bun.hash(read)).toBe(Bun.hash(text));
    }
  });

  test("kill -9 in the middle of an acks=all run: nothing acknowledged is missing, the group goes on", async () => {
    const verifiable = ["--bootstrap-server", broker.bootstrap, "--topic", "killed", "--max-messages", "60000"];
    const settings = ["--throughput", "20000", "--acks", "-1"];
    const run = javaClass("4.3.1", "org.apache.kafka.tools.VerifiableProducer", [...verifiable, ...settings], {
      timeoutMs: 90_000,
    });
    const early = await consume(broker, "killed", "survivor", 1000);
    expect(early.split("\n").length).toBe(1001);
    await broker.kill();
    broker = await broker.restart();
    const { stdout } = await run;
    const acked = new Set(ackedValues(stdout));
    expect(acked.size).toBeGreaterThan(1000);
    const rest = await consume(broker, "killed", "survivor", 1_000_000);
    const seen = new Set([...early.split("\n"), ...rest.split("\n")]);
    expect([...acked].filter((value) => !seen.has(value))).toEqual([]);
    const reread = new Set(early.split("\n").filter((line) => line !== ""));
    expect(rest.split("\n").filter((line) => reread.has(line))).toEqual([]);
  });
});

function ackedValues(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line.includes('"producer_send_success"'))
    .map((line) => String((JSON.parse(line) as { value: string }).value));
}

/** The console tools of Apache Kafka 2.6.0 and 1.0.0, from their own jars, by --bootstrap-server and --broker-list. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import { words } from "../lib/text.ts";
import { javaClass } from "../lib/tools.ts";

let broker: Broker;
beforeAll(async () => {
  broker = await startSubject();
});
afterAll(() => broker.dispose());

const producer = "kafka.tools.ConsoleProducer";
const consumer = "kafka.tools.ConsoleConsumer";

/** zstd came with 2.1. */
const codecs = {
  "2.6.0": ["none", "gzip", "snappy", "lz4", "zstd"],
  "1.0.0": ["none", "gzip", "snappy", "lz4"],
} as const;

for (const version of ["2.6.0", "1.0.0"] as const) {
  const have = available(`Java with Apache Kafka ${version}`, jars(version) !== null);
  describe.skipIf(!have)(`console tools of ${version}`, () => {
    test.each([...codecs[version]])("5,000 lines there and back: %s", async (codec) => {
      const text = words(5_000);
      const topic = `old-${version}-${codec}`;
      const to = ["--broker-list", broker.bootstrap, "--topic", topic, "--request-required-acks", "all"];
      const sent = await javaClass(version, producer, [...to, "--compression-codec", codec], { input: text });
      expect(sent.exitCode).toBe(0);
      const from = ["--bootstrap-server", broker.bootstrap, "--topic", topic, "--from-beginning"];
      const limits = ["--max-messages", "5000", "--timeout-ms", "30000", "--group", `group-${topic}`];
      const read = await javaClass(version, consumer, [...from, ...limits], { timeoutMs: 90_000 });
      expect(read.stdout.length).toBe(text.length);
      expect(Bun.hash(read.stdout)).toBe(Bun.hash(text));
    });
  });
}

const have = available("Java with Apache Kafka 2.6.0", jars("2.6.0") !== null);
describe.skipIf(!have)("admin tools of 2.6.0", () => {
  test("kafka-topics creates, describes and deletes", async () => {
    const topics = (...args: string[]) =>
      javaClass("2.6.0", "kafka.admin.TopicCommand", ["--bootstrap-server", broker.bootstrap, ...args]);
    const created = await topics("--create", "--topic", "old-topic", "--partitions", "2", "--replication-factor", "1");
    expect(created.stdout).toContain("Created topic old-topic.");
    const described = await topics("--describe", "--topic", "old-topic");
    expect(described.stdout).toMatch(/PartitionCount: 2\tReplicationFactor: 1/);
    expect((await topics("--delete", "--topic", "old-topic")).exitCode).toBe(0);
  });
  test("kafka-consumer-groups lists what the old consumer committed", async () => {
    const args = ["--bootstrap-server", broker.bootstrap, "--list"];
    const { stdout } = await javaClass("2.6.0", "kafka.admin.ConsumerGroupCommand", args);
    expect(stdout.split("\n")).toContain("group-old-2.6.0-none");
  });
});

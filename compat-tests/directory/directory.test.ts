/**
 * One data directory, both brokers: each refuses what the other holds, and each goes on where the other stopped, after
 * an
 * orderly stop and after a kill -9.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Admin, CompressionCodecs, CompressionTypes, Kafka, logLevel } from "kafkajs";
import { type Broker, startApache, startOdradek } from "../lib/brokers.ts";
import { installKafkajsCodecs } from "../lib/kafkajs-codecs.ts";
import { available, jars, root } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { script } from "../lib/tools.ts";

installKafkajsCodecs(CompressionCodecs, CompressionTypes);
const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const codecs = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
const per = 60;

const kafkaOf = (broker: Broker) => new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });

async function withAdmin<T>(broker: Broker, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaOf(broker).admin();
  await admin.connect();
  return use(admin).finally(() => admin.disconnect());
}

/** `per` messages with each compression, marked with the round, by an idempotent producer. */
async function write(broker: Broker, round: string): Promise<void> {
  const producer = kafkaOf(broker).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (const [codec, compression] of Object.entries(codecs)) {
    const messages = Array.from({ length: per }, (_, i) => ({
      key: `${i % 10}`,
      value: `${round} ${codec} ${i} ${"é".repeat(i)}`,
    }));
    await producer.send({ topic: `codec-${codec}`, messages, compression, acks: -1 });
    await producer.send({ topic: "compacted", messages, compression, acks: -1 });
  }
  await producer.disconnect();
}

/** All values of a topic, in order; a group commits on the way. */
async function readAll(broker: Broker, topic: string, groupId: string, count: number): Promise<string[]> {
  const consumer = kafkaOf(broker).consumer({ groupId });
  const values: string[] = [];
  const enough = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      values.push(String(message.value));
      if (values.length >= count) enough.resolve();
    },
  });
  await enough.promise;
  await consumer.disconnect();
  return values;
}

const expected = (rounds: readonly string[], codec: string) =>
  rounds.flatMap((round) => Array.from({ length: per }, (_, i) => `${round} ${codec} ${i} ${"é".repeat(i)}`));

/** `odradek verify` finds every file as its writer is to leave it. */
async function expectSound(directory: string): Promise<void> {
  const { stdout, exitCode } = await run([process.execPath, join(root, "src/main.ts"), "verify", directory, "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: { severity: string }[] };
  const damages = findings.filter(({ severity }) => severity === "damage");
  expect({ exitCode, damages }).toEqual({ exitCode: 0, damages: [] });
}

describe.skipIf(!have)("a directory that both brokers use in turn", () => {
  let broker: Broker;
  afterAll(() => broker?.dispose());

  async function checkAll(rounds: readonly string[], reader: string): Promise<void> {
    for (const codec of Object.keys(codecs)) {
      const want = expected(rounds, codec);
      expect(await readAll(broker, `codec-${codec}`, `${reader}-${codec}`, want.length)).toEqual(want);
    }
  }

  async function committed(groupId: string, topic: string): Promise<string | undefined> {
    const offsets = await withAdmin(broker, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    return offsets[0]?.partitions[0]?.offset;
  }

  test("Apache formats and fills it, stops; Odradek serves all of it and writes more", async () => {
    broker = await startApache();
    await withAdmin(broker, async (admin) => {
      const topics = Object.keys(codecs).map((codec) => ({ topic: `codec-${codec}`, numPartitions: 1 }));
      const compact = [{ name: "cleanup.policy", value: "compact" }];
      await admin.createTopics({
        topics: [...topics, { topic: "compacted", configEntries: compact }, { topic: "short" }],
      });
    });
    await write(broker, "apache-1");
    const producer = kafkaOf(broker).producer();
    await producer.connect();
    await producer.send({ topic: "short", messages: Array.from({ length: 10 }, (_, i) => ({ value: `${i}` })) });
    await producer.disconnect();
    await withAdmin(broker, async (admin) => {
      await admin.fetchTopicOffsets("short"); // kafkajs wants to have seen the topic
      await admin.deleteTopicRecords({ topic: "short", partitions: [{ partition: 0, offset: "4" }] });
    });
    await readAll(broker, "codec-none", "carried", per);
    await broker.stop();
    await expectSound(broker.directory);

    broker = await broker.succeededBy("odradek");
    await checkAll(["apache-1"], "odradek-1");
    expect(await committed("carried", "codec-none")).toBe(String(per));
    const short = await withAdmin(broker, (admin) => admin.fetchTopicOffsets("short"));
    expect(short[0]).toMatchObject({ low: "4", high: "10" });
    await write(broker, "odradek-1");
    expect((await readAll(broker, "codec-none", "carried", per)).length).toBe(per);
    expect(await broker.stop()).toBe(0);
    await expectSound(broker.directory);
  });

  test("Apache opens it again and serves everything; its dump tool finds nothing wrong", async () => {
    broker = await broker.succeededBy("apache");
    await checkAll(["apache-1", "odradek-1"], "apache-2");
    expect(await committed("carried", "codec-none")).toBe(String(2 * per));
    await write(broker, "apache-2");
    await broker.stop();
    const of = (suffix: string) =>
      readdirSync(broker.directory, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name.includes("codec-"))
        .flatMap(({ name }) =>
          readdirSync(join(broker.directory, name)).map((file) => join(broker.directory, name, file)),
        )
        .filter((file) => file.endsWith(suffix));
    const deep = ["--deep-iteration", "--files", of(".log").join(",")];
    const indexes = ["--verify-index-only", "--files", [...of(".index"), ...of(".timeindex")].join(",")];
    for (const args of [deep, indexes]) {
      const { stdout, stderr, exitCode } = await script("kafka-dump-log", args);
      expect({
        exitCode,
        complaints: `${stdout}${stderr}`.match(/mismatch|corrupt|isvalid: false|non-consecutive/i),
      }).toEqual({
        exitCode: 0,
        complaints: null,
      });
    }
  });

  test("after a kill -9 of Apache Odradek goes on, after a kill -9 of Odradek Apache does", async () => {
    broker = await broker.succeededBy("apache");
    await write(broker, "apache-3");
    await broker.kill();
    await expectSound(broker.directory);
    broker = await broker.succeededBy("odradek");
    await checkAll(["apache-1", "odradek-1", "apache-2", "apache-3"], "odradek-3");
    await write(broker, "odradek-3");
    await broker.kill();
    await expectSound(broker.directory);
    broker = await broker.succeededBy("apache");
    await checkAll(["apache-1", "odradek-1", "apache-2", "apache-3", "odradek-3"], "apache-4");
    await broker.stop();
    await expectSound(broker.directory);
  });
});

describe.skipIf(!have)("a directory that is in use", () => {
  let apache: Broker;
  let odradek: Broker;
  beforeAll(async () => {
    [apache, odradek] = await Promise.all([startApache(), startOdradek()]);
  });
  afterAll(async () => {
    await apache?.dispose();
    await odradek?.dispose();
  });

  const refusal = (start: Promise<Broker>): Promise<string> =>
    start.then(
      () => "started",
      (error: Error) => error.message,
    );

  test("Odradek refuses what Apache holds", async () => {
    const said = await refusal(apache.rivalledBy("odradek"));
    expect(said).toContain("exited with 1");
    expect(said).toMatch(/in use by another process.*\.lock/);
  });

  test("Apache refuses what Odradek holds", async () => {
    const said = await refusal(odradek.rivalledBy("apache"));
    expect(said).toContain("exited with 1");
    expect(said).toMatch(/Failed to acquire lock on file \.lock/);
  });
});

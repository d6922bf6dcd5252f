/**
 * One of two log directories cannot be read when the node starts (KIP-112): Apache's node and ours start without it,
 * serve what is in the other, and serve everything once it is back.
 */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { type Admin, Kafka, KafkaJSProtocolError, logLevel } from "kafkajs";
import { type Broker, startApache, startOdradek } from "../lib/brokers.ts";
import { available, jars, temporary } from "../lib/place.ts";
import { script } from "../lib/tools.ts";

setDefaultTimeout(120_000);

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const topics = ["one", "two", "three", "four"];

const kafkaOf = ({ bootstrap }: Broker, retries = 5) =>
  new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { retries }, requestTimeout: 5_000 });

async function withAdmin<T>(broker: Broker, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaOf(broker).admin();
  await admin.connect();
  return use(admin).finally(() => admin.disconnect());
}

/** The topics that took a record. A producer of each: one topic without a leader keeps kafkajs from all it knows. */
async function written(broker: Broker, to: readonly string[]): Promise<string[]> {
  const taken: string[] = [];
  for (const topic of to) {
    const producer = kafkaOf(broker, 1).producer();
    await producer.connect();
    const sent = producer.send({ topic, acks: -1, messages: [{ value: "a" }] });
    await sent.then(
      () => taken.push(topic),
      () => {},
    );
    await producer.disconnect();
  }
  return taken;
}

async function described(
  broker: Broker,
): Promise<readonly { readonly logDir: string; readonly error: string | null }[]> {
  const { stdout } = await script("kafka-log-dirs", ["--bootstrap-server", broker.bootstrap, "--describe"]);
  const line = stdout.split("\n").find((each) => each.startsWith("{")) ?? "{}";
  return (JSON.parse(line) as { brokers: { logDirs: { logDir: string; error: string | null }[] }[] }).brokers.flatMap(
    ({ logDirs }) => logDirs.map(({ logDir, error }) => ({ logDir, error })),
  );
}

/** Once there is a leader, which is a moment after the start. */
async function end(broker: Broker, topic: string): Promise<number> {
  for (;;) {
    try {
      return Number((await withAdmin(broker, (admin) => admin.fetchTopicOffsets(topic)))[0]?.high);
    } catch (failure) {
      if (!(failure instanceof KafkaJSProtocolError && failure.retriable)) throw failure;
      await Bun.sleep(100);
    }
  }
}

const ends = (broker: Broker, of: readonly string[]) => Promise.all(of.map((topic) => end(broker, topic)));

describe.skipIf(!have)("a node without one of its log directories", () => {
  const place = temporary("dead-directory");
  let broker: Broker | undefined;
  afterAll(async () => {
    await broker?.dispose();
    place.remove();
  });

  test.each(["apache", "odradek"] as const)("of %s starts, and serves the other", async (kind) => {
    await broker?.dispose();
    const [a, b] = [join(place.path, kind, "a"), join(place.path, kind, "b")];
    const settings = { "log.dirs": `${a},${b}`, "metadata.log.dir": a };
    broker = await (kind === "apache" ? startApache({ settings }) : startOdradek({ settings }));
    await withAdmin(broker, (admin) =>
      admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })) }),
    );
    expect(await written(broker, topics)).toEqual(topics);
    await broker.stop();
    const inB = topics.filter((topic) => existsSync(join(b, `${topic}-0`)));
    const inA = topics.filter((topic) => existsSync(join(a, `${topic}-0`)));
    expect([inA.length, inB.length]).toEqual([2, 2]);

    renameSync(join(b, "meta.properties"), join(b, "aside"));
    mkdirSync(join(b, "meta.properties"));
    broker = await broker.restart();
    expect(await ends(broker, inA)).toEqual([1, 1]);
    expect(await written(broker, topics)).toEqual(inA);
    expect(inB.filter((topic) => existsSync(join(a, `${topic}-0`)))).toEqual([]);
    const failure = "org.apache.kafka.common.errors.KafkaStorageException";
    expect((await described(broker)).map(({ error }) => error?.split(":")[0] ?? null).sort()).toEqual([null, failure]);
    // Not by kafkajs, which first asks for all topics and wants a leader of each.
    const create = ["--create", "--topic", "new", "--partitions", "1"];
    await script("kafka-topics", ["--bootstrap-server", broker.bootstrap, ...create]);
    expect(await written(broker, ["new"])).toEqual(["new"]);
    await broker.stop();

    rmdirSync(join(b, "meta.properties"));
    renameSync(join(b, "aside"), join(b, "meta.properties"));
    broker = await broker.restart();
    expect(await ends(broker, inA)).toEqual([2, 2]);
    expect(await ends(broker, inB)).toEqual([1, 1]);
    expect(await written(broker, topics)).toEqual(topics);
  });
});

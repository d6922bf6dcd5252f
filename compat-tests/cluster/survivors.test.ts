/**
 * How few nodes are enough: with a controller of its own and min.insync.replicas=1 two of three brokers die one after
 * the other, and data is still written and read; of three combined nodes two die, and what has a leader is still read.
 */
import { afterEach, describe, expect, test } from "bun:test";
import type { Admin, Kafka } from "kafkajs";
import { type Cluster, startCluster } from "../lib/cluster.ts";
import { available, jars } from "../lib/place.ts";
import { script } from "../lib/tools.ts";
import { clientOf } from "./kafkajs-load.ts";
import type { Target } from "./load.ts";
import { leaderOf, partitionsOf } from "./partitions.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const kind = process.env.COMPAT_AGAINST === "apache" ? "apache" : "odradek";

let cluster: Cluster;
let admin: Admin;
afterEach(async () => {
  await admin.disconnect();
  await cluster.dispose();
});

type Nodes = Parameters<typeof startCluster>[0]["nodes"];

async function begin(nodes: Nodes, { topic, partitions }: Pick<Target, "topic" | "partitions">, minInsync: string) {
  cluster = await startCluster({ kind, nodes });
  const kafka = clientOf(cluster);
  admin = kafka.admin();
  await admin.connect();
  const configEntries = [{ name: "min.insync.replicas", value: minInsync }];
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: 3, configEntries }] });
  return kafka;
}

/**
 * One record in each partition, acknowledged by all who are in sync. Not idempotent: kafkajs asks one broker for its
 * producer id, and gives up where that one has died and nobody knows it yet.
 */
async function write(kafka: Kafka, topic: string, partitions: readonly number[], value: string): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: partitions.map((partition) => ({ value, partition })) });
  await producer.disconnect();
}

/** By a group of its own, which the survivors must find a coordinator for. */
async function read(kafka: Kafka, topic: string, count: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: `${topic}-${count}` });
  const values: string[] = [];
  const all = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      values.push(String(message.value));
      if (values.length === count) all.resolve();
    },
  });
  await all.promise;
  await consumer.disconnect();
  return values.toSorted();
}

describe.skipIf(!have)("few nodes are enough", () => {
  test("two of three brokers die one after the other: data is still written and read", async () => {
    const topic = "one-is-enough";
    const kafka = await begin({ controllers: 1, brokers: 3 }, { topic, partitions: 3 }, "1");
    const written = ["three brokers", "two brokers", "one broker"];
    for (const [index, value] of written.entries()) {
      await write(kafka, topic, [0, 1, 2], value);
      const expected = written.slice(0, index + 1).flatMap((each) => [each, each, each]);
      expect(await read(kafka, topic, expected.length)).toEqual(expected.toSorted());
      if (index === 2) break;
      const killed = cluster.node(await leaderOf(admin, { topic }, 0));
      await killed.kill();
    }
    const alive = cluster.brokers.filter(({ isRunning }) => isRunning);
    expect(alive).toHaveLength(1);
    const partitions = await partitionsOf(admin, { topic });
    const last = alive[0]?.id as number;
    expect(partitions.map(({ leader }) => leader)).toEqual([last, last, last]);
    expect(partitions.map(({ isr }) => isr)).toEqual([[last], [last], [last]]);
  });

  test("two of three combined nodes die: the last one serves what it leads, and promises nothing", async () => {
    const topic = "last";
    const kafka = await begin(3, { topic, partitions: 1 }, "1");
    await write(kafka, topic, [0], "before");
    const last = await leaderOf(admin, { topic }, 0);
    await Promise.all(cluster.nodes.filter(({ id }) => id !== last).map((node) => node.kill()));
    const target = { bootstrap: cluster.node(last).bootstrap, topic, partitions: 1 };
    // Without a group, whose coordinator may be gone.
    const from = ["--topic", topic, "--partition", "0", "--offset", "earliest", "--max-messages", "1"];
    const { stdout } = await script("kafka-console-consumer", ["--bootstrap-server", target.bootstrap, ...from]);
    expect(stdout).toBe("before\n");
    // Nobody can take the dead out of the in-sync replicas, so nothing more is acknowledged by all of them.
    const patient = clientOf(target).producer({ retry: { retries: 0 } });
    await patient.connect();
    const sent = patient.send({ topic, acks: -1, timeout: 1_000, messages: [{ value: "after", partition: 0 }] });
    await expect(sent).rejects.toThrow("The request timed out");
    await patient.disconnect();
    // With one of the others there is a majority again.
    await cluster.nodes.find(({ id }) => id !== last)?.start();
    await write(clientOf(target), topic, [0], "again");
    await admin.disconnect();
  });
});

/** kafkajs 2.2.4: the oldest versions of each API that 4.3 still speaks. Topics, every compression, groups, offsets. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Admin, CompressionCodecs, CompressionTypes, type Consumer, Kafka, logLevel } from "kafkajs";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { installKafkajsCodecs } from "../lib/kafkajs-codecs.ts";

installKafkajsCodecs(CompressionCodecs, CompressionTypes);

let broker: Broker;
let kafka: Kafka;
let admin: Admin;

beforeAll(async () => {
  broker = await startSubject();
  kafka = new Kafka({ brokers: [broker.bootstrap], clientId: "compat", logLevel: logLevel.NOTHING });
  admin = kafka.admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.disconnect();
  await broker.dispose();
});

interface Received {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Record<string, string>;
}

/** Reads until `count` messages came, then stops the consumer. */
async function receive(consumer: Consumer, topic: string, count: number): Promise<Received[]> {
  const received: Received[] = [];
  const enough = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      received.push({
        partition,
        offset: message.offset,
        key: message.key?.toString() ?? null,
        value: message.value?.toString() ?? null,
        headers: Object.fromEntries(headers),
      });
      if (received.length === count) enough.resolve();
    },
  });
  await enough.promise;
  await consumer.disconnect();
  return received;
}

describe("kafkajs", () => {
  test("creates, lists, describes, extends and deletes a topic", async () => {
    expect(await admin.createTopics({ topics: [{ topic: "life", numPartitions: 3 }] })).toBe(true);
    expect(await admin.createTopics({ topics: [{ topic: "life", numPartitions: 3 }] })).toBe(false);
    expect(await admin.listTopics()).toContain("life");
    await admin.createPartitions({ topicPartitions: [{ topic: "life", count: 5 }] });
    const { topics } = await admin.fetchTopicMetadata({ topics: ["life"] });
    expect(topics[0]?.partitions.map(({ partitionId, leader }) => [partitionId, leader]).sort()).toEqual(
      [0, 1, 2, 3, 4].map((id) => [id, 1]),
    );
    await admin.deleteTopics({ topics: ["life"] });
    expect(await admin.listTopics()).not.toContain("life");
  });

  test.each([
    ["none", CompressionTypes.None],
    ["gzip", CompressionTypes.GZIP],
    ["snappy", CompressionTypes.Snappy],
    ["lz4", CompressionTypes.LZ4],
    ["zstd", CompressionTypes.ZSTD],
  ])("messages come back as sent: %s", async (name, compression) => {
    const topic = `compressed-${name}`;
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
    const messages = Array.from({ length: 500 }, (_, i) => ({
      key: i % 7 === 0 ? null : `key ${i % 50}`,
      value: i % 11 === 0 ? null : `value ${i} ${"ß日本".repeat(i % 40)}`,
      headers: { index: String(i), __proto__header: "x" },
    }));
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({ topic, compression, messages: messages.slice(0, 250), acks: -1 });
    await producer.send({ topic, compression, messages: messages.slice(250), acks: -1 });
    await producer.disconnect();
    const received = await receive(kafka.consumer({ groupId: `group-${name}` }), topic, messages.length);
    expect(received.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual(messages);
    expect(received.map(({ offset }) => Number(offset))).toEqual(messages.map((_, i) => i));
  });

  test.each([0, 1, -1])("acks=%d is taken", async (acks) => {
    const topic = `acks${acks}`;
    await admin.createTopics({ topics: [{ topic }] });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, acks, messages: [{ value: "one" }] });
    const received = await receive(kafka.consumer({ groupId: topic }), topic, 1);
    await producer.disconnect();
    expect(received[0]?.value).toBe("one");
  });

  test("a group goes on where it committed, and its offsets can be seen and reset", async () => {
    const topic = "committed";
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
    const producer = kafka.producer();
    await producer.connect();
    const send = (from: number) =>
      producer.send({ topic, messages: Array.from({ length: 10 }, (_, i) => ({ value: String(from + i) })) });
    await send(0);
    expect((await receive(kafka.consumer({ groupId: "goes-on" }), topic, 10)).at(-1)?.value).toBe("9");
    await send(10);
    expect((await receive(kafka.consumer({ groupId: "goes-on" }), topic, 10))[0]?.value).toBe("10");
    const offsets = await admin.fetchOffsets({ groupId: "goes-on", topics: [topic] });
    expect(offsets[0]?.partitions[0]?.offset).toBe("20");
    await admin.resetOffsets({ groupId: "goes-on", topic, earliest: true });
    expect((await receive(kafka.consumer({ groupId: "goes-on" }), topic, 20))[0]?.value).toBe("0");
    expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).toContain("goes-on");
    await admin.deleteGroups(["goes-on"]);
    expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).not.toContain("goes-on");
    await producer.disconnect();
  });

  test("offsets by time, deleted records and settings", async () => {
    const topic = "administered";
    await admin.createTopics({ topics: [{ topic, configEntries: [{ name: "retention.ms", value: "86400000" }] }] });
    const producer = kafka.producer();
    await producer.connect();
    const times = [1_700_000_000_000, 1_700_000_001_000, 1_700_000_002_000];
    for (const time of times) await producer.send({ topic, messages: [{ value: "x", timestamp: String(time) }] });
    await producer.disconnect();
    const byTime = await admin.fetchTopicOffsetsByTimestamp(topic, times[1]);
    expect(byTime).toEqual([{ partition: 0, offset: "1" }]);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "2" }] });
    const [range] = await admin.fetchTopicOffsets(topic);
    expect(range).toMatchObject({ low: "2", high: "3" });
    const described = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic, configNames: ["retention.ms"] }],
    });
    expect(described.resources[0]?.configEntries[0]?.configValue).toBe("86400000");
  });
});

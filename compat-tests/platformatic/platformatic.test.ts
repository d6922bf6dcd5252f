/** @platformatic/kafka: the newest versions of each API. A topic's life, every compression, a group that goes on. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";
import { type Broker, startSubject } from "../lib/brokers.ts";

let broker: Broker;
let admin: Admin;
const clientId = "compat";

beforeAll(async () => {
  broker = await startSubject();
  admin = new Admin({ clientId, bootstrapBrokers: [broker.bootstrap] });
});
afterAll(async () => {
  await admin.close();
  await broker.dispose();
});

interface Received {
  readonly offset: number;
  readonly key: string;
  readonly value: string;
}

async function receive(topic: string, groupId: string, count: number): Promise<Received[]> {
  const options = { clientId, groupId, bootstrapBrokers: [broker.bootstrap], deserializers: stringDeserializers };
  const consumer = new Consumer(options);
  const stream = await consumer.consume({
    topics: [topic],
    mode: "committed",
    fallbackMode: "earliest",
    maxWaitTime: 500,
  });
  const received: Received[] = [];
  for await (const message of stream) {
    received.push({ offset: Number(message.offset), key: String(message.key), value: String(message.value) });
    if (received.length === count) {
      await message.commit();
      break;
    }
  }
  await stream.close();
  await consumer.close(true);
  return received;
}

describe("@platformatic/kafka", () => {
  test("creates, lists and deletes a topic", async () => {
    const created = await admin.createTopics({ topics: ["life"], partitions: 3, replicas: 1 });
    expect(created.map(({ name, partitions }) => [name, partitions])).toEqual([["life", 3]]);
    expect(await admin.listTopics()).toContain("life");
    await admin.deleteTopics({ topics: ["life"] });
    expect(await admin.listTopics()).not.toContain("life");
  });

  test.each(["none", "gzip", "snappy", "lz4", "zstd"] as const)(
    "messages come back as sent: %s",
    async (compression) => {
      const topic = `compressed-${compression}`;
      await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
      const options = { clientId, bootstrapBrokers: [broker.bootstrap], serializers: stringSerializers };
      const producer = new Producer({ ...options, idempotent: true });
      const messages = Array.from({ length: 300 }, (_, i) => ({
        topic,
        key: `key ${i}`,
        value: `value ${i} ${"ß日本".repeat(i % 40)}`,
      }));
      await producer.send({ messages: messages.slice(0, 150), compression, acks: -1 });
      await producer.send({ messages: messages.slice(150), compression, acks: -1 });
      await producer.close();
      const received = await receive(topic, `group-${compression}`, messages.length);
      expect(received).toEqual(messages.map(({ key, value }, offset) => ({ offset, key, value })));
    },
  );

  test("a group goes on where it committed", async () => {
    const options = { clientId, bootstrapBrokers: [broker.bootstrap], serializers: stringSerializers };
    const producer = new Producer(options);
    await producer.send({ messages: [{ topic: "compressed-none", key: "k", value: "one more" }], acks: -1 });
    await producer.close();
    expect((await receive("compressed-none", "group-none", 1)).map(({ value }) => value)).toEqual(["one more"]);
  });
});

/** Bytes that change on a disk under a real process: an error for the reader, a line and a metric for the operator. */
import { afterEach, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { errorName } from "../../protocol/errors.ts";
import { Fetch, type FetchResponse } from "../../protocol/generated/fetch.ts";
import { consumerFetch, consumerPartition } from "../../protocol/testing/consumer-fetch.ts";
import { type Broker, startOdradek } from "../lib/brokers.ts";
import { type AnyMessage, Wire } from "../oracle/raw/wire.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanup.splice(0).reverse()) await each();
});

const kafkaOf = ({ bootstrap }: Broker) => new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });

/** Each record in a batch of its own, the first in a segment that is full. */
async function fill(broker: Broker): Promise<void> {
  const admin = kafkaOf(broker).admin();
  await admin.connect();
  const configEntries = [{ name: "segment.bytes", value: String(1 << 20) }];
  await admin.createTopics({ topics: [{ topic: "decays", numPartitions: 1, configEntries }] });
  await admin.disconnect();
  const producer = kafkaOf(broker).producer();
  await producer.connect();
  for (let n = 0; n < 3; n++) {
    await producer.send({ topic: "decays", acks: -1, messages: [{ value: Buffer.alloc(700_000, n) }] });
  }
  await producer.disconnect();
}

async function read({ bootstrap }: Broker, fetchOffset: number) {
  const wire = await Wire.open(bootstrap);
  const answer = await wire.exchange(
    Fetch as AnyMessage,
    12,
    consumerFetch({ topic: "decays" }, [consumerPartition(0, fetchOffset)], { minBytes: 0, maxBytes: 1 << 20 }),
  );
  wire.close();
  if (!("response" in answer)) throw new Error("no answer");
  const found = (answer.response as FetchResponse).responses[0]?.partitions[0];
  return { error: errorName(found?.errorCode as number), sizeBytes: found?.records?.length ?? 0 };
}

async function counted(broker: Broker): Promise<number> {
  const url = /http:\/\/\S+\/metrics/.exec(broker.output())?.[0] as string;
  const text = await (await fetch(url)).text();
  return Number(/^odradek_log_corrupt_batches_total\{.*\} (\d+)$/m.exec(text)?.[1]);
}

test("a batch that decays is refused, told and counted, and the rest is served", async () => {
  const first = await startOdradek({ settings: { "odradek.metrics.listener": "127.0.0.1:0" } });
  cleanup.push(() => first.dispose());
  await fill(first);
  expect(await first.stop()).toBe(0);
  const path = join(first.directory, "decays-0/00000000000000000000.log");
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(350_000) ^ 1, 350_000);
  writeFileSync(path, bytes);
  const broker = await first.restart();
  cleanup.push(() => broker.dispose());
  expect([await read(broker, 2), await counted(broker)]).toEqual([{ error: "NONE", sizeBytes: 700_072 }, 0]);
  for (let times = 0; times < 2; times++) {
    expect(await read(broker, 0)).toEqual({ error: "CORRUPT_MESSAGE", sizeBytes: 0 });
    expect(await counted(broker)).toBe(1);
  }
  const told = broker
    .output()
    .split("\n")
    .filter((line) => line.includes(path));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(
    `error ${path} is damaged at byte 0: the checksum does not fit the batch; it is not served`,
  );
  expect((await read(broker, 1)).error).toBe("NONE");
}, 60_000);

/** The settings of Produce and Fetch, of a topic and of the broker under it, changed while running, obeyed at once. */
import { expect, test } from "bun:test";
import { ZERO_UUID } from "../../base/uuid.ts";
import { errorName } from "../../protocol/errors.ts";
import type { FetchResponse } from "../../protocol/generated/fetch.ts";
import * as batch from "../../protocol/records/batch.ts";
import { buildBatch } from "../../protocol/records/builder.ts";
import { codecOf } from "../../protocol/records/codecs.ts";
import { consumerFetch, consumerPartition } from "../../protocol/testing/consumer-fetch.ts";
import { produce } from "./00-produce.ts";
import { fetch } from "./01-fetch.ts";
import { DataPlane } from "./testing/data-plane.ts";

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

async function open(overrides: readonly (readonly [string, string])[] = []): Promise<DataPlane> {
  const plane = await DataPlane.open(overrides);
  await plane.createTopic("orders");
  return plane;
}

/** What a Produce of one record is answered with; the record's size and time as given. */
async function answer(plane: DataPlane, { size = 100, timestamp = NOW, acks = 1 } = {}) {
  const value = new Uint8Array(size).map((_, i) => ((i * i * 31) % 251) & (i % 3 === 0 ? 0x0f : 0x3c));
  const records = buildBatch([{ timestamp, key: new Uint8Array(1), value }]);
  const topicData = [{ name: "orders", topicId: ZERO_UUID, partitionData: [{ index: 0, records }] }];
  const response = await plane.call(produce, { transactionalId: null, acks, timeoutMs: 100, topicData }, 12);
  const partition = response.responses[0]?.partitionResponses[0];
  return { error: errorName(partition?.errorCode ?? 0), logAppendTimeMs: partition?.logAppendTimeMs };
}

/** The last batch of the log. */
function stored(plane: DataPlane): Uint8Array {
  const log = plane.replicas.get("orders", 0)?.log;
  return log?.readCopy(log.logEndOffset - 1, 1 << 20, log.logEndOffset, true) ?? new Uint8Array(0);
}

const codecStored = (plane: DataPlane): string | null => codecOf(batch.compressionId(stored(plane), 0));

type Set = (plane: DataPlane, topicName: string, brokerName: string, value: string) => Promise<void>;

const levels: readonly (readonly [string, Set])[] = [
  ["the topic", (plane, name, _, value) => plane.configure("orders", { [name]: value })],
  ["the broker", (plane, _, name, value) => plane.configureBrokers({ [name]: value })],
];

for (const [level, set] of levels) {
  test(`max.message.bytes of ${level}`, async () => {
    const plane = await open();
    expect((await answer(plane, { size: 500 })).error).toBe("NONE");
    await set(plane, "max.message.bytes", "message.max.bytes", "300");
    expect((await answer(plane, { size: 500 })).error).toBe("MESSAGE_TOO_LARGE");
  });

  test(`message.timestamp.before.max.ms and .after.max.ms of ${level}`, async () => {
    const plane = await open();
    const old = { timestamp: NOW - 2 * HOUR };
    const early = { timestamp: NOW + HOUR / 2 };
    expect([(await answer(plane, old)).error, (await answer(plane, early)).error]).toEqual(["NONE", "NONE"]);
    await set(plane, "message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms", String(HOUR));
    expect((await answer(plane, old)).error).toBe("INVALID_TIMESTAMP");
    await set(plane, "message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms", "1000");
    expect((await answer(plane, early)).error).toBe("INVALID_TIMESTAMP");
  });

  test(`message.timestamp.type of ${level}`, async () => {
    const plane = await open();
    expect((await answer(plane)).logAppendTimeMs).toBe(-1);
    await set(plane, "message.timestamp.type", "log.message.timestamp.type", "LogAppendTime");
    expect((await answer(plane, { timestamp: 5 })).logAppendTimeMs).toBe(NOW);
    expect(batch.maxTimestamp(stored(plane), 0)).toBe(NOW);
  });

  test(`min.insync.replicas of ${level}`, async () => {
    const plane = await open();
    await plane.changePartition("orders", 0, { replicas: [1, 2], isr: [1] });
    expect((await answer(plane, { acks: -1 })).error).toBe("NONE");
    await set(plane, "min.insync.replicas", "min.insync.replicas", "2");
    expect((await answer(plane, { acks: -1 })).error).toBe("NOT_ENOUGH_REPLICAS");
  });

  test(`compression.type of ${level}`, async () => {
    const plane = await open();
    for (const type of ["gzip", "snappy", "lz4", "zstd", "uncompressed", "producer"]) {
      await set(plane, "compression.type", "compression.type", type);
      expect((await answer(plane)).error).toBe("NONE");
      expect(codecStored(plane)).toBe(type === "uncompressed" || type === "producer" ? "none" : (type as "gzip"));
    }
  });
}

test.each(["gzip", "zstd"])("compression.%s.level changes what is stored", async (codec) => {
  const plane = await open();
  const sizeAt = async (level: string): Promise<number> => {
    await plane.configure("orders", { "compression.type": codec, [`compression.${codec}.level`]: level });
    await answer(plane, { size: 50_000 });
    return stored(plane).length;
  };
  expect(await sizeAt("1")).not.toBe(await sizeAt("9"));
});

async function fetched(plane: DataPlane, changes: object = {}): Promise<FetchResponse> {
  const request = consumerFetch({ topic: "orders" }, [consumerPartition(0, 0)], { minBytes: 0, ...changes });
  return plane.call(fetch, request, 12);
}

test("fetch.max.bytes bounds what a request may ask for", async () => {
  const plane = await open([["fetch.max.bytes", "2000"]]);
  for (let i = 0; i < 4; i++) await answer(plane, { size: 900, acks: -1 });
  const { responses } = await fetched(plane);
  expect(responses[0]?.partitions[0]?.records?.length).toBe(2000);
});

test("max.incremental.fetch.session.cache.slots bounds the sessions", async () => {
  const plane = await open([["max.incremental.fetch.session.cache.slots", "1"]]);
  expect((await fetched(plane, { sessionEpoch: 0 })).sessionId).toBeGreaterThan(0);
  expect((await fetched(plane, { sessionEpoch: 0 })).sessionId).toBe(0);
});

test("log.retention.check.interval.ms: what is too old goes at the next check", async () => {
  const plane = await open([["log.retention.check.interval.ms", "60000"]]);
  plane.replicas.start();
  await plane.clock.run(30_000); // log.initial.task.delay.ms: the first check
  await plane.configure("orders", { "retention.ms": "1000" });
  await answer(plane, { acks: -1 });
  await plane.clock.run(59_000);
  const log = plane.replicas.get("orders", 0)?.log;
  expect(log?.logStartOffset).toBe(0);
  await plane.clock.run(1_000);
  expect(log?.logStartOffset).toBe(1);
});

test("replica.high.watermark.checkpoint.interval.ms: the high watermark is on disk after it", async () => {
  const plane = await open([["replica.high.watermark.checkpoint.interval.ms", "2000"]]);
  plane.replicas.start();
  await answer(plane, { acks: -1 });
  const checkpoint = (): string => {
    const file = "/data/replication-offset-checkpoint";
    return plane.disk.info(file) === null ? "" : new TextDecoder().decode(plane.disk.contentOf(file));
  };
  expect(checkpoint()).not.toContain("orders 0 1");
  await plane.clock.run(2_000);
  await plane.settle();
  expect(checkpoint()).toContain("orders 0 1");
});

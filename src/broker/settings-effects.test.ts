/**
 * Each setting of a topic or of its broker default does what it says, and a change takes effect without a restart. The
 * node is whole; its clock, disk and network are in memory.
 */
import { afterEach, expect, test } from "bun:test";
import { errorName } from "../../protocol/errors.ts";
import * as batch from "../../protocol/records/batch.ts";
import { codecOf } from "../../protocol/records/codecs.ts";
import type { TopicConfigName } from "../config/table.ts";
import {
  alterCluster,
  alterTopic,
  createTopic,
  fetch,
  files,
  metadata,
  produce,
  record,
  segments,
  startOffset,
} from "./testing/admin.ts";
import { MemoryNode } from "./testing/memory-node.ts";

let running: MemoryNode | null = null;

async function start(settings: Readonly<Record<string, string>> = {}): Promise<MemoryNode> {
  running = await MemoryNode.start(settings);
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = null;
});

/** Runs the test twice: the change is made for the topic, then for all brokers. */
function both(
  topicName: TopicConfigName,
  brokerName: string,
  value: string,
  effect: (node: MemoryNode, topic: string, change: () => Promise<void>) => Promise<void>,
  configs: Readonly<Record<string, string>> = {},
): void {
  test(`${topicName}=${value} of a topic`, async () => {
    const node = await start();
    await createTopic(node, "orders", configs);
    await effect(node, "orders", () => alterTopic(node, "orders", { [topicName]: value }));
  });
  test(`${brokerName}=${value} of all brokers`, async () => {
    const node = await start();
    await createTopic(node, "orders", configs);
    await effect(node, "orders", () => alterCluster(node, { [brokerName]: value }));
  });
}

const DAY_MS = 86_400_000;

both("max.message.bytes", "message.max.bytes", "1000", async (node, topic, change) => {
  const records = [record(node, 2000)];
  expect((await produce(node, topic, { records })).error).toBe("NONE");
  await change();
  expect((await produce(node, topic, { records })).error).toBe("MESSAGE_TOO_LARGE");
});

both("message.timestamp.type", "log.message.timestamp.type", "LogAppendTime", async (node, topic, change) => {
  expect((await produce(node, topic)).logAppendTimeMs).toBe(-1);
  await change();
  expect((await produce(node, topic)).logAppendTimeMs).toBeGreaterThan(0);
});

both("message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms", "1000", async (node, topic, change) => {
  const records = [record(node, 10, node.clock.nowMs() - 5000)];
  expect((await produce(node, topic, { records })).error).toBe("NONE");
  await change();
  expect((await produce(node, topic, { records })).error).toBe("INVALID_TIMESTAMP");
});

both("message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms", "1000", async (node, topic, change) => {
  const later = () => [record(node, 10, node.clock.nowMs() + 60_000)];
  expect((await produce(node, topic, { records: later() })).error).toBe("NONE");
  await change();
  expect((await produce(node, topic, { records: later() })).error).toBe("INVALID_TIMESTAMP");
});

both("compression.type", "compression.type", "gzip", async (node, topic, change) => {
  await produce(node, topic);
  await change();
  const { offset } = await produce(node, topic);
  expect(codecOf(batch.compressionId(await fetch(node, topic, 0, 100), 0))).toBe("none");
  expect(codecOf(batch.compressionId(await fetch(node, topic, offset), 0))).toBe("gzip");
});

/** Words that compress to another size with each level. */
function prose(): Uint8Array {
  let seed = 1;
  const word = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return `w${seed % 997} `;
  };
  return new TextEncoder().encode(Array.from({ length: 20_000 }, word).join(""));
}

for (const [codec, name, level] of [
  ["gzip", "compression.gzip.level", "1"],
  ["zstd", "compression.zstd.level", "19"],
] as const) {
  both(
    name,
    name,
    level,
    async (node, topic, change) => {
      const records = [{ timestamp: node.clock.nowMs(), key: null, value: prose() }];
      await produce(node, topic, { records });
      await change();
      const { offset } = await produce(node, topic, { records });
      const before = (await fetch(node, topic, 0, 1)).length;
      expect((await fetch(node, topic, offset)).length).not.toBe(before);
    },
    { "compression.type": codec },
  );
}

both(
  "cleanup.policy",
  "log.cleanup.policy",
  "compact",
  async (node, topic, change) => {
    for (let count = 0; count < 3; count++) await produce(node, topic);
    await change();
    expect((await produce(node, topic)).error).toBe("INVALID_RECORD"); // without a key
    await node.clock.run(900_000, 1000);
    expect(await startOffset(node, topic)).toBe(0);
    await alterTopic(node, topic, { "cleanup.policy": "delete" });
    await node.clock.run(900_000, 1000);
    expect(await startOffset(node, topic)).toBe(3);
  },
  { "internal.segment.bytes": "300", "retention.ms": "60000" },
);

both("segment.bytes", "log.segment.bytes", "1048576", async (node, topic, change) => {
  const records = [record(node, 700_000)];
  await produce(node, topic, { records });
  await produce(node, topic, { records });
  expect(segments(node, topic)).toBe(1);
  await change();
  await produce(node, topic, { records });
  expect(segments(node, topic)).toBe(2);
});

test("internal.segment.bytes goes below the public minimum", async () => {
  const node = await start();
  await createTopic(node, "orders", { "internal.segment.bytes": "300" });
  for (let count = 0; count < 3; count++) await produce(node, "orders");
  expect(segments(node, "orders")).toBe(3);
});

both("segment.ms", "log.roll.ms", "60000", async (node, topic, change) => {
  await produce(node, topic);
  await node.clock.run(120_000, 1000);
  await produce(node, topic);
  expect(segments(node, topic)).toBe(1);
  await change();
  await produce(node, topic);
  expect(segments(node, topic)).toBe(2);
});

/** Retention looks at sealed segments, so each record gets one. */
const small = { "internal.segment.bytes": "300" };

both(
  "retention.ms",
  "log.retention.ms",
  "60000",
  async (node, topic, change) => {
    for (let count = 0; count < 3; count++) await produce(node, topic);
    await node.clock.run(600_000, 1000);
    expect(await startOffset(node, topic)).toBe(0);
    await change();
    await node.clock.run(600_000, 1000);
    expect(await startOffset(node, topic)).toBe(3);
  },
  small,
);

both(
  "retention.bytes",
  "log.retention.bytes",
  "300",
  async (node, topic, change) => {
    for (let count = 0; count < 4; count++) await produce(node, topic);
    await node.clock.run(600_000, 1000);
    expect(await startOffset(node, topic)).toBe(0);
    await change();
    await node.clock.run(600_000, 1000);
    expect(await startOffset(node, topic)).toBeGreaterThan(0);
  },
  small,
);

both(
  "file.delete.delay.ms",
  "log.segment.delete.delay.ms",
  String(DAY_MS),
  async (node, topic, change) => {
    await change();
    for (let count = 0; count < 3; count++) await produce(node, topic);
    await node.clock.run(900_000, 1000);
    expect(await startOffset(node, topic)).toBe(3);
    expect(files(node, topic).some(({ name }) => name.endsWith(".log.deleted"))).toBe(true);
  },
  { ...small, "retention.ms": "60000" },
);

both("index.interval.bytes", "log.index.interval.bytes", "0", async (node, topic, change) => {
  const entries = () => files(node, topic).find(({ name }) => name.endsWith(".index"))?.sizeBytes as number;
  await produce(node, topic);
  await change();
  await node.stop();
  running = null;
  const before = entries();
  const again = await MemoryNode.start({}, node.disk);
  running = again;
  for (let count = 0; count < 4; count++) await produce(again, topic);
  await again.stop();
  running = null;
  expect(entries()).toBeGreaterThan(before);
});

both("preallocate", "log.preallocate", "true", async (node, topic, change) => {
  await change();
  await alterTopic(node, topic, { "segment.bytes": "1048576" });
  for (let count = 0; count < 2; count++) await produce(node, topic, { records: [record(node, 700_000)] });
  const last = files(node, topic)
    .filter(({ name }) => name.endsWith(".log"))
    .at(-1);
  expect(last?.sizeBytes).toBe(1_048_576);
});

both("segment.index.bytes", "log.index.size.max.bytes", "4096", async (node, topic, change) => {
  const indexBytes = () => files(node, topic).findLast(({ name }) => name.endsWith(".index"))?.sizeBytes;
  await produce(node, topic, { records: [record(node, 700_000)] });
  expect(indexBytes()).toBe(10_485_760);
  await change();
  await alterTopic(node, topic, { "segment.bytes": "1048576" });
  await produce(node, topic, { records: [record(node, 700_000)] });
  expect(indexBytes()).toBe(4096);
});

for (const [name, value] of [
  ["log.roll.jitter.hours", "1"],
  ["log.roll.jitter.ms", "60000"],
  ["segment.jitter.ms", "60000"],
] as const) {
  test(`${name} takes a random part off the roll age`, async () => {
    const node = await start({ "log.roll.ms": "60000", ...(name === "segment.jitter.ms" ? {} : { [name]: value }) });
    const topics = ["a", "b", "c", "d", "e", "f"];
    for (const topic of topics) await createTopic(node, topic, name === "segment.jitter.ms" ? { [name]: value } : {});
    for (const topic of topics) await produce(node, topic);
    await node.clock.run(50_000, 1000);
    for (const topic of topics) await produce(node, topic);
    expect(topics.some((topic) => segments(node, topic) === 2)).toBe(true);
  });
}

/** How often the active segment of partition 0 was synced. */
function countSyncs(node: MemoryNode, topic: string): () => number {
  let syncs = 0;
  node.disk.fault = (operation, path) => {
    if (operation === "sync" && path.startsWith(`/data/${topic}-0/`) && path.endsWith(".log")) syncs++;
    return null;
  };
  return () => syncs;
}

for (const [topicName, brokerName, value] of [
  ["flush.messages", "log.flush.interval.messages", "2"],
  ["flush.ms", "log.flush.interval.ms", "1000"],
] as const) {
  for (const level of ["a topic", "all brokers"]) {
    test(`${topicName} of ${level} syncs what nobody waits for`, async () => {
      const node = await start({ "odradek.flush.before.ack": "false" });
      await createTopic(node, "orders");
      const syncs = countSyncs(node, "orders");
      for (let count = 0; count < 3; count++) await produce(node, "orders");
      await node.clock.run(5000, 50);
      expect(syncs()).toBe(0);
      if (level === "a topic") await alterTopic(node, "orders", { [topicName]: value });
      else await alterCluster(node, { [brokerName]: value });
      for (let count = 0; count < 3; count++) await produce(node, "orders");
      await node.clock.run(5000, 50);
      expect(syncs()).toBeGreaterThan(0);
    });
  }
}

test("log.flush.scheduler.interval.ms says how long records stay unsynced where nothing else does", async () => {
  const node = await start({ "odradek.flush.before.ack": "false", "log.flush.scheduler.interval.ms": "1000" });
  await createTopic(node, "orders");
  const syncs = countSyncs(node, "orders");
  await produce(node, "orders");
  await node.clock.run(900, 50);
  expect(syncs()).toBe(0);
  await node.clock.run(200, 50);
  expect(syncs()).toBe(1);
});

test("log.retention.hours and minutes, and log.roll.hours, stand in for milliseconds that are not set", async () => {
  const node = await start({ "log.retention.minutes": "1", "log.retention.hours": "100", "log.roll.hours": "1" });
  await createTopic(node, "orders");
  await produce(node, "orders");
  await node.clock.run(4_000_000, 10_000);
  await produce(node, "orders");
  expect(await startOffset(node, "orders")).toBe(1);
});

test("log.retention.check.interval.ms says when old segments are looked for", async () => {
  const node = await start({ "log.retention.check.interval.ms": "1000", "log.retention.ms": "100" });
  await createTopic(node, "orders", small);
  for (let count = 0; count < 2; count++) await produce(node, "orders");
  await node.clock.run(40_000, 500);
  expect(await startOffset(node, "orders")).toBe(2);
});

test("num.partitions and default.replication.factor are for topics that say nothing", async () => {
  const node = await start({ "num.partitions": "3" });
  await createTopic(node, "orders", {}, -1);
  const { topics } = await metadata(node, "orders");
  expect(topics[0]?.partitions.length).toBe(3);
  await node.stop();
  running = null;
  const wide = await start({ "default.replication.factor": "2" });
  await expect(createTopic(wide, "payments")).rejects.toThrow("The target replication factor of 2 cannot be reached");
});

test("auto.create.topics.enable lets a client create a topic by asking for it", async () => {
  const node = await start();
  await metadata(node, "orders");
  await node.clock.run(100, 5);
  expect((await metadata(node, "orders")).topics[0]?.errorCode).toBe(0);
  await node.stop();
  const closed = await start({ "auto.create.topics.enable": "false" });
  await metadata(closed, "orders");
  await closed.clock.run(100, 5);
  expect(errorName((await metadata(closed, "orders")).topics[0]?.errorCode as number)).toBe(
    "UNKNOWN_TOPIC_OR_PARTITION",
  );
});

test("fetch.max.bytes bounds a reply", async () => {
  const node = await start({ "fetch.max.bytes": "1024" });
  await createTopic(node, "orders");
  for (let count = 0; count < 5; count++) await produce(node, "orders", { records: [record(node, 900)] });
  expect((await fetch(node, "orders")).length).toBeLessThan(2000);
});

test("odradek.recovery.point.bytes of closed segments: the recovery points are written at once", async () => {
  const node = await start();
  await createTopic(node, "orders", { "internal.segment.bytes": "1000" });
  const recoveryPoint = () => {
    const text = new TextDecoder().decode(node.disk.contentOf("/data/recovery-point-offset-checkpoint"));
    return Number(/orders 0 (\d+)/.exec(text)?.[1] ?? 0);
  };
  const close = async () => {
    const before = segments(node, "orders");
    while (segments(node, "orders") < before + 3) await produce(node, "orders");
    await node.clock.run(100);
  };
  await close();
  expect(recoveryPoint()).toBe(0);
  await alterCluster(node, { "odradek.recovery.point.bytes": "2000" });
  await close();
  expect(recoveryPoint()).toBeGreaterThan(0);
});

/**
 * Each setting of compaction does what it says, and a change takes effect without a restart, on a whole node in memory.
 */
import { afterEach, expect, test } from "bun:test";
import * as batch from "../../protocol/records/batch.ts";
import { readRecords } from "../../protocol/records/cursor.ts";
import type { TopicConfigName } from "../config/table.ts";
import { alterCluster, alterTopic, createTopic, fetch, produce, startOffset } from "./testing/admin.ts";
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

const utf8 = new TextEncoder();
/** Every batch gets a segment, and the last one is active: it is not compacted. */
const small = { "internal.segment.bytes": "250", "segment.index.bytes": "4096", "segment.ms": "1000000000000" };
const compact = { ...small, "cleanup.policy": "compact" };
const BACKOFF_MS = 15_000;

/** One record of 100 bytes, or a tombstone. */
async function write(node: MemoryNode, topic: string, key: string, value: Uint8Array | null = new Uint8Array(150)) {
  const records = [{ timestamp: node.clock.nowMs(), key: utf8.encode(key), value }];
  expect((await produce(node, topic, { records })).error).toBe("NONE");
}

async function writeAll(node: MemoryNode, topic: string, keys: readonly string[]): Promise<void> {
  for (const key of keys) await write(node, topic, key);
}

/** "a1" is key a at offset 1; a tombstone has a cross before it. */
async function left(node: MemoryNode, topic: string): Promise<string[]> {
  const found: string[] = [];
  for (let offset = await startOffset(node, topic); ; ) {
    const bytes = await fetch(node, topic, offset);
    if (bytes.length === 0) return found;
    for (let at = 0; at < bytes.length; at += batch.sizeBytes(bytes, at)) {
      for (const record of readRecords(bytes, at)) {
        found.push(
          `${record.value === null ? "x" : ""}${new TextDecoder().decode(record.key as Uint8Array)}${record.offset}`,
        );
      }
      offset = batch.lastOffset(bytes, at) + 1;
    }
  }
}

const rest = (node: MemoryNode, ms = 2 * BACKOFF_MS): Promise<void> => node.clock.run(ms, 500);

type Effect = (node: MemoryNode, topic: string, change: () => Promise<void>) => Promise<void>;

/** Runs the test twice: the change is made for the topic, then for all brokers. */
function both(topicName: TopicConfigName, brokerName: string, value: string, configs: object, effect: Effect): void {
  test(`${topicName}=${value} of a topic`, async () => {
    const node = await start();
    await createTopic(node, "orders", { ...configs });
    await effect(node, "orders", () => alterTopic(node, "orders", { [topicName]: value }));
  });
  test(`${brokerName}=${value} of all brokers`, async () => {
    const node = await start();
    await createTopic(node, "orders", { ...configs });
    await effect(node, "orders", () => alterCluster(node, { [brokerName]: value }));
  });
}

both("cleanup.policy", "log.cleanup.policy", "compact", small, async (node, topic, change) => {
  await writeAll(node, topic, ["a", "b", "a", "a"]);
  await rest(node);
  expect(await left(node, topic)).toEqual(["a0", "b1", "a2", "a3"]);
  await change();
  await rest(node);
  expect(await left(node, topic)).toEqual(["b1", "a2", "a3"]);
});

both("min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio", "0.1", compact, async (node, topic, change) => {
  await writeAll(node, topic, ["a", "b", "c", "d", "a"]);
  await rest(node);
  await writeAll(node, topic, ["b", "c"]);
  await rest(node);
  expect(await left(node, topic)).toEqual(["a0", "b1", "c2", "d3", "a4", "b5", "c6"]); // a third is new, not half
  await change();
  await rest(node);
  expect(await left(node, topic)).toEqual(["c2", "d3", "a4", "b5", "c6"]);
});

both("min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms", "600000", compact, async (node, topic, change) => {
  await change();
  await writeAll(node, topic, ["a", "a", "a"]);
  await rest(node, 300_000);
  expect(await left(node, topic)).toEqual(["a0", "a1", "a2"]);
  await rest(node, 400_000);
  expect(await left(node, topic)).toEqual(["a1", "a2"]);
});

const never = { ...compact, "min.cleanable.dirty.ratio": "1" };
both("max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms", "60000", never, async (node, topic, change) => {
  await writeAll(node, topic, ["a", "a", "a"]);
  await rest(node, 120_000);
  expect(await left(node, topic)).toEqual(["a0", "a1", "a2"]);
  await change();
  await rest(node);
  expect(await left(node, topic)).toEqual(["a1", "a2"]);
});

const eager = { ...compact, "min.cleanable.dirty.ratio": "0.01" };
const deleteThenWrite: Effect = async (node, topic, change) => {
  await change();
  await write(node, topic, "a");
  await write(node, topic, "a", null);
  await writeAll(node, topic, ["b", "c"]);
  await rest(node);
  expect((await left(node, topic)).slice(0, 1)).toEqual(["xa1"]); // it stays at first: a reader may be on its way
  await rest(node, 120_000);
  await writeAll(node, topic, ["d", "e"]);
  await rest(node);
};
both("delete.retention.ms", "log.cleaner.delete.retention.ms", "60000", eager, async (node, topic, change) => {
  await deleteThenWrite(node, topic, change);
  expect(await left(node, topic)).toEqual(["b2", "c3", "d4", "e5"]);
});

test("a tombstone stays for a day where nothing else is said", async () => {
  const node = await start();
  await createTopic(node, "orders", eager);
  await deleteThenWrite(node, "orders", async () => {});
  expect((await left(node, "orders"))[0]).toBe("xa1");
});

test("cleanup.policy=compact,delete compacts, and deletes by retention", async () => {
  const node = await start();
  await createTopic(node, "orders", { ...small, "cleanup.policy": "compact,delete", "retention.ms": "600000" });
  await writeAll(node, "orders", ["a", "a", "b"]);
  await rest(node);
  expect(await left(node, "orders")).toEqual(["a1", "b2"]);
  await rest(node, 700_000);
  expect(await left(node, "orders")).toEqual([]);
});

test("log.cleaner.enable=false compacts nothing", async () => {
  const node = await start({ "log.cleaner.enable": "false" });
  await createTopic(node, "orders", compact);
  await writeAll(node, "orders", ["a", "a", "a"]);
  await rest(node, 100_000);
  expect(await left(node, "orders")).toEqual(["a0", "a1", "a2"]);
});

test("log.cleaner.backoff.ms is the rest where nothing is to be done", async () => {
  const node = await start({ "log.cleaner.backoff.ms": "100000" });
  await createTopic(node, "orders", eager);
  await writeAll(node, "orders", ["a", "a", "a"]);
  await rest(node, 50_000);
  expect(await left(node, "orders")).toEqual(["a0", "a1", "a2"]);
  await alterCluster(node, { "log.cleaner.backoff.ms": "1000" });
  await rest(node, 60_000);
  expect(await left(node, "orders")).toEqual(["a1", "a2"]);
  await writeAll(node, "orders", ["a"]);
  await rest(node, 2_000);
  expect(await left(node, "orders")).toEqual(["a2", "a3"]);
});

const keys = Array.from({ length: 12 }, (_, n) => `key${n}`);
const thrice = [1, 2, 3].flatMap(() => keys);
const said = (node: MemoryNode, what: RegExp) => node.lines.filter((line) => what.test(line)).length;

test("log.cleaner.dedupe.buffer.size and log.cleaner.io.buffer.load.factor say how many keys go at once", async () => {
  const node = await start({
    "log.cleaner.dedupe.buffer.size": "2000000", // 83,333 keys of 24 bytes
    "log.cleaner.io.buffer.load.factor": "0.0001",
  });
  await createTopic(node, "orders", eager);
  await writeAll(node, "orders", thrice);
  await rest(node);
  expect(said(node, /orders-0 is compacted .* 8 keys/)).toBeGreaterThan(1);
  await alterCluster(node, { "log.cleaner.io.buffer.load.factor": "0.00006" });
  await writeAll(node, "orders", thrice);
  await rest(node);
  expect(said(node, /orders-0 is compacted .* 4 keys/)).toBeGreaterThan(1);
  await alterCluster(node, { "log.cleaner.dedupe.buffer.size": "4000000" });
  await writeAll(node, "orders", thrice);
  await rest(node);
  expect(said(node, /orders-0 is compacted .* 9 keys/)).toBeGreaterThan(1);
}, 60_000);

test("log.cleaner.io.max.bytes.per.second slows compaction down", async () => {
  const node = await start({ "log.cleaner.io.max.bytes.per.second": "500" });
  await createTopic(node, "orders", compact);
  await writeAll(node, "orders", thrice); // 8 kB, read twice: half a minute
  await rest(node, 30_000);
  expect(said(node, /orders-0 is compacted/)).toBe(0);
  await rest(node, 30_000);
  expect(said(node, /orders-0 is compacted/)).toBe(1);
}, 60_000);

test.each([
  [{}, 262_144],
  [{ "log.cleaner.io.buffer.size": "65536" }, 32_768],
] as const)(
  "log.cleaner.io.buffer.size is for reading and writing: %p",
  async (settings, half) => {
    const node = await start(settings);
    await createTopic(node, "orders", { ...eager, "internal.segment.bytes": "300000" });
    for (let n = 0; n < 70; n++) await write(node, "orders", `${n % 10}`, new Uint8Array(9000));
    let most = 0;
    const read = node.disk.readInto.bind(node.disk);
    node.disk.readInto = (file, position, into) => {
      most = Math.max(most, into.length);
      return read(file, position, into);
    };
    await rest(node);
    expect(said(node, /orders-0 is compacted/)).toBe(1);
    expect(most).toBe(half);
  },
  60_000,
);

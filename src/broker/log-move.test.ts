/** Partitions move between the log directories of a node while it is used, and whatever a crash leaves is one log. */
import { afterEach, describe, expect, test } from "bun:test";
import type { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { errorName } from "../../protocol/errors.ts";
import { AlterReplicaLogDirs } from "../../protocol/generated/alter-replica-log-dirs.ts";
import { DeleteTopics } from "../../protocol/generated/delete-topics.ts";
import { DescribeLogDirs } from "../../protocol/generated/describe-log-dirs.ts";
import { alterCluster, createTopic, deleteRecords, fetch, produce, record, startOffset } from "./testing/admin.ts";
import { MemoryNode } from "./testing/memory-node.ts";

const settings = { "log.dirs": "/a,/b", "log.segment.bytes": "1048576", "log.index.size.max.bytes": "4096" };

let running: MemoryNode | null = null;
async function start(disk?: MemoryDisk, more: Readonly<Record<string, string>> = {}): Promise<MemoryNode> {
  running = await MemoryNode.start({ ...settings, ...more }, disk);
  return running;
}
afterEach(async () => {
  await running?.stop();
  running = null;
});

async function move(node: MemoryNode, path: string, topic = "orders"): Promise<string> {
  const topics = [{ name: topic, partitions: [0] }];
  const reply = await node.call(AlterReplicaLogDirs, 2, { dirs: [{ path, topics }] });
  return errorName(reply.results[0]?.partitions[0]?.errorCode as number);
}

/** The directories that the node says the partition is in; with a * those where it will be. */
async function places(node: MemoryNode): Promise<string[]> {
  const reply = await node.call(DescribeLogDirs, 4, { topics: [{ topic: "orders", partitions: [0] }] });
  return reply.results.flatMap(({ logDir, topics }) =>
    topics.flatMap(({ partitions }) => partitions.map(({ isFutureKey }) => (isFutureKey ? `${logDir}*` : logDir))),
  );
}

const names = (node: MemoryNode, path: string) =>
  node.disk
    .list(path)
    .map(({ name }) => name)
    .filter((name) => name.startsWith("orders"));

interface Filled {
  readonly node: MemoryNode;
  readonly from: string;
  readonly to: string;
}

async function filled(batches: number, more: Readonly<Record<string, string>> = {}): Promise<Filled> {
  const node = await start(undefined, more);
  await createTopic(node, "orders", { "delete.retention.ms": "1" });
  for (let n = 0; n < batches; n++) await produce(node, "orders", { records: [record(node, 300_000)] });
  const [from] = (await places(node)) as [string];
  return { node, from, to: from === "/a" ? "/b" : "/a" };
}

async function settled(node: MemoryNode): Promise<void> {
  for (let n = 0; n < 200 && (await places(node)).length > 1; n++) await node.clock.run(10, 1);
  await node.clock.run(50, 5);
}

const RATE = "replica.alter.log.dirs.io.max.bytes.per.second";

describe("a partition that moves to another directory", () => {
  test("is there with all its records, those that came meanwhile included", async () => {
    const { node, from, to } = await filled(12);
    expect(await move(node, to)).toBe("NONE");
    expect(names(node, to)[0]).toMatch(/^orders-0\.[0-9a-f]{32}-future$/);
    let produced = 12;
    for (let n = 0; n < 30; n++) if ((await produce(node, "orders")).offset === produced) produced++;
    await settled(node);
    expect(produced).toBe(42);
    expect(await places(node)).toEqual([to]);
    expect(names(node, to)).toEqual(["orders-0"]);
    expect(names(node, from)[0]).toMatch(/^orders-0\.[0-9a-f]{32}-delete$/);
    expect(await produce(node, "orders")).toMatchObject({ error: "NONE", offset: 42 });
    const bytes = await fetch(node, "orders", 41);
    await node.clock.run(60_000, 1000);
    expect(names(node, from)).toEqual([]);
    await node.stop();
    const again = await start(node.disk);
    expect(await places(again)).toEqual([to]);
    expect(await fetch(again, "orders", 41)).toEqual(bytes);
    expect(await produce(again, "orders")).toMatchObject({ error: "NONE", offset: 43 });
  });

  test("takes along a log that begins within a batch", async () => {
    const node = await start();
    await createTopic(node, "orders");
    const records = [record(node, 1000), record(node, 1000), record(node, 1000)];
    for (let n = 0; n < 4; n++) await produce(node, "orders", { records });
    expect(await deleteRecords(node, "orders", 4)).toBe("NONE");
    const bytes = await fetch(node, "orders", 4);
    const [from] = (await places(node)) as [string];
    const to = from === "/a" ? "/b" : "/a";
    expect(await move(node, to)).toBe("NONE");
    await settled(node);
    expect(await places(node)).toEqual([to]);
    expect([await startOffset(node, "orders"), await fetch(node, "orders", 4)]).toEqual([4, bytes]);
    await node.stop();
    expect(await startOffset(await start(node.disk), "orders")).toBe(4);
  });

  test("begins anew where the log lost to a deletion what it had not copied yet", async () => {
    const { node, to } = await filled(12);
    await alterCluster(node, { [RATE]: "1" });
    expect(await move(node, to)).toBe("NONE");
    await node.clock.run(1_000, 20);
    expect(await deleteRecords(node, "orders", 9)).toBe("NONE");
    await alterCluster(node, { [RATE]: "100000000" });
    await node.clock.run(2_000, 20);
    expect([await places(node), await startOffset(node, "orders")]).toEqual([[to], 9]);
    expect(await produce(node, "orders")).toMatchObject({ error: "NONE", offset: 12 });
  });

  test("may turn back, and be deleted, on its way", async () => {
    const { node, from, to } = await filled(12);
    expect(await move(node, to)).toBe("NONE");
    expect(await move(node, from)).toBe("NONE");
    await settled(node);
    expect(await places(node)).toEqual([from]);
    expect(await move(node, to)).toBe("NONE");
    const reply = await node.call(DeleteTopics, 5, { topics: [], topicNames: ["orders"], timeoutMs: 1000 });
    expect(reply.responses[0]?.errorCode).toBe(0);
    await node.clock.run(100_000, 1000);
    expect([names(node, from), names(node, to)]).toEqual([[], []]);
  });

  test("stays where it is when the other directory fails", async () => {
    const { node, from, to } = await filled(12);
    node.disk.fault = (operation, path) =>
      operation === "write" && path.startsWith(`${to}/orders`) && path.endsWith(".log") ? "EIO" : null;
    expect(await move(node, to)).toBe("NONE");
    await settled(node);
    expect(await places(node)).toEqual([from]);
    expect(await produce(node, "orders")).toMatchObject({ error: "NONE", offset: 12 });
    expect(await move(node, to)).toBe("KAFKA_STORAGE_ERROR");
  });

  test("is asked for in vain where there is nothing to move, or nowhere", async () => {
    const { node, from } = await filled(1);
    expect(await move(node, from)).toBe("NONE");
    expect(await move(node, "/c")).toBe("LOG_DIR_NOT_FOUND");
    expect(await move(node, from, "unknown")).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    expect(await move(node, from, "x".repeat(230))).toBe("INVALID_TOPIC_EXCEPTION");
  });

  const WINDOW = "alter.log.dirs.replication.quota.window";

  /** Of 3.6 MB. */
  async function throttledSeconds(rate: number, more: Readonly<Record<string, string>> = {}): Promise<number> {
    const { node, to } = await filled(12, more);
    await alterCluster(node, { [RATE]: String(rate) });
    expect(await move(node, to)).toBe("NONE");
    const beginMs = node.clock.ticksMs();
    while ((await places(node)).length > 1) await node.clock.run(20, 1);
    return (node.clock.ticksMs() - beginMs) / 1000;
  }

  test(`waits for ${RATE}, but for the last megabyte`, async () => {
    const seconds = await throttledSeconds(500_000);
    expect(seconds).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(7);
  });

  test(`hears of another ${RATE} on its way`, async () => {
    const { node, to } = await filled(12);
    await alterCluster(node, { [RATE]: "1" });
    expect(await move(node, to)).toBe("NONE");
    await node.clock.run(9_000, 100);
    expect((await places(node)).length).toBe(2);
    await alterCluster(node, { [RATE]: "100000000" });
    await node.clock.run(2_000, 20);
    expect(await places(node)).toEqual([to]);
  });

  test(`alter.log.dirs.replication.quota.window.size.seconds: what a sample has room for goes at once`, async () => {
    expect(await throttledSeconds(500_000, { [`${WINDOW}.size.seconds`]: "10" })).toBeLessThan(1);
  });

  test(`alter.log.dirs.replication.quota.window.num: older samples are forgotten`, async () => {
    expect(await throttledSeconds(200_000, { [`${WINDOW}.num`]: "11" })).toBeGreaterThan(10);
    expect(await throttledSeconds(200_000, { [`${WINDOW}.num`]: "1" })).toBeLessThan(6);
  });
});

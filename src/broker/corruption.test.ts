/** What was not written is refused; `odradek.on.corruption` says whether its log directory goes offline with it. */
import { afterEach, expect, test } from "bun:test";
import type { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { alterCluster, createTopic, fetchPartition, produce } from "./testing/admin.ts";
import { MemoryNode } from "./testing/memory-node.ts";

let running: MemoryNode | null = null;

async function start(onCorruption: string, disk?: MemoryDisk): Promise<MemoryNode> {
  running = await MemoryNode.start({ "log.dirs": "/a,/b", "odradek.on.corruption": onCorruption }, disk);
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = null;
});

const logOf = (directory: string, topic: string) => `/${directory}/${topic}-0/00000000000000000000.log`;

interface Filled {
  readonly disk: MemoryDisk;
  /** Two topics of one partition in /b, the first of them damaged, and one in /a. */
  readonly damaged: string;
  readonly beside: string;
  readonly apart: string;
}

/** In a sealed segment after a clean stop, which the next start does not read, or in the only one after a kill. */
async function withDamage(stopsCleanly: boolean): Promise<Filled> {
  const node = await start("partition");
  const topics = ["t0", "t1", "t2", "t3"];
  for (const topic of topics) {
    await createTopic(node, topic, stopsCleanly ? { "internal.segment.bytes": "200" } : {});
    for (let count = 0; count < 3; count++) await produce(node, topic);
  }
  await node.clock.run(120_000, 1000); // until the checkpoints say that all of it is on the device
  if (stopsCleanly) await node.stop();
  else node.disk.kill();
  running = null;
  const isIn = (directory: string) => (topic: string) => node.disk.info(logOf(directory, topic)) !== null;
  const [damaged, beside] = topics.filter(isIn("b")) as [string, string];
  const [apart] = topics.filter(isIn("a")) as [string];
  const path = logOf("b", damaged);
  node.disk.plant(path, node.disk.contentOf(path).fill(7, 100, 110));
  return { disk: node.disk, damaged, beside, apart };
}

const read = async (node: MemoryNode, topic: string) => (await fetchPartition(node, topic, 0, 10_000, 0)).error;
const isOffline = (node: MemoryNode) => node.lines.some((line) => line.startsWith("error Log directory /b is offline"));

test("a damaged batch is refused, and the rest of its directory goes on", async () => {
  const { disk, damaged, beside } = await withDamage(true);
  const node = await start("partition", disk);
  expect(await read(node, damaged)).toBe("CORRUPT_MESSAGE");
  expect(node.lines.some((line) => line.startsWith(`error ${logOf("b", damaged)} is damaged at byte 0`))).toBe(true);
  expect((await produce(node, damaged)).offset).toBe(3);
  expect([await read(node, beside), isOffline(node)]).toEqual(["NONE", false]);
});

test("odradek.on.corruption=directory: its directory goes offline with it, the other serves", async () => {
  const { disk, damaged, beside, apart } = await withDamage(true);
  const node = await start("partition", disk);
  await alterCluster(node, { "odradek.on.corruption": "directory" });
  expect(await read(node, beside)).toBe("NONE");
  await read(node, damaged);
  expect(isOffline(node)).toBe(true);
  await node.clock.run(1000, 5);
  for (const topic of [damaged, beside]) {
    expect(["KAFKA_STORAGE_ERROR", "NOT_LEADER_OR_FOLLOWER"]).toContain((await produce(node, topic)).error);
  }
  expect((await produce(node, apart)).offset).toBe(3);
});

test.each(["partition", "directory"])("odradek.on.corruption=%s: damage found by recovery", async (onCorruption) => {
  const { disk, damaged, beside, apart } = await withDamage(false);
  const node = await start(onCorruption, disk);
  const unavailable = ["KAFKA_STORAGE_ERROR", "NOT_LEADER_OR_FOLLOWER"];
  expect(isOffline(node)).toBe(onCorruption === "directory");
  expect(unavailable).toContain(await read(node, damaged));
  if (onCorruption === "directory") expect(unavailable).toContain(await read(node, beside));
  else expect(await read(node, beside)).toBe("NONE");
  expect(await read(node, apart)).toBe("NONE");
});

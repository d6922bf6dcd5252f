/** A log directory that does not answer at the start (KIP-112): the others serve, and what it holds stays its own. */
import { afterEach, describe, expect, test } from "bun:test";
import type { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { errorName } from "../../protocol/errors.ts";
import { DescribeLogDirs } from "../../protocol/generated/describe-log-dirs.ts";
import { createTopic, fetch, fetchPartition, produce } from "./testing/admin.ts";
import { MemoryNode } from "./testing/memory-node.ts";

const PARTITIONS = 4;
const settings = { "log.dirs": "/a,/b" };

let running: MemoryNode | null = null;
async function start(disk?: MemoryDisk): Promise<MemoryNode> {
  running = await MemoryNode.start(settings, disk);
  return running;
}
afterEach(async () => {
  await running?.stop().catch(() => {});
  running = null;
});

async function directoriesOf(node: MemoryNode) {
  const reply = await node.call(DescribeLogDirs, 4, { topics: null });
  return new Map(
    reply.results.map(({ logDir, errorCode, topics }) => [
      logDir,
      {
        error: errorName(errorCode),
        topics: topics.filter(({ partitions }) => partitions.length > 0).map(({ name }) => name),
      },
    ]),
  );
}

/** A record in each of several topics of one partition, which the node spreads over both directories. */
async function filled(): Promise<{ disk: MemoryDisk; inA: string[]; inB: string[] }> {
  const node = await start();
  for (let n = 0; n < PARTITIONS; n++) {
    await createTopic(node, `topic-${n}`);
    await produce(node, `topic-${n}`);
  }
  const found = await directoriesOf(node);
  await node.stop();
  return { disk: node.disk, inA: found.get("/a")?.topics ?? [], inB: found.get("/b")?.topics ?? [] };
}

const failures: readonly (readonly [what: string, fails: (operation: string, path: string) => boolean])[] = [
  ["nothing of it can be read or written", (_, path) => path === "/b" || path.startsWith("/b/")],
  ["its lock cannot be taken", (_, path) => path === "/b/.lock"],
  ["its meta.properties cannot be read", (_, path) => path === "/b/meta.properties"],
  ["nobody can tell whether a metadata log is in it", (_, path) => path === "/b/__cluster_metadata-0"],
];

describe.each(failures)("a log directory: %s", (_, fails) => {
  test("the other serves, and it serves again when its disk does", async () => {
    const { disk, inA, inB } = await filled();
    expect([inA.length, inB.length]).toEqual([PARTITIONS / 2, PARTITIONS / 2]);
    disk.fault = (operation, path) => (fails(operation, path) ? "EIO" : null);
    const node = await start(disk);
    expect(node.lines.some((line) => line.startsWith("error Log directory /b is offline: "))).toBe(true);
    expect((await directoriesOf(node)).get("/b")?.error).toBe("KAFKA_STORAGE_ERROR");
    for (const topic of inA) expect((await produce(node, topic)).offset).toBe(1);
    for (const topic of inB) {
      expect(["KAFKA_STORAGE_ERROR", "NOT_LEADER_OR_FOLLOWER"]).toContain((await produce(node, topic)).error);
      expect((await fetchPartition(node, topic, 0, 1000, 0)).records).toHaveLength(0);
      expect(disk.info(`/a/${topic}-0`)).toBeNull();
    }
    await createTopic(node, "new");
    expect((await produce(node, "new")).error).toBe("NONE");
    await node.stop();
    disk.fault = () => null;
    const again = await start(disk);
    for (const topic of [...inA, ...inB]) expect((await fetch(again, topic)).length).toBeGreaterThan(0);
    for (const topic of inB) expect((await produce(again, topic)).offset).toBe(1);
  });
});

test("a log directory is asked who it is once: what was read cannot fail later", async () => {
  const { disk } = await filled();
  const reads: string[] = [];
  disk.fault = (operation, path) => {
    if (operation === "read" && path.endsWith("/meta.properties")) reads.push(path);
    return null;
  };
  await start(disk);
  expect(reads.sort()).toEqual(["/a/meta.properties", "/b/meta.properties"]);
});

test("without the directory of the metadata log, or before anything is formatted, there is no start", async () => {
  const { disk } = await filled();
  disk.fault = (_, path) => (path === "/a/.lock" ? "EIO" : null);
  await expect(start(disk)).rejects.toThrow("/a/.lock");
  running = null;
  const empty = (await filled()).disk;
  for (const path of ["/a/meta.properties", "/b/meta.properties"]) empty.unlink(path);
  empty.fault = (_, path) => (path.startsWith("/b") ? "EIO" : null);
  await expect(start(empty)).rejects.toThrow();
});

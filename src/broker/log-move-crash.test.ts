/**
 * The power goes at each moment of a move between log directories (AlterReplicaLogDirs), and the directory that the
 * partition was in does not answer at the next start: it alone may hold what was acknowledged last.
 */
import { expect, test } from "bun:test";
import type { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { AlterReplicaLogDirs } from "../../protocol/generated/alter-replica-log-dirs.ts";
import { createTopic, fetchPartition, produce, record } from "./testing/admin.ts";
import { MemoryNode } from "./testing/memory-node.ts";

const settings = { "log.dirs": "/a,/b", "metadata.log.dir": "/m" };

/** Of the moments of a move so many are tried, evenly. */
const STARTS = 12;

interface Moment {
  readonly disk: MemoryDisk;
  readonly acknowledged: number;
}

/** What a power cut leaves at each disk operation of a move from one directory to the other. */
async function moments(): Promise<{ from: string; seen: Moment[] }> {
  const node = await MemoryNode.start(settings);
  await createTopic(node, "orders");
  let acknowledged = 0;
  const add = async () => {
    const { error, offset } = await produce(node, "orders", { records: [record(node, 2_000)] });
    if (error === "NONE") acknowledged = offset + 1;
  };
  for (let n = 0; n < 5; n++) await add();
  const from = node.disk.info("/a/orders-0") === null ? "/b" : "/a";
  const to = from === "/a" ? "/b" : "/a";
  const seen: Moment[] = [];
  node.disk.fault = () => {
    seen.push({ disk: node.disk.crashImage("none"), acknowledged });
    return null;
  };
  await node.call(AlterReplicaLogDirs, 2, { dirs: [{ path: to, topics: [{ name: "orders", partitions: [0] }] }] });
  const adding: Promise<void>[] = [];
  for (let n = 0; n < 60 && node.disk.info(`${from}/orders-0`) !== null; n++) {
    adding.push(add());
    await node.clock.run(0, 1);
  }
  await Promise.all(adding);
  await node.clock.run(50, 5);
  expect(node.disk.info(`${from}/orders-0`)).toBeNull();
  node.disk.fault = () => null;
  await node.stop();
  return { from, seen };
}

test("a crash in a move and the loss of the old directory: nobody takes a part for the whole", async () => {
  const { from, seen } = await moments();
  const step = Math.ceil(seen.length / STARTS);
  const some = [...seen.entries()].filter(([n]) => n % step === 0);
  const wrong: string[] = [];
  let refused = 0;
  for (const [n, { disk, acknowledged }] of some) {
    disk.fault = (_, path) => (path === from || path.startsWith(`${from}/`) ? "EIO" : null);
    const node = await MemoryNode.start(settings, disk);
    const { error, offset } = await produce(node, "orders");
    if (error !== "NONE") refused++;
    else if (offset < acknowledged) wrong.push(`${n} of ${seen.length}: ${offset}, ${acknowledged} was acknowledged`);
    await node.stop();
    disk.fault = () => null;
    const again = await MemoryNode.start(settings, disk);
    const { error: readError } = await fetchPartition(again, "orders", acknowledged - 1, 1000, 0);
    if (readError !== "NONE") wrong.push(`${n} of ${seen.length}, with both: ${readError}`);
    await again.stop();
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(0);
}, 60_000);

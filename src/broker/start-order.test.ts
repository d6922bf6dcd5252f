/** At start the metadata is known first, then the logs, then partitions serve. */
import { expect, test } from "bun:test";
import { createTopic, metadata, produce } from "./testing/admin.ts";
import { MemoryNode } from "./testing/memory-node.ts";

/** The process is gone at once, what it wrote is there. */
async function killed(node: MemoryNode): Promise<MemoryNode["disk"]> {
  node.disk.crash("all");
  return node.disk;
}

test("logs are recovered with the settings of their topics", async () => {
  const first = await MemoryNode.start();
  await createTopic(first, "orders", { "segment.index.bytes": "4096" });
  expect((await produce(first, "orders")).error).toBe("NONE");
  const node = await MemoryNode.start({}, await killed(first));
  expect(node.disk.info("/data/orders-0/00000000000000000000.index")?.sizeBytes).toBe(4096);
  expect((await produce(node, "orders")).offset).toBe(1);
  await node.stop();
});

test("what is no partition's directory ends the start with one sentence", async () => {
  const first = await MemoryNode.start();
  await first.stop();
  first.disk.makeDirectory("/data/nonsense");
  await expect(MemoryNode.start({}, first.disk)).rejects.toThrow("/data/nonsense is not the directory of a partition");
});

test("logs that the metadata does not know are set aside", async () => {
  const first = await MemoryNode.start();
  await createTopic(first, "orders");
  await produce(first, "orders");
  await first.stop();
  first.disk.makeDirectory("/data/unknown-0");
  const node = await MemoryNode.start({}, first.disk);
  await node.clock.run(10, 1);
  const names = node.disk.list("/data").map(({ name }) => name);
  expect(names.some((name) => /^unknown-0\.[0-9a-f]{32}-stray$/.test(name))).toBe(true);
  expect((await metadata(node, "orders")).topics[0]?.partitions).toHaveLength(1);
  await node.stop();
});

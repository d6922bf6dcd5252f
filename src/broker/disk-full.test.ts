/** A node whose disk is full goes on with everything but records of producers. */
import { expect, test } from "bun:test";
import { errorName } from "../../protocol/errors.ts";
import { DeleteTopics } from "../../protocol/generated/delete-topics.ts";
import { alterCluster, createTopic, fetch, produce, record } from "./testing/admin.ts";
import { MemoryNode } from "./testing/memory-node.ts";

const MIB = 1 << 20;

test("odradek.disk.reserve.bytes refuses producers, and nothing else; deletion lets them go on", async () => {
  const node = await MemoryNode.start({
    "odradek.disk.reserve.bytes": String(8 * MIB),
    "log.segment.delete.delay.ms": "1000",
  });
  await createTopic(node, "orders");
  await createTopic(node, "others");
  await produce(node, "others");
  const { usableBytes } = node.disk.space("/data");
  node.disk.capacityBytes -= usableBytes - 24 * MIB;
  await node.clock.run(1000, 100); // so long what was measured before counts
  const big = { records: [record(node, 900_000)] };
  let taken = 0;
  while ((await produce(node, "orders", big)).error === "NONE") taken++;
  expect(taken).toBeGreaterThan(10);
  expect((await produce(node, "others")).error).toBe("KAFKA_STORAGE_ERROR");
  expect((await fetch(node, "others")).length).toBeGreaterThan(100);
  await createTopic(node, "more");
  await alterCluster(node, { "log.retention.ms": "1000000" });
  const reply = await node.call(DeleteTopics, 5, { topics: [], topicNames: ["orders"], timeoutMs: 1000 });
  expect(errorName(reply.responses[0]?.errorCode as number)).toBe("NONE");
  await node.clock.run(2000, 50);
  expect((await produce(node, "others")).error).toBe("NONE");
  await alterCluster(node, { "odradek.disk.reserve.bytes": String(1000 * MIB) });
  await node.clock.run(2000, 50);
  expect(node.lines.filter((line) => line.includes("producers are"))).toHaveLength(2);
  await node.stop();
});

test("a partition that found no room for its log is there once there is some", async () => {
  const node = await MemoryNode.start();
  await createTopic(node, "others");
  node.disk.fault = (operation, path) => (operation !== "space" && path.startsWith("/data/orders-0") ? "ENOSPC" : null);
  await createTopic(node, "orders");
  await node.clock.run(12_000, 500);
  expect((await produce(node, "orders")).error).toBe("KAFKA_STORAGE_ERROR");
  expect((await produce(node, "others")).error).toBe("NONE");
  node.disk.fault = () => null;
  await node.clock.run(6_000, 500);
  expect(await produce(node, "orders")).toMatchObject({ error: "NONE", offset: 0 });
  await node.stop();
});

/** Replication between brokers, over real connections and logs in memory. */
import { expect, test } from "bun:test";
import { Cluster } from "./testing/cluster.ts";

test("what acks=all has acknowledged is on every replica, byte for byte", async () => {
  const cluster = await Cluster.start(3);
  await cluster.createTopic([1, 2, 3], { "min.insync.replicas": "2" });
  const client = cluster.client(1);
  for (let i = 0; i < 20; i++) {
    const sent = cluster.produce(client, [`value ${i}`]);
    await cluster.run(20);
    expect(await sent).toEqual({ errorCode: 0, baseOffset: i });
  }
  await cluster.run(600);
  const logs = cluster.nodes.map(({ disk }) => Buffer.from(disk.contentOf("/data/orders-0/00000000000000000000.log")));
  expect(logs[1]?.equals(logs[0] as Buffer)).toBe(true);
  expect(logs[2]?.equals(logs[0] as Buffer)).toBe(true);
  expect(cluster.nodes.map((node) => node.replica().highWatermark)).toEqual([20, 20, 20]);
});

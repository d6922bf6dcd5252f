/** Replicas that catch up no faster than they may, while those in sync are not held back. */
import { expect, test } from "bun:test";
import { type MetadataRecord, record } from "../metadata/records/record.ts";
import { Cluster } from "./testing/cluster.ts";

const RATE = 10_000;
const VALUES = 100;
const value = "x".repeat(1_000);

const setting = (resourceType: number, resourceName: string, name: string, to: string | null): MetadataRecord =>
  record("ConfigRecord", { resourceType, resourceName, name, value: to });

/** Node 3 has missed 100 records of 1,000 bytes, and comes back to catch up under these settings. */
async function missed(settings: readonly MetadataRecord[], overrides: readonly (readonly [string, string])[] = []) {
  const lag = ["replica.lag.time.max.ms", "1000"] as const;
  const cluster = await Cluster.start(3, [lag, ["replica.fetch.max.bytes", "5000"], ...overrides]);
  await cluster.createTopic([1, 2, 3]);
  cluster.node(3).crash("process");
  await cluster.fence(3);
  const client = cluster.client(1);
  for (let i = 0; i < VALUES; i++) {
    const sent = cluster.produce(client, [value]);
    await cluster.run(20);
    expect((await sent).errorCode).toBe(0);
  }
  await cluster.commit(settings);
  await cluster.unfence(3);
  await cluster.node(3).restart();
  return { cluster, has: () => cluster.node(3).replica().logEndOffset };
}

const names = {
  leader: { replicas: "leader.replication.throttled.replicas", rate: "leader.replication.throttled.rate" },
  follower: { replicas: "follower.replication.throttled.replicas", rate: "follower.replication.throttled.rate" },
} as const;
type Role = keyof typeof names;

const throttledReplicas = (role: Role, replicas: string) => setting(2, "orders", names[role].replicas, replicas);
const throttledRate = (role: Role, node: number | "", rate: number | null) =>
  setting(4, String(node), names[role].rate, rate === null ? null : String(rate));

test.each([
  ["follower", 3, "0:3"],
  ["follower", 3, "*"],
  ["leader", 1, "0:1"],
] as const)("a throttled %s (node %d, %s) copies no faster than the rate", async (role, node, replicas) => {
  const { cluster, has } = await missed([throttledReplicas(role, replicas), throttledRate(role, node, RATE)]);
  await cluster.run(3_000);
  // About ten records a second; an answer is 5,000 bytes and may be one too many.
  expect(has()).toBeLessThanOrEqual(36);
  expect(has()).toBeGreaterThan(15);
  expect(cluster.partition().isr).toEqual([1, 2]);
  await cluster.commit([throttledRate(role, node, null)]);
  await cluster.run(2_000);
  expect(has()).toBe(VALUES);
  expect(cluster.partition().isr).toEqual([1, 2, 3]);
});

test.each([
  ["another partition of the topic", "follower", 3, "1:3"],
  ["the replica of another node", "leader", 1, "0:2"],
] as const)("%s may be throttled", async (_, role, node, replicas) => {
  const { cluster, has } = await missed([throttledReplicas(role, replicas), throttledRate(role, node, RATE)]);
  await cluster.run(2_000);
  expect(has()).toBe(VALUES);
});

test.each([
  ["1", "1", 15],
  ["5", "2", 5],
])("a rate is measured over replication.quota.window.num=%s of %s seconds", async (windows, seconds, most) => {
  const { cluster, has } = await missed(
    [throttledReplicas("follower", "*"), throttledRate("follower", 3, 1)],
    [
      ["replication.quota.window.num", windows],
      ["replication.quota.window.size.seconds", seconds],
    ],
  );
  await cluster.run(2_500);
  expect(has()).toBeLessThanOrEqual(most);
  expect(has()).toBeGreaterThan(most - 5);
});

test("a leader with nothing to give does not answer at once, again and again", async () => {
  const { cluster } = await missed([throttledReplicas("leader", "*"), throttledRate("leader", 1, 1)]);
  const { fetches } = cluster.node(1);
  await cluster.run(1_000);
  const before = fetches.length;
  await cluster.run(2_000);
  expect(fetches.length - before).toBeLessThan(20);
});

test("a follower in sync is not held back: acks=all waits for no throttle", async () => {
  const cluster = await Cluster.start(2, [["replica.lag.time.max.ms", "1000"]]);
  await cluster.createTopic([1, 2]);
  await cluster.commit([
    throttledReplicas("leader", "*"),
    throttledReplicas("follower", "*"),
    throttledRate("leader", "", 1),
    throttledRate("follower", "", 1),
  ]);
  const client = cluster.client(1);
  for (let i = 0; i < 20; i++) {
    const sent = cluster.produce(client, [value]);
    await cluster.run(50);
    expect((await sent).errorCode).toBe(0);
  }
  expect(cluster.partition().isr).toEqual([1, 2]);
});

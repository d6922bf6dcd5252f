import { expect, test } from "bun:test";
import { Cluster } from "./testing/cluster.ts";
import { disturb, healed, secondsForSeeds, seedsUntil } from "./testing/histories.ts";

async function history(seed: number): Promise<Cluster> {
  const voters = 1 + 2 * (1 + (seed % 2));
  const cluster = new Cluster(seed, { voters, observers: seed % 3, settings: { retentionBytes: 3_000 } });
  const { random } = cluster;
  cluster.lost = random.below(4) === 0 ? 0 : random.below(200);
  cluster.doubled = random.below(100);
  cluster.delayMaxMs = 1 + random.below(30);
  cluster.syncMaxMs = random.below(2) === 0 ? 3 : 400;
  for (const { id } of cluster.nodes) await cluster.start(id);
  for (let turn = 0; turn < 120 && cluster.failures.length === 0; turn++) {
    await cluster.time.run(random.below(600));
    for (let n = random.below(4); n > 0; n--) cluster.append();
    // Some fall while what was appended is on its way.
    if (random.below(2) === 0) await cluster.time.run(random.below(60));
    await disturb(cluster);
  }
  expect(cluster.failures).toEqual([]);
  await healed(cluster);
  return cluster;
}

test(
  `whatever is lost, late, doubled, cut off or without power, all apply the same (seeds for ${secondsForSeeds} s)`,
  async () => {
    let [elections, seeds] = [0, 0];
    await seedsUntil(async (seed) => {
      elections += (await history(seed)).elections;
      seeds++;
    });
    expect(elections).toBeGreaterThanOrEqual(seeds);
  },
  secondsForSeeds * 1_000 + 60_000,
);

test("three voters have a leader soon, and all apply what it commits", async () => {
  const cluster = new Cluster(7, { voters: 3, observers: 1 });
  expect(await healed(cluster)).toBeLessThan(3_000);
});

test("a leader that dies is succeeded within seconds, and nothing committed is lost", async () => {
  const cluster = new Cluster(11, { voters: 3 });
  await healed(cluster);
  const leader = cluster.nodes.find(({ id, driver }) => driver?.leader.leaderId === id);
  const before = cluster.committed;
  await cluster.crash(leader?.id as number, true);
  await cluster.time.run(6_000);
  const next = cluster.nodes.find(({ id, driver }) => driver?.leader.leaderId === id);
  expect(next).toBeDefined();
  expect(next?.machine.count).toBeGreaterThanOrEqual(before);
  cluster.append();
  await cluster.time.run(500);
  expect(next?.machine.count).toBe(before + 1);
});

test("a leader that no majority follows resigns, and comes back as follower", async () => {
  const cluster = new Cluster(13, { voters: 3 });
  await healed(cluster);
  const leader = cluster.nodes.find(({ id, driver }) => driver?.leader.leaderId === id)?.id as number;
  for (const { id } of cluster.nodes) {
    cluster.cut.add(`${id} ${leader}`);
    cluster.cut.add(`${leader} ${id}`);
  }
  cluster.append();
  await cluster.time.run(10_000);
  expect(cluster.node(leader).driver?.leader.leaderId).not.toBe(leader);
  expect(cluster.nodes.some(({ id, driver }) => driver?.leader.leaderId === id)).toBe(true);
  await healed(cluster);
});

test("who comes back with a long partition behind it does not depose the leader", async () => {
  const cluster = new Cluster(17, { voters: 3 });
  await healed(cluster);
  const { leaderId, epoch } = cluster.node(1).driver!.leader;
  const cutOff = cluster.nodes.find(({ id }) => id !== leaderId)?.id as number;
  for (const { id } of cluster.nodes) {
    cluster.cut.add(`${id} ${cutOff}`);
    cluster.cut.add(`${cutOff} ${id}`);
  }
  await cluster.time.run(30_000);
  await healed(cluster);
  expect(cluster.node(cutOff).driver?.leader).toEqual({ leaderId, epoch });
});

test("a leader that stops hands over at once", async () => {
  const cluster = new Cluster(19, { voters: 3 });
  await healed(cluster);
  const leader = cluster.nodes.find(({ id, driver }) => driver?.leader.leaderId === id)!;
  void leader.driver?.close();
  await cluster.time.run(300);
  const next = cluster.nodes.find(({ id, driver }) => driver?.leader.leaderId === id && id !== leader.id);
  expect(next).toBeDefined();
});

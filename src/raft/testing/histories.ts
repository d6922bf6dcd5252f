/** What the seeded histories of a quorum have in common: how it is disturbed, how it heals, how many seeds are run. */
import { expect } from "bun:test";
import type { Cluster } from "./cluster.ts";

/** RAFT_SECONDS of them; RAFT_SEED runs one. */
export const secondsForSeeds = Number(process.env.RAFT_SECONDS ?? 8);

/** Until one leads and all have what it has; returns how long that took. */
export async function healed(cluster: Cluster): Promise<number> {
  cluster.lost = 0;
  cluster.doubled = 0;
  cluster.cut.clear();
  cluster.delayMaxMs = 5;
  cluster.syncMaxMs = 3;
  for (const { id } of cluster.nodes) await cluster.start(id);
  const begun = cluster.time.ticks;
  const before = cluster.committed;
  while (cluster.time.ticks - begun < 30_000 && cluster.failures.length === 0) {
    await cluster.time.run(100);
    if (cluster.committed < before + 3) cluster.append();
    const counts = new Set(cluster.nodes.map(({ machine }) => machine.count));
    if (counts.size === 1 && cluster.committed >= before + 3) return cluster.time.ticks - begun;
  }
  expect(cluster.failures).toEqual([]);
  const views = cluster.nodes.map(({ machine: { count, nextOffset }, driver, directoryId }) => {
    return { count, nextOffset, directoryId, ...driver?.describe(), progress: undefined };
  });
  throw new Error(`no agreement: ${JSON.stringify(views, null, 1)}`);
}

export async function disturb(cluster: Cluster): Promise<void> {
  const { random, nodes } = cluster;
  const id = 1 + random.below(nodes.length);
  const dice = random.below(100);
  if (dice < 8) await cluster.crash(id, dice < 6);
  else if (dice < 14) for (const node of nodes) await cluster.crash(node.id, random.below(4) > 0);
  else if (dice < 35) void cluster.start(id);
  else if (dice < 40) cluster.cut.add(`${id} ${1 + random.below(nodes.length)}`);
  else if (dice < 50) cluster.cut.clear();
  else if (dice < 60) cluster.snapshot(id);
}

/** As many seeds as the time allows, one after the other; the seed that fails is named. */
export async function seedsUntil(run: (seed: number) => Promise<void>): Promise<void> {
  const until = Bun.nanoseconds() + secondsForSeeds * 1e9;
  const only = process.env.RAFT_SEED;
  let seed = Number(only ?? 1);
  do {
    try {
      await run(seed);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    seed++;
  } while (only === undefined && Bun.nanoseconds() < until);
  if (process.env.RAFT_VERBOSE) console.log(`${seed - Number(only ?? 1)} seeds`);
}

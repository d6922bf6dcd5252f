import { expect, test } from "bun:test";
import { restore, step } from "./core.ts";
import type { RaftEvent, RaftState, Voter } from "./state.ts";
import { Cluster } from "./testing/cluster.ts";
import { disturb, healed, secondsForSeeds, seedsUntil } from "./testing/histories.ts";

/** Five nodes, of whom some are voters: these change, and now and then a disk burns. */
async function history(seed: number): Promise<Cluster> {
  const voters = 1 + (seed % 3);
  const autoJoin = seed % 4 === 0;
  const settings = { retentionBytes: seed % 2 === 0 ? 3_000 : 100_000, autoJoin };
  const cluster = new Cluster(seed, { voters, observers: 5 - voters, dynamic: true, settings });
  const { random } = cluster;
  cluster.lost = random.below(3) === 0 ? 0 : random.below(150);
  cluster.doubled = random.below(100);
  cluster.delayMaxMs = 1 + random.below(30);
  cluster.syncMaxMs = random.below(2) === 0 ? 3 : 200;
  for (const { id } of cluster.nodes) await cluster.start(id);
  for (let turn = 0; turn < 120 && cluster.failures.length === 0; turn++) {
    await cluster.time.run(random.below(600));
    for (let n = random.below(4); n > 0; n--) cluster.append();
    if (random.below(2) === 0) await cluster.time.run(random.below(60));
    const id = 1 + random.below(cluster.nodes.length);
    const dice = random.below(100);
    if (dice < 15) cluster.addVoter(id);
    else if (dice < 25) cluster.removeVoter(id);
    else if (dice < 30 && cluster.canWipe(id)) await cluster.wipe(id);
    else await disturb(cluster);
  }
  expect(cluster.failures).toEqual([]);
  await healed(cluster);
  // R8: who follows the same log knows the same voters.
  const known = cluster.nodes.map(({ driver }) => driver?.describe().voters);
  for (const voters of known) expect(voters).toEqual(known[0]);
  return cluster;
}

test(
  `voters change while nodes fall, links are cut and disks burn (seeds for ${secondsForSeeds} s)`,
  async () => {
    let changes = 0;
    await seedsUntil(async (seed) => {
      changes += (await history(seed)).changes;
    });
    if (process.env.RAFT_VERBOSE) console.log(`${changes} changes`);
    expect(changes).toBeGreaterThan(process.env.RAFT_SEED === undefined ? 0 : -1);
  },
  secondsForSeeds * 1_000 + 60_000,
);

const voterIds = (cluster: Cluster, at: number) =>
  cluster
    .node(at)
    .driver?.describe()
    .voters.map(({ id }) => id);

async function quiet(voters: number, observers: number, autoJoin = false): Promise<Cluster> {
  const cluster = new Cluster(23, { voters, observers, dynamic: true, settings: { autoJoin } });
  for (const { id } of cluster.nodes) await cluster.start(id);
  await healed(cluster);
  return cluster;
}

test("a quorum grows from one voter to three and shrinks again, and its leader leaves last", async () => {
  const cluster = await quiet(1, 2);
  for (const id of [2, 3]) {
    cluster.addVoter(id);
    await cluster.time.run(2_000);
  }
  expect(voterIds(cluster, 1)).toEqual([1, 2, 3]);
  const leader = cluster.node(1).driver?.leader.leaderId as number;
  cluster.removeVoter(leader);
  await cluster.time.run(6_000);
  expect(cluster.changes).toBe(3);
  const others = [1, 2, 3].filter((id) => id !== leader);
  expect(voterIds(cluster, leader)).toEqual(others);
  // It follows now, as an observer.
  expect(others).toContain(cluster.node(leader).driver?.leader.leaderId as number);
  await healed(cluster);
});

test("a controller joins by itself where controller.quorum.auto.join.enable is true, and not where it is false", async () => {
  const waiting = await quiet(1, 2);
  await waiting.time.run(20_000);
  expect(voterIds(waiting, 1)).toEqual([1]);
  const joining = await quiet(1, 2, true);
  await joining.time.run(20_000);
  expect(voterIds(joining, 1)).toEqual([1, 2, 3]);
});

test("a controller whose disk burned is another voter: the one that it was is removed, then it joins", async () => {
  const cluster = await quiet(3, 0, true);
  const before = cluster.node(3).directoryId;
  await cluster.wipe(3);
  await cluster.start(3);
  await cluster.time.run(20_000);
  const { directoryId } = cluster.node(3);
  expect(directoryId).not.toBe(before);
  expect(
    cluster
      .node(1)
      .driver?.describe()
      .voters.find(({ id }) => id === 3)?.directoryId,
  ).toBe(directoryId);
});

const directory = (id: number) => `${"ABCDEFGHIJ"[id]}directoryOfThisNodeAA`;
const voter = (id: number): Voter => ({ id, directoryId: directory(id), endpoints: [], kraftVersions: [0, 1] });

test("a leader that was removed, but fell before that was committed, can win again: nobody else has its log", () => {
  let state: RaftState = restore({
    self: { id: 1, directoryId: directory(1) },
    endpoints: [],
    election: { epoch: 2, leaderId: null, votedFor: null },
    log: { offset: 24, epoch: 1, durableOffset: 24 },
    voters: [
      { offset: 7, value: [voter(1), voter(5)] },
      { offset: 12, value: [voter(5)] },
    ],
    kraftVersion: [{ offset: 7, value: 1 }],
  });
  const then = (event: RaftEvent) => {
    const { state: next, effects } = step(state, event);
    state = next;
    return effects;
  };
  const reply = { type: "voteReply", from: 5, leaderId: null, granted: true } as const;
  expect(then({ type: "electionTimeout" })).toContainEqual(expect.objectContaining({ do: "send" }));
  then({ ...reply, epoch: 2, preVote: true });
  expect(state.role).toEqual({ name: "candidate", granted: [], rejected: [] }); // its own vote does not count
  then({ ...reply, epoch: 3, preVote: false });
  expect(state.role.name).toBe("leader");
  // It leads until its removal is committed, and no longer.
  then({ type: "durable", offset: 25 });
  expect(state.role.name).toBe("leader");
  then({ type: "fetched", from: voter(5), offset: 25, nowMs: 1 });
  expect(state.role.name).toBe("resigned");
});

test("without a majority of the voters nothing is committed, however many observers there are", async () => {
  const cluster = await quiet(3, 2);
  await cluster.wipe(2);
  await cluster.wipe(3);
  for (const id of [2, 3]) await cluster.start(id);
  const before = cluster.committed;
  for (let n = 0; n < 20; n++) {
    await cluster.time.run(1_000);
    cluster.append();
  }
  expect(cluster.committed).toBe(before);
});

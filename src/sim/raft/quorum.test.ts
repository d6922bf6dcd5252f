/** What a quorum does where one thing at a time happens to it. */
import { expect, test } from "bun:test";
import { World } from "../world.ts";
import { Operator } from "./operator.ts";
import type { RaftPlan } from "./plan.ts";
import { Quorum } from "./quorum.ts";
import { agree } from "./raft-simulation.ts";
import type { Replica } from "./replica.ts";

interface Size {
  readonly voters: number;
  readonly observers?: number;
  readonly kraftVersion?: 0 | 1;
  readonly autoJoin?: boolean;
}

/** Apache's timeouts, a quiet network, and whoever ends stays down. */
function quorumOf({ voters, observers = 0, kraftVersion = 0, autoJoin = false }: Size): Quorum {
  const plan: RaftPlan = {
    ...{ seed: 7, voters, observers, kraftVersion, faultsMs: 0, faults: new Map(), rejoins: false },
    ...{ appendEveryMs: 100, recordBytesMax: 10, delayMeanMs: 1, syncMeanMs: 1 },
    settings: {
      ...{ electionTimeoutMs: 1_000, fetchTimeoutMs: 2_000, electionBackoffMaxMs: 1_000, autoJoin },
      ...{ fetchMaxBytes: 1_048_576, fetchSnapshotMaxBytes: 1_048_576, segmentBytes: 4_096, retentionBytes: 3_000 },
    },
  };
  const quorum = new Quorum(new World(7), plan);
  quorum.restarts = false;
  heal(quorum);
  return quorum;
}

/** All are up, hear each other, and know what one of them leads. */
function heal(quorum: Quorum): void {
  quorum.connect();
  for (const replica of quorum.replicas) quorum.start(replica);
  agree(quorum);
  expect(quorum.world.violation).toBeNull();
}

function pass(quorum: Quorum, forMs: number): void {
  quorum.world.run(quorum.world.nowMs + forMs);
  expect(quorum.world.violation).toBeNull();
}

const leaderOf = (quorum: Quorum): Replica => quorum.leader as Replica;
const voterIds = (replica: Replica) => replica.current?.driver?.describe().voters.map(({ id }) => id);

test("three voters have a leader soon, and all apply what it commits", () => {
  expect(quorumOf({ voters: 3, observers: 1 }).world.nowMs).toBeLessThan(3_000);
});

test("a leader that dies is succeeded within seconds, and nothing committed is lost", () => {
  const quorum = quorumOf({ voters: 3 });
  const before = quorum.checks.committedEnd;
  const dead = leaderOf(quorum);
  quorum.crash(dead, true);
  pass(quorum, 6_000);
  expect(leaderOf(quorum)).not.toBe(dead);
  expect(leaderOf(quorum).current?.machine.nextOffset).toBeGreaterThanOrEqual(before);
  const committed = quorum.checks.committedEnd;
  quorum.append();
  pass(quorum, 500);
  expect(quorum.checks.committedEnd).toBeGreaterThan(committed);
});

test("a leader that no majority follows resigns, and comes back as follower", () => {
  const quorum = quorumOf({ voters: 3 });
  const alone = leaderOf(quorum);
  quorum.isolate(alone);
  quorum.append();
  pass(quorum, 10_000);
  expect(alone.current?.leads).toBe(false);
  expect(leaderOf(quorum)).not.toBe(alone);
  heal(quorum);
});

test("who comes back with a long partition behind it does not depose the leader", () => {
  const quorum = quorumOf({ voters: 3 });
  const leader = leaderOf(quorum);
  const { epoch } = leader;
  const alone = quorum.replicas.find((replica) => replica !== leader) as Replica;
  quorum.isolate(alone);
  pass(quorum, 30_000);
  heal(quorum);
  expect(alone.current?.driver?.leader).toEqual({ leaderId: leader.id, epoch });
});

test("a leader that stops hands over at once", () => {
  const quorum = quorumOf({ voters: 3 });
  const stopped = leaderOf(quorum);
  stopped.stop();
  pass(quorum, 300);
  expect(quorum.leader).not.toBeNull();
  expect(leaderOf(quorum)).not.toBe(stopped);
});

test("a quorum grows from one voter to three and shrinks again, and its leader leaves last", () => {
  const quorum = quorumOf({ voters: 1, observers: 2, kraftVersion: 1 });
  const operator = new Operator(quorum);
  for (const id of [2, 3]) {
    operator.addVoter(leaderOf(quorum), quorum.replica(id), true);
    pass(quorum, 2_000);
  }
  expect(voterIds(quorum.replica(3))).toEqual([1, 2, 3]);
  const removed = leaderOf(quorum);
  operator.removeVoter(removed, removed);
  pass(quorum, 6_000);
  expect(quorum.counts.voterChanges).toBe(3);
  // It follows now, as an observer.
  expect(leaderOf(quorum)).not.toBe(removed);
  expect(voterIds(removed)).toEqual([1, 2, 3].filter((id) => id !== removed.id));
  heal(quorum);
});

test("a controller joins by itself where controller.quorum.auto.join.enable is true, and not where it is false", () => {
  const waiting = quorumOf({ voters: 1, observers: 2, kraftVersion: 1 });
  pass(waiting, 20_000);
  expect(voterIds(waiting.replica(1))).toEqual([1]);
  const joining = quorumOf({ voters: 1, observers: 2, kraftVersion: 1, autoJoin: true });
  expect(voterIds(joining.replica(1))).toEqual([1, 2, 3]);
});

test("a controller whose disk burned is another voter: the one that it was is removed, then it joins", () => {
  const quorum = quorumOf({ voters: 3, kraftVersion: 1, autoJoin: true });
  const burned = quorum.replica(3);
  const before = burned.directoryId;
  burned.wipe();
  heal(quorum);
  expect(burned.directoryId).not.toBe(before);
  const { voters } = quorum.checks.voters.latest;
  expect(voters.find(({ id }) => id === 3)?.directoryId).toBe(burned.directoryId);
});

test("without a majority of the voters nothing is committed, however many observers there are", () => {
  const quorum = quorumOf({ voters: 3, observers: 2, kraftVersion: 1 });
  for (const id of [2, 3]) quorum.replica(id).wipe();
  for (const replica of quorum.replicas) quorum.start(replica);
  const before = quorum.checks.committedEnd;
  for (let n = 0; n < 20; n++) {
    pass(quorum, 1_000);
    quorum.append();
  }
  expect(quorum.checks.committedEnd).toBe(before);
});

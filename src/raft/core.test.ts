import { describe, expect, test } from "bun:test";
import { restore, step } from "./core.ts";
import type { Effect, RaftEvent, RaftState, VoteRequest, Voter } from "./state.ts";

const directory = (id: number): string => `directory-of-node-${id}-..`;
const voter = (id: number): Voter => ({
  id,
  directoryId: directory(id),
  endpoints: [{ name: "CONTROLLER", host: "localhost", port: 9093 + id }],
  kraftVersions: [0, 1],
});

function node(id: number, voters: number[], log = { offset: 0, epoch: 0 }): RaftState {
  return restore({
    self: { id, directoryId: directory(id) },
    endpoints: voter(id).endpoints,
    election: null,
    log: { ...log, durableOffset: log.offset },
    voters: [{ offset: -1, value: voters.map(voter) }],
    kraftVersion: [{ offset: -1, value: 1 }],
  });
}

function run(state: RaftState, ...events: RaftEvent[]): { state: RaftState; effects: Effect[] } {
  const effects: Effect[] = [];
  for (const event of events) {
    const next = step(state, event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const kinds = (effects: readonly Effect[]): string[] => effects.map((effect) => effect.do);

test("a quorum of one opens its epoch at once, and appends nothing before its vote is on disk", () => {
  const { state, effects } = run(node(1, [1]), { type: "started" });
  expect(kinds(effects)).toEqual([
    ...["persistElection", "leaderChanged", "cancelTimer", "persistElection", "append", "leaderChanged"],
  ]);
  expect(effects[0]).toMatchObject({ election: { epoch: 1, leaderId: null, votedFor: { id: 1 } } });
  expect(effects[3]).toMatchObject({ election: { epoch: 1, leaderId: 1, votedFor: null } });
  expect(effects[4]).toMatchObject({
    baseOffset: 0,
    epoch: 1,
    entries: { control: [{ type: "leaderChange" }, { type: "kraftVersion", level: 1 }, { type: "voters" }] },
  });
  expect(state.log).toEqual({ offset: 3, epoch: 1, durableOffset: 0 });
  expect(state.highWatermark).toBeNull();
});

test("a leader counts itself only after disk done", () => {
  const led = run(node(1, [1]), { type: "started" }).state;
  const appended = run(led, { type: "append", epoch: 1, records: [new Uint8Array(1), new Uint8Array(1)] });
  expect(appended.effects).toMatchObject([{ do: "append", baseOffset: 3, epoch: 1 }]);
  expect(appended.state.highWatermark).toBeNull();
  const first = run(appended.state, { type: "durable", offset: 3 });
  expect(first.effects).toEqual([{ do: "highWatermark", offset: 3 }]);
  expect(run(first.state, { type: "durable", offset: 5 }).effects).toEqual([{ do: "highWatermark", offset: 5 }]);
});

test("records of earlier epochs are committed only with one of the own epoch", () => {
  const state = node(1, [1], { offset: 10, epoch: 4 });
  const led = run(state, { type: "started" }).state;
  expect(led.epoch).toBe(5);
  expect(run(led, { type: "durable", offset: 10 }).effects).toEqual([]);
  expect(run(led, { type: "durable", offset: 13 }).effects).toEqual([{ do: "highWatermark", offset: 13 }]);
});

test("a leader comes back as resigned and opens a new epoch", () => {
  const base = node(1, [1], { offset: 10, epoch: 4 });
  const state = restore({ ...base, election: { epoch: 4, leaderId: 1, votedFor: null } });
  expect(state.role).toEqual({ name: "resigned" });
  const { state: led } = run(state, { type: "started" });
  expect([led.role.name, led.epoch]).toEqual(["leader", 5]);
});

test("a vote given before a crash holds after it", () => {
  const base = node(1, [1, 2, 3]);
  const state = restore({
    ...base,
    election: { epoch: 7, leaderId: null, votedFor: { id: 2, directoryId: directory(2) } },
  });
  const { effects } = run(state, request(3, 7, { offset: 0, epoch: 0 }));
  expect(effects).toMatchObject([{ do: "send", to: { id: 3 }, message: { granted: false } }]);
});

test("voters already in the log are written again only where the own endpoint changed", () => {
  const base = node(1, [1], { offset: 10, epoch: 4 });
  const inLog = { ...base, voters: [{ offset: 2, value: [voter(1)] }] };
  const same = run(inLog, { type: "started" }).effects.find((effect) => effect.do === "append");
  expect(same).toMatchObject({ entries: { control: [{ type: "leaderChange" }] } });
  const moved = { ...inLog, endpoints: [{ name: "CONTROLLER", host: "localhost", port: 1234 }] };
  const other = run(moved, { type: "started" });
  expect(other.effects.find((effect) => effect.do === "append")).toMatchObject({
    entries: { control: [{ type: "leaderChange" }, { type: "kraftVersion" }, { type: "voters" }] },
  });
  expect(other.state.voters.at(-1)).toMatchObject({ offset: 12, value: [{ endpoints: [{ port: 1234 }] }] });
});

function request(from: number, epoch: number, logEnd: { offset: number; epoch: number }, preVote = false): VoteRequest {
  const to = { id: 1, directoryId: directory(1) };
  return { type: "voteRequest", from: { id: from, directoryId: directory(from) }, epoch, to, logEnd, preVote };
}

test.each([
  ["grants to an equal log", { votedFor: null, offset: 10, granted: true }],
  ["refuses a shorter log", { votedFor: null, offset: 9, granted: false }],
  ["refuses a second candidate", { votedFor: 3, offset: 10, granted: false }],
  ["grants again to the same candidate", { votedFor: 2, offset: 10, granted: true }],
] as const)("vote in the same epoch: %s", (_, { votedFor, offset, granted }) => {
  const base = node(1, [1, 2, 3], { offset: 10, epoch: 4 });
  const vote = votedFor === null ? null : { id: votedFor, directoryId: directory(votedFor) };
  const state: RaftState = { ...base, epoch: 5, votedFor: vote };
  const { effects } = run(state, request(2, 5, { offset, epoch: 4 }));
  expect(effects.at(-1)).toMatchObject({ do: "send", to: { id: 2 }, message: { epoch: 5, granted } });
  // The vote is on disk before the answer that promises it leaves.
  expect(kinds(effects)).toEqual(
    granted && votedFor === null ? ["persistElection", "armElectionTimer", "send"] : ["send"],
  );
});

test("a vote meant for the disk that was here before is refused", () => {
  const state = node(1, [1, 2, 3]);
  const wrong = { ...request(2, 5, { offset: 10, epoch: 4 }), to: { id: 1, directoryId: directory(9) } };
  expect(run(state, wrong).effects.at(-1)).toMatchObject({ do: "send", message: { granted: false } });
});

test("that a leader tells what a snapshot has brought already is news, once", () => {
  const loaded = run(
    node(3, [1, 2]),
    { type: "leaderFound", epoch: 4, leaderId: 2 },
    {
      type: "snapshotLoaded",
      id: { offset: 22, epoch: 4 },
      voters: [{ offset: 21, value: [voter(1), voter(2)] }],
      kraftVersion: [{ offset: 20, value: 1 }],
    },
  );
  expect([loaded.state.highWatermark, loaded.state.toldHighWatermark]).toEqual([22, null]);
  const told = run(loaded.state, { type: "leaderCommitted", epoch: 4, offset: 22 });
  expect([told.state.toldHighWatermark, told.effects]).toEqual([22, [{ do: "highWatermark", offset: 22 }]]);
  expect(run(told.state, { type: "leaderCommitted", epoch: 4, offset: 22 }).effects).toEqual([]);
});

test("a pre-vote opens no epoch; a majority of them does", () => {
  const asked = run(node(1, [1, 2, 3]), { type: "started" }, { type: "electionTimeout" });
  expect(asked.state.role.name).toBe("prospective");
  expect(asked.state.epoch).toBe(0);
  const reply = { type: "voteReply", from: 2, epoch: 0, leaderId: null, granted: true, preVote: true } as const;
  const candidate = run(asked.state, reply);
  expect([candidate.state.role.name, candidate.state.epoch]).toEqual(["candidate", 1]);
  expect(kinds(candidate.effects)).toEqual(["persistElection", "leaderChanged", "armElectionTimer", "send", "send"]);
  const won = run(candidate.state, { ...reply, epoch: 1, preVote: false });
  expect(won.state.role.name).toBe("leader");
  expect(won.state.highWatermark).toBeNull(); // two of three have not fetched anything yet
  expect(run(won.state, { type: "durable", offset: 3 }).effects).toEqual([]);
});

test("a higher epoch ends what a replica was", () => {
  const led = run(node(1, [1]), { type: "started" }).state;
  const { state, effects } = run(led, request(2, 9, { offset: 99, epoch: 8 }));
  expect(state).toMatchObject({ epoch: 9, role: { name: "unattached" }, votedFor: { id: 2 } });
  expect(kinds(effects).slice(0, 2)).toEqual(["persistElection", "leaderChanged"]);
});

test("who resigns does not lead the same epoch again", () => {
  const led = run(node(1, [1]), { type: "started" }).state;
  const resigned = run(led, { type: "resign", epoch: 1 });
  expect(resigned.state.role.name).toBe("resigned");
  const again = run(resigned.state, { type: "electionTimeout" });
  expect([again.state.role.name, again.state.epoch]).toEqual(["leader", 3]);
});

test("an observer that misses its leader grants a pre-vote: it may be a voter that has not read so yet", () => {
  const key = (id: number) => ({ id, directoryId: directory(id) });
  const observer = run(
    node(3, [1, 4]),
    { type: "leaderFound", epoch: 1, leaderId: 1 },
    { type: "leaderHeard", epoch: 1 },
  );
  expect(observer.effects.at(-1)).toEqual({ do: "armFetchTimer" });
  const logEnd = { offset: 0, epoch: 0 };
  const asked = { type: "voteRequest", epoch: 1, logEnd, preVote: true, from: key(4), to: key(3) } as const;
  expect(run(observer.state, asked).effects).toMatchObject([{ message: { granted: false } }]);
  const missed = run(observer.state, { type: "electionTimeout" });
  expect(missed.effects).toEqual([]); // it asks nobody itself
  expect(run(missed.state, asked).effects).toMatchObject([{ message: { granted: true } }]);
});

describe("the process that led is gone", () => {
  const follower = (id: number) => run(node(id, [1, 2, 3]), { type: "leaderFound", epoch: 4, leaderId: 2 }).state;
  const gone: RaftEvent = { type: "leaderGone", epoch: 4 };
  const asks = { type: "voteRequest", epoch: 4, logEnd: { offset: 0, epoch: 0 }, preVote: true } as const;
  const key = (id: number) => ({ id, directoryId: directory(id) });

  test("those who are left ask for votes one after the other, long before the fetch timeout", () => {
    expect(run(follower(1), gone).effects).toEqual([{ do: "armElectionTimer", delayMs: 20 }]);
    expect(run(follower(3), gone).effects).toEqual([{ do: "armElectionTimer", delayMs: 100 }]);
  });

  test("it is told once, and only of the present leader", () => {
    const { state } = run(follower(1), gone);
    expect(run(state, gone).effects).toEqual([]);
    expect(run(follower(1), { type: "leaderGone", epoch: 3 }).effects).toEqual([]);
  });

  test("who has seen it grants a pre-vote; who still hears the leader refuses", () => {
    const heard = run(follower(3), { type: "leaderHeard", epoch: 4 }).state;
    const asked = { ...asks, from: key(1), to: key(3) };
    expect(run(heard, asked).effects).toMatchObject([{ message: { granted: false } }]);
    expect(run(heard, gone, asked).effects.at(-1)).toMatchObject({ message: { granted: true } });
  });

  test("a leader that answers after all is followed on", () => {
    const { state, effects } = run(follower(1), gone, { type: "leaderHeard", epoch: 4 });
    expect(effects.at(-1)).toEqual({ do: "armFetchTimer" });
    expect(state.role).toMatchObject({ name: "follower", hasFetched: true, leaderIsGone: false });
  });
});

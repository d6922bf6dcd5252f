import { expect, test } from "bun:test";
import { restore, step } from "./core.ts";
import type { RaftEvent, RaftState, Voter } from "./state.ts";

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

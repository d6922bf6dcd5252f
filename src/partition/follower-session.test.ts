import { expect, test } from "bun:test";
import { code } from "../../protocol/errors.ts";
import { FollowerSession, type SessionRequest, type Wanted } from "./follower-session.ts";

const wanted = (partition: number, fetchOffset = 0, topicId = "a"): Wanted => ({
  topicId,
  partition,
  fetchOffset,
  logStartOffset: 0,
  maxBytes: 100,
  leaderEpoch: 1,
  lastFetchedEpoch: 1,
  highWatermark: 0,
});

const named = ({ topics }: SessionRequest) =>
  topics.flatMap(({ topicId, partitions }) => partitions.map(({ partition }) => `${topicId}${partition}`));
const forgotten = ({ forgotten: topics }: SessionRequest) =>
  topics.flatMap(({ topicId, partitions }) => partitions.map((partition) => `${topicId}${partition}`));
const at = ({ sessionId, sessionEpoch }: SessionRequest) => [sessionId, sessionEpoch];
const ok = (sessionId: number) => ({ errorCode: 0, sessionId });

test("a session begins whole, then names only what is new", () => {
  const session = new FollowerSession();
  const first = session.next([wanted(0), wanted(1), wanted(0, 0, "b")]);
  expect([at(first), named(first)]).toEqual([
    [0, 0],
    ["a0", "a1", "b0"],
  ]);
  expect(session.answered(ok(7))).toBe(true);
  const second = session.next([wanted(0, 5), wanted(1)]);
  expect([at(second), named(second), forgotten(second)]).toEqual([[7, 1], ["a0"], ["b0"]]);
  session.answered(ok(7));
  const third = session.next([wanted(0, 5), wanted(1)]);
  expect([at(third), named(third), forgotten(third)]).toEqual([[7, 2], [], []]);
});

test("without a session every request is whole", () => {
  const session = new FollowerSession();
  session.next([wanted(0)]);
  session.answered(ok(0));
  const next = session.next([wanted(0)]);
  expect([at(next), named(next)]).toEqual([[0, 0], ["a0"]]);
});

test.each([
  ["FETCH_SESSION_ID_NOT_FOUND", 0],
  ["INVALID_FETCH_SESSION_EPOCH", 7],
  ["FETCH_SESSION_TOPIC_ID_ERROR", 7],
] as const)("%s begins another session", (error, sessionId) => {
  const session = new FollowerSession();
  session.next([wanted(0)]);
  session.answered(ok(7));
  session.next([wanted(0)]);
  expect(session.answered({ errorCode: code(error), sessionId: 0 })).toBe(false);
  const next = session.next([wanted(0)]);
  expect([at(next), named(next)]).toEqual([[sessionId, 0], ["a0"]]);
});

test("after no answer the old session is ended with the next request", () => {
  const session = new FollowerSession();
  session.next([wanted(0)]);
  session.answered(ok(7));
  session.failed();
  const next = session.next([wanted(0)]);
  expect([at(next), named(next)]).toEqual([[7, 0], ["a0"]]);
});

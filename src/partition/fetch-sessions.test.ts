/** Sessions (KIP-227): what is remembered, what is sent, who is evicted. */
import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { ZERO_UUID } from "../../base/uuid.ts";
import { type FetchAnswer, type FetchContext, FetchSessions, type FetchTarget } from "./fetch-sessions.ts";

function sessions(slots = 2, partitionsMax = 1000): { sessions: FetchSessions; clock: FakeClock } {
  const clock = new FakeClock();
  let next = 0;
  const random = { below: (limit: number) => next++ % limit, bytes: (length: number) => new Uint8Array(length) };
  return { sessions: new FetchSessions(clock, random, () => slots, partitionsMax), clock };
}

const target = (partition: number, fetchOffset = 0): FetchTarget => ({
  topic: "orders",
  topicId: ZERO_UUID,
  partition,
  fetchOffset,
  maxBytes: 1000,
  logStartOffset: -1,
  currentLeaderEpoch: -1,
  lastFetchedEpoch: -1,
  highWatermark: Number.POSITIVE_INFINITY,
});

const answer = (changes: Partial<FetchAnswer> = {}): FetchAnswer => ({
  errorCode: 0,
  highWatermark: 0,
  logStartOffset: 0,
  preferredReadReplica: -1,
  divergingEpoch: { endOffset: -1 },
  records: null,
  ...changes,
});

const noName = (): null => null;
const head = (sessionId: number, sessionEpoch: number, fromFollower = false) => ({
  sessionId,
  sessionEpoch,
  usesTopicIds: false,
  fromFollower,
});

/** Opens a session of `count` partitions and returns its id, 0 where there was no room. */
function create(all: FetchSessions, count: number, fromFollower = false): number {
  const targets = Array.from({ length: count }, (_, i) => target(i));
  const context = all.open(head(0, 0, fromFollower), targets, [], noName);
  return context.reply(targets.map((each) => ({ target: each, answer: answer() }))).sessionId;
}

const reply = (context: FetchContext, changes: Partial<FetchAnswer> = {}) =>
  context.reply(context.targets.map((each) => ({ target: each, answer: answer(changes) })));

const sent = (context: FetchContext, changes: Partial<FetchAnswer> = {}): number[] =>
  reply(context, changes).answered.map((each) => each.target.partition);

test("a follower is told again of a high watermark that it does not know", () => {
  const { sessions: all } = sessions();
  const knowing = (highWatermark: number) => [{ ...target(0), highWatermark }];
  const { sessionId } = reply(all.open(head(0, 0, true), knowing(0), [], noName), { highWatermark: 5 });
  const again = (epoch: number, highWatermark: number) =>
    sent(all.open(head(sessionId, epoch, true), knowing(highWatermark), [], noName), { highWatermark: 5 });
  expect([again(1, 5), again(2, 0)]).toEqual([[], [0]]);
});

test("only what changed is sent: watermark, log start, records, errors, diverging epochs", () => {
  const { sessions: all } = sessions();
  const id = create(all, 1);
  const next = (epoch: number, changes: Partial<FetchAnswer>): number[] =>
    sent(all.open(head(id, epoch), [], [], noName), changes);
  expect(next(1, {})).toEqual([]);
  expect(next(2, { highWatermark: 5 })).toEqual([0]);
  expect(next(3, { highWatermark: 5 })).toEqual([]);
  expect(next(4, { highWatermark: 5, logStartOffset: 2 })).toEqual([0]);
  expect(next(5, { highWatermark: 5, logStartOffset: 2, records: new Uint8Array(1) })).toEqual([0]);
  expect(next(6, { highWatermark: 5, logStartOffset: 2, divergingEpoch: { endOffset: 1 } })).toEqual([0]);
  expect(next(7, { highWatermark: 5, logStartOffset: 2, errorCode: 6 })).toEqual([0]);
  expect(next(8, { highWatermark: 5, logStartOffset: 2 })).toEqual([0]); // the error is over: told again
  expect(next(9, { highWatermark: 5, logStartOffset: 2 })).toEqual([]);
});

test("a partition that had records goes to the end of the queue", () => {
  const { sessions: all } = sessions();
  const id = create(all, 3);
  const context = all.open(head(id, 1), [], [], noName);
  context.reply(
    context.targets.map((each) => ({
      target: each,
      answer: answer({ records: each.partition === 0 ? new Uint8Array(1) : null }),
    })),
  );
  expect(all.open(head(id, 2), [], [], noName).targets.map(({ partition }) => partition)).toEqual([1, 2, 0]);
});

test("a request changes and adds partitions; forgetting the last ends the session", () => {
  const { sessions: all } = sessions();
  const id = create(all, 1);
  const changed = all.open(head(id, 1), [target(0, 77), target(5)], [], noName);
  expect(changed.targets.map(({ partition, fetchOffset }) => [partition, fetchOffset])).toEqual([
    [0, 77],
    [5, 0],
  ]);
  reply(changed);
  const emptied = all.open(head(id, 2), [], [target(0), target(5)], noName);
  expect(reply(emptied)).toMatchObject({ error: "NONE", sessionId: 0 });
  expect(all.count).toBe(0);
});

test("a reply that comes after the session has moved on is refused", () => {
  const { sessions: all } = sessions();
  const id = create(all, 1);
  const parked = all.open(head(id, 1), [], [], noName);
  all.open(head(id, 2), [], [], noName);
  expect(reply(parked)).toEqual({ error: "INVALID_FETCH_SESSION_EPOCH", sessionId: id, answered: [] });
});

test("the epoch wraps from 2^31-1 to 1", () => {
  const { sessions: all } = sessions();
  const id = create(all, 1);
  for (const epoch of [1, 2]) reply(all.open(head(id, epoch), [], [], noName));
  expect(reply(all.open(head(id, 9), [], [], noName)).error).toBe("INVALID_FETCH_SESSION_EPOCH");
});

test("a full cache gives no session to a consumer, until one is stale", () => {
  const { sessions: all, clock } = sessions();
  const first = create(all, 1);
  create(all, 1);
  expect(create(all, 100)).toBe(0);
  clock.advance(119_000);
  reply(all.open(head(first, 1), [], [], noName));
  clock.advance(2_000);
  expect(create(all, 1)).toBeGreaterThan(0);
  expect(all.count).toBe(2);
  expect(reply(all.open(head(first, 2), [], [], noName)).error).toBe("NONE");
});

test("a follower's session takes the place of the smallest consumer's, never of a young follower's", () => {
  const { sessions: all } = sessions();
  const small = create(all, 1);
  const large = create(all, 5);
  expect(create(all, 1, true)).toBeGreaterThan(0);
  expect(reply(all.open(head(small, 1), [], [], noName)).error).toBe("FETCH_SESSION_ID_NOT_FOUND");
  expect(create(all, 1, true)).toBeGreaterThan(0);
  expect(reply(all.open(head(large, 1), [], [], noName)).error).toBe("FETCH_SESSION_ID_NOT_FOUND");
  expect(create(all, 50, true)).toBe(0);
});

test("a partition named twice is read once, as it was named last", () => {
  const { sessions: all } = sessions();
  const context = all.open(head(0, -1), [target(0, 1), target(1), target(0, 9)], [], noName);
  expect(context.targets.map(({ partition, fetchOffset }) => [partition, fetchOffset])).toEqual([
    [0, 9],
    [1, 0],
  ]);
});

test("all sessions together remember so many partitions, and one that ends gives its place back", () => {
  const { sessions: all } = sessions(10, 20);
  const first = create(all, 10);
  const second = create(all, 9);
  expect(create(all, 2)).toBe(0);
  const growing = all.open(head(second, 1), [target(20), target(21)], [], noName);
  expect(growing.reply([]).error).toBe("FETCH_SESSION_ID_NOT_FOUND");
  expect(sent(all.open(head(first, 1), [], [], noName))).toEqual([]);
  expect(create(all, 10)).toBeGreaterThan(0);
  expect(create(all, 1)).toBe(0);
});

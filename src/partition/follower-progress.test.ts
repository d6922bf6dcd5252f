import { expect, test } from "bun:test";
import { FollowerProgress } from "./follower-progress.ts";

const LAG = 1_000;
const fetch = (fetchOffset: number, brokerEpoch = 5) => ({ nodeId: 2, brokerEpoch, fetchOffset, logStartOffset: 0 });

test("a follower at the leader's end has caught up, and counts for the lag time after", () => {
  const follower = new FollowerProgress(2);
  expect(follower.isCaughtUp(10, 0, LAG)).toBe(false);
  follower.fetched(fetch(10), 5, 10, 100);
  expect([follower.isCaughtUp(20, 100 + LAG, LAG), follower.isCaughtUp(20, 101 + LAG, LAG)]).toEqual([true, false]);
});

test("a follower always one fetch behind a moving end has caught up at its last fetch", () => {
  const follower = new FollowerProgress(2);
  follower.fetched(fetch(0), 5, 10, 100);
  follower.fetched(fetch(10), 5, 20, 200); // asks for what was the end at 100
  expect([follower.isCaughtUp(30, 100 + LAG, LAG), follower.isCaughtUp(30, 101 + LAG, LAG)]).toEqual([true, false]);
});

test("a follower that falls behind does not catch up by asking", () => {
  const follower = new FollowerProgress(2);
  follower.fetched(fetch(0), 5, 100, 0);
  for (let ms = 500; ms <= 3_000; ms += 500) follower.fetched(fetch(ms / 100), 5, 100 + ms, ms);
  expect(follower.isCaughtUp(10_000, 3_000, LAG)).toBe(false);
});

test("a fetch of an earlier life of the broker is refused, one of a life not known yet is taken (KIP-903)", () => {
  const follower = new FollowerProgress(2);
  expect(() => follower.fetched(fetch(0, 4), 5, 10, 0)).toThrow("it is registered in 5");
  follower.fetched(fetch(3, 6), 5, 10, 0);
  expect([follower.endOffset, follower.brokerEpoch]).toEqual([3, 6]);
});

test("a new leader knows nothing of a follower but that it was in sync", () => {
  const follower = new FollowerProgress(2);
  follower.fetched(fetch(10), 5, 10, 0);
  follower.reset(true, true, 10, 5_000);
  expect([follower.endOffset, follower.brokerEpoch, follower.isCaughtUp(20, 6_000, LAG)]).toEqual([-1, null, true]);
  follower.reset(true, false, 10, 5_000);
  expect(follower.isCaughtUp(20, 5_000, LAG)).toBe(false);
});

/** Waiting for offsets and for bytes: finished once, by whatever comes first. */
import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { FetchWaiters, OffsetQueue, ParkedFetch, PendingOffsets } from "./waiters.ts";

test("a produce over two partitions finishes with the later of them, its timer is gone", () => {
  const clock = new FakeClock();
  const [first, second] = [new OffsetQueue(), new OffsetQueue()];
  const said: string[] = [];
  const pending = new PendingOffsets(clock, 1000, () => said.push("finished"));
  pending.waitFor(first, 5, (error) => said.push(`first ${error}`));
  pending.waitFor(second, 2, (error) => said.push(`second ${error}`));
  pending.seal();
  first.passed(4);
  expect(said).toEqual([]);
  first.passed(5);
  second.fail("NOT_LEADER_OR_FOLLOWER");
  expect(said).toEqual(["first null", "second NOT_LEADER_OR_FOLLOWER", "finished"]);
  expect(clock.pendingTimers).toBe(0);
});

test("at the timeout what is not settled is REQUEST_TIMED_OUT; what passes later says nothing more", () => {
  const clock = new FakeClock();
  const queue = new OffsetQueue();
  const said: (string | null)[] = [];
  const pending = new PendingOffsets(clock, 1000, () => said.push("finished"));
  pending.waitFor(queue, 1, (error) => said.push(error));
  pending.waitFor(queue, 9, (error) => said.push(error));
  pending.seal();
  queue.passed(1);
  clock.advance(1000);
  expect(said).toEqual([null, "REQUEST_TIMED_OUT", "finished"]);
  queue.passed(100);
  expect(said.length).toBe(3);
  expect(queue.isEmpty).toBe(true);
});

test("a queue of many keeps its order and lets the passed go", () => {
  const clock = new FakeClock();
  const queue = new OffsetQueue();
  const passed: number[] = [];
  const pending = new PendingOffsets(clock, 1000, () => {});
  for (let offset = 1; offset <= 5000; offset++) pending.waitFor(queue, offset, () => passed.push(offset));
  queue.passed(3000);
  expect(passed.length).toBe(3000);
  queue.passed(5000);
  expect(passed).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
});

function parked(minBytes: number): { fetch: ParkedFetch; answers: () => number } {
  let answers = 0;
  return { fetch: new ParkedFetch(minBytes, () => answers++), answers: () => answers };
}

test("bytes of several partitions add up, each no further than its own limit", () => {
  const { fetch, answers } = parked(100);
  const [first, second] = [new FetchWaiters(), new FetchWaiters()];
  const available = { first: 0, second: 0 };
  fetch.watch(first, 0, 60, () => available.first);
  fetch.watch(second, 0, 60, () => available.second);
  fetch.check();
  available.first = 1000;
  first.progressed();
  first.progressed();
  expect(answers()).toBe(0);
  available.second = 40;
  second.progressed();
  expect(answers()).toBe(1);
  expect(first.isEmpty && second.isEmpty).toBe(true);
});

test("a fetch is answered once, whatever wakes it again, and undoes its timers", () => {
  const { fetch, answers } = parked(10);
  const waiters = new FetchWaiters();
  let cancelled = 0;
  fetch.watch(waiters, 0, 100, () => 0);
  fetch.until(() => cancelled++);
  waiters.wakeAll();
  fetch.complete();
  fetch.abandon();
  fetch.until(() => cancelled++); // too late: undone at once
  expect([answers(), cancelled]).toEqual([1, 2]);
});

test("an abandoned fetch is not answered", () => {
  const { fetch, answers } = parked(10);
  const waiters = new FetchWaiters();
  fetch.watch(waiters, 0, 100, () => 1000);
  fetch.abandon();
  waiters.progressed();
  expect([answers(), waiters.isEmpty]).toEqual([0, true]);
});

test("what is there already answers at the check", () => {
  const { fetch, answers } = parked(10);
  fetch.watch(new FetchWaiters(), 10, 100, () => 10);
  fetch.check();
  expect(answers()).toBe(1);
});

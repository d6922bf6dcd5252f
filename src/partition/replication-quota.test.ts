import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { ReplicationQuota } from "./replication-quota.ts";

function quota(rate: number, windows = 11) {
  const clock = new FakeClock();
  return { clock, quota: new ReplicationQuota(clock, { rate, windowMs: 1_000, windows }) };
}

test("a rate is kept over a whole window at least", () => {
  const { quota: made } = quota(1_000);
  made.record(1_000);
  expect([made.isExceeded, made.excessMs]).toEqual([false, 0]);
  made.record(1);
  expect([made.isExceeded, made.excessMs]).toEqual([true, 1]);
});

test("what was too much is made up for by time", () => {
  const { clock, quota: made } = quota(1_000);
  made.record(3_000);
  expect(made.excessMs).toBe(1_000);
  clock.advance(2_500);
  expect(made.excessMs).toBe(500);
  clock.advance(500);
  expect(made.isExceeded).toBe(false);
});

test("samples older than all windows count no more", () => {
  const { clock, quota: made } = quota(1, 3);
  made.record(1_000_000);
  clock.advance(2_999);
  expect(made.isExceeded).toBe(true);
  clock.advance(1);
  expect(made.isExceeded).toBe(false);
});

test("no more samples are kept than there are windows", () => {
  const { clock, quota: made } = quota(1_000, 2);
  made.record(9_000);
  clock.advance(1_000);
  made.record(10);
  expect(made.isExceeded).toBe(true);
  clock.advance(1_000);
  made.record(10);
  expect(made.isExceeded).toBe(false);
});

test("a rate of nothing lets one answer through, then waits for the windows to pass", () => {
  const { clock, quota: made } = quota(0);
  expect(made.isExceeded).toBe(false);
  made.record(1);
  expect(made.excessMs).toBe(1_000);
  clock.advance(11_000);
  expect(made.isExceeded).toBe(false);
});

import { expect, test } from "bun:test";
import { BunClock } from "./bun-clock.ts";
import { BunRandom } from "./bun-random.ts";
import { BunWork } from "./bun-work.ts";
import { lineLogger } from "./logger.ts";

const clock = new BunClock();

test("a timer fires no earlier than asked", async () => {
  for (const delayMs of [0, 0.4, 1, 7.3]) {
    const began = clock.ticksMs();
    await new Promise<void>((fired) => void clock.after(delayMs, fired));
    expect(clock.ticksMs() - began).toBeGreaterThanOrEqual(delayMs);
  }
});

test("a cancelled timer does not fire, and one of a year does not fire at once", async () => {
  let fired = 0;
  clock.after(1, () => fired++)();
  const cancel = clock.after(365 * 24 * 3_600_000, () => fired++);
  await new Promise<void>((done) => void clock.after(5, done));
  expect(fired).toBe(0);
  cancel();
});

test("the end of the turn runs callbacks in order, what they add in the next turn", async () => {
  const order: string[] = [];
  await new Promise<void>((done) => {
    clock.turnEnd(() => {
      order.push("first");
      clock.turnEnd(() => {
        order.push("next turn");
        done();
      });
    });
    clock.turnEnd(() => order.push("second"));
    order.push("now");
  });
  expect(order).toEqual(["now", "first", "second", "next turn"]);
});

test("random numbers stay below their limit and reach every value", () => {
  const random = new BunRandom();
  const seen = new Set(Array.from({ length: 1000 }, () => random.below(10)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(random.below(1)).toBe(0);
  expect(random.below(2 ** 53)).toBeLessThan(2 ** 53);
  expect(random.bytes(16)).toHaveLength(16);
  expect(() => random.below(0)).toThrow("a whole limit");
});

test("crc32c over chunks is that of their bytes", async () => {
  const check = new TextEncoder().encode("123456789");
  const work = new BunWork();
  expect(await work.crc32c([check])).toBe(0xe306_9283);
  expect(await work.crc32c([check.subarray(0, 4), check.subarray(4)])).toBe(0xe306_9283);
});

test("the logger writes lines of its level and above", () => {
  const lines: string[] = [];
  const logger = lineLogger("info", clock, (line) => lines.push(line));
  logger.debug("not shown");
  logger.info("Ready.");
  logger.error("The disk is full.");
  expect(lines.map((line) => line.slice(24))).toEqual(["info  Ready.\n", "error The disk is full.\n"]);
  logger.setLevel?.("debug");
  logger.debug("now shown");
  logger.setLevel?.("silent");
  logger.error("not shown");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} /);
});

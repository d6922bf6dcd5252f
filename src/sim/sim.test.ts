/** A fixed set of seeds, each twice: every promise holds, and the same seed is the same history. */
import { expect, test } from "bun:test";
import { drawPlan, faultKinds } from "./plan.ts";
import { runSeed } from "./simulation.ts";

// A host that is lost in the middle of a turn throws into code whose promises nobody waits for any more.
process.on("unhandledRejection", (failure) => {
  if (!(failure instanceof Error) || failure.name !== "HostGone") throw failure;
});

const seeds = Array.from({ length: 25 }, (_, n) => 1_000 + n);

/** Real time that nothing depends on: how long a seed takes is the machine's affair. */
const REAL_MS_MAX = 60_000;

test.each(seeds)(
  "all promises hold, and the history repeats itself (seed %d)",
  (seed) => {
    const first = runSeed({ seed });
    expect(first.violation).toBeNull();
    expect(runSeed({ seed }).hash).toBe(first.hash);
  },
  REAL_MS_MAX,
);

test(
  "another seed is another history",
  () => {
    expect(runSeed({ seed: 7 }).hash).not.toBe(runSeed({ seed: 8 }).hash);
  },
  REAL_MS_MAX,
);

test("the seeds bring every kind of fault", () => {
  const drawn = new Set(seeds.flatMap((seed) => [...drawPlan(seed).faults.keys()]));
  expect(faultKinds.filter((kind) => !drawn.has(kind))).toEqual([]);
});

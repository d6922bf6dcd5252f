/** A fixed set of seeds of a quorum alone, each twice: every invariant holds, and the same seed is the same history. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { raftMutants } from "./mutants.ts";
import { drawRaftPlan, raftFaults, voterChanges } from "./plan.ts";
import { runRaftSeed } from "./raft-simulation.ts";

// A host that is lost in the middle of a turn throws into code whose promises nobody waits for any more.
process.on("unhandledRejection", (failure) => {
  if (!(failure instanceof Error) || failure.name !== "HostGone") throw failure;
});

const root = join(import.meta.dir, "../../..");
/** Real time that nothing depends on: how long seeds take is the machine's affair. */
const REAL_MS_MAX = 60_000;
const seeds = Array.from({ length: 60 }, (_, n) => 1 + n);

test(
  "whatever is lost, late, doubled, cut off or without power, all apply the same, and the history repeats itself",
  () => {
    for (const seed of seeds) {
      const first = runRaftSeed({ seed });
      expect([seed, first.violation]).toEqual([seed, null]);
      expect([seed, runRaftSeed({ seed }).hash]).toEqual([seed, first.hash]);
    }
  },
  REAL_MS_MAX,
);

test("another seed is another history", () => {
  expect(runRaftSeed({ seed: 2 }).hash).not.toBe(runRaftSeed({ seed: 3 }).hash);
});

test("the seeds bring every kind of fault, quorums of 1 to 5 voters, and observers", () => {
  const plans = seeds.map((seed) => drawRaftPlan(seed));
  const drawn = new Set<string>(plans.flatMap(({ faults }) => [...faults.keys()]));
  expect([...raftFaults, ...voterChanges, "figure8"].filter((kind) => !drawn.has(kind))).toEqual([]);
  expect([...new Set(plans.map(({ voters }) => voters))].sort()).toEqual([1, 2, 3, 4, 5]);
  expect(plans.some(({ observers }) => observers > 0)).toBe(true);
});

test.each(raftMutants.map((mutant) => [mutant.name, mutant] as const))("%s: has its place in the code", (_, mutant) => {
  const text = readFileSync(join(root, mutant.file), "utf8");
  expect(text.split(mutant.find)).toHaveLength(2);
  expect(mutant.replace).not.toBe(mutant.find);
});

test(
  "a majority of one voter less is found out",
  () => {
    const args = ["tools/sim.ts", "--raft", "--mutant", "a majority is one voter less", "--seeds", "20"];
    const { stdout, exitCode } = Bun.spawnSync([process.execPath, ...args], { cwd: root });
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain('"violation"');
  },
  REAL_MS_MAX,
);

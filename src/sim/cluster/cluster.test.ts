/** A few fixed seeds of clusters, each twice: every promise holds, and the same seed is the same history. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterMutants } from "./mutants.ts";
import { clusterFaults, drawClusterPlan, laterFaults } from "./plan.ts";
import { runClusterSeed } from "./simulation.ts";

// A host that is lost in the middle of a turn throws into code whose promises nobody waits for any more.
process.on("unhandledRejection", (failure) => {
  if (!(failure instanceof Error) || failure.name !== "HostGone") throw failure;
});

const root = join(import.meta.dir, "../../..");

test.each([33, 41])(
  "all promises of a cluster hold, and the history repeats itself (seed %d)",
  (seed) => {
    const first = runClusterSeed({ seed });
    expect(first.violation).toBeNull();
    expect(first.counts.acknowledged).toBeGreaterThan(0);
    expect(runClusterSeed({ seed }).hash).toBe(first.hash);
  },
  60_000,
);

/**
 * Seeds that have failed once, with the faults that there were then; what was wrong also has a unit test where the code
 * is.
 */
const regressions = [
  {
    seed: 200034,
    found: "with voters from the settings the metadata directory was not durable when a majority counted it",
  },
  {
    seed: 505035,
    found: "a start went through what had happened since its snapshot, and deleted a log that had come back",
  },
  { seed: 500416, found: "a coordinator answered reads from before a commit that the last one had acknowledged" },
  { seed: 505191, found: "a new log was held to the checkpoints of the old one of its name" },
  { seed: 500386, found: "a stop closed the metadata log under a truncation" },
  { seed: 525005, found: "without fetch sessions a busy partition was always copied before a quiet one" },
  { seed: 522939, found: "an eligible leader replica that was no replica any more kept a partition without a leader" },
  { seed: 525545, found: "an epoch that left no record took the beginning of the epoch before it along" },
  { seed: 640054, found: "a log that begins within a batch could not be moved to another directory" },
  { seed: 650789, found: "a log whose directory was changing got two fetchers when its leader changed" },
  { seed: 660035, found: "a follower whose log had moved did not follow again" },
  { seed: 523029, found: "a node whose snapshot held all that was committed never heard that it had all" },
] as const;

test.each(regressions)(
  "seed $seed: $found",
  ({ seed }) => {
    expect(runClusterSeed({ seed, without: laterFaults }).violation).toBeNull();
  },
  60_000,
);

/** With all the faults that there are now. */
test("seed 660035: a follower whose log had changed its directory followed nobody", () => {
  expect(runClusterSeed({ seed: 660035 }).violation).toBeNull();
}, 60_000);

test("seeds bring every kind of fault, and every kind of cluster", () => {
  const plans = Array.from({ length: 60 }, (_, seed) => drawClusterPlan(seed));
  const drawn = new Set(plans.flatMap(({ faults }) => [...faults.keys()]));
  expect(clusterFaults.filter((kind) => !drawn.has(kind))).toEqual([]);
  expect([...new Set(plans.map(({ replicationFactor }) => replicationFactor))].sort()).toEqual([1, 2, 3]);
  expect(new Set(plans.map(({ dynamicQuorum, flushes, elr }) => `${dynamicQuorum} ${flushes} ${elr}`)).size).toBe(8);
});

test.each(clusterMutants.map((mutant) => [mutant.name, mutant] as const))(
  "%s: has its place in the code",
  (_, mutant) => {
    const text = readFileSync(join(root, mutant.file), "utf8");
    expect(text.split(mutant.find)).toHaveLength(2);
    expect(mutant.replace).not.toBe(mutant.find);
  },
);

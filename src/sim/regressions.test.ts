/** Seeds that have failed once, each with what it found. What was wrong also has a unit test where the code is. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { FaultKind } from "./plan.ts";

const root = join(import.meta.dir, "../..");

interface Regression {
  readonly seed: number;
  readonly found: string;
  /** Kinds of fault that it does not need. */
  readonly without?: readonly FaultKind[];
}

const regressions: readonly Regression[] = [
  { seed: 6, found: "what acks=1 had promised was called lost while a stalled sync still went on" },
  { seed: 1012, found: "a power cut as indexes are flushed rejected a sync that nobody waited for" },
  { seed: 1022, found: "the model did not know that requests of before a lost disk may still arrive" },
  { seed: 2044, found: "verify called an index damaged that the next start builds again" },
  {
    seed: 2406,
    found: "with the sign of an index entry flipped a read began behind what it was to find",
    without: ["processCrash", "powerCutInTurn", "pause", "slowReader", "writeFailure", "indexLoss"],
  },
  {
    seed: 10318,
    found: "what was appended as a node stopped was not committed, as a log of one replica is with Apache",
  },
  {
    seed: 10730,
    found: "the simulated network let an answer overtake another that was due at the same moment",
    without: [
      "processCrash",
      "crashInTurn",
      "powerCutInTurn",
      "cleanStop",
      "wallJump",
      "drift",
      "cutHalf",
      "partition",
    ],
  },
  {
    seed: 100129,
    found: "the checker wanted batches recognised that no snapshot of producers holds",
    without: ["cleanStop", "partition", "readFailure", "full"],
  },
  {
    seed: 102654,
    found: "a producer tried a gap in its sequence on a cluster that had just been made, which knows no producer",
    without: ["partition"],
  },
];

test.each(regressions)(
  "seed $seed: $found",
  ({ seed, without = [] }) => {
    const args = ["tools/sim.ts", "--seed", String(seed), "--without", without.join()];
    const { stdout, exitCode } = Bun.spawnSync([process.execPath, ...args], { cwd: root });
    expect(stdout.toString()).toContain(": holds");
    expect(exitCode).toBe(0);
  },
  60_000,
);

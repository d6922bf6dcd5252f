/** Seeds of a quorum that have failed once, each with what it found. What was wrong in raft also has a test there. */
import { expect, test } from "bun:test";
import type { RaftFault } from "./plan.ts";
import { runRaftSeed } from "./raft-simulation.ts";

// A host that is lost in the middle of a turn throws into code whose promises nobody waits for any more.
process.on("unhandledRejection", (failure) => {
  if (!(failure instanceof Error) || failure.name !== "HostGone") throw failure;
});

interface Regression {
  readonly seed: number;
  readonly found: string;
  /** Kinds of fault that it does not need. */
  readonly without?: readonly RaftFault[];
}

const regressions: readonly Regression[] = [
  {
    seed: 936,
    found: "a voter that had not read yet that it is one refused its vote for good, for the sake of a dead leader",
  },
];

test.each(regressions)(
  "seed $seed: $found",
  ({ seed, without = [] }) => {
    expect(runRaftSeed({ seed, without: new Set(without) }).violation).toBeNull();
  },
  60_000,
);

/**
 * A fixed set of seeds, each twice: every promise holds, and the same seed is the same history. As a command of its
 * own, which knows the HostGone that is thrown into code of a host that is gone; a test runner takes it for an error.
 */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { drawPlan, faultKinds } from "./plan.ts";

const root = join(import.meta.dir, "../..");
const [FROM, SEEDS] = [1_000, 25];

/** Real time that nothing depends on: how long a seed takes is the machine's affair. */
const REAL_MS_MAX = 240_000;

function run(from: number, seeds: number): { readonly histories: string; readonly output: string } {
  const args = ["tools/sim.ts", "--from", String(from), "--seeds", String(seeds)];
  const { stdout, stderr } = Bun.spawnSync([process.execPath, ...args], { cwd: root });
  const output = `${stdout}${stderr}`;
  return { histories: /histories +(\w+)/.exec(output)?.[1] ?? "", output };
}

test(
  "all promises hold, and the histories repeat themselves",
  () => {
    const first = run(FROM, SEEDS);
    expect(first.output).toContain(`${SEEDS} seeds, 0 failed`);
    expect(first.histories).toMatch(/^[0-9a-f]{16}$/);
    expect(run(FROM, SEEDS).histories).toBe(first.histories);
  },
  REAL_MS_MAX,
);

test(
  "another seed is another history",
  () => {
    const [one, other] = [run(7, 1), run(8, 1)];
    expect(one.output).toContain("1 seeds, 0 failed");
    expect(other.histories).not.toBe(one.histories);
  },
  REAL_MS_MAX,
);

test("the seeds bring every kind of fault", () => {
  const seeds = Array.from({ length: SEEDS }, (_, n) => FROM + n);
  const drawn = new Set(seeds.flatMap((seed) => [...drawPlan(seed).faults.keys()]));
  expect(faultKinds.filter((kind) => !drawn.has(kind))).toEqual([]);
});

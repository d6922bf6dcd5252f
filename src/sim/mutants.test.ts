/** The planted bugs fit the code of today, and the simulator sees what it must: a canary is found. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mutants } from "./mutants.ts";

const root = join(import.meta.dir, "../..");

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))("%s: has its place in the code", (_, mutant) => {
  for (const { file, find, replace } of mutant.also === undefined ? [mutant] : [mutant, mutant.also]) {
    expect(readFileSync(join(root, file), "utf8").split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  }
});

test("a sync that syncs nothing is found out", () => {
  const args = ["tools/sim.ts", "--mutant", "a sync that syncs nothing", "--seeds", "40"];
  const { stdout, exitCode } = Bun.spawnSync([process.execPath, ...args], { cwd: root });
  expect(exitCode).toBe(0);
  expect(stdout.toString()).toContain('"violation"');
}, 60_000);

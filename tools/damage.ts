/**
 * What disks do to a log, from the command line: `npm run damage -- --flips N [--seed S]` flips every bit of a small
 * data directory and then N random ones of many others. Exit 0 where nothing wrong was served and all was found.
 */
import { FlipRun } from "../src/cli/testing/random-flips.ts";

const PROGRESS_EVERY_MS = 5_000;
const FLIPS_PER_DIRECTORY = 16_000;

/** A line every few seconds. */
function progress(line: () => string): () => void {
  const startedMs = performance.now();
  let saidMs = startedMs;
  return () => {
    const nowMs = performance.now();
    if (nowMs - saidMs < PROGRESS_EVERY_MS) return;
    saidMs = nowMs;
    console.log(`${Math.round((nowMs - startedMs) / 1000)} s: ${line()}`);
  };
}

async function flips(count: number, seed: number): Promise<number> {
  const line = ({ counts, directories }: FlipRun) =>
    `${counts.flips} bits flipped (sample and ${directories} directories): ${counts.wrong} served wrongly, ` +
    `${counts.refused} refused, ${counts.same} without effect on what is served; ` +
    `${counts.missed} not found by verify, ${counts.unfindable} that nothing in the directory contradicts`;
  const run: FlipRun = new FlipRun(
    seed,
    progress(() => line(run)),
  );
  await run.everyBit();
  console.log(`every bit of the sample: ${line(run)}`);
  await run.random(count, FLIPS_PER_DIRECTORY);
  console.log(`\n${line(run)}`);
  for (const failure of run.failures) console.log(`  ${failure}`);
  return run.counts.wrong + run.counts.missed === 0 ? 0 : 1;
}

function option(name: string): number | null {
  const at = process.argv.indexOf(name);
  if (at < 0) return null;
  const value = Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} takes a number`);
  return value;
}

async function main(): Promise<number> {
  const seed = option("--seed") ?? 1;
  const flipped = option("--flips");
  if (flipped !== null) return flips(flipped, seed);
  console.error("Usage: npm run damage -- --flips N [--seed S]");
  return 2;
}

process.exit(await main());

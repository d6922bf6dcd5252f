/**
 * What disks do to a log, from the command line; docs/damage.md says how. Exit 0 where nothing wrong was served, all
 * damage was found and nothing acknowledged was lost.
 */
import { CompactionRun } from "../src/cli/testing/compactions.ts";
import { crashRun } from "../src/cli/testing/crash-images.ts";
import type { CrashRun } from "../src/cli/testing/crash-run.ts";
import { callSites, type FaultCounts, judgeSites } from "../src/cli/testing/disk-faults.ts";
import { metadataCrashRun } from "../src/cli/testing/metadata-images.ts";
import { FlipRun } from "../src/cli/testing/random-flips.ts";

const PROGRESS_EVERY_MS = 5_000;
const FLIPS_PER_DIRECTORY = 16_000;
/** Of so many crash images one is of the metadata: a whole node starts for each. */
const IMAGES_PER_METADATA = 50;
/** Of each place that calls the disk. */
const OCCURRENCES = 5;

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

/** `count` null: every bit of the sample. */
async function flips(count: number | null, seed: number): Promise<number> {
  const line = ({ counts, directories }: FlipRun) =>
    `${counts.flips} bits of ${Math.max(1, directories)} directories flipped: ${counts.wrong} served wrongly, ` +
    `${counts.refused} refused, ${counts.same} without effect on what is served, ` +
    `${counts.moved} moved a batch within a gap of compaction; ` +
    `${counts.missed} not found by verify, ${counts.unfindable} that nothing in the directory contradicts`;
  const run: FlipRun = new FlipRun(
    seed,
    progress(() => [line(run), ...run.failures].join("\n  ")),
  );
  await (count === null ? run.everyBit() : run.random(count, FLIPS_PER_DIRECTORY));
  console.log(`\n${line(run)}`);
  for (const failure of run.failures) console.log(`  ${failure}`);
  return run.counts.wrong + run.counts.missed === 0 ? 0 : 1;
}

/** Power cuts of either kind. */
type Counted = Pick<CrashRun<unknown>, "counts" | "failures" | "images">;

async function crashImages(count: number, seed: number): Promise<number> {
  const line = ({ counts }: Counted) =>
    `${counts.images} crash images of ${counts.histories} histories with ${counts.acknowledged} acknowledged batches: ` +
    `${counts.losing} lack something acknowledged; ${counts.unacknowledgedGone} unacknowledged records gone`;
  const durable: Counted = crashRun(
    { flushBeforeAck: true, seed },
    progress(() => line(durable)),
  );
  await durable.images(count);
  console.log(`\ndefault: ${line(durable)}`);
  for (const failure of durable.failures) console.log(`  ${failure}`);
  const cached: Counted = crashRun(
    { flushBeforeAck: false, seed },
    progress(() => line(cached)),
  );
  await cached.images(Math.ceil(count / 10));
  console.log(`odradek.flush.before.ack=false: ${line(cached)}`);
  if (cached.counts.losing === 0) console.log("  none of these is missing anything: the harness is blind");
  const metadata = await metadataImages(Math.ceil(count / IMAGES_PER_METADATA), seed);
  return durable.counts.losing === 0 && cached.counts.losing > 0 && metadata ? 0 : 1;
}

async function metadataImages(count: number, seed: number): Promise<boolean> {
  const line = ({ counts }: Counted) =>
    `${counts.images} crash images of ${counts.histories} histories with ${counts.acknowledged} acknowledged changes and ` +
    `${counts.snapshots} snapshots: ${counts.losing} lack something acknowledged`;
  const honest: Counted = metadataCrashRun(
    { deviceLies: false, seed },
    progress(() => line(honest)),
  );
  await honest.images(count);
  console.log(`metadata: ${line(honest)}`);
  for (const failure of honest.failures) console.log(`  ${failure}`);
  const lying: Counted = metadataCrashRun(
    { deviceLies: true, seed },
    progress(() => line(lying)),
  );
  await lying.images(Math.ceil(count / 10));
  console.log(`metadata on a device that lies about syncs: ${line(lying)}`);
  if (lying.counts.losing === 0) console.log("  none of these is missing anything: the harness is blind");
  return honest.counts.losing === 0 && lying.counts.losing > 0;
}

async function compaction(records: number, seed: number): Promise<number> {
  const line = ({ counts, logs, failures }: CompactionRun) =>
    `${counts.records} records in ${logs} logs, ${counts.tombstones} of them tombstones: ${counts.compactions} ` +
    `compactions, ${counts.kills} kills, ${counts.powerCuts} power cuts that took ${counts.lost} unsynced offsets; ` +
    `${failures.length} logs differ from their models`;
  const run: CompactionRun = new CompactionRun(
    seed,
    progress(() => line(run)),
  );
  await run.writes(records);
  console.log(`\n${line(run)}`);
  for (const failure of run.failures) console.log(`  ${failure}`);
  return run.failures.length === 0 ? 0 : 1;
}

async function faults(): Promise<number> {
  const sites = await callSites();
  const ends = ({ byEnd }: FaultCounts) => [...byEnd].map(([ended, count]) => `${ended} ${count}`).join(", ");
  let latest: FaultCounts | null = null;
  const say = progress(() => (latest === null ? "" : `${latest.judged} failures: ${ends(latest)}`));
  const counts = await judgeSites(sites, OCCURRENCES, (now) => {
    latest = now;
    say();
  });
  console.log(`\n${sites.length} places that call the disk, ${counts.judged} failures: ${ends(counts)}`);
  console.log(`${counts.failures.length} broken promises`);
  for (const failure of counts.failures) console.log(`  ${failure}`);
  return counts.failures.length === 0 ? 0 : 1;
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
  if (process.argv.includes("--every-bit")) return flips(null, seed);
  const images = option("--crash-images");
  if (images !== null) return crashImages(images, seed);
  const written = option("--compaction");
  if (written !== null) return compaction(written, seed);
  if (process.argv.includes("--faults")) return faults();
  console.error(
    "Usage: npm run damage -- --every-bit | --faults | {--flips | --crash-images | --compaction} N [--seed S]",
  );
  return 2;
}

process.exit(await main());

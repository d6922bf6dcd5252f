/**
 * Many compacted logs, each beside its model (`storage/testing/compacted-log.ts`): writes go on while compaction works,
 * synced or not, and at any disk operation the process or the power goes.
 */
import { CompactedLog, type CompactionCounts } from "../../../storage/testing/compacted-log.ts";

const STEPS = 60;
const BATCHES_MAX = 160;
/** A burst of writes has about so many disk operations, a compaction too. */
const OPERATIONS_MAX = 600;

export class CompactionRun {
  readonly counts: CompactionCounts = { records: 0, tombstones: 0, compactions: 0, kills: 0, powerCuts: 0, lost: 0 };
  /** The first few, as sentences. */
  readonly failures: string[] = [];
  logs = 0;
  private readonly seed: number;
  private readonly onProgress: () => void;

  constructor(seed: number, onProgress: () => void = () => {}) {
    this.seed = seed;
    this.onProgress = onProgress;
  }

  /** At least so many records. */
  async writes(records: number): Promise<void> {
    while (this.counts.records < records) {
      const seed = this.seed + this.logs++;
      const log = new CompactedLog(seed, { keys: 5 + (seed % 4) * 40, transactions: seed % 2 === 1 });
      try {
        await live(log);
      } catch (error) {
        if (this.failures.length < 20)
          this.failures.push(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
      }
      for (const name of Object.keys(this.counts) as (keyof CompactionCounts)[]) this.counts[name] += log.counts[name];
      this.onProgress();
    }
  }
}

async function live(log: CompactedLog): Promise<void> {
  const { random } = log;
  await log.start();
  for (let step = 0; step < STEPS; step++) {
    const ends = random.below(3) === 0;
    if (ends && random.below(4) > 0) log.failAfter(random.below(OPERATIONS_MAX));
    try {
      for (let n = random.below(BATCHES_MAX); n >= 0; n--) log.write();
      if (random.below(3) > 0) await log.sync();
      await compact(log);
    } catch (error) {
      if (!ends) throw error; // the disk fails only where it was told to
    }
    if (ends) await log.crash(random.below(2) === 0 ? "kill" : "power");
    else log.check();
    if (random.below(4) === 0) log.made.clock.jumpWall(random.below(120_000));
  }
  await log.sync();
  while (await log.compact());
  log.check();
}

/** Until nothing is left to do, or once while others write. */
async function compact(log: CompactedLog): Promise<void> {
  const { random } = log;
  const kind = random.below(3);
  if (kind === 0) while (await log.compact());
  if (kind === 1) await log.compact(() => log.write());
}

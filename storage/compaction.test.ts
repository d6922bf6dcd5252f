/**
 * Random keyed writes, tombstones, transactions, compactions, kills and power cuts against a model: the last value of
 * every key is kept, offsets never change, nothing that was deleted comes back. `npm run damage -- --compaction N` does
 * as many writes as one likes.
 */
import { describe, expect, test } from "bun:test";
import { CompactedLog } from "./testing/compacted-log.ts";

const seeds = (count: number, from = 0) => Array.from({ length: count }, (_, n) => n + from);

describe("a compacted log", () => {
  const count = Number(process.env.COMPACTION_SEEDS ?? 8);
  let records = 0;
  test.each(seeds(count))(
    "keeps the last value of every key (seed %d)",
    async (seed) => {
      const run = new CompactedLog(seed, { keys: 5 + (seed % 4) * 40, transactions: seed % 2 === 1 });
      await run.start();
      for (let step = 0; step < 60; step++) {
        for (let n = run.random.below(160); n >= 0; n--) run.write();
        await run.sync();
        while (await run.compact());
        run.check();
        if (run.random.below(4) === 0) run.made.clock.jumpWall(run.random.below(120_000));
      }
      expect(run.counts.compactions).toBeGreaterThan(3);
      const kept = run.written.size - run.gone.size;
      expect(kept).toBeLessThan(run.written.size / 2); // it did compact
      records += run.counts.records;
    },
    60_000,
  );

  test("in tens of thousands of writes, a quarter of a million with COMPACTION_SEEDS=24", () => {
    expect(records).toBeGreaterThan(count * 10_000);
  });

  test.each(seeds(20, 100))(
    "survives a stop at any disk operation, by chance (seed %d)",
    async (seed) => {
      const run = new CompactedLog(seed, { keys: 30, transactions: seed % 2 === 1 });
      await run.start();
      for (let step = 0; step < 25; step++) {
        for (let n = run.random.below(40); n >= 0; n--) run.write();
        await run.sync();
        run.failAfter(run.random.below(step % 3 === 0 ? 400 : 60));
        await run.compact();
        await run.crash(run.random.below(2) === 0 ? "kill" : "power");
        if (run.random.below(3) === 0) await run.compact();
        if (run.random.below(4) === 0) run.made.clock.jumpWall(run.random.below(120_000));
        run.check();
      }
      expect(run.counts.kills + run.counts.powerCuts).toBe(25);
    },
    60_000,
  );

  /** The same log each time, so that the n-th operation of its compaction is the same one. */
  async function filled(seed: number): Promise<CompactedLog> {
    const run = new CompactedLog(seed, { keys: 20, transactions: true });
    await run.start();
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 60; n++) run.write();
      await run.sync();
      if (round === 0) await run.compact();
      run.made.clock.jumpWall(100_000);
    }
    return run;
  }

  test.each([
    ["kill", 2],
    ["power", 3],
  ] as const)(
    "survives a stop at every disk operation of a compaction: %s (seed %d)",
    async (kind, seed) => {
      const leftovers = new Set<string>();
      for (let at = 0; ; at++) {
        const run = await filled(seed);
        let operations = 0;
        run.made.disk.fault = () => (operations++ >= at ? "EIO" : null);
        await run.compact();
        run.made.disk.fault = () => null;
        const suffixes = run.made.disk.list("/data/orders-0").map(({ name }) => name.replace(/^\d+/, ""));
        for (const suffix of suffixes) if (/cleaned|swap/.test(suffix)) leftovers.add(suffix);
        await run.crash(kind);
        const names = run.made.disk.list("/data/orders-0").map(({ name }) => name);
        expect(names.filter((name) => /\.(cleaned|swap|deleted)$/.test(name))).toEqual([]);
        while (await run.compact());
        run.check();
        if (operations <= at) break; // nothing failed: the compaction has no further operation
        if (at > 5000) throw new Error("a compaction without an end");
      }
      for (const file of [".log", ".index", ".timeindex", ".txnindex"]) {
        expect(leftovers).toContain(`${file}.cleaned`);
        expect(leftovers).toContain(`${file}.swap`);
      }
    },
    120_000,
  );
});

/** Compacted logs beside their models; `npm run damage -- --compaction N` writes as many records as one likes. */
import { expect, test } from "bun:test";
import { CompactedLog } from "../../storage/testing/compacted-log.ts";
import { CompactionRun } from "./testing/compactions.ts";

test("what is written, compacted and killed in between keeps the last value of every key", async () => {
  const run = new CompactionRun(1_000);
  await run.writes(1);
  expect(run.failures).toEqual([]);
  const { compactions, kills, powerCuts, lost } = run.counts;
  expect(Math.min(compactions, kills, powerCuts, lost)).toBeGreaterThan(2);
});

test("the harness sees a value that is lost, and one that comes back", async () => {
  const log = new CompactedLog(0, { keys: 12, transactions: false });
  await log.start();
  for (let n = 0; n < 30; n++) log.write();
  await log.sync();
  while (await log.compact());
  log.check();
  const [gone] = log.gone;
  log.gone.add(log.log.logEndOffset - 1);
  expect(gone).toBeGreaterThanOrEqual(0);
  expect(() => log.check()).toThrow(/was gone and is back/);
  log.gone.delete(log.log.logEndOffset - 1);
  await log.finish(log.log.truncateTo(log.log.logEndOffset - 5));
  expect(() => log.check()).toThrow(/^the last of key-\d+ is/);
});

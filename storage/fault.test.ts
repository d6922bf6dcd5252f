/** Every disk operation of a piece of work fails once: the error is heard, and nothing that was synced is lost. */
import { expect, test } from "bun:test";
import type { DiskError } from "../base/ports.ts";
import { LogDirectory } from "./log-dir.ts";
import { allBytes, append, type Fixture, fixture, settle } from "./testing/log-fixture.ts";

const topicId = "S7lkWmYJQbS8F3X3Ho0dCw";

interface Outcome {
  acknowledged: number;
  readonly heard: string[];
}

async function open(made: Fixture, onOffline: (directory: LogDirectory, error: DiskError) => void) {
  const { disk, clock } = made;
  const { random, logger, settings } = made.options;
  const opening = LogDirectory.open({
    disk,
    clock,
    random,
    logger,
    path: "/data",
    settingsFor: () => settings,
    onOffline,
  });
  await settle(clock);
  return opening;
}

/** Appends, syncs, rolls, checkpoints, truncates, deletes and closes; stops at the first error. */
async function work(made: Fixture, outcome: Outcome): Promise<void> {
  const directory = await open(made, (_, error) => outcome.heard.push(`offline ${error.code}`));
  const log = await directory.create("orders", 0, topicId);
  outcome.acknowledged = Math.max(outcome.acknowledged, log.durableOffset);
  for (let i = 0; i < 12; i++) {
    append(log, { count: 2, producerId: 5, producerEpoch: 0, baseSequence: 2 * i, epoch: 1 + Math.floor(i / 5) });
    if (i % 3 !== 2) continue;
    await log.sync();
    outcome.acknowledged = log.durableOffset;
    log.updateHighWatermark(log.durableOffset);
    await directory.checkpoint();
  }
  outcome.acknowledged = 20; // whoever truncates gives up the rest
  await log.truncateTo(20);
  append(log, { count: 2, epoch: 9 });
  await log.sync();
  outcome.acknowledged = 22;
  directory.maintain(made.clock.nowMs());
  made.clock.advance(60_000);
  await directory.close(3);
}

test.each(["EIO", "ENOSPC"])("each operation fails once with %s", async (code) => {
  let failed = true;
  let total = 0;
  for (let n = 1; failed; n++) {
    const made = fixture({ segmentBytes: 500, retentionBytes: 900, retentionMs: -1 });
    const outcome: Outcome = { acknowledged: 0, heard: [] };
    let count = 0;
    failed = false;
    made.disk.fault = () => {
      count++;
      if (count !== n) return null;
      failed = true;
      return code;
    };
    await work(made, outcome).catch((error) => outcome.heard.push(String(error)));
    if (!failed) break;
    total = n;
    made.disk.fault = () => null;
    made.clock.dropTimers();
    made.disk.crash();
    expect(outcome.heard.length).toBeGreaterThan(0);
    const directory = await open(made, () => {});
    expect([...directory.damaged.values()]).toEqual([]);
    const log = await directory.create("orders", 0, topicId);
    expect(log.logEndOffset).toBeGreaterThanOrEqual(outcome.acknowledged);
    if (log.logEndOffset > log.logStartOffset) expect(allBytes(log).length).toBeGreaterThan(0);
  }
  expect(total).toBeGreaterThan(150);
});

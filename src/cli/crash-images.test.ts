/** Power cuts before every disk operation of a node; `npm run damage -- --crash-images N` takes as many as one likes. */
import { expect, test } from "bun:test";
import { crashRun } from "./testing/crash-images.ts";
import { metadataCrashRun } from "./testing/metadata-images.ts";

test("whatever of the unsynced is left, what was acknowledged is there", async () => {
  const run = crashRun({ flushBeforeAck: true, seed: 1_000 });
  await run.images(1_500);
  expect(run.failures).toEqual([]);
  expect(run.counts.acknowledged).toBeGreaterThan(100);
  expect(run.counts.unacknowledgedGone).toBeGreaterThan(100); // the images are not all alike
});

test("the harness sees a loss: acknowledged from the page cache, records are missing", async () => {
  const run = crashRun({ flushBeforeAck: false, seed: 1_000 });
  await run.images(300);
  expect(run.counts.losing).toBeGreaterThan(10);
});

test("whatever of the unsynced metadata is left, a node starts on it with every acknowledged change", async () => {
  const run = metadataCrashRun({ deviceLies: false, seed: 1_000 });
  await run.images(40);
  expect(run.failures).toEqual([]);
  expect(run.counts.acknowledged).toBeGreaterThan(10);
  expect(run.counts.snapshots).toBeGreaterThan(0);
});

test("the harness sees lost metadata: of a device that lies about its syncs, changes are missing", async () => {
  const run = metadataCrashRun({ deviceLies: true, seed: 1_000 });
  await run.images(15);
  expect(run.failures.filter((failure) => failure.includes(": acknowledged was")).length).toBeGreaterThan(0);
});

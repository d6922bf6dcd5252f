/** Many partitions and long logs: what they may not cost. */
import { expect, test } from "bun:test";
import { FilePool } from "./file-pool.ts";
import type { Log } from "./log.ts";
import { append, fixture, opened, settle } from "./testing/log-fixture.ts";

const PARTITIONS = 100;
const SEGMENTS = 10;
const OPEN_MAX = 64;

test("a hundred partitions of ten segments live with sixty-four open files", async () => {
  const made = fixture({ segmentBytes: 1000, segmentIndexBytes: 240 });
  const files = new FilePool(made.disk, OPEN_MAX);
  let openMost = 0;
  const look = () => {
    openMost = Math.max(openMost, made.disk.openFiles);
  };
  const open = made.disk.open.bind(made.disk);
  made.disk.open = (...args) => {
    const file = open(...args);
    look();
    return file;
  };
  const logs: Log[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const log = await opened(made, { path: `/data/orders-${partition}`, partition, files });
    while (log.segmentCount < SEGMENTS) append(log, { valueBytes: 600 });
    logs.push(log);
    look();
  }
  for (let round = 0; round < 3; round++) {
    for (const log of logs) {
      append(log, { valueBytes: 600 });
      for (let offset = 0; offset < log.logEndOffset; offset += 4) {
        expect(log.readCopy(offset, 100, log.logEndOffset, true).length).toBeGreaterThan(600);
      }
      look();
    }
    await Promise.all(logs.map((log) => log.sync()));
    look();
  }
  // Snapshots and checkpoints are files beside the pool's, a quarter as many while they are synced.
  expect(openMost).toBeLessThanOrEqual(OPEN_MAX * 1.25 + 2);
});

test("a roll has what it sealed synced, though nobody waits: a crash leaves one segment to be read", async () => {
  const made = fixture({ segmentBytes: 1000 });
  const log = await opened(made);
  while (log.segmentCount < 4) append(log, { valueBytes: 600 });
  await settle(made.clock);
  expect(log.recoveryPoint).toBeGreaterThanOrEqual(log.logEndOffset - 1);
});

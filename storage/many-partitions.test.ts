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

test("the directory above a hundred new partitions is synced twice, not a hundred times", async () => {
  const made = fixture();
  const files = new FilePool(made.disk);
  const logs: Log[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    logs.push(await opened(made, { path: `/data/orders-${partition}`, partition, files }));
  }
  for (const log of logs) append(log);
  let syncs = 0;
  const syncDirectory = made.disk.syncDirectory.bind(made.disk);
  made.disk.syncDirectory = (path) => {
    if (path === "/data") syncs++;
    return syncDirectory(path);
  };
  await Promise.all(logs.map((log) => log.sync()));
  expect(syncs).toBe(2);
});

test("a sync that had not begun when another was asked for is enough for both", async () => {
  const made = fixture();
  const { disk } = made;
  const gate = Promise.withResolvers<void>();
  const paths = new Map<number, string>();
  const open = disk.open.bind(disk);
  disk.open = (path, options) => {
    const file = open(path, options);
    paths.set(file, path);
    return file;
  };
  const synced: string[] = [];
  const sync = disk.sync.bind(disk);
  disk.sync = async (file) => {
    const path = paths.get(file) as string;
    if (path.includes("partition.metadata")) await gate.promise;
    else synced.push(path.slice(path.lastIndexOf(".")));
    return sync(file);
  };
  const log = await opened(made);
  log.assignTopicId("AAAAAAAAAAAAAAAAAAAAAQ"); // the first sync waits for its file
  append(log);
  const first = log.sync();
  await settle(made.clock);
  const second = log.sync();
  append(log);
  gate.resolve();
  await Promise.all([first, second]);
  expect(log.durableOffset).toBe(2);
  expect(synced.filter((suffix) => suffix === ".log")).toHaveLength(1);
});

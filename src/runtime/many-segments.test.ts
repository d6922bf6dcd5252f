/**
 * Partitions of ten segments each on a real disk: written, read from end to end, stopped and recovered, while what the
 * process holds of the system's maps and descriptors stays below its bounds. Ten thousand of them take some minutes:
 * `MANY_SEGMENTS_PARTITIONS=10000 bun test src/runtime/many-segments.test.ts`.
 */
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUuid } from "../../base/uuid.ts";
import { RECOVERY_POINTS_FILE } from "../../storage/checkpoint.ts";
import { CLEAN_SHUTDOWN_FILE } from "../../storage/clean-shutdown.ts";
import type { Log } from "../../storage/log.ts";
import { LogDirectory } from "../../storage/log-dir.ts";
import { defaultLogSettings } from "../../storage/settings.ts";
import { batchAt, silent } from "../../storage/testing/log-fixture.ts";
import { BunClock } from "./bun-clock.ts";
import { BunDisk } from "./bun-disk.ts";
import { loadSystemCalls } from "./bun-mmap.ts";
import { BunRandom } from "./bun-random.ts";

const SEGMENTS = 10;
/** Partitions. */
const LOOK_EVERY = 20;
const partitions = Number(process.env.MANY_SEGMENTS_PARTITIONS ?? 30);
const isWhole = partitions >= 10_000;
/** In the short form so few that they are all needed; else what a node has. */
const openMax = isWhole ? 4096 : 64;
const mapsMax = isWhole ? 8000 : 60;
/** The runtime's own come and go, those of its heap above all. */
const OTHER_MAPS = isWhole ? 2000 : 100;
const OTHER_DESCRIPTORS = 50;
/** Above the size below which a read is a copy and needs no map. */
const VALUE_BYTES = 33_000;
const settings = { ...defaultLogSettings, segmentBytes: VALUE_BYTES + 1000, segmentIndexBytes: 4096 };

/** Linux tells what a process holds. */
const told = process.platform === "linux";

function held(): { maps: number; descriptors: number } {
  const maps = readFileSync("/proc/self/maps", "latin1").split("\n").length;
  return { maps, descriptors: readdirSync("/proc/self/fd").length };
}

const most = { maps: 0, descriptors: 0 };

function look(): void {
  const { maps, descriptors } = held();
  most.maps = Math.max(most.maps, maps);
  most.descriptors = Math.max(most.descriptors, descriptors);
}

/** Each segment as a consumer reads it: brought in, checked, as a view of its map. */
async function readAll(log: Log): Promise<number> {
  let batches = 0;
  for (let offset = log.logStartOffset; offset < log.logEndOffset; offset++) {
    const read = log.read(offset, 1 << 20, log.logEndOffset, true);
    await read.prepare(false);
    read.check();
    const bytes = read.view?.bytes;
    if (bytes !== undefined && bytes.length === read.sizeBytes) batches++;
    read.release();
  }
  return batches;
}

async function fill(directory: LogDirectory, random: BunRandom): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const log = await directory.create("many", partition, randomUuid(random));
    for (let n = 0; n < SEGMENTS; n++) log.append(batchAt(n, { valueBytes: VALUE_BYTES }), "client");
    log.updateHighWatermark(SEGMENTS);
    expect(log.segmentCount).toBe(SEGMENTS);
    if (partition % LOOK_EVERY === 0) look();
  }
}

async function readEvery(directory: LogDirectory): Promise<void> {
  expect([directory.logs.size, directory.damaged.size]).toEqual([partitions, 0]);
  let count = 0;
  for (const log of directory.logs.values()) {
    expect(await readAll(log)).toBe(SEGMENTS);
    if (count++ % LOOK_EVERY === 0) look();
  }
  look();
}

test.skipIf(!told)(
  `${partitions} partitions of ten segments need neither a map nor a descriptor for each`,
  async () => {
    const path = mkdtempSync(join(tmpdir(), "odradek-segments-"));
    const random = new BunRandom();
    const before = held();
    const doors = { disk: new BunDisk(loadSystemCalls(), mapsMax), clock: new BunClock(), random, logger: silent };
    const options = { ...doors, path, openFilesMax: openMax, concurrency: () => 16, settingsFor: () => settings };
    try {
      let directory = await LogDirectory.open(options);
      await fill(directory, random);
      await readEvery(directory);
      await directory.close(1);
      directory = await LogDirectory.open(options);
      expect(directory.cleanShutdown).toBe(true);
      await readEvery(directory);
      await directory.close(1);
      // As after a kill that came before any checkpoint: every segment is read again and its indexes are built.
      for (const file of [CLEAN_SHUTDOWN_FILE, RECOVERY_POINTS_FILE]) rmSync(join(path, file));
      directory = await LogDirectory.open(options);
      expect(directory.cleanShutdown).toBe(false);
      await readEvery(directory);
      await directory.close(1);
    } finally {
      rmSync(path, { recursive: true });
    }
    const maps = most.maps - before.maps;
    const descriptors = most.descriptors - before.descriptors;
    console.log(`${partitions * SEGMENTS} segments: at most ${maps} maps and ${descriptors} descriptors`);
    // Files that are being synced may be open beside the pool's, a quarter as many.
    expect(descriptors).toBeLessThan(openMax * 1.25 + OTHER_DESCRIPTORS);
    expect(maps).toBeLessThan(mapsMax + OTHER_MAPS);
  },
  isWhole ? 3_600_000 : 60_000,
);

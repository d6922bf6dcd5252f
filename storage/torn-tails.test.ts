/**
 * Every byte of the last two batches that were never synced, and of the files written beside them, cut off, zeroed or
 * overwritten: the log comes back to its last valid batch. The same below what was synced: the partition is fenced.
 */
import { afterAll, describe, expect, test } from "bun:test";
import type { Logger } from "../base/ports.ts";
import { MemoryDisk } from "../base/testing/memory-disk.ts";
import type { Log } from "./log.ts";
import { LogDirectory } from "./log-dir.ts";
import {
  type DamageKind,
  damagedFrom,
  damageKinds,
  diskWith,
  type Image,
  imageOf,
  sameBytes,
} from "./testing/images.ts";
import { allBytes, append, fixture, settle, silent } from "./testing/log-fixture.ts";

const topicId = "S7lkWmYJQbS8F3X3Ho0dCw";
const home = "/data/orders-0";
const made = fixture({ segmentBytes: 2000, segmentIndexBytes: 120, indexIntervalBytes: 90 });
const counts = { recovered: 0, fenced: 0, rebuilt: 0 };

interface Opened {
  readonly directory: LogDirectory;
  readonly log: Log | null;
  readonly errors: readonly string[];
}

async function open(disk: MemoryDisk): Promise<Opened> {
  const { clock, options } = made;
  const errors: string[] = [];
  const logger: Logger = { ...silent, error: (line) => void errors.push(line) };
  const { random, settings } = options;
  const opening = LogDirectory.open({ disk, clock, random, logger, path: "/data", settingsFor: () => settings });
  await settle(clock);
  const directory = await opening;
  return { directory, log: directory.log("orders", 0), errors };
}

/** Six batches that are synced and checkpointed, in two segments, then two that are not; then the process ends. */
async function written(): Promise<{ image: Image; ends: number[]; synced: number; all: Uint8Array }> {
  const disk = new MemoryDisk(() => made.clock.nowMs());
  const { directory } = await open(disk);
  const log = await directory.create("orders", 0, topicId);
  const ends: number[] = [];
  const add = (n: number) => {
    const producer = { producerId: 7, producerEpoch: 0, baseSequence: 2 * n };
    const { length } = append(log, {
      count: 2,
      epoch: Math.floor(n / 3),
      timestamp: 1_700_000_000_000 + n,
      ...producer,
    });
    ends.push((ends.at(-1) ?? 0) + length);
    if (n === 1) log.roll();
  };
  for (let n = 0; n < 6; n++) add(n);
  const syncing = log.sync();
  await settle(made.clock);
  await syncing;
  log.updateHighWatermark(log.durableOffset);
  const checkpoint = directory.checkpoint();
  await settle(made.clock);
  await checkpoint;
  const synced = log.logEndOffset;
  for (let n = 6; n < 8; n++) add(n);
  const all = allBytes(log);
  disk.kill();
  made.clock.dropTimers();
  return { image: imageOf(disk), ends, synced, all };
}

const before = await written();
const logFiles = [...before.image.keys()].filter((path) => path.endsWith(".log")).sort();
const activePath = logFiles.at(-1) as string;
const activeStart = before.all.length - (before.image.get(activePath) as Uint8Array).length;
/** Where in the active segment each batch ends. */
const endsInActive = before.ends.map((end) => end - activeStart);
const syncedEnd = endsInActive[5] as number;

afterAll(() => {
  const { recovered, fenced, rebuilt } = counts;
  console.log(
    `torn tails: ${recovered} recovered, ${fenced} fenced below the synced end, ${rebuilt} other files rebuilt`,
  );
});

const contentOf = (path: string) => before.image.get(path) as Uint8Array;

const isWhole = (damaged: Uint8Array, active: Uint8Array, end: number): boolean =>
  end <= 0 || sameBytes(damaged.slice(0, end), active.subarray(0, end));

test("the two unsynced batches lie in the active segment", () => {
  expect(endsInActive[5]).toBeGreaterThan(0);
  expect(contentOf(activePath).length).toBe(endsInActive[7] as number);
});

describe.each(damageKinds)("%s", (kind: DamageKind) => {
  test("every byte of the last two unsynced batches: the log ends with the last whole batch", async () => {
    const active = contentOf(activePath);
    for (let at = syncedEnd; at < active.length; at++) {
      const damaged = damagedFrom(active, at, kind);
      const { log } = await open(diskWith(before.image, { [activePath]: damaged }));
      // The first byte that differs may come later: some are zero anyway.
      const whole = endsInActive.filter((end) => isWhole(damaged, active, end)).length;
      expect(log?.logEndOffset).toBe(2 * whole);
      const bytes = allBytes(log as Log);
      expect(sameBytes(bytes, before.all.subarray(0, before.ends[whole - 1] as number))).toBe(true);
      append(log as Log, { count: 1, epoch: 9 });
      expect((log as Log).producers.entry(7)?.lastSequence).toBe(2 * whole - 1);
      counts.recovered++;
    }
  });

  test("every byte of the last two synced batches: fenced, and the file stays as it is", async () => {
    const active = contentOf(activePath);
    for (let at = Math.max(0, endsInActive[3] as number); at < syncedEnd; at++) {
      const damaged = damagedFrom(active, at, kind);
      if (sameBytes(damaged.slice(0, syncedEnd), active.subarray(0, syncedEnd))) continue;
      const disk = diskWith(before.image, { [activePath]: damaged });
      const { log, directory, errors } = await open(disk);
      expect(log === null).toBe(true);
      expect(await directory.create("orders", 0, topicId).catch((error) => error.error)).toBe("KAFKA_STORAGE_ERROR");
      expect(errors.join()).toMatch(/is damaged at byte \d+.* to give up what follows, set this partition to \d+ in/);
      expect(sameBytes(disk.contentOf(activePath), damaged)).toBe(true);
      counts.fenced++;
    }
  });

  const beside = [".index", ".timeindex", ".snapshot", "leader-epoch-checkpoint"];
  test.each(beside)("every byte of each %s file: nothing is lost, and it is as before", async (suffix) => {
    const paths = [...before.image.keys()].filter((path) => path.startsWith(home) && path.endsWith(suffix));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) {
      const content = contentOf(path);
      for (let at = 0; at < content.length; at++) {
        const { log } = await open(diskWith(before.image, { [path]: damagedFrom(content, at, kind) }));
        expect(log?.logEndOffset).toBe(16);
        expect(sameBytes(allBytes(log as Log), before.all)).toBe(true);
        expect((log as Log).producers.entry(7)?.lastSequence).toBe(15);
        expect((log as Log).epochs.entries()).toEqual([
          { epoch: 0, startOffset: 0 },
          { epoch: 1, startOffset: 6 },
          { epoch: 2, startOffset: 12 },
        ]);
        for (let n = 0; n < 8; n++) {
          const found = (log as Log).offsetForTimestamp(1_700_000_000_000 + n);
          if (n > 0) expect(found?.offset).toBe(n < 2 ? 1 : 2 * n - 1);
        }
        counts.rebuilt++;
      }
    }
  });
});

test("the repair that the sentence names works", async () => {
  const active = contentOf(activePath);
  const disk = diskWith(before.image, { [activePath]: damagedFrom(active, endsInActive[4] as number, "zeros") });
  const first = await open(disk);
  expect(first.errors.join()).toContain("set this partition to 10 in");
  await Promise.all([first.directory.close(1), settle(made.clock)]);
  for (const file of ["recovery-point-offset-checkpoint", "replication-offset-checkpoint"]) {
    const text = new TextDecoder().decode(disk.contentOf(`/data/${file}`));
    expect(text).toMatch(/orders 0 1[012]/);
    disk.plant(`/data/${file}`, new TextEncoder().encode(text.replace(/orders 0 \d+/, "orders 0 10")));
  }
  const { log } = await open(disk);
  expect(log?.logEndOffset).toBe(10);
});

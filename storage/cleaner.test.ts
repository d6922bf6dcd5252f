/** What may be compacted, in which order, and what becomes of a compaction that cannot end. */
import { expect, test } from "bun:test";
import { Prng } from "../base/prng.ts";
import { buildBatch, type NewRecord } from "../protocol/records/builder.ts";
import { readRecords } from "../protocol/records/cursor.ts";
import { readText } from "./checkpoint.ts";
import { LogCleaner } from "./cleaner.ts";
import type { Log } from "./log.ts";
import { LogDirectory } from "./log-dir.ts";
import { OffsetMap } from "./offset-map.ts";
import type { LogSettings } from "./settings.ts";
import { allBytes, type Fixture, fixture, settle, silent } from "./testing/log-fixture.ts";

const topicId = "S7lkWmYJQbS8F3X3Ho0dCw";
const utf8 = new TextEncoder();

class Cleaned {
  readonly made: Fixture;
  directory!: LogDirectory;
  cleaner!: LogCleaner;
  readonly lines: string[] = [];

  constructor(settings: Partial<LogSettings> = {}) {
    this.made = fixture({ segmentBytes: 250, cleanupDelete: false, cleanupCompact: true, ...settings });
  }

  async start(): Promise<this> {
    const { disk, clock, options } = this.made;
    const { random, settings } = options;
    const logger = { ...silent, error: (line: string) => void this.lines.push(line) };
    const doors = { disk, clock, random, logger, path: "/data", settingsFor: () => settings };
    this.directory = await this.finish(LogDirectory.open(doors));
    this.cleaner = new LogCleaner({
      clock,
      random,
      logger: { ...logger, warn: logger.error },
      directories: [this.directory],
      settings: {
        enabled: true,
        backoffMs: 1000,
        mapBytes: 1 << 16,
        mapLoadFactor: 0.9,
        ioBytes: 1 << 14,
        bytesPerSecondMax: Number.MAX_VALUE,
      },
    });
    return this;
  }

  async finish<Result>(promise: Promise<Result>): Promise<Result> {
    let settled = false;
    const noted = promise.finally(() => {
      settled = true;
    });
    noted.catch(() => {});
    while (!settled) await settle(this.made.clock);
    return noted;
  }

  log(topic = "orders"): Promise<Log> {
    return this.finish(this.directory.create(topic, 0, topicId));
  }

  /** One segment for each key; the last one is active. */
  async write(log: Log, keys: string): Promise<void> {
    for (const key of keys) {
      const record: NewRecord = {
        timestamp: this.made.clock.nowMs(),
        key: utf8.encode(key),
        value: new Uint8Array(150),
      };
      log.append(buildBatch([record], { baseOffset: log.logEndOffset, partitionLeaderEpoch: 0 }), "client");
    }
    await this.finish(log.sync());
    log.updateHighWatermark(log.durableOffset);
  }

  compact(): Promise<boolean> {
    return this.finish(this.cleaner.round());
  }

  checkpoint(): string[] {
    return readText(this.made.disk, "/data/cleaner-offset-checkpoint")?.trim().split("\n").slice(2) ?? [];
  }

  names(topic = "orders"): string[] {
    return this.made.disk.list(`/data/${topic}-0`).map(({ name }) => name);
  }
}

function left(log: Log): string {
  const bytes = allBytes(log);
  let found = "";
  for (let at = 0; at < bytes.length; at += 12 + new DataView(bytes.buffer, at).getInt32(8)) {
    for (const { offset, key } of readRecords(bytes, at))
      found += `${new TextDecoder().decode(key as Uint8Array)}${offset} `;
  }
  return found.trim();
}

test("the dirtiest log comes first, and the checkpoint names where each is clean", async () => {
  const run = await new Cleaned().start();
  const [some, most] = [await run.log("some"), await run.log("most")];
  await run.write(some, "abcdab");
  await run.write(most, "aaaa");
  expect(await run.compact()).toBe(true);
  expect(await run.compact()).toBe(true);
  expect(await run.compact()).toBe(false);
  expect(run.checkpoint().sort()).toEqual(["most 0 3", "some 0 5"]);
  await run.write(some, "a"); //   1 new of 5
  await run.write(most, "aaaa"); // 4 new of 5
  expect(await run.compact()).toBe(true);
  expect(run.checkpoint().sort()).toEqual(["most 0 7", "some 0 5"]);
  expect(left(most)).toBe("a6 a7");
});

test("what is not replicated, or belongs to an open transaction, stays", async () => {
  const run = await new Cleaned().start();
  const log = await run.log();
  await run.write(log, "aaaaa");
  log.updateHighWatermark(2);
  expect(await run.compact()).toBe(true);
  expect(left(log)).toBe("a1 a2 a3 a4");
});

test("a compaction ends with the deletion of its log, and a log of the same name begins anew", async () => {
  const run = await new Cleaned().start();
  const log = await run.log();
  await run.write(log, "aabbaa");
  await run.compact();
  expect(run.checkpoint()).toEqual(["orders 0 5"]);
  await run.write(log, "aaaa");
  const round = run.cleaner.round();
  await run.finish(run.directory.delete("orders", 0));
  expect(await run.finish(round)).toBe(false);
  expect(run.checkpoint()).toEqual([]);
  const again = await run.log();
  await run.write(again, "aaa");
  await run.compact();
  expect(left(again)).toBe("a1 a2");
});

test("a truncation ends a compaction and takes the checkpoint back", async () => {
  const run = await new Cleaned().start();
  const log = await run.log();
  await run.write(log, "abcabcabc");
  await run.compact();
  expect(run.checkpoint()).toEqual(["orders 0 8"]);
  await run.write(log, "abcabc");
  const round = run.cleaner.round();
  await run.finish(log.truncateTo(7));
  expect(await run.finish(round)).toBe(false);
  expect(run.checkpoint()).toEqual(["orders 0 7"]);
  expect(run.names().filter((name) => name.endsWith(".cleaned"))).toEqual([]);
});

test("a batch that does not hold its checksum stops the compaction of its log, and stays for an operator", async () => {
  const run = await new Cleaned().start();
  const log = await run.log();
  await run.write(log, "aaa");
  const path = "/data/orders-0/00000000000000000000.log";
  const bytes = run.made.disk.contentOf(path);
  bytes[100] = (bytes[100] as number) ^ 1;
  run.made.disk.plant(path, bytes);
  expect(await run.compact()).toBe(false);
  expect(run.lines.join()).toContain("not compacted until the next start");
  expect(await run.compact()).toBe(false);
  expect(run.made.disk.contentOf(path)).toEqual(bytes);
  expect(run.directory.offline).toBeNull();
});

test("a full disk makes compaction wait; any other failure takes the directory offline", async () => {
  const run = await new Cleaned().start();
  const log = await run.log();
  await run.write(log, "aaa");
  const failing = (code: string) => (operation: string, path: string) =>
    operation === "write" && path.endsWith(".cleaned") ? code : null;
  run.made.disk.fault = failing("ENOSPC");
  expect(await run.compact()).toBe(false);
  expect(run.directory.offline).toBeNull();
  expect(run.names().filter((name) => name.endsWith(".cleaned"))).toEqual([]);
  run.made.disk.fault = () => null;
  expect(run.lines).toHaveLength(1);
  expect(await run.compact()).toBe(true);
  expect(left(log)).toBe("a1 a2");
  await run.write(log, "aaa");
  run.made.disk.fault = failing("EIO");
  expect(await run.compact()).toBe(false);
  expect(run.directory.offline?.code).toBe("EIO");
});

test("the map of keys holds what it was given, in as many slots as the memory has", () => {
  const map = new OffsetMap(24 * 100_000, new Prng(5));
  const keys = Array.from({ length: 90_000 }, (_, n) => utf8.encode(`${"k".repeat(n % 9)}${n}`));
  for (const [n, key] of keys.entries()) map.put(key, 0, key.length, n);
  for (const [n, key] of keys.entries()) if (n % 3 === 0) map.put(key, 0, key.length, n + 1_000_000_000_000);
  expect(map.slots).toBe(100_000);
  expect(map.size).toBe(90_000);
  const wrong = keys.filter((key, n) => map.get(key, 0, key.length) !== (n % 3 === 0 ? n + 1_000_000_000_000 : n));
  expect(wrong).toEqual([]);
  expect(map.get(utf8.encode("none"), 0, 4)).toBe(-1);
});

test("many batches in one append are indexed as one after the other", async () => {
  const batchesOf = (topic: string) => ({ topic, path: `/data/${topic}-0/00000000000000000000.timeindex` });
  const [single, several] = [batchesOf("single"), batchesOf("several")];
  const run = await new Cleaned({ segmentBytes: 1 << 20 }).start();
  const batches = Array.from({ length: 20 }, (_, offset) => {
    const record = { timestamp: 1_700_000_000_000 + offset, key: utf8.encode("a"), value: new Uint8Array(150) };
    return buildBatch([record], { baseOffset: offset, partitionLeaderEpoch: 0 });
  });
  const one = await run.log(single.topic);
  for (const bytes of batches) one.append(bytes, "replication");
  (await run.log(several.topic)).append(new Uint8Array(Buffer.concat(batches)), "replication");
  await run.finish(run.directory.close(1));
  const { disk } = run.made;
  expect(disk.contentOf(single.path).length).toBeGreaterThan(100);
  expect(disk.contentOf(several.path)).toEqual(disk.contentOf(single.path));
});

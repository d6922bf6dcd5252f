import { describe, expect, test } from "bun:test";
import { DiskError } from "../base/ports.ts";
import { LogDamaged } from "./recover.ts";
import { allBytes, append, batchAt, fixture, opened, settle } from "./testing/log-fixture.ts";

const sameBytes = (a: Uint8Array, b: Uint8Array, from: number, to: number) =>
  to <= a.length && a.subarray(from, to).every((byte, i) => byte === b[from + i]);
const small = { segmentBytes: 400 };

describe("a log", () => {
  test("begins empty, with Apache's files", async () => {
    const made = fixture();
    const log = await opened(made);
    expect([log.logStartOffset, log.logEndOffset, log.durableOffset]).toEqual([0, 0, 0]);
    expect(
      made.disk
        .list("/data/orders-0")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["00000000000000000000.index", "00000000000000000000.log", "00000000000000000000.timeindex"]);
    expect(made.disk.contentOf("/data/orders-0/00000000000000000000.index").length).toBe(800);
    expect(made.disk.contentOf("/data/orders-0/00000000000000000000.timeindex").length).toBe(792);
  });

  test("reads back what was appended, across segments", async () => {
    const log = await opened(fixture(small));
    const written: number[] = [];
    for (let i = 0; i < 20; i++) written.push(...append(log, { count: 1 + (i % 3) }));
    expect(log.segmentCount).toBeGreaterThan(3);
    expect(allBytes(log)).toEqual(new Uint8Array(written));
    for (let offset = 0; offset < log.logEndOffset; offset++) {
      const bytes = log.readCopy(offset, 1, log.logEndOffset, true);
      const base = Number(new DataView(bytes.buffer).getBigInt64(0));
      expect(base).toBeLessThanOrEqual(offset);
      expect(base + new DataView(bytes.buffer).getInt32(23)).toBeGreaterThanOrEqual(offset);
    }
  });

  test("index entries of the growing segment are in its files after a sync, and 64 without any", async () => {
    const made = fixture({ segmentIndexBytes: 8000 });
    const log = await opened(made);
    const entriesIn = (name: string, entryBytes: number): number => {
      const bytes = made.disk.contentOf(`/data/orders-0/00000000000000000000.${name}`);
      let count = 0;
      while (bytes.subarray(count * entryBytes, (count + 1) * entryBytes).some((byte) => byte !== 0)) count++;
      return count;
    };
    for (let i = 0; i < 10; i++) append(log, { valueBytes: 200, timestamp: 1_700_000_000_000 + i });
    expect(entriesIn("index", 8)).toBe(0);
    const synced = log.sync();
    await settle(made.clock);
    await synced;
    expect([entriesIn("index", 8), entriesIn("timeindex", 12)]).toEqual([9, 9]);
    for (let i = 0; i < 64; i++) append(log, { valueBytes: 200, timestamp: 1_700_000_000_100 + i });
    expect([entriesIn("index", 8), entriesIn("timeindex", 12)]).toEqual([73, 73]);
  });

  test("never reads beyond the bound, nor outside of its offsets", async () => {
    const log = await opened(fixture());
    for (let i = 0; i < 10; i++) append(log);
    const one = batchAt(0).length;
    expect(log.readCopy(2, 1 << 20, 5, true).length).toBe(3 * one);
    expect(log.readCopy(5, 1 << 20, 5, true).length).toBe(0);
    expect(log.readCopy(2, 0, 5, false).length).toBe(0);
    expect(log.readCopy(2, 10, 5, false).length).toBe(10);
    expect(log.readCopy(2, 10, 5, true).length).toBe(one);
    expect(log.bytesBetween(2, 5)).toBe(3 * one);
    expect(() => log.readCopy(11, 1, 20, true)).toThrow("offsets 0 to 10");
  });

  test("a view is the same bytes, and counts until it is released", async () => {
    const log = await opened(fixture());
    const bytes = append(log);
    const read = log.read(0, 1000, 1, true);
    expect(read.view?.bytes).toEqual(bytes);
    expect(read.prepare(false)).toBeNull();
    read.release();
    expect(() => read.release()).toThrow("released once");
  });

  test("what is synced survives a power cut, what is not may not", async () => {
    const made = fixture(small);
    const log = await opened(made);
    for (let i = 0; i < 6; i++) append(log);
    await log.sync();
    expect(log.durableOffset).toBe(6);
    append(log);
    expect(log.durableOffset).toBe(6);
    made.disk.crash();
    const again = await opened(made, { cleanShutdown: false });
    expect([again.logEndOffset, again.durableOffset]).toEqual([6, 6]);
    expect(append(again).length).toBeGreaterThan(0);
  });

  test("one sync runs at a time and covers all that came before it", async () => {
    const made = fixture();
    const log = await opened(made);
    let held: (() => void)[] = [];
    made.disk.gate = () => new Promise((resolve) => held.push(resolve));
    const open = () => {
      for (const resolve of held) resolve();
      held = [];
    };
    const passed = async (sync: Promise<void>) => {
      let done = false;
      void sync.then(() => (done = true));
      while (!done) {
        open();
        await Promise.resolve();
      }
    };
    append(log);
    const first = log.sync();
    append(log);
    await settle(made.clock); // the first covers both: it starts at the end of the turn
    append(log);
    const second = log.sync();
    const third = log.sync();
    expect(third).toBe(second);
    await passed(first);
    expect(log.durableOffset).toBe(2);
    await passed(second);
    expect(log.durableOffset).toBe(3);
  });

  test("a failed sync takes the log out of use and is not tried again", async () => {
    const errors: DiskError[] = [];
    const made = fixture({}, { onDiskError: (error) => errors.push(error) });
    const log = await opened(made);
    append(log);
    made.disk.fault = (operation) => (operation === "sync" ? "EIO" : null);
    await expect(log.sync()).rejects.toThrow(DiskError);
    made.disk.fault = () => null;
    const syncs = made.disk.counts.get("sync");
    await expect(log.sync()).rejects.toThrow("EIO");
    expect(() => append(log)).toThrow("EIO");
    expect(() => log.readCopy(0, 1, 1, true)).toThrow("EIO");
    expect(made.disk.counts.get("sync")).toBe(syncs as number);
    expect(errors.map(({ code }) => code)).toEqual(["EIO"]);
  });

  test("closes with trimmed indexes and a producer snapshot, and opens again without reading the records", async () => {
    const made = fixture();
    const log = await opened(made);
    for (let i = 0; i < 10; i++) append(log, { timestamp: 1000 + i });
    await log.close();
    const names = made.disk.list("/data/orders-0").map(({ name }) => name);
    expect(names).toContain("00000000000000000010.snapshot");
    expect(made.disk.contentOf("/data/orders-0/00000000000000000000.index").length).toBeLessThan(80);
    const again = await opened(made);
    expect([again.logEndOffset, again.durableOffset]).toEqual([10, 10]);
    expect(again.offsetForTimestamp(1005)?.offset).toBe(5);
    expect(again.offsetOfMaxTimestamp()).toEqual({ timestamp: 1009, offset: 9, leaderEpoch: 0 });
  });

  test("a torn tail is cut behind the last valid batch", async () => {
    const made = fixture();
    const log = await opened(made);
    for (let i = 0; i < 4; i++) append(log);
    made.disk.kill();
    const path = "/data/orders-0/00000000000000000000.log";
    const whole = made.disk.contentOf(path);
    const one = whole.length / 4;
    for (let length = 2 * one; length < whole.length; length++) {
      for (const fill of [null, 0, 0xff]) {
        const torn = fill === null ? whole.slice(0, length) : whole.slice().fill(fill, length);
        made.disk.plant(path, torn);
        const again = await opened(made, { cleanShutdown: false, recoveryPoint: 2 });
        let intact = 2;
        while (intact < 4 && sameBytes(torn, whole, intact * one, (intact + 1) * one)) intact++;
        expect(again.logEndOffset).toBe(intact);
        made.disk.kill();
      }
    }
  });

  test("after a clean stop a log ends where it did, also where all of it has been deleted", async () => {
    const made = fixture();
    const log = await opened(made);
    for (let i = 0; i < 3; i++) append(log);
    await log.close();
    const path = "/data/orders-0/00000000000000000000.log";
    const bytes = made.disk.contentOf(path);
    bytes[(bytes.length / 3) * 2 + 6] = 0x08; // of the last base offset, which no checksum covers
    made.disk.plant(path, bytes);
    for (const logStartOffset of [0, 3]) {
      await expect(opened(made, { recoveryPoint: 3, logStartOffset })).rejects.toThrow(LogDamaged);
    }
  });

  test("damage below the recovery point is not cut off", async () => {
    const made = fixture();
    const log = await opened(made);
    for (let i = 0; i < 4; i++) append(log);
    made.disk.kill();
    const path = "/data/orders-0/00000000000000000000.log";
    const bytes = made.disk.contentOf(path);
    bytes[70] = 0xaa;
    made.disk.plant(path, bytes);
    const opening = opened(made, { cleanShutdown: false, recoveryPoint: 3 });
    await expect(opening).rejects.toThrow(LogDamaged);
    expect(made.disk.contentOf(path)).toEqual(bytes);
  });

  test("a batch that has lost its length is not passed over", async () => {
    const made = fixture({ ...small, indexIntervalBytes: 10_000 });
    const log = await opened(made);
    for (let i = 0; i < 12; i++) append(log);
    await log.close();
    const path = "/data/orders-0/00000000000000000000.log";
    const one = batchAt(0).length;
    made.disk.plant(path, made.disk.contentOf(path).fill(0xff, one + 8, one + 12));
    const again = await opened(made);
    expect(again.readCopy(0, 1, 12, true).length).toBe(one);
    expect(() => again.readCopy(1, 1, 12, true)).toThrow(`no batch at byte ${one}`);
    expect(again.readCopy(5, 1, 12, true).length).toBe(one);
  });

  test("missing and senseless indexes are built again", async () => {
    const made = fixture(small);
    const log = await opened(made);
    for (let i = 0; i < 20; i++) append(log, { timestamp: 1000 + i });
    await log.close();
    const before = new Map(
      made.disk.list("/data/orders-0").map(({ name }) => [name, made.disk.contentOf(`/data/orders-0/${name}`)]),
    );
    for (const [name, content] of before) {
      if (!name.endsWith("index")) continue;
      for (const damaged of [null, new Uint8Array(content.length + 5), new Uint8Array(content.length || 8)]) {
        if (damaged === null) made.disk.unlink(`/data/orders-0/${name}`);
        else made.disk.plant(`/data/orders-0/${name}`, damaged);
        const again = await opened(made);
        await again.close();
        expect(made.disk.contentOf(`/data/orders-0/${name}`)).toEqual(content);
      }
    }
  });

  test("never gives a recovery point behind which an index may be unsynced", async () => {
    const log = await opened(fixture());
    for (let i = 0; i < 3; i++) append(log);
    await log.sync();
    // 3 would be the base of the next segment, and recovery would then trust this one's index.
    expect([log.durableOffset, log.recoveryPoint]).toEqual([3, 2]);
    log.roll();
    append(log);
    expect(log.recoveryPoint).toBe(0);
    await log.sync();
    expect([log.durableOffset, log.recoveryPoint]).toEqual([4, 3]);
  });

  test("loses the index entry of a batch that a truncation cuts", async () => {
    const log = await opened(fixture({ indexIntervalBytes: 1 }));
    for (let i = 0; i < 4; i++) append(log, { count: 3 });
    await log.truncateTo(8); // the last offset of the batch at 6, which goes as a whole
    log.append(batchAt(8, { valueBytes: 300, count: 5 }), "replication");
    log.append(batchAt(13), "replication");
    for (const offset of [0, 5, 8, 12, 13]) {
      const bytes = log.readCopy(offset, 1, 14, true);
      const base = Number(new DataView(bytes.buffer).getBigInt64(0));
      expect(base).toBe(offset === 5 ? 3 : offset === 12 ? 8 : offset);
    }
    expect(log.readCopy(6, 1, 14, true)[7]).toBe(8); // a gap: the next batch answers
  });

  test("is truncated to an offset, and what follows replaces what was", async () => {
    const made = fixture(small);
    const log = await opened(made);
    for (let i = 0; i < 20; i++) append(log, { epoch: i < 10 ? 1 : 2 });
    await log.sync();
    expect(log.epochs.entries()).toEqual([
      { epoch: 1, startOffset: 0 },
      { epoch: 2, startOffset: 10 },
    ]);
    expect(await log.truncateTo(25)).toBe(false);
    expect(await log.truncateTo(7)).toBe(true);
    expect([log.logEndOffset, log.durableOffset]).toEqual([7, 7]);
    expect(log.epochs.entries()).toEqual([{ epoch: 1, startOffset: 0 }]);
    for (let i = 0; i < 5; i++) append(log, { epoch: 3 });
    await log.sync();
    const bytes = allBytes(log);
    made.disk.crash();
    const again = await opened(made, { cleanShutdown: false, recoveryPoint: 12 });
    expect(again.logEndOffset).toBe(12);
    expect(allBytes(again)).toEqual(bytes);
    expect(again.epochs.latest).toEqual({ epoch: 3, startOffset: 7 });
  });

  test("a truncation waits for views beyond it", async () => {
    const made = fixture();
    const log = await opened(made);
    for (let i = 0; i < 4; i++) append(log);
    const read = log.read(0, 1 << 20, 4, true);
    expect(read.view?.bytes.length).toBe(read.sizeBytes);
    let done = false;
    const truncation = log.truncateTo(2).then(() => (done = true));
    await settle(made.clock);
    expect(done).toBe(false);
    expect(log.logEndOffset).toBe(2);
    read.release();
    await truncation;
    expect(log.bytesBetween(0, 100)).toBe(2 * batchAt(0).length);
  });

  test("starts again at an offset after a snapshot", async () => {
    const made = fixture(small);
    const log = await opened(made);
    for (let i = 0; i < 20; i++) append(log);
    await log.truncateFullyAndStartAt(100);
    expect([log.logStartOffset, log.logEndOffset, log.durableOffset, log.segmentCount]).toEqual([100, 100, 100, 1]);
    append(log, { epoch: 9 });
    await log.close();
    const again = await opened(made, { logStartOffset: 100 });
    expect([again.logStartOffset, again.logEndOffset]).toEqual([100, 101]);
  });
});

describe("retention", () => {
  test("deletes by size, never above the high watermark, and the files go after the delay", async () => {
    const made = fixture({ ...small, retentionBytes: 1000, retentionMs: -1 });
    const log = await opened(made);
    for (let i = 0; i < 50; i++) append(log);
    expect(log.applyRetention(made.clock.nowMs())).toBe(0);
    log.updateHighWatermark(50);
    expect(log.applyRetention(made.clock.nowMs())).toBeGreaterThan(3);
    expect(log.sizeBytes).toBeGreaterThanOrEqual(1000);
    expect(log.sizeBytes).toBeLessThan(1400);
    const deleted = () => made.disk.list("/data/orders-0").filter(({ name }) => name.endsWith(".deleted")).length;
    expect(deleted()).toBeGreaterThan(0);
    made.clock.advance(60_000);
    expect(deleted()).toBe(0);
    expect(() => log.readCopy(0, 1, 50, true)).toThrow("offsets");
    expect(log.epochs.earliest?.startOffset).toBe(log.logStartOffset);
  });

  test("counts for the size only what the log start has left", async () => {
    const made = fixture({ ...small, retentionBytes: 1000, retentionMs: -1 });
    const log = await opened(made);
    for (let i = 0; i < 20; i++) append(log);
    log.updateHighWatermark(20);
    log.advanceLogStart(7, "records deleted");
    log.applyRetention(made.clock.nowMs());
    expect(log.sizeBytes).toBeGreaterThanOrEqual(1000);
  });

  test("deletes by the age of records, the active segment too", async () => {
    const made = fixture({ retentionMs: 1000 });
    const log = await opened(made);
    for (let i = 0; i < 5; i++) append(log, { timestamp: made.clock.nowMs() });
    log.updateHighWatermark(5);
    expect(log.applyRetention(made.clock.nowMs() + 1000)).toBe(0);
    expect(log.applyRetention(made.clock.nowMs() + 1001)).toBe(1);
    expect([log.logStartOffset, log.logEndOffset, log.segmentCount]).toEqual([5, 5, 1]);
    made.disk.kill();
    expect((await opened(made, { cleanShutdown: false })).logEndOffset).toBe(5);
  });

  test("deletes below the log start even where the topic is only compacted", async () => {
    const made = fixture({ ...small, cleanupDelete: false, retentionMs: 0 });
    const log = await opened(made);
    for (let i = 0; i < 20; i++) append(log);
    expect(() => log.advanceLogStart(12, "records deleted")).toThrow("high watermark");
    log.updateHighWatermark(20);
    expect(log.applyRetention(made.clock.nowMs() + 1e9)).toBe(0);
    expect(log.advanceLogStart(12, "records deleted")).toBe(true);
    expect(log.applyRetention(made.clock.nowMs())).toBeGreaterThan(1);
    expect(log.logStartOffset).toBe(12);
  });
});

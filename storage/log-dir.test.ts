import { describe, expect, test } from "bun:test";
import { Prng } from "../base/prng.ts";
import { FakeClock } from "../base/testing/fake-clock.ts";
import { MemoryDisk } from "../base/testing/memory-disk.ts";
import { LogDirectory, type LogDirectoryOptions } from "./log-dir.ts";
import { defaultLogSettings } from "./settings.ts";
import { append, batchAt, settle, silent } from "./testing/log-fixture.ts";

const topicId = "S7lkWmYJQbS8F3X3Ho0dCw";
const settings = { ...defaultLogSettings, segmentBytes: 500, segmentIndexBytes: 800 };
const text = (disk: MemoryDisk, path: string) => new TextDecoder().decode(disk.contentOf(path));

function made() {
  const clock = new FakeClock();
  const disk = new MemoryDisk(() => clock.nowMs());
  const options: LogDirectoryOptions = {
    disk,
    clock,
    random: new Prng(7),
    logger: silent,
    path: "/data",
    settingsFor: () => settings,
  };
  const open = async (more: Partial<LogDirectoryOptions> = {}) => {
    const opening = LogDirectory.open({ ...options, ...more });
    await settle(clock);
    return opening;
  };
  return { clock, disk, open, lock: () => LogDirectory.lock(options) };
}

const names = (disk: MemoryDisk) =>
  disk
    .list("/data")
    .map(({ name }) => name)
    .sort();

describe("a log directory", () => {
  test("is used by one process", async () => {
    const { open } = made();
    await open();
    await expect(open()).rejects.toThrow("in use by another process");
  });

  test("opens what it held, by the checkpoints after a clean stop", async () => {
    const { disk, open } = made();
    const directory = await open();
    const orders = await directory.create("orders", 0, topicId);
    expect(await directory.create("orders", 0, topicId)).toBe(orders);
    for (let i = 0; i < 30; i++) append(orders);
    orders.updateHighWatermark(30);
    orders.advanceLogStart(17, "records deleted");
    await directory.close(42);
    expect(text(disk, "/data/.kafka_cleanshutdown")).toBe('{"version":0,"brokerEpoch":42}');
    expect(text(disk, "/data/recovery-point-offset-checkpoint")).toBe("0\n1\norders 0 30\n");
    expect(text(disk, "/data/log-start-offset-checkpoint")).toBe("0\n1\norders 0 17\n");
    expect(text(disk, "/data/replication-offset-checkpoint")).toBe("0\n1\norders 0 30\n");
    expect(text(disk, "/data/orders-0/partition.metadata")).toBe(`version: 0\ntopic_id: ${topicId}`);
    disk.crash();
    const again = await open();
    expect([again.cleanShutdown, again.previousBrokerEpoch]).toEqual([true, 42]);
    const log = again.log("orders", 0);
    expect([log?.logStartOffset, log?.logEndOffset, log?.highWatermark, log?.topicId]).toEqual([17, 30, 30, topicId]);
    expect(disk.info("/data/.kafka_cleanshutdown")).toBeNull();
  });

  test("that was locked and not loaded stays as it was", async () => {
    const { disk, open, lock } = made();
    const directory = await open();
    append(await directory.create("orders", 0, topicId));
    await directory.close(42);
    const before = text(disk, "/data/recovery-point-offset-checkpoint");
    const locked = await lock();
    expect([locked.cleanShutdown, locked.previousBrokerEpoch, locked.logs.size]).toEqual([true, 42, 0]);
    await locked.close(43);
    expect(text(disk, "/data/recovery-point-offset-checkpoint")).toBe(before);
    expect(text(disk, "/data/.kafka_cleanshutdown")).toContain('"brokerEpoch":42');
    expect((await open()).log("orders", 0)?.logEndOffset).toBe(1);
  });

  test("reads what follows the recovery points after an unclean stop, and says how far it is", async () => {
    const { disk, clock, open } = made();
    const directory = await open();
    for (let partition = 0; partition < 5; partition++) {
      const log = await directory.create("orders", partition, topicId);
      for (let i = 0; i < 30; i++) append(log);
      await log.sync();
    }
    disk.crash();
    const seen: string[] = [];
    const again = await open({
      onProgress: (p) => seen.push(`${p.logsLoaded}/${p.logsTotal} ${p.segmentsRecovered}/${p.segmentsTotal}`),
    });
    await settle(clock);
    expect([...again.logs.values()].map((log) => [log.logEndOffset, log.durableOffset])).toEqual(
      Array.from({ length: 5 }, () => [30, 30]),
    );
    expect(seen[0]).toBe("0/5 0/0");
    expect(seen.at(-1)).toMatch(/^5\/5 (\d+)\/\1$/);
    expect(again.previousBrokerEpoch).toBe(-1);
  });

  test("writes recovery points as soon as enough closed segments are on the device", async () => {
    const { disk, clock, open } = made();
    const directory = await open({ recoveryPointBytes: () => 1000 });
    const log = await directory.create("orders", 0, topicId);
    while (log.segmentCount < 4) append(log); // the third that is closed makes it more than a thousand
    expect(text(disk, "/data/recovery-point-offset-checkpoint")).toBe("0\n0\n");
    await settle(clock);
    const closedTo = log.logEndOffset - 1; // each roll syncs all that there is
    expect(text(disk, "/data/recovery-point-offset-checkpoint")).toBe(`0\n1\norders 0 ${closedTo}\n`);
    disk.crash("none");
    let read = 0;
    const again = await open({ onProgress: ({ segmentsTotal }) => (read = segmentsTotal) });
    await settle(clock);
    expect([read, again.log("orders", 0)?.logEndOffset]).toEqual([1, log.logEndOffset]);
  });

  test("promises in its checkpoints nothing that is in the page cache alone", async () => {
    const { disk, clock, open } = made();
    const directory = await open({ highWatermarksAreSynced: false });
    const log = await directory.create("orders", 0, topicId);
    for (let i = 0; i < 28; i++) append(log);
    await Promise.all([log.sync(), settle(clock)]);
    append(log);
    log.updateHighWatermark(29);
    log.advanceLogStart(29, "records deleted");
    await directory.checkpoint();
    expect(text(disk, "/data/replication-offset-checkpoint")).toBe("0\n1\norders 0 28\n");
    disk.crash("none");
    const again = await open({ highWatermarksAreSynced: true });
    expect([again.damaged.size, again.log("orders", 0)?.logEndOffset]).toEqual([0, 28]);
  });

  test("does not miss in a new log what the old one of its name had", async () => {
    const { disk, clock, open } = made();
    const directory = await open();
    for (const count of [28, 5]) {
      const log = await directory.create("orders", 0, topicId);
      for (let i = 0; i < count; i++) append(log);
      await Promise.all([log.sync(), settle(clock)]);
      log.updateHighWatermark(count);
      if (count === 5) break; // the power goes before the next checkpoint
      await directory.checkpoint();
      await directory.delete("orders", 0);
    }
    disk.crash("none");
    const again = await open();
    expect([again.damaged.size, again.log("orders", 0)?.logEndOffset]).toEqual([0, 5]);
  });

  test.each([
    [true, 1],
    [false, 0],
  ])(
    "whose high watermarks are synced (%p) misses what lies below them, as others' do not promise it",
    async (highWatermarksAreSynced, damaged) => {
      const { disk, clock, open } = made();
      const directory = await open();
      const log = await directory.create("orders", 0, topicId);
      for (let i = 0; i < 28; i++) append(log);
      await Promise.all([log.sync(), settle(clock)]);
      disk.crash("none");
      disk.plant("/data/replication-offset-checkpoint", new TextEncoder().encode("0\n1\norders 0 29\n"));
      expect((await open({ highWatermarksAreSynced })).damaged.size).toBe(damaged);
    },
  );

  test("deletes a partition by renaming it first", async () => {
    const { disk, clock, open } = made();
    const directory = await open();
    const log = await directory.create("orders", 3, topicId);
    append(log);
    await directory.delete("orders", 3);
    expect(directory.log("orders", 3)).toBeNull();
    expect(names(disk).find((name) => name.startsWith("orders"))).toMatch(/^orders-3\.[0-9a-f]{32}-delete$/);
    expect(() => append(log)).toThrow("closed");
    const anew = await directory.create("orders", 3, "AAAAAAAAAAAAAAAAAAAAAg");
    expect(anew.logEndOffset).toBe(0);
    clock.advance(60_000);
    expect(names(disk).filter((name) => name.startsWith("orders"))).toEqual(["orders-3"]);
  });

  test("a deletion that a stop interrupted is finished later", async () => {
    const { disk, clock, open } = made();
    const directory = await open();
    append(await directory.create("orders", 3, topicId));
    await directory.delete("orders", 3);
    disk.kill();
    await open();
    clock.advance(60_000);
    expect(names(disk).filter((name) => name.startsWith("orders"))).toEqual([]);
  });

  test("keeps what the metadata does not place here as stray", async () => {
    const { disk, open } = made();
    const directory = await open();
    append(await directory.create("orders", 3, topicId));
    await directory.close(1);
    const again = await open();
    await again.markStray("orders", 3);
    expect(again.logs.size).toBe(0);
    expect(names(disk).some((name) => /^orders-3\.[0-9a-f]{32}-stray$/.test(name))).toBe(true);
  });

  test("goes offline as a whole when one operation fails", async () => {
    const { disk, open } = made();
    const offline: string[] = [];
    const directory = await open({ onOffline: (_, error) => offline.push(error.code) });
    const orders = await directory.create("orders", 0, topicId);
    const other = await directory.create("other", 0, "AAAAAAAAAAAAAAAAAAAAAg");
    append(orders);
    append(other);
    disk.fault = (operation, path) => (operation === "sync" && path.includes("orders-0") ? "EIO" : null);
    await expect(orders.sync()).rejects.toThrow("EIO");
    disk.fault = () => null;
    expect(offline).toEqual(["EIO"]);
    expect(directory.offline?.code).toBe("EIO");
    expect(() => append(other)).toThrow("EIO");
    await expect(directory.create("third", 0, topicId)).rejects.toThrow("EIO");
    await directory.close(5);
    expect(names(disk)).not.toContain(".kafka_cleanshutdown");
  });

  test("that fails while it is opened is offline, and leaves no marker", async () => {
    const { disk, open } = made();
    const directory = await open();
    append(await directory.create("orders", 0, topicId));
    await directory.close(1);
    disk.fault = (operation, path) => (operation === "read" && path.endsWith(".timeindex") ? "EIO" : null);
    const told: string[] = [];
    const failed = await open({ onOffline: ({ path }, error) => told.push(`${path} ${error.code}`) });
    expect(told).toEqual(["/data EIO"]);
    expect([failed.offline?.code, failed.log("orders", 0)]).toEqual(["EIO", null]);
    await failed.close(2);
    expect(names(disk)).not.toContain(".kafka_cleanshutdown");
  });

  test("does not take the gaps of compaction for losses", async () => {
    const { disk, open } = made();
    const directory = await open();
    const log = await directory.create("orders", 0, topicId);
    for (let i = 0; i < 30; i++) append(log);
    await log.sync();
    disk.kill();
    const first = "/data/orders-0/00000000000000000000.log";
    const whole = disk.contentOf(first);
    disk.plant(first, whole.slice(0, whole.length - batchAt(0).length));
    disk.plant("/data/cleaner-offset-checkpoint", new TextEncoder().encode("0\n1\norders 0 25\n"));
    expect((await open()).log("orders", 0)?.logEndOffset).toBe(30);
    disk.kill();
    disk.unlink("/data/cleaner-offset-checkpoint");
    disk.plant("/data/recovery-point-offset-checkpoint", new TextEncoder().encode("0\n0\n"));
    expect((await open()).log("orders", 0)?.logEndOffset).toBe(whole.length / batchAt(0).length - 1);
  });

  test("refuses a log of another topic, and one damaged log leaves the others online", async () => {
    const { disk, open } = made();
    const directory = await open();
    const orders = await directory.create("orders", 0, topicId);
    await expect(directory.create("orders", 0, "AAAAAAAAAAAAAAAAAAAAAg")).rejects.toThrow("belongs to topic");
    await directory.create("other", 0, "AAAAAAAAAAAAAAAAAAAAAg");
    for (let i = 0; i < 3; i++) append(orders);
    await orders.sync();
    await directory.checkpoint();
    disk.kill();
    const path = "/data/orders-0/00000000000000000000.log";
    disk.plant(path, disk.contentOf(path).fill(0, 100, 110));
    const again = await open();
    expect([...again.logs.keys()]).toEqual(["other-0"]);
    expect(again.damaged.get("orders-0")?.message).toContain("damaged at byte");
    await expect(again.create("orders", 0, topicId)).rejects.toThrow("damaged");
    // Neither the next start nor one after a clean stop takes the damage for a torn tail.
    disk.kill();
    const third = await open();
    expect(third.damaged.get("orders-0")?.message).toContain("damaged at byte");
    await third.close(7);
    expect((await open()).damaged.get("orders-0")?.message).toContain("damaged at byte");
  });

  test("does not start among directories that are no partition's", async () => {
    const { disk, open } = made();
    disk.makeDirectory("/data/lost+found");
    await expect(open()).rejects.toThrow("not the directory of a partition");
  });
});

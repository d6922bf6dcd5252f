/** A full disk refuses producers and nothing else, loses nothing, and passes by itself. */
import { describe, expect, test } from "bun:test";
import { LogDirectory } from "./log-dir.ts";
import { defaultLogSettings } from "./settings.ts";
import { allBytes, append, batchAt, fixture, settle } from "./testing/log-fixture.ts";

const MIB = 1 << 20;
const settings = { ...defaultLogSettings, segmentBytes: MIB, segmentIndexBytes: 8000 };

async function made(reserveBytes: number) {
  const { disk, clock, options } = fixture();
  disk.capacityBytes = 20 * MIB;
  const said: string[] = [];
  const logger = {
    debug() {},
    info: (line: string) => void said.push(line),
    warn() {},
    error: (line: string) => void said.push(line),
  };
  const open = async () => {
    const opening = LogDirectory.open({
      ...{ disk, clock, random: options.random, logger, path: "/data", settingsFor: () => settings },
      reserveBytes: () => reserveBytes,
    });
    await settle(clock);
    return opening;
  };
  return { disk, clock, said, open, directory: await open() };
}

const big = { valueBytes: 200_000 };

/** Appends until it is refused; returns how often it was not. */
function fill(log: Parameters<typeof append>[0], origin: "client" | "coordinator" | "raftLeader" = "client"): number {
  for (let count = 0; ; count++) {
    try {
      log.append(batchAt(log.logEndOffset, big), origin);
    } catch (error) {
      expect(String(error)).toContain("full");
      return count;
    }
  }
}

describe("a disk with a reserve", () => {
  test("refuses producers at the reserve, coordinators at half of it, the metadata log never", async () => {
    const { disk, directory, said } = await made(MIB);
    const log = await directory.create("orders", 0, "S7lkWmYJQbS8F3X3Ho0dCw");
    expect(fill(log)).toBeGreaterThan(90);
    expect(disk.space("/data").usableBytes).toBeGreaterThanOrEqual(MIB);
    expect(disk.space("/data").usableBytes).toBeLessThan(MIB + 250_000);
    expect(fill(log, "coordinator")).toBeGreaterThanOrEqual(1);
    expect(disk.space("/data").usableBytes).toBeGreaterThanOrEqual(MIB / 2);
    expect(fill(log, "raftLeader")).toBeGreaterThanOrEqual(1);
    expect(said.filter((line) => line.includes("refused"))).toHaveLength(1);
    expect(directory.offline).toBeNull();
    await directory.checkpoint();
  });

  test("takes records again once there is room, without being told", async () => {
    const { clock, directory, said } = await made(MIB);
    const log = await directory.create("orders", 0, "S7lkWmYJQbS8F3X3Ho0dCw");
    fill(log);
    log.updateHighWatermark(log.logEndOffset);
    log.deleteBefore(log.logEndOffset - 2, "records deleted");
    clock.advance(defaultLogSettings.fileDeleteDelayMs);
    append(log, big);
    expect(said.filter((line) => line.includes("served again"))).toHaveLength(1);
  });

  test("gives up at most a twentieth of a small disk", async () => {
    const { disk, directory } = await made(10 * MIB);
    fill(await directory.create("orders", 0, "S7lkWmYJQbS8F3X3Ho0dCw"));
    expect(disk.space("/data").usableBytes).toBeLessThan(MIB + 250_000);
  });
});

test("a write that finds the disk full leaves the log as it was, and in use", async () => {
  const { disk, directory, open } = await made(0);
  const log = await directory.create("orders", 0, "S7lkWmYJQbS8F3X3Ho0dCw");
  disk.capacityBytes = disk.capacityBytes - disk.space("/data").usableBytes + 700_000;
  fill(log, "raftLeader"); // it is not asked to leave anything
  const before = { end: log.logEndOffset, bytes: allBytes(log) };
  disk.capacityBytes += MIB;
  append(log, big);
  expect([log.logEndOffset, directory.offline]).toEqual([before.end + 1, null]);
  expect(allBytes(log).subarray(0, before.bytes.length)).toEqual(before.bytes);
  await log.sync();
  disk.crash();
  const again = (await open()).log("orders", 0);
  expect(again?.logEndOffset).toBe(before.end + 1);
});

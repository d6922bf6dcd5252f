/**
 * A disk that is really full: a file system of 64 MB in memory, which only root can mount. Where it cannot be, the test
 * says that it was skipped; src/broker/disk-full.test.ts has the same on a disk of the test's own.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskError } from "../../base/ports.ts";
import { LogDirectory } from "../../storage/log-dir.ts";
import { defaultLogSettings } from "../../storage/settings.ts";
import { batchAt, silent } from "../../storage/testing/log-fixture.ts";
import { machinePorts } from "../runtime/ports.ts";

const MIB = 1 << 20;
const folder = mkdtempSync(join(tmpdir(), "odradek-full-"));
const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]);
const mounted = mount.status === 0;
if (!mounted) console.warn(`a disk that is really full: not run: mount says ${mount.stderr ?? mount.error}`);

afterAll(() => {
  if (mounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true, force: true });
});

const settings = { ...defaultLogSettings, segmentBytes: 8 * MIB, fileDeleteDelayMs: 0 };

function open(reserveBytes: number): Promise<LogDirectory> {
  const path = join(folder, "data");
  const ports = machinePorts(() => silent);
  return LogDirectory.open({ ...ports, path, settingsFor: () => settings, reserveBytes: () => reserveBytes });
}

const freeBytes = () => statfsSync(folder).bavail * statfsSync(folder).bsize;

/** Appends until it is refused; returns how often it was not. */
function fill(log: Awaited<ReturnType<LogDirectory["create"]>>, origin: "client" | "raftLeader"): number {
  for (let count = 0; ; count++) {
    try {
      log.append(batchAt(log.logEndOffset, { valueBytes: 500_000 }), origin);
    } catch (error) {
      expect(error).not.toBeInstanceOf(DiskError);
      return count;
    }
  }
}

describe.if(mounted)("a disk that is really full", () => {
  let directory: LogDirectory;
  beforeAll(async () => {
    directory = await open(3 * MIB);
  });

  test("keeps its reserve, gives it to what may have it, and recovers", async () => {
    const log = await directory.create("orders", 0, "S7lkWmYJQbS8F3X3Ho0dCw");
    expect(fill(log, "client")).toBeGreaterThan(100);
    expect(freeBytes()).toBeGreaterThanOrEqual(3 * MIB);
    expect(freeBytes()).toBeLessThan(3 * MIB + 600_000);
    await log.sync();
    await directory.checkpoint();

    // Another program takes what is left, to the last byte: the write itself fails.
    writeFileSync(join(folder, "other"), new Uint8Array(freeBytes() - 300_000));
    const end = log.logEndOffset;
    expect(fill(log, "raftLeader")).toBe(0);
    expect([log.logEndOffset, directory.offline]).toEqual([end, null]);
    truncateSync(join(folder, "other"), 0);
    expect(fill(log, "raftLeader")).toBeGreaterThan(3);
    await log.sync();

    log.updateHighWatermark(log.logEndOffset);
    log.deleteBefore(log.logEndOffset - 5, "records deleted");
    await Bun.sleep(150);
    expect(fill(log, "client")).toBeGreaterThan(10);
    const closed = { end: log.logEndOffset, last: log.readCopy(log.logEndOffset - 1, MIB, log.logEndOffset, true) };
    await directory.close(1);
    const again = await open(3 * MIB);
    const reopened = again.log("orders", 0);
    expect(reopened?.logEndOffset).toBe(closed.end);
    expect(reopened?.readCopy(closed.end - 1, MIB, closed.end, true)).toEqual(closed.last);
    await again.close(1);
    expect(readdirSync(join(folder, "data"))).toContain("orders-0");
  });
});

import { describe, expect, test } from "bun:test";
import { DiskError } from "../ports.ts";
import { Prng } from "../prng.ts";
import { MemoryDisk } from "./memory-disk.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

describe("a disk in memory", () => {
  test("a power cut drops what was not synced", async () => {
    const disk = new MemoryDisk();
    disk.makeDirectory("/data");
    const file = disk.open("/data/a");
    disk.write(file, 0, [bytes("kept")]);
    await disk.sync(file);
    await disk.syncDirectory("/data");
    await disk.syncDirectory("/");
    disk.write(file, 4, [bytes(" lost")]);
    expect(text(disk.read(file, 0, 100))).toBe("kept lost");
    disk.crash();
    expect(text(disk.contentOf("/data/a"))).toBe("kept");
    expect(() => disk.read(file, 0, 1)).toThrow(DiskError);
  });

  test("a file whose directory was never synced is gone after a power cut", async () => {
    const disk = new MemoryDisk();
    disk.makeDirectory("/data");
    await disk.syncDirectory("/");
    const file = disk.open("/data/a");
    disk.write(file, 0, [bytes("x")]);
    await disk.sync(file);
    disk.crash();
    expect(disk.list("/data")).toEqual([]);
  });

  test("the end of the process keeps what was written", () => {
    const disk = new MemoryDisk();
    const file = disk.open("/a");
    disk.write(file, 0, [bytes("x")]);
    disk.kill();
    expect(text(disk.contentOf("/a"))).toBe("x");
  });

  test("a failed sync leaves nothing for a second one", async () => {
    const disk = new MemoryDisk();
    const file = disk.open("/a");
    await disk.syncDirectory("/");
    disk.write(file, 0, [bytes("x")]);
    disk.fault = (operation) => (operation === "sync" ? "EIO" : null);
    await expect(disk.sync(file)).rejects.toThrow("EIO");
    disk.fault = () => null;
    await disk.sync(file);
    disk.crash();
    expect(disk.contentOf("/a")).toEqual(new Uint8Array(1));
  });

  test("unsynced sectors survive by chance, whole or not at all", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const disk = new MemoryDisk();
      const file = disk.open("/a");
      disk.write(file, 0, [new Uint8Array(1024).fill(1)]);
      disk.crash(new Prng(seed));
      if (disk.info("/a") === null) seen.add("gone");
      else seen.add([0, 512].map((at) => disk.contentOf("/a")[at] ?? "-").join(""));
    }
    expect([...seen].sort()).toEqual(["--", "0-", "00", "01", "1-", "10", "11", "gone"]);
  });

  test("a directory renamed keeps its files, and a lock is held once", () => {
    const disk = new MemoryDisk();
    disk.makeDirectory("/data/a-0");
    disk.close(disk.open("/data/a-0/x"));
    disk.rename("/data/a-0", "/data/b-0");
    expect(disk.info("/data/b-0/x")?.directory).toBe(false);
    const lock = disk.lock("/data/.lock");
    expect(disk.lock("/data/.lock")).toBeNull();
    lock?.release();
    expect(disk.lock("/data/.lock")).not.toBeNull();
  });
});

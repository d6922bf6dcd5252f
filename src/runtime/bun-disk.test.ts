import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskError } from "../../base/ports.ts";
import { BunDisk } from "./bun-disk.ts";
import { loadSystemCalls } from "./bun-mmap.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);
const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (failure) {
    if (failure instanceof DiskError) return failure.code;
    throw failure;
  }
  return "no error";
};

const system = loadSystemCalls();
/** A file system that is memory has no device: nothing leaves it. */
const isInMemory = statfsSync(tmpdir()).type === 0x0102_1994;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "odradek-disk-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the system calls load on this machine", () => {
  expect(system).not.toBeNull();
});

describe.each([
  ["with maps", system],
  ["with plain reads", null],
])("a file %s", (_, calls) => {
  const disk = new BunDisk(calls);

  test("has what was written, in one chunk or in many", () => {
    const file = disk.open(join(folder, "log"));
    disk.write(file, 0, [bytes("hello ")]);
    disk.write(file, 6, [bytes("w"), bytes(""), bytes("orl"), bytes("d")]);
    expect(disk.sizeBytes(file)).toBe(11);
    expect(text(disk.read(file, 0, 100))).toBe("hello world");
    expect(text(disk.read(file, 4, 3))).toBe("o w");
    expect(disk.readInto(file, 11, new Uint8Array(5))).toBe(0);
    disk.close(file);
  });

  test("takes more chunks than one system call does", () => {
    const file = disk.open(join(folder, "log"));
    const chunks = Array.from({ length: 5000 }, (_, index) => bytes(`${index},`));
    disk.write(file, 3, chunks);
    expect(text(disk.read(file, 3, 100_000))).toBe(chunks.map(text).join(""));
    disk.close(file);
  });

  test("keeps the time of change that it is given", () => {
    const path = join(folder, "log");
    disk.close(disk.open(path));
    disk.setModified(path, 1_700_000_000_123);
    expect(disk.info(path)?.modifiedMs).toBe(1_700_000_000_123);
    expect(codeOf(() => disk.setModified(join(folder, "none"), 0))).toBe("ENOENT");
  });

  test("is cut and grown by truncate", () => {
    const file = disk.open(join(folder, "log"));
    disk.write(file, 0, [bytes("hello")]);
    disk.truncate(file, 2);
    disk.truncate(file, 4);
    expect([...disk.read(file, 0, 9)]).toEqual([104, 101, 0, 0]);
    disk.close(file);
  });

  test.each([10, 100_000])("shows a view of %d bytes anywhere, also of what was appended after the first", (length) => {
    const file = disk.open(join(folder, "log"));
    const content = Uint8Array.from({ length: 3 * length }, (_, index) => index % 251);
    disk.write(file, 0, [content.subarray(0, 2 * length)]);
    const first = disk.view(file, 3, length);
    disk.write(file, 2 * length, [content.subarray(2 * length)]);
    const second = disk.view(file, 2 * length - 5, length);
    expect(first.bytes).toEqual(content.slice(3, 3 + length));
    expect(second.bytes).toEqual(content.slice(2 * length - 5, 3 * length - 5));
    first.release();
    second.release();
    disk.close(file);
  });

  test("keeps a view alive after it was closed and unlinked", () => {
    const path = join(folder, "log");
    const file = disk.open(path);
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    disk.write(file, 0, [content]);
    const view = disk.view(file, 0, content.length);
    disk.close(file);
    disk.unlink(path);
    expect(view.bytes).toEqual(content);
    view.release();
  });

  test("opened before it grows by another hand is mapped again", () => {
    const path = join(folder, "log");
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    writeFileSync(path, content.subarray(0, 50_000));
    const file = disk.open(path, { readOnly: true });
    const before = disk.view(file, 0, 50_000);
    appendFileSync(path, content.subarray(50_000));
    const after = disk.view(file, 0, 100_000);
    expect(before.bytes).toEqual(content.slice(0, 50_000));
    expect(after.bytes).toEqual(content);
    before.release();
    after.release();
    disk.close(file);
  });

  test("cut through another handle gives no view of what is gone", () => {
    const path = join(folder, "log");
    const [file, other] = [disk.open(path), disk.open(path)];
    disk.write(file, 0, [new Uint8Array(100_000)]);
    disk.view(file, 0, 100_000).release();
    disk.truncate(other, 50_000);
    expect(() => disk.view(file, 0, 100_000)).toThrow("lies within its file");
    expect(() => disk.cached(file, 0, 100_000)).toThrow("lies within its file");
    disk.view(file, 0, 50_000).release();
    disk.close(file);
    disk.close(other);
  });

  test("just written is cached, loads and syncs", async () => {
    const file = disk.open(join(folder, "log"));
    disk.write(file, 0, [new Uint8Array(3_000_001)]);
    expect(disk.cached(file, 70_000, 2_000_000)).toBe(true);
    await disk.load(file, 0, 3_000_001);
    await Promise.all([disk.sync(file), disk.sync(file)]);
    disk.close(file);
  });

  test.skipIf(calls === null || isInMemory)("that is forgotten comes from the device again", async () => {
    const file = disk.open(join(folder, "log"));
    disk.write(file, 0, [new Uint8Array(3_000_001)]);
    await disk.sync(file);
    expect(disk.cached(file, 0, 3_000_001)).toBe(true);
    disk.forget(file);
    expect(disk.cached(file, 0, 3_000_001)).toBe(false);
    expect(disk.read(file, 3_000_000, 10)).toHaveLength(1);
    disk.close(file);
  });

  test("closed during a sync closes after it", async () => {
    const file = disk.open(join(folder, "log"));
    disk.write(file, 0, [new Uint8Array(100_000)]);
    const synced = disk.sync(file);
    disk.close(file);
    expect(() => disk.sizeBytes(file)).toThrow("the file is open");
    await synced;
  });

  test("opened read-only refuses writes", () => {
    writeFileSync(join(folder, "log"), "x");
    const file = disk.open(join(folder, "log"), { readOnly: true });
    expect(codeOf(() => disk.write(file, 0, [bytes("y")]))).toBe("EBADF");
    disk.close(file);
  });
});

describe("failures carry the system's code", () => {
  const disk = new BunDisk(system);

  test.each<[string, () => unknown]>([
    ["ENOENT", () => disk.open(join(folder, "none"), { create: false })],
    ["ENOENT", () => disk.list(join(folder, "none"))],
    ["ENOENT", () => disk.unlink(join(folder, "none"))],
    ["EISDIR", () => disk.open(folder)],
    [
      "ENOTEMPTY",
      () => {
        writeFileSync(join(folder, "x"), "");
        disk.removeDirectory(folder);
      },
    ],
    ["ENOSPC", () => disk.write(disk.open("/dev/full", { create: false }), 0, [bytes("x")])],
    ["ENOSPC", () => disk.write(disk.open("/dev/full", { create: false }), 0, [bytes("x"), bytes("y")])],
  ])("%s", (code, call) => {
    expect(codeOf(call)).toBe(code);
  });

  test("a failed sync is not retried: the next one fails the same way", async () => {
    const file = disk.open("/dev/full", { create: false });
    const failures: unknown[] = await Promise.all([1, 2].map(() => disk.sync(file).catch(String)));
    expect(failures).toEqual(Array(2).fill("DiskError: fdatasync /dev/full: EINVAL"));
    disk.close(file);
  });
});

/** What this process has open. One may be closed while they are looked at. */
function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

describe("directories", () => {
  const disk = new BunDisk(system);

  test.skipIf(process.platform !== "linux")("a large file is let go by a thread after it was unlinked", async () => {
    const path = join(folder, "large");
    writeFileSync(path, new Uint8Array(9 << 20));
    const holders = () => openFiles().filter((open) => open.startsWith(path));
    const close = spyOn(fs, "close");
    disk.unlink(path);
    expect([existsSync(path), close.mock.calls.length]).toEqual([false, 1]);
    close.mockRestore();
    while (holders().length > 0) await Bun.sleep(1);
  });

  test("are made with their parents, listed, renamed, removed and synced", async () => {
    const inner = join(folder, "a", "b");
    disk.makeDirectory(inner);
    disk.makeDirectory(inner);
    writeFileSync(join(folder, "a", "file"), "123");
    symlinkSync(inner, join(folder, "a", "link"));
    const names = disk.list(join(folder, "a")).sort((one, other) => (one.name < other.name ? -1 : 1));
    expect(names).toEqual([
      { name: "b", directory: true },
      { name: "file", directory: false },
      { name: "link", directory: true },
    ]);
    disk.rename(inner, join(folder, "c"));
    await disk.syncDirectory(folder);
    expect(disk.info(inner)).toBeNull();
    expect(disk.info(join(folder, "c"))).toMatchObject({ directory: true });
    expect(disk.info(join(folder, "a", "file"))).toMatchObject({ directory: false, sizeBytes: 3 });
    disk.removeDirectory(join(folder, "c"));
    expect(existsSync(join(folder, "c"))).toBe(false);
  });

  test("know their space", () => {
    const { totalBytes, usableBytes } = disk.space(folder);
    expect(totalBytes).toBeGreaterThan(usableBytes - 1);
    expect(usableBytes).toBeGreaterThan(0);
  });
});

describe("a lock", () => {
  const disk = new BunDisk(system);
  const tryElsewhere = (path: string): string => {
    const script = `
      import { BunDisk } from "${join(import.meta.dir, "bun-disk.ts")}";
      import { loadSystemCalls } from "${join(import.meta.dir, "bun-mmap.ts")}";
      process.stdout.write(String(new BunDisk(loadSystemCalls()).lock(${JSON.stringify(path)}) !== null));`;
    const run = Bun.spawnSync([process.execPath, "-e", script], { stderr: "inherit" });
    return run.stdout.toString();
  };

  test("keeps out other processes until it is released", () => {
    const path = join(folder, ".lock");
    const lock = disk.lock(path);
    expect(tryElsewhere(path)).toBe("false");
    lock?.release();
    expect(tryElsewhere(path)).toBe("true");
    expect(readFileSync(path)).toHaveLength(0);
  });

  test("keeps out its own process too, and asking does not lose it", () => {
    const path = join(folder, ".lock");
    const lock = disk.lock(path);
    expect(disk.lock(path)).toBeNull();
    expect(tryElsewhere(path)).toBe("false");
    lock?.release();
    disk.lock(path)?.release();
  });
});

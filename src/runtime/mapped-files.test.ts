import { expect, test } from "bun:test";
import type { SystemCalls } from "./bun-mmap.ts";
import { MappedFiles } from "./mapped-files.ts";

/** Remembers what is mapped: address → length. */
function fakeSystem() {
  const mapped = new Map<number, number>();
  let next = 1;
  const calls: SystemCalls = {
    map(_fd, length) {
      mapped.set(next, length);
      return next++;
    },
    unmap: (address) => void mapped.delete(address),
    bytes: (_address, _position, length) => new Uint8Array(length),
    resident: () => true,
    lock: () => true,
    forget: () => {},
  };
  return { calls, mapped };
}

test("a growing file is mapped once, in whole gibibytes; a sealed one at its length", () => {
  const { calls, mapped } = fakeSystem();
  const maps = new MappedFiles(calls);
  maps.view(3, 0, 10, 10, true)?.release();
  maps.view(3, 0, 1000, 5000, true)?.release();
  maps.view(4, 0, 10, 10, false)?.release();
  expect([...mapped.values()]).toEqual([2 ** 30, 10]);
});

test("the least recently used map goes first, but not under a view", () => {
  const { calls, mapped } = fakeSystem();
  const maps = new MappedFiles(calls, 2);
  const held = maps.view(1, 0, 10, 10, false);
  maps.view(2, 0, 20, 20, false)?.release();
  maps.view(1, 0, 10, 10, false)?.release(); // file 2 is now the oldest
  maps.view(3, 0, 30, 30, false)?.release();
  expect([...mapped.values()]).toEqual([10, 30]);
  maps.view(4, 0, 40, 40, false)?.release(); // evicts file 1, which is still in view
  expect([...mapped.values()]).toEqual([10, 30, 40]);
  expect(maps.count).toBe(2);
  held?.release();
  expect([...mapped.values()]).toEqual([30, 40]);
});

test("a view is released once", () => {
  const view = new MappedFiles(fakeSystem().calls).view(1, 0, 1, 1, false);
  view?.release();
  expect(() => view?.release()).toThrow("released once");
});

test("where the system refuses a map there is no view", () => {
  const { calls } = fakeSystem();
  const maps = new MappedFiles({ ...calls, map: () => null });
  expect(maps.view(1, 0, 1, 1, false)).toBeNull();
  expect(maps.resident(1, 0, 1, 1, false)).toBe(false);
});

test("neighbouring views share an ArrayBuffer; a map that is gone takes its own along", () => {
  const { calls } = fakeSystem();
  const asked: [position: number, length: number][] = [];
  const bytes: SystemCalls["bytes"] = (_address, position, length) => {
    asked.push([position, length]);
    return new Uint8Array(length).map((_, i) => (position + i) % 251);
  };
  const maps = new MappedFiles({ ...calls, bytes });
  const size = 20 << 20;
  for (const position of [100, 1 << 20, 5 << 20, 9 << 20]) {
    const view = maps.view(1, position, 1000, size, false);
    expect([view?.bytes.length, view?.bytes[7]]).toEqual([1000, (position + 7) % 251]);
    view?.release();
  }
  expect(asked).toEqual([
    [100, 8 << 20],
    [9 << 20, 8 << 20],
  ]);
  maps.forget(1);
  maps.view(1, 100, 1000, size, false)?.release();
  expect(asked).toHaveLength(3);
});

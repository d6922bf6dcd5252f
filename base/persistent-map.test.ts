import { expect, test } from "bun:test";
import { PersistentMap } from "./persistent-map.ts";

test("agrees with Map over random writes and removals, and old versions stay as they were", () => {
  let state = 7;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
  let map = PersistentMap.empty<string, number>();
  const model = new Map<string, number>();
  const kept: [PersistentMap<string, number>, Map<string, number>][] = [];
  for (let step = 0; step < 20_000; step++) {
    const key = `topic-${below(3000)}`;
    if (below(3) === 0) {
      map = map.without(key);
      model.delete(key);
    } else {
      map = map.with(key, step);
      model.set(key, step);
    }
    if (step % 5000 === 0) kept.push([map, new Map(model)]);
  }
  kept.push([map, model]);
  for (const [version, expected] of kept) {
    expect(version.size).toBe(expected.size);
    expect(new Map(version)).toEqual(expected);
    for (const [key, value] of expected) expect(version.get(key)).toBe(value);
  }
});

test("differences are exactly the entries that are not the same", () => {
  const base = PersistentMap.of<string, number>(Array.from({ length: 5000 }, (_, i) => [`key-${i}`, i]));
  const next = base.with("key-17", -1).without("key-4000").with("new", 1).with("key-5", 5);
  const seen: unknown[] = [];
  PersistentMap.differences(base, next, (...difference) => seen.push(difference));
  expect(seen.sort()).toEqual([
    ["key-17", 17, -1],
    ["key-4000", 4000, undefined],
    ["new", undefined, 1],
  ]);
  let all = 0;
  PersistentMap.differences(PersistentMap.empty<string, number>(), next, () => all++);
  expect(all).toBe(5000);
});

test("keys of one hash live together and leave one by one", () => {
  // Numbers hash by their low 32 bits, so these collide on every level.
  const one = PersistentMap.of<number, string>([
    [1, "a"],
    [2 ** 32 + 1, "b"],
    [2 ** 33 + 1, "c"],
  ]);
  expect(one.size).toBe(3);
  const two = one.without(2 ** 32 + 1);
  expect([...two.values()].sort()).toEqual(["a", "c"]);
  expect(one.get(2 ** 32 + 1)).toBe("b");
  expect(two.without(1).without(2 ** 33 + 1).size).toBe(0);
});

test("the order of iteration does not depend on the order of insertion", () => {
  const keys = Array.from({ length: 200 }, (_, i) => `key-${i}`);
  const forward = PersistentMap.of(keys.map((key) => [key, 1] as const));
  const backward = PersistentMap.of(keys.reverse().map((key) => [key, 1] as const));
  expect([...forward.keys()]).toEqual([...backward.keys()]);
});

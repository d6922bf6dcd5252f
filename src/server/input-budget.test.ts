import { expect, test } from "bun:test";
import { InputBudget, type InputReader } from "./input-budget.ts";

function reader(name: string, woken: string[]): InputReader {
  return { mayReadAgain: () => void woken.push(name) };
}

test("over the bound only the first to begin its frame reads on", () => {
  const woken: string[] = [];
  const [a, b, c] = [reader("a", woken), reader("b", woken), reader("c", woken)] as const;
  const budget = new InputBudget(() => 100);
  budget.changed(a, 60, true);
  budget.changed(b, 60, true);
  budget.changed(c, 60, true);
  expect([budget.admits(a), budget.admits(b), budget.admits(c)]).toEqual([true, false, false]);
  expect(budget.admits(reader("small", woken))).toBe(true);
  budget.changed(a, 0, false); // its frame is whole, and being handled
  expect(woken).toEqual(["b"]);
  expect([budget.admits(b), budget.admits(c)]).toEqual([true, false]);
  budget.changed(a, -60, false);
  expect(woken).toEqual(["b"]); // still over the bound
  budget.forget(b, 60);
  expect(woken).toEqual(["b", "c"]);
  expect(budget.heldBytes).toBe(60);
});

test("one that is gone is not woken", () => {
  const woken: string[] = [];
  const [a, b] = [reader("a", woken), reader("b", woken)] as const;
  const budget = new InputBudget(() => 10);
  budget.changed(a, 20, true);
  budget.changed(b, 20, true);
  expect(budget.admits(b)).toBe(false);
  budget.forget(b, 20);
  budget.forget(a, 20);
  expect(woken).toEqual([]);
  expect(budget.heldBytes).toBe(0);
});

/** The judge itself must see what it is there to see. */
import { expect, test } from "bun:test";
import { type Acknowledged, judge, type Read } from "./history.ts";

const told = (partition: number, offset: number, value: string): Acknowledged => ({
  partition,
  offset,
  value,
  atMs: 0,
});
const read = (partition: number, offset: number, value: string): Read => ({ partition, offset, value });

test("a whole history has no faults", () => {
  const verdict = judge(
    [told(0, 0, "a:0"), told(1, 0, "a:1")],
    [read(0, 0, "a:0"), read(1, 0, "a:1"), read(0, 1, "a:2")],
  );
  expect(verdict).toEqual({ acknowledged: 2, read: 3, lost: [], doubled: [], reordered: [] });
});

test("what is not there, or at another offset, is lost", () => {
  const { lost } = judge([told(0, 0, "a:0"), told(0, 1, "a:1")], [read(0, 0, "a:0"), read(0, 2, "a:1")]);
  expect(lost).toEqual(["a:1 at 0@1"]);
});

test("what is there twice is doubled, also in another partition", () => {
  const { doubled } = judge([], [read(0, 0, "a:0"), read(1, 4, "a:0")]);
  expect(doubled).toEqual(["a:0 at 1@4"]);
});

test("one producer's records out of order are reordered; other producers' numbers are their own", () => {
  const { reordered } = judge([], [read(0, 0, "a:1"), read(0, 1, "b:0"), read(0, 2, "a:0")]);
  expect(reordered).toEqual(["a:0 at 0@2"]);
});

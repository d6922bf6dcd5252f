import { expect, test } from "bun:test";
import { RecentBatches } from "./recent-batches.ts";

const SIZE = 100;
const GAP = 2; // after each batch, as compaction leaves them

/** So many batches of three offsets each, of which the file says where they lie. */
function appended(count: number): RecentBatches {
  const batches = new RecentBatches();
  for (let n = 0; n < count; n++) batches.add(n * (3 + GAP), n * (3 + GAP) + 2, n * SIZE);
  return batches;
}

test.each([1, 2, 31, 32, 33, 64, 100])("the last of %d batches are found by each of their offsets", (count) => {
  const batches = appended(count);
  const first = Math.max(0, count - 32);
  for (let n = first; n < count; n++) {
    const baseOffset = n * (3 + GAP);
    const place = { searchedFrom: n * SIZE, position: n * SIZE, sizeBytes: SIZE, baseOffset };
    for (let offset = baseOffset; offset <= baseOffset + 2; offset++) {
      expect(batches.find(offset, count * SIZE)).toEqual(place);
    }
  }
});

test("an offset in a gap is found in the batch behind it", () => {
  expect(appended(3).find(3, 3 * SIZE)?.baseOffset).toBe(5);
});

test("what is older, newer or cut off only the file knows", () => {
  const batches = appended(40);
  expect(batches.find(7 * (3 + GAP) + 3, 40 * SIZE)).toBeNull(); // in the gap before the oldest: it may have a batch
  expect(batches.find(40 * (3 + GAP), 40 * SIZE)).toBeNull();
  batches.clear();
  expect(batches.find(39 * (3 + GAP), 40 * SIZE)).toBeNull();
  batches.add(0, 2, 0);
  expect(batches.find(1, SIZE)?.position).toBe(0);
});

test("nothing is found where nothing was appended", () => {
  expect(new RecentBatches().find(0, 0)).toBeNull();
});

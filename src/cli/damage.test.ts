/**
 * Every bit of a small data directory, flipped one at a time (in the larger files every 61st): none of it is
 * served and `odradek verify` finds each.
 */
import { afterAll, expect, test } from "bun:test";
import { home, writtenDirectory } from "./testing/data-directory.ts";
import { isExempt, judge, truthOf } from "./testing/flips.ts";

const image = await writtenDirectory();
const truth = await truthOf(image);
const counts = { flips: 0, same: 0, refused: 0, exempt: 0 };

afterAll(() => {
  const { flips, same, refused, exempt } = counts;
  console.log(`bit flips: ${flips}, of which ${refused} refused and ${same} without effect; ${exempt} cannot be found`);
});

const LARGE_BYTES = 64;

test.each([...image.keys()].map((path) => path.slice(home.length)))("%s", async (name) => {
  const path = home + name;
  const content = image.get(path) as Uint8Array;
  const missed: number[] = [];
  const step = content.length > LARGE_BYTES ? 61 : 1;
  for (let bit = 0; bit < content.length * 8; bit += step) {
    const { served, why, found } = await judge(image, truth, path, bit);
    counts.flips++;
    if (served === "wrong") throw new Error(`bit ${bit}: ${why}`);
    counts[served]++;
    if (found) continue;
    if (isExempt(image, path, bit, served)) counts.exempt++;
    else missed.push(bit);
    if (missed.length > 20) throw new Error(`bits ${missed} are not found`);
  }
  expect(missed).toEqual([]);
});

test("the harness sees what is wrong", async () => {
  const path = `${home}/orders-0/00000000000000000000.log`;
  const other = {
    ...truth,
    batches: truth.batches.map(({ offset, bytes }) => ({ offset, bytes: bytes.slice().fill(1) })),
  };
  expect((await judge(image, other, path, 8 * 900)).served).toBe("wrong");
});

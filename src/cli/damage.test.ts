/**
 * Bits of a small data directory, flipped one at a time: in the larger files of partitions every 61st, in those of the
 * node eight; and random bits of other directories. None of it is served and `odradek verify` finds each. `npm run
 * damage` does all of them.
 */
import { afterAll, expect, test } from "bun:test";
import { home, writtenDirectory } from "./testing/data-directory.ts";
import { cannotBeFound, judge, truthsOf } from "./testing/flips.ts";
import { answersOf } from "./testing/node-flips.ts";
import { FlipRun } from "./testing/random-flips.ts";

const image = await writtenDirectory({ partitions: 1, tables: 1, seed: null });
const truths = await truthsOf(image);
const before = { truths, answers: await answersOf(image) };
const counts = { flips: 0, same: 0, refused: 0, moved: 0, unfindable: 0 };

afterAll(() => {
  const { flips, same, refused, unfindable } = counts;
  console.log(`bit flips: ${flips}: ${refused} refused, ${same} without effect; ${unfindable} cannot be found`);
});

const LARGE_BYTES = 64;
/** A node starts for each bit of a file that is not a partition's. */
const STARTS = 8;

test.each([...image.keys()].map((path) => path.slice(home.length)))("%s", async (name) => {
  const path = home + name;
  const content = image.get(path) as Uint8Array;
  const missed: number[] = [];
  const ofPartition = truths.has(name.split("/")[1] as string);
  const step = ofPartition ? (content.length > LARGE_BYTES ? 61 : 1) : Math.ceil((content.length * 8) / STARTS);
  for (let bit = 0; bit < content.length * 8; bit += step) {
    const verdict = await judge(image, before, { path, bit });
    counts.flips++;
    if (verdict.served === "wrong") throw new Error(`bit ${bit}: ${verdict.why}`);
    counts[verdict.served]++;
    if (verdict.found) continue;
    if (cannotBeFound(image, truths, verdict)) counts.unfindable++;
    else missed.push(bit);
    if (missed.length > 20) throw new Error(`bits ${missed} are not found`);
  }
  expect(missed).toEqual([]);
});

test("random bits of directories that are all different", async () => {
  const run = new FlipRun(1);
  await run.random(1_000, 250);
  expect(run.failures).toEqual([]);
  expect(run.counts.flips).toBeGreaterThanOrEqual(1_000);
  expect(run.counts.refused).toBeGreaterThan(100);
});

test("an epoch of which no batch is left: the metadata gave no later one", async () => {
  const deleted = await writtenDirectory({ partitions: 8, tables: 0, seed: 49 });
  const path = `${home}/orders-7/leader-epoch-checkpoint`;
  const content = deleted.get(path) as Uint8Array;
  expect(new TextDecoder().decode(content)).toBe("0\n1\n0 2\n");
  const ownTruths = await truthsOf(deleted);
  expect(ownTruths.get("orders-7")?.batches).toEqual([]);
  const unfound: number[] = [];
  for (let bit = 0; bit < content.length * 8; bit++) {
    const verdict = await judge(deleted, { truths: ownTruths, answers: null }, { path, bit });
    expect(verdict.served).not.toBe("wrong");
    if (verdict.found) continue;
    expect(cannotBeFound(deleted, ownTruths, verdict)).toBeTrue();
    unfound.push(bit);
  }
  const ofEpoch = unfound.map((bit) => bit - 8 * "0\n1\n".length).filter((bit) => bit >= 0 && bit < 8);
  expect(ofEpoch).toEqual([0, 1, 2]); // 1, 2 and 4; 8 is beyond the metadata's 7
});

test("the harness sees what is wrong", async () => {
  const path = `${home}/orders-0/00000000000000000000.log`;
  const others = new Map(
    [...truths].map(([name, truth]) => {
      const batches = truth.batches.map(({ offset, bytes }) => ({ offset, bytes: bytes.slice().fill(1) }));
      return [name, { ...truth, batches }];
    }),
  );
  expect((await judge(image, { truths: others, answers: null }, { path, bit: 8 * 900 })).served).toBe("wrong");
});

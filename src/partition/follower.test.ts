import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../base/testing/memory-disk.ts";
import * as batch from "../../protocol/records/batch.ts";
import { buildBatch } from "../../protocol/records/builder.ts";
import { Log } from "../../storage/log.ts";
import { defaultLogSettings } from "../../storage/settings.ts";
import { appendFetched, BeginsEarlier, truncationOffset } from "./follower.ts";

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function open(settings = defaultLogSettings): Promise<Log> {
  const doors = { disk: new MemoryDisk(), clock: new FakeClock(), random: new Prng(1), logger: silent };
  return Log.open({ ...doors, path: "/data/a-0", topic: "a", partition: 0, settings });
}

/** A batch as a leader of the epoch has it. */
function batchAt(baseOffset: number, count: number, leaderEpoch = 0): Uint8Array {
  const value = new TextEncoder().encode(`at ${baseOffset}`);
  const bytes = buildBatch(Array.from({ length: count }, () => ({ timestamp: 1, key: null, value })));
  batch.setBaseOffset(bytes, 0, baseOffset);
  batch.setPartitionLeaderEpoch(bytes, 0, leaderEpoch);
  return bytes;
}

const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

test("whole batches are taken, the rest of a cut one is left", async () => {
  const log = await open();
  const last = batchAt(3, 2);
  const bytes = joined(batchAt(0, 1), batchAt(1, 2), last.subarray(0, last.length - 1));
  expect([appendFetched(log, bytes, 0), log.logEndOffset]).toEqual([bytes.length - last.length + 1, 3]);
});

test("epochs come with the batches; what a later leader wrote is left", async () => {
  const log = await open();
  appendFetched(log, joined(batchAt(0, 1, 1), batchAt(1, 1, 3), batchAt(2, 1, 4)), 3);
  expect([log.logEndOffset, log.epochs.entries()]).toEqual([
    2,
    [
      { epoch: 1, startOffset: 0 },
      { epoch: 3, startOffset: 1 },
    ],
  ]);
});

test.each([
  ["a flipped bit", (bytes: Uint8Array) => void bytes.fill(~(bytes.at(-1) as number), -1)],
  ["a size that no batch has", (bytes: Uint8Array) => void bytes.fill(0, 8, 12)],
  ["an offset that was there", (bytes: Uint8Array) => batch.setBaseOffset(bytes, 0, 0)],
])("%s is refused, and nothing of the answer is taken", async (_, spoil) => {
  const log = await open();
  const spoilt = batchAt(1, 1);
  spoil(spoilt);
  expect(() => appendFetched(log, joined(batchAt(0, 1), spoilt), 0)).toThrow("The leader of a-0 sent");
  expect(log.logEndOffset).toBe(0);
});

test("a batch that begins before an empty log is said so", async () => {
  const log = await open();
  await log.truncateFullyAndStartAt(5);
  expect(() => appendFetched(log, batchAt(3, 4), 0)).toThrow(BeginsEarlier);
});

test("the leader's segments are rolled before the same batches", async () => {
  const size = batchAt(0, 1).length;
  const log = await open({ ...defaultLogSettings, segmentBytes: 2 * size + 1 });
  appendFetched(log, joined(...[0, 1, 2, 3, 4].map((offset) => batchAt(offset, 1))), 0);
  expect([log.segmentCount, log.logEndOffset]).toEqual([3, 5]);
});

/** KIP-101, KIP-279: this log has epochs 1 from 0, 3 from 4 and 5 from 6, and ends at 8. */
test.each([
  ["the leader's epoch ends here too", { epoch: 5, endOffset: 7 }, 7],
  ["the leader's epoch ends later than this log", { epoch: 5, endOffset: 20 }, 8],
  ["an earlier epoch that both have, and ended sooner there", { epoch: 3, endOffset: 5 }, 5],
  ["an earlier epoch that both have, and ended later there", { epoch: 3, endOffset: 9 }, 6],
  ["an epoch that is not here: what came after the one before goes", { epoch: 4, endOffset: 9 }, 6],
  ["an epoch that is not here, between two", { epoch: 2, endOffset: 9 }, 4],
  ["an epoch from before all that is here", { epoch: 0, endOffset: 2 }, 0],
])("truncation: %s", async (_, leader, offset) => {
  const log = await open();
  appendFetched(log, joined(batchAt(0, 4, 1), batchAt(4, 2, 3), batchAt(6, 2, 5)), 5);
  expect(truncationOffset(log, leader)).toBe(offset);
});

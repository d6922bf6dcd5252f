import { describe, expect, test } from "bun:test";
import { MemoryDisk } from "../base/testing/memory-disk.ts";
import { FilePool } from "./file-pool.ts";
import { LeaderEpochs } from "./leader-epochs.ts";
import type { Log } from "./log.ts";
import { append, type Fixture, fixture, opened } from "./testing/log-fixture.ts";

function epochs(...entries: readonly (readonly [number, number])[]): LeaderEpochs {
  const disk = new MemoryDisk();
  disk.makeDirectory("/log");
  const made = new LeaderEpochs(new FilePool(disk), "/log");
  for (const [epoch, startOffset] of entries) made.assign(epoch, startOffset);
  return made;
}

const pairs = (made: LeaderEpochs) => made.entries().map(({ epoch, startOffset }) => [epoch, startOffset]);

describe("leader epochs", () => {
  test.each([
    ["the current epoch ends with the log", 5, { epoch: 5, endOffset: 90 }],
    ["an older one where the next began", 3, { epoch: 3, endOffset: 40 }],
    ["one without records is answered by the one below (KIP-279)", 4, { epoch: 3, endOffset: 40 }],
    ["one before all known ones ends where they begin", 0, { epoch: 0, endOffset: 10 }],
    ["one that is not known yet has no end", 6, { epoch: -1, endOffset: -1 }],
    ["no epoch has no end", -1, { epoch: -1, endOffset: -1 }],
  ] as const)("%s", (_, epoch, end) => {
    expect(epochs([2, 10], [3, 20], [5, 40]).endOffsetFor(epoch, 90)).toEqual(end);
  });

  test("are not known where there are none", () => {
    expect(epochs().endOffsetFor(0, 90)).toEqual({ epoch: -1, endOffset: -1 });
  });

  test("a new entry removes those that contradict it", () => {
    expect(pairs(epochs([1, 0], [2, 10], [4, 20], [3, 15]))).toEqual([
      [1, 0],
      [2, 10],
      [3, 15],
    ]);
  });

  test("an epoch goes on where one that left no record had begun", () => {
    expect(pairs(epochs([1, 0], [2, 10], [4, 20], [2, 20], [5, 30]))).toEqual([
      [1, 0],
      [2, 10],
      [5, 30],
    ]);
  });

  test("batches correct what is older than they are", () => {
    const made = epochs([0, 0], [3, 120], [5, 150]);
    made.correct(0, 0, 89); // as the list says
    made.correct(1, 90, 119);
    expect(pairs(made)).toEqual([
      [0, 0],
      [1, 90],
    ]);
    made.correct(4, 120, 129);
    made.correct(4, 130, 139);
    const across = epochs([0, 0], [3, 120]);
    across.correct(0, 100, 130);
    expect([pairs(made), pairs(across)]).toEqual([
      [
        [0, 0],
        [1, 90],
        [4, 120],
      ],
      [[0, 0]],
    ]);
  });

  test("an epoch keeps its first offset", () => {
    expect(pairs(epochs([1, 0], [2, 10], [2, 15]))).toEqual([
      [1, 0],
      [2, 10],
    ]);
    expect(pairs(epochs([1, 0], [2, 10], [2, 5]))).toEqual([
      [1, 0],
      [2, 5],
    ]);
    expect(pairs(epochs([1, 0], [2, 10], [4, 10]))).toEqual([
      [1, 0],
      [4, 10],
    ]);
  });

  test("are cut with the log at both ends", () => {
    const made = epochs([1, 0], [2, 10], [3, 20]);
    made.truncateFromEnd(20);
    expect(made.latest).toEqual({ epoch: 2, startOffset: 10 });
    made.truncateFromStart(15);
    expect(pairs(made)).toEqual([[2, 15]]);
    expect([made.epochFor(14), made.epochFor(15), made.previousEpoch(2)]).toEqual([null, 2, null]);
  });

  test("are kept in Apache's file, as a whole or not at all", async () => {
    const disk = new MemoryDisk();
    disk.makeDirectory("/log");
    disk.crash("all");
    const made = new LeaderEpochs(new FilePool(disk), "/log");
    made.assign(4, 17);
    await made.save();
    expect(new TextDecoder().decode(disk.contentOf("/log/leader-epoch-checkpoint"))).toBe("0\n1\n4 17\n");
    made.assign(5, 20);
    disk.fault = (operation) => (operation === "rename" ? "EIO" : null);
    await expect(made.save()).rejects.toThrow("EIO");
    disk.fault = () => null;
    disk.crash();
    expect(pairs(new LeaderEpochs(new FilePool(disk), "/log"))).toEqual([[4, 17]]);
  });

  /** The power goes, the batches came to the device, and of the epochs what is given. */
  async function unsynced(made: Fixture, stale: string, recoveryPoint: number): Promise<Log> {
    made.disk.kill();
    made.disk.plant("/data/orders-0/leader-epoch-checkpoint", new TextEncoder().encode(stale));
    return opened(made, { cleanShutdown: false, recoveryPoint });
  }

  test("are corrected by batches that were not synced, where a crash has left older ones", async () => {
    const made = fixture();
    const log = await opened(made);
    for (const epoch of [0, 0, 1, 1, 3, 3]) append(log, { epoch });
    const again = await unsynced(made, "0\n2\n0 0\n2 3\n", 1);
    expect(pairs(again.epochs)).toEqual([
      [0, 0],
      [1, 2],
      [3, 4],
    ]);
    expect(again.readCopy(0, 10_000, 6, true).length).toBe(log.sizeBytes);
  });

  test.each([
    ["of an earlier epoch than the one before it", 0],
    ["that was synced", 6],
  ])("are not corrected by a batch %s", async (_, recoveryPoint) => {
    const made = fixture();
    const log = await opened(made);
    for (const epoch of [0, 3, 3, 1, 3, 3]) append(log, { epoch });
    const again = await unsynced(made, "0\n2\n0 0\n3 1\n", recoveryPoint);
    expect(pairs(again.epochs)).toEqual([
      [0, 0],
      [3, 1],
    ]);
    expect(() => again.readCopy(3, 10, 6, true)).toThrow("its leader epoch is 1, not 3");
    expect(again.readCopy(4, 10, 6, true).length).toBeGreaterThan(0);
  });

  test("are read from the batches where the file is damaged at any byte", async () => {
    const made = fixture({ segmentBytes: 500 });
    const log = await opened(made);
    for (let i = 0; i < 20; i++) append(log, { epoch: 1 + Math.floor(i / 6) });
    await log.close();
    const path = "/data/orders-0/leader-epoch-checkpoint";
    const whole = made.disk.contentOf(path);
    const expected = [1, 2, 3, 4].map((epoch, n) => ({ epoch, startOffset: n * 6 }));
    for (let length = 0; length < whole.length; length++) {
      made.disk.plant(path, whole.slice(0, length));
      const again = await opened(made);
      expect(again.epochs.entries()).toEqual(expected);
      made.disk.kill();
    }
  });
});

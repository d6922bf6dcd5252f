import { describe, expect, test } from "bun:test";
import { KafkaError } from "../protocol/errors.ts";
import { buildControlBatch } from "../protocol/records/builder.ts";
import type { Log } from "./log.ts";
import { decodeProducerSnapshot, encodeProducerSnapshot } from "./producer-snapshot.ts";
import { append, batchAt, type Fixture, fixture, opened, settle, type TestBatch } from "./testing/log-fixture.ts";

const producer = { producerId: 9, producerEpoch: 0, baseSequence: 0 };

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof KafkaError) return error.error;
    throw error;
  }
  return "NONE";
}

function marker(log: Log, type: "COMMIT" | "ABORT", more: Partial<TestBatch> = {}, coordinatorEpoch = 3, version = 0) {
  const value = new Uint8Array([0, 0, 0, 0, 0, coordinatorEpoch]);
  const options = { ...producer, isTransactional: true, partitionLeaderEpoch: 0, ...more };
  const bytes = buildControlBatch(type, value, 1_700_000_000_000, { ...options, baseOffset: log.logEndOffset });
  return log.append(bytes, "coordinator", version);
}

describe("sequences of one producer", () => {
  test("continue, and the same batch sent again is answered with its first offsets", async () => {
    const log = await opened(fixture());
    append(log, { ...producer, count: 3, timestamp: 500 });
    append(log, { ...producer, baseSequence: 3, count: 2 });
    const again = log.append(batchAt(log.logEndOffset, { ...producer, count: 3, timestamp: 500 }), "client");
    expect(again).toEqual({ duplicate: true, firstOffset: 0, lastOffset: 2, timestamp: 502 });
    expect(log.logEndOffset).toBe(5);
  });

  test("of the last five batches are recognised, an older one is out of order", async () => {
    const log = await opened(fixture());
    for (let i = 0; i < 6; i++) append(log, { ...producer, baseSequence: i });
    for (let i = 1; i < 6; i++) {
      expect(log.append(batchAt(6, { ...producer, baseSequence: i }), "client").duplicate).toBe(true);
    }
    expect(errorOf(() => append(log, { ...producer, baseSequence: 0 }))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  });

  test.each([
    ["a gap", { baseSequence: 5 }, "OUT_OF_ORDER_SEQUENCE_NUMBER"],
    ["an old epoch", { producerEpoch: 1, baseSequence: 1 }, "INVALID_PRODUCER_EPOCH"],
    ["a new epoch that does not begin at 0", { producerEpoch: 3, baseSequence: 1 }, "OUT_OF_ORDER_SEQUENCE_NUMBER"],
    ["a new epoch that begins at 0", { producerEpoch: 3, baseSequence: 0 }, "NONE"],
    ["the next sequence", { baseSequence: 1 }, "NONE"],
  ])("with %s", async (_, more, error) => {
    const log = await opened(fixture());
    append(log, { ...producer, producerEpoch: 2 });
    const before = log.logEndOffset;
    expect(errorOf(() => append(log, { ...producer, producerEpoch: 2, ...more }))).toBe(error);
    expect(log.logEndOffset).toBe(error === "NONE" ? before + 1 : before);
  });

  test("wrap from 2^31-1 to 0, and an unknown producer may begin anywhere", async () => {
    const log = await opened(fixture());
    append(log, { ...producer, baseSequence: 0x7fff_fffe, count: 4 });
    append(log, { ...producer, baseSequence: 2 });
    expect(log.producers.entry(9)?.lastSequence).toBe(2);
    expect(log.append(batchAt(5, { ...producer, baseSequence: 0x7fff_fffe, count: 4 }), "client").duplicate).toBe(true);
  });

  test("are not checked on a follower", async () => {
    const log = await opened(fixture());
    log.append(batchAt(0, { ...producer, baseSequence: 7 }), "replication");
    log.append(batchAt(1, { ...producer, baseSequence: 70 }), "replication");
    expect(log.logEndOffset).toBe(2);
  });

  test("are forgotten when they expire, unless a transaction is open", async () => {
    const made = fixture({ producerIdExpirationMs: 1000 });
    const log = await opened(made);
    append(log, { ...producer, timestamp: 5000 });
    append(log, { ...producer, producerId: 10, isTransactional: true, timestamp: 5000 });
    log.producers.removeExpired(5999);
    expect(log.producers.count).toBe(2);
    log.producers.removeExpired(6000);
    expect(log.producers.active().map(({ producerId }) => producerId)).toEqual([10]);
  });
});

describe("transactions", () => {
  const transactional = { ...producer, isTransactional: true };

  test("hold the last stable offset back until their marker is replicated", async () => {
    const log = await opened(fixture());
    append(log);
    append(log, transactional);
    append(log);
    log.updateHighWatermark(3);
    expect([log.lastStableOffset, log.highWatermark]).toEqual([1, 3]);
    marker(log, "COMMIT");
    expect(log.lastStableOffset).toBe(1);
    log.updateHighWatermark(4);
    expect(log.lastStableOffset).toBe(4);
    expect(log.abortedTransactions(0, 10)).toEqual([]);
  });

  test("that were aborted are found by the reads that touch them", async () => {
    const log = await opened(fixture({ segmentBytes: 300 }));
    for (let i = 0; i < 3; i++) append(log);
    append(log, transactional); // 3
    append(log, { ...transactional, producerId: 10 }); // 4
    marker(log, "ABORT"); // 5
    for (let i = 0; i < 3; i++) append(log);
    marker(log, "ABORT", { producerId: 10 }); // 9
    append(log);
    log.updateHighWatermark(log.logEndOffset);
    const first = { producerId: 9, firstOffset: 3, lastOffset: 5, lastStableOffset: 4 };
    const second = { producerId: 10, firstOffset: 4, lastOffset: 9, lastStableOffset: 10 };
    const found = (from: number, upTo: number) =>
      log.abortedTransactions(from, upTo).map(({ producerId, firstOffset, lastOffset, lastStableOffset }) => ({
        producerId,
        firstOffset,
        lastOffset,
        lastStableOffset,
      }));
    expect(found(0, 11)).toEqual([first, second]);
    expect(found(0, 4)).toEqual([first]);
    expect(found(6, 11)).toEqual([second]);
    expect(found(0, 3)).toEqual([]);
    const read = log.read(3, 1 << 20, log.lastStableOffset, true);
    expect(read.aborted().map(({ producerId }) => producerId)).toContain(9);
    read.release();
  });

  test.each([
    ["an old producer epoch", { producerEpoch: 0 }, 3, 0, "INVALID_PRODUCER_EPOCH"],
    ["an old coordinator epoch", {}, 2, 0, "TRANSACTION_COORDINATOR_FENCED"],
    ["the same epoch under version 2", {}, 3, 2, "INVALID_PRODUCER_EPOCH"],
    ["the next epoch under version 2", { producerEpoch: 2 }, 3, 2, "NONE"],
    ["the same epoch under version 1", {}, 3, 1, "NONE"],
  ])("end by a marker with %s", async (_, more, coordinatorEpoch, version, error) => {
    const log = await opened(fixture());
    append(log, { ...transactional, producerEpoch: 1 });
    marker(log, "COMMIT", { producerEpoch: 1 });
    append(log, { ...transactional, producerEpoch: 1, baseSequence: 1 });
    const result = errorOf(() => marker(log, "COMMIT", { producerEpoch: 1, ...more }, coordinatorEpoch, version));
    expect(result).toBe(error);
  });

  test("refuse what is written outside of them", async () => {
    const log = await opened(fixture());
    append(log, transactional);
    expect(errorOf(() => append(log, { ...producer, baseSequence: 1 }))).toBe("INVALID_TXN_STATE");
  });
});

describe("producer state after a start", () => {
  async function state(made: Fixture, clean: boolean) {
    const log = await opened(made, { cleanShutdown: clean });
    log.updateHighWatermark(log.logEndOffset);
    const active = log.producers.active().sort((a, b) => a.producerId - b.producerId);
    return { active, stable: log.lastStableOffset, aborted: log.abortedTransactions(0, 1000) };
  }

  test.each([true, false])("is the one before it (clean: %p)", async (clean) => {
    const made = fixture({ segmentBytes: 600 });
    const log = await opened(made);
    const now = made.clock.nowMs();
    for (let i = 0; i < 40; i++) {
      const producerId = 9 + (i % 3);
      const baseSequence = Math.floor(i / 3);
      append(log, { producerId, producerEpoch: 0, baseSequence, isTransactional: producerId === 11, timestamp: now });
      if (i % 7 === 6 && log.producers.hasOngoingTransaction(11, 0)) {
        marker(log, i % 2 === 0 ? "ABORT" : "COMMIT", { producerId: 11 });
      }
    }
    log.updateHighWatermark(log.logEndOffset);
    const before = {
      active: log.producers.active().sort((a, b) => a.producerId - b.producerId),
      stable: log.lastStableOffset,
      aborted: log.abortedTransactions(0, 1000).map(({ producerId, firstOffset, lastOffset, lastStableOffset }) => ({
        producerId,
        firstOffset,
        lastOffset,
        lastStableOffset,
      })),
    };
    expect(before.aborted.length).toBeGreaterThan(0);
    if (clean) await log.close();
    else made.disk.kill();
    expect(await state(made, clean)).toEqual(before);
  });

  test("does not need a snapshot that is torn", async () => {
    const made = fixture({ segmentBytes: 600 });
    const log = await opened(made);
    for (let i = 0; i < 20; i++) append(log, { ...producer, baseSequence: i, timestamp: made.clock.nowMs() });
    await log.close();
    const path = "/data/orders-0/00000000000000000020.snapshot";
    const whole = made.disk.contentOf(path);
    for (let length = 0; length < whole.length; length++) {
      made.disk.plant(path, whole.slice(0, length));
      const again = await opened(made);
      expect(again.producers.entry(9)?.lastSequence).toBe(19);
      made.disk.kill();
    }
    await settle(made.clock);
  });

  test("is written as a snapshot that reads back", () => {
    expect(decodeProducerSnapshot(encodeProducerSnapshot([]))).toEqual([]);
    const bytes = encodeProducerSnapshot([]);
    bytes[9] = 1;
    expect(decodeProducerSnapshot(bytes)).toContain("names 1 entries");
    bytes[9] = 0;
    bytes[2] = 1;
    expect(decodeProducerSnapshot(bytes)).toContain("checksum");
  });
});

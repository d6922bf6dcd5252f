import { describe, expect, test } from "bun:test";
import crc32 from "crc-32";
import { codecs } from "../protocol/records/codecs.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { markedDirectoryName, offsetName, offsetOf, parseLogDirectoryName } from "./files.ts";
import { append, batchAt, fixture, opened } from "./testing/log-fixture.ts";

const roomy = { segmentBytes: 1 << 20, segmentIndexBytes: 1 << 16 };

describe("a new segment begins", () => {
  test("where a batch would exceed the size", async () => {
    const one = batchAt(0).length;
    const log = await opened(fixture({ ...roomy, segmentBytes: 3 * one }));
    for (let i = 0; i < 3; i++) append(log);
    expect(log.segmentCount).toBe(1);
    append(log);
    expect(log.segmentCount).toBe(2);
  });

  test("when the records' own time has gone on by segment.ms, less the jitter", async () => {
    const made = fixture({ ...roomy, segmentMs: 1000, segmentJitterMs: 0 });
    const log = await opened(made);
    append(log, { timestamp: 5000 });
    made.clock.advance(10_000_000);
    append(log, { timestamp: 6000 });
    expect(log.segmentCount).toBe(1);
    append(log, { timestamp: 6001 });
    expect(log.segmentCount).toBe(2);
    const jittered = fixture({ ...roomy, segmentMs: 1000, segmentJitterMs: 900 });
    const other = await opened(jittered);
    append(other, { timestamp: 5000 });
    append(other, { timestamp: 6000 });
    expect(other.segmentCount).toBe(2);
  });

  test("by the wall clock where records have no time", async () => {
    const made = fixture({ ...roomy, segmentMs: 1000 });
    const log = await opened(made);
    append(log, { timestamp: -1 });
    made.clock.advance(1000);
    append(log, { timestamp: -1 });
    expect(log.segmentCount).toBe(1);
    made.clock.advance(1);
    append(log, { timestamp: -1 });
    expect(log.segmentCount).toBe(2);
  });

  test("when an index is full", async () => {
    const log = await opened(fixture({ ...roomy, segmentIndexBytes: 36, indexIntervalBytes: 1 }));
    // The time index has room for two entries and the one that closes the segment.
    for (let i = 0; i < 3; i++) append(log, { timestamp: 1000 + i });
    expect(log.segmentCount).toBe(1);
    append(log, { timestamp: 1003 });
    expect(log.segmentCount).toBe(2);
  });

  test("where offsets no longer fit relative to the base", async () => {
    const log = await opened(fixture(roomy));
    log.append(batchAt(0), "replication");
    log.append(batchAt(0x7fff_ffff), "replication");
    expect(log.segmentCount).toBe(1);
    log.append(batchAt(0x8000_0000), "replication");
    expect(log.segmentCount).toBe(2);
    expect(log.logEndOffset).toBe(0x8000_0001);
    expect(log.readCopy(5, 1, log.logEndOffset, true).length).toBeGreaterThan(0);
  });

  test("never for a batch that is larger than a segment", async () => {
    const log = await opened(fixture({ ...roomy, segmentBytes: 100 }));
    expect(() => append(log, { valueBytes: 200 })).toThrow("do not fit into a segment");
  });
});

describe("records are found by time", () => {
  test.each([...codecs])("in %s batches, as a scan finds them", async (codec) => {
    const made = fixture({ segmentBytes: 700, indexIntervalBytes: 150 });
    const log = await opened(made);
    const times: number[] = [];
    for (let i = 0; i < 40; i++) {
      const timestamp = 10_000 + ((i * 37) % 100) * 10; // neither ascending nor all different
      append(log, { count: 3, timestamp, codec });
      times.push(timestamp, timestamp + 1, timestamp + 2);
    }
    for (let target = 9_990; target < 11_010; target += 7) {
      const found = log.offsetForTimestamp(target);
      const offset = times.findIndex((timestamp) => timestamp >= target);
      if (offset < 0) expect(found).toBeNull();
      else expect(found).toEqual({ timestamp: times[offset] as number, offset, leaderEpoch: 0 });
    }
    const largest = Math.max(...times);
    expect(log.offsetOfMaxTimestamp()?.offset).toBe(times.indexOf(largest));
  });

  test("not below the log start, and nothing is found in an empty log", async () => {
    const log = await opened(fixture(roomy));
    expect([log.offsetForTimestamp(0), log.offsetOfMaxTimestamp()]).toEqual([null, null]);
    for (let i = 0; i < 10; i++) append(log, { timestamp: 1000 + i });
    log.updateHighWatermark(10);
    log.advanceLogStart(5, "records deleted");
    expect(log.offsetForTimestamp(0)?.offset).toBe(5);
  });
});

/** One message of magic 0 or 1, as Kafka wrote them before 0.11. */
function oldMessage(offset: number, magic: 0 | 1, timestamp: number, value: string): Uint8Array {
  const payload = new TextEncoder().encode(value);
  const at = magic === 1 ? 26 : 18;
  const bytes = new Uint8Array(at + 8 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, BigInt(offset));
  view.setInt32(8, bytes.length - 12);
  view.setInt8(16, magic);
  if (magic === 1) view.setBigInt64(18, BigInt(timestamp));
  view.setInt32(at, -1);
  view.setInt32(at + 4, payload.length);
  bytes.set(payload, at + 8);
  view.setInt32(12, crc32.buf(bytes.subarray(16)));
  return bytes;
}

test("messages of magic 0 and 1 are recovered, read and found by time beside batches", async () => {
  const made = fixture({ indexIntervalBytes: 50 });
  const old = Array.from({ length: 12 }, (_, n) => oldMessage(n, n < 6 ? 0 : 1, 1000 + n, `old ${n}`));
  const torn = oldMessage(12, 1, 2000, "torn").slice(0, 30);
  made.disk.makeDirectory("/data/orders-0");
  const content = new Uint8Array([...old.flatMap((message) => [...message]), ...torn]);
  made.disk.plant("/data/orders-0/00000000000000000000.log", content);
  const log = await opened(made, { cleanShutdown: false });
  expect(log.logEndOffset).toBe(12);
  append(log, { timestamp: 5000, epoch: 3 });
  for (const [offset, message] of old.entries()) expect(log.readCopy(offset, 1, 13, true)).toEqual(message);
  expect(log.offsetForTimestamp(1008)).toEqual({ timestamp: 1008, offset: 8, leaderEpoch: null });
  expect(log.offsetForTimestamp(1100)?.offset).toBe(12);
  expect(log.epochs.entries()).toEqual([{ epoch: 3, startOffset: 12 }]);
});

test("the log syncs by itself after flush.messages records or flush.ms", async () => {
  const made = fixture({ ...roomy, flushMessages: 3 });
  const log = await opened(made);
  append(log, { count: 2 });
  expect(log.durableOffset).toBe(0);
  append(log);
  for (let i = 0; i < 20; i++) await Promise.resolve();
  expect(log.durableOffset).toBe(3);
  const timed = fixture({ ...roomy, flushMs: 500 });
  const other = await opened(timed);
  append(other);
  await timed.clock.run(499);
  expect(other.durableOffset).toBe(0);
  await timed.clock.run(1);
  expect(other.durableOffset).toBe(1);
});

describe("names", () => {
  test("of files carry 20 digits", () => {
    expect(offsetName(368_769)).toBe("00000000000000368769");
    expect(["00000000000000000012.log", "leader-epoch-checkpoint", "x.log"].map(offsetOf)).toEqual([12, null, null]);
  });

  test.each([
    ["orders-0", { topic: "orders", partition: 0, kind: "current" }],
    ["a-b.c-17", { topic: "a-b.c", partition: 17, kind: "current" }],
    ["orders-3.0a1b2c3d-delete", { topic: "orders", partition: 3, kind: "delete" }],
    ["a.b-3.0a1b2c3d-stray", { topic: "a.b", partition: 3, kind: "stray" }],
    ["orders-3.0a1b2c3d-future", { topic: "orders", partition: 3, kind: "future" }],
    ["orders-delete-0", { topic: "orders-delete", partition: 0, kind: "current" }],
    ["orders", null],
    ["-0", null],
    ["orders-x", null],
    ["lost+found", null],
  ] as const)("of directories: %s", (name, parsed) => {
    expect(parseLogDirectoryName(name)).toEqual(parsed);
  });

  test("of deleted directories stay within 255 bytes", () => {
    const name = markedDirectoryName("t".repeat(249), 12, "0123456789abcdef0123456789abcdef", "-delete");
    expect(name.length).toBe(255);
    expect(parseLogDirectoryName(name)).toMatchObject({ partition: 12, kind: "delete" });
  });
});

test.each([
  ["", []],
  ["0\n0\n", []],
  ["0\n1\norders 0 7\n", [["orders", "0", "7"]]],
  ["0\n2\norders 0 7\n", "it should have 2 entries and has 1"],
  ["0\n1\norders 0\n", "its line 3 is malformed"],
  ["0\n1\norders 0 7", "it ends inside a line"],
  ["0\n", "it ends inside a line"],
  ["1\n0\n", "its version is 1"],
] as const)("a checkpoint %j", (text, parsed) => {
  expect(parseCheckpoint(text, 3)).toEqual(parsed as never);
});

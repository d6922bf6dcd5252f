/** What a leader refuses, in Apache's terms, and what it writes into what it takes. */
import { expect, test } from "bun:test";
import { KafkaError } from "../errors.ts";
import * as batch from "./batch.ts";
import { type BatchOptions, buildBatch, buildControlBatch, type NewRecord } from "./builder.ts";
import { codecOf } from "./codecs.ts";
import { readRecords } from "./cursor.ts";
import {
  isTransactionalProduce,
  type Placement,
  type RecordRules,
  type RecordValidationError,
  RecordValidator,
  type ValidatedRecords,
  validateProduceRecords,
} from "./validate.ts";

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

const rules: RecordRules = {
  maxMessageBytes: 1_048_588,
  compacted: false,
  timestampType: "CreateTime",
  timestampBeforeMaxMs: Number.POSITIVE_INFINITY,
  timestampAfterMaxMs: HOUR,
  codec: null,
};
const place: Placement = {
  topicPartition: "orders-0",
  baseOffset: 1000,
  leaderEpoch: 7,
  nowMs: NOW,
  origin: "client",
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const record = (timestamp: number, key: string | null = "k", value = "v"): NewRecord => ({
  timestamp,
  key: key === null ? null : bytesOf(key),
  value: bytesOf(value),
});
const three = [record(NOW - 5), record(NOW), record(NOW - 9)];

const validate = (bytes: Uint8Array, changed: Partial<RecordRules> = {}, at: Partial<Placement> = {}) =>
  new RecordValidator().validate(bytes, { ...rules, ...changed }, { ...place, ...at });

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof KafkaError) return error.error;
    throw error;
  }
  return "accepted";
}

/** A batch with some header bytes changed and the CRC made right again. */
function tampered(change: (bytes: Uint8Array) => void, options: BatchOptions = {}): Uint8Array {
  const bytes = buildBatch(three, options);
  change(bytes);
  batch.writeCrc(bytes, 0);
  return bytes;
}

test("a good batch gets its offset and epoch in place, and its CRC still holds untouched", () => {
  const bytes = buildBatch(three);
  const crc = batch.crc(bytes, 0);
  const placed = validate(bytes);
  expect(placed).toEqual({ bytes, lastOffset: 1002, maxTimestamp: NOW, logAppendTimeMs: -1 } as ValidatedRecords);
  expect(placed.bytes).toBe(bytes);
  expect(batch.crc(bytes, 0)).toBe(crc);
  expect(batch.isValid(bytes, 0)).toBe(true);
  expect([batch.baseOffset(bytes, 0), batch.partitionLeaderEpoch(bytes, 0)]).toEqual([1000, 7]);
});

test("a wrong max timestamp is put right, with its CRC", () => {
  const bytes = tampered((each) => batch.putInt64(each, 35, NOW + 500));
  validate(bytes);
  expect(batch.maxTimestamp(bytes, 0)).toBe(NOW);
  expect(batch.isValid(bytes, 0)).toBe(true);
});

test("LogAppendTime puts the broker's time on every record", () => {
  const bytes = buildBatch(three);
  expect(validate(bytes, { timestampType: "LogAppendTime" })).toMatchObject({
    maxTimestamp: NOW,
    logAppendTimeMs: NOW,
    lastOffset: 1002,
  });
  expect(batch.isValid(bytes, 0)).toBe(true);
  expect(readRecords(bytes).map(({ timestamp }) => timestamp)).toEqual([NOW, NOW, NOW]);
});

test.each(["gzip", "snappy", "lz4", "zstd"] as const)("a %s batch stays as it is", (codec) => {
  const bytes = buildBatch(three, { codec });
  expect(validate(bytes).bytes).toBe(bytes);
  expect(readRecords(bytes).map(({ offset }) => offset)).toEqual([1000, 1001, 1002]);
});

test.each([
  ["none", "zstd"],
  ["zstd", "none"],
  ["gzip", "lz4"],
] as const)("a %s batch becomes %s where the topic says so", (from, to) => {
  const options = { producerId: 5, producerEpoch: 1, baseSequence: 30 };
  const placed = validate(buildBatch(three, { codec: from, ...options }), { codec: to });
  expect(codecOf(batch.compressionId(placed.bytes, 0))).toBe(to);
  expect(batch.isValid(placed.bytes, 0)).toBe(true);
  expect(placed).toMatchObject({ lastOffset: 1002, maxTimestamp: NOW });
  expect([batch.producerId(placed.bytes, 0), batch.baseSequence(placed.bytes, 0)]).toEqual([5, 30]);
  expect(batch.partitionLeaderEpoch(placed.bytes, 0)).toBe(7);
  expect(readRecords(placed.bytes).map(({ offset, timestamp }) => [offset, timestamp])).toEqual([
    [1000, NOW - 5],
    [1001, NOW],
    [1002, NOW - 9],
  ]);
});

test("a compressed batch with gaps between its offsets is numbered anew", () => {
  const gappy = buildBatch(three, { codec: "gzip" });
  const plain = buildBatch(three);
  plain[batch.HEADER_SIZE + 3] = 4; // the first record's offset delta becomes 2
  const records = Bun.gzipSync(plain.slice(batch.HEADER_SIZE) as Uint8Array<ArrayBuffer>);
  const bytes = new Uint8Array(batch.HEADER_SIZE + records.length);
  bytes.set(gappy.subarray(0, batch.HEADER_SIZE));
  bytes.set(records, batch.HEADER_SIZE);
  batch.putInt32(bytes, 8, bytes.length - batch.LOG_OVERHEAD);
  batch.writeCrc(bytes, 0);
  const placed = validate(bytes);
  expect(placed.bytes).not.toBe(bytes);
  expect(readRecords(placed.bytes).map(({ offset }) => offset)).toEqual([1000, 1001, 1002]);
});

test("what follows the batch is left out", () => {
  const one = buildBatch(three);
  const bytes = new Uint8Array(one.length + 5);
  bytes.set(one);
  expect(validate(bytes).bytes.length).toBe(one.length);
});

test.each([
  ["base offset not 0", buildBatch(three, { baseOffset: 3 }), "INVALID_RECORD"],
  ["flipped byte", flipped(), "CORRUPT_MESSAGE"],
  ["length below the header", shortened(), "CORRUPT_MESSAGE"],
  ["unknown codec", tampered((each) => batch.putInt16(each, 21, 5)), "UNKNOWN_SERVER_ERROR"],
  ["count too small", tampered((each) => batch.putInt32(each, 57, 2)), "INVALID_RECORD"],
  ["count and delta too small", tampered(twoOfThree), "INVALID_RECORD"],
  ["count and delta too large", tampered(fourOfThree), "INVALID_RECORD"],
  ["count of billions", tampered(billions), "INVALID_RECORD"],
  ["count zero", tampered((each) => batch.putInt32(each, 57, 0)), "INVALID_RECORD"],
  ["count negative", tampered((each) => batch.putInt32(each, 57, -1)), "INVALID_RECORD"],
  ["last offset delta negative", tampered((each) => batch.putInt32(each, 23, -5)), "INVALID_RECORD"],
  ["control records", tampered((each) => batch.putInt16(each, 21, 0x20)), "INVALID_RECORD"],
  ["producer without sequence", buildBatch(three, { producerId: 9, producerEpoch: 0 }), "INVALID_RECORD"],
  ["record longer than the batch", tampered((each) => each.fill(0x7e, 61, 62)), "INVALID_RECORD"],
  ["truncated zstd", truncatedZstd(), "UNKNOWN_SERVER_ERROR"],
] as const)("refused: %s", (_, bytes, expected) => {
  expect(refusal(() => validate(bytes))).toBe(expected);
});

function flipped(): Uint8Array {
  const bytes = buildBatch(three);
  bytes[70] = (bytes[70] as number) ^ 1;
  return bytes;
}
function shortened(): Uint8Array {
  const bytes = buildBatch(three);
  batch.putInt32(bytes, 8, 20);
  return bytes;
}
function twoOfThree(bytes: Uint8Array): void {
  batch.putInt32(bytes, 57, 2);
  batch.putInt32(bytes, 23, 1);
}
function fourOfThree(bytes: Uint8Array): void {
  batch.putInt32(bytes, 57, 4);
  batch.putInt32(bytes, 23, 3);
}
function billions(bytes: Uint8Array): void {
  batch.putInt32(bytes, 57, 0x7fff_ffff);
  batch.putInt32(bytes, 23, 0x7fff_fffe);
}
function truncatedZstd(): Uint8Array {
  const many = Array.from({ length: 500 }, (_, i) => record(NOW, `key-${(i * 7919) % 1000}`, "v".repeat(i)));
  const whole = buildBatch(many, { codec: "zstd" });
  const bytes = whole.slice(0, whole.length - 200);
  batch.putInt32(bytes, 8, bytes.length - batch.LOG_OVERHEAD);
  batch.writeCrc(bytes, 0);
  return bytes;
}

test("too large before and after a rewrite", () => {
  expect(refusal(() => validate(buildBatch(three), { maxMessageBytes: 80 }))).toBe("MESSAGE_TOO_LARGE");
  const packed = buildBatch([record(NOW, "k", "v".repeat(5000))], { codec: "gzip" });
  expect(refusal(() => validate(packed, { codec: "none", maxMessageBytes: 2000 }))).toBe("MESSAGE_TOO_LARGE");
});

test("a batch that inflates beyond the bound is refused", () => {
  const bomb = buildBatch([record(NOW, "k", "v".repeat(1_000_000))], { codec: "zstd" });
  expect(refusal(() => validate(bomb, { inflatedBytesMax: 100_000 }))).toBe("MESSAGE_TOO_LARGE");
});

test("every record out of time is named, and the code is INVALID_TIMESTAMP", () => {
  const bytes = buildBatch([record(NOW), record(NOW + HOUR + 1), record(NOW - 2 * HOUR)]);
  const run = (): unknown => validate(bytes, { timestampBeforeMaxMs: HOUR });
  expect(refusal(run)).toBe("INVALID_TIMESTAMP");
  try {
    run();
  } catch (error) {
    expect((error as RecordValidationError).recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1, 2]);
  }
});

test("a time within its bounds, at their edges, and no time at all are taken", () => {
  const edge = buildBatch([record(NOW + HOUR), record(NOW - HOUR), record(-1)]);
  expect(validate(edge, { timestampBeforeMaxMs: HOUR }).maxTimestamp).toBe(NOW + HOUR);
});

test("a producer that sets LogAppendTime itself is refused", () => {
  const bytes = buildBatch(three, { timestampType: "LogAppendTime", logAppendTimeMs: NOW });
  expect(refusal(() => validate(bytes, { timestampType: "LogAppendTime" }))).toBe("INVALID_TIMESTAMP");
});

test("a compacted topic takes no record without a key", () => {
  const bytes = buildBatch([record(NOW), record(NOW, null)]);
  expect(refusal(() => validate(bytes, { compacted: true }))).toBe("INVALID_RECORD");
  expect(refusal(() => validate(buildBatch([record(NOW, "")]), { compacted: true }))).toBe("accepted");
});

test("a coordinator may write control records, uncompressed also where the topic has a codec", () => {
  const marker = buildControlBatch("COMMIT", new Uint8Array(6), NOW, { producerId: 4, producerEpoch: 0 });
  const placed = validate(marker, { codec: "zstd" }, { origin: "coordinator" });
  expect(placed.bytes).toBe(marker);
  expect(refusal(() => validate(buildControlBatch("COMMIT", new Uint8Array(6), NOW)))).toBe("INVALID_RECORD");
});

test("a Produce carries one batch of magic 2 for a partition", () => {
  const one = buildBatch(three);
  const two = new Uint8Array([...one, ...one]);
  const old = one.slice();
  old[16] = 1;
  const future = one.slice();
  future[16] = 3;
  const check = (bytes: Uint8Array, version = 9): string => refusal(() => validateProduceRecords(bytes, version));
  expect(check(one)).toBe("accepted");
  expect(check(new Uint8Array(0))).toBe("INVALID_RECORD");
  expect(check(one.subarray(0, one.length - 1))).toBe("INVALID_RECORD");
  expect(check(two)).toBe("INVALID_RECORD");
  expect(check(old)).toBe("INVALID_RECORD");
  expect(check(future)).toBe("CORRUPT_MESSAGE");
  expect(check(buildBatch(three, { codec: "zstd" }), 6)).toBe("UNSUPPORTED_COMPRESSION_TYPE");
  expect(check(buildBatch(three, { codec: "zstd" }), 7)).toBe("accepted");
  expect(isTransactionalProduce(buildBatch(three, { isTransactional: true, producerId: 1 }))).toBe(true);
  expect(isTransactionalProduce(one)).toBe(false);
  expect(isTransactionalProduce(one.subarray(0, 30))).toBe(false);
});

test("no flipped byte, its CRC made right, does anything but be taken or refused", () => {
  for (const codec of ["none", "lz4"] as const) {
    const length = buildBatch(three, { codec }).length;
    for (let at = 16; at < length; at++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const bytes = buildBatch(three, { codec });
        bytes[at] = (bytes[at] as number) ^ mask;
        if (at >= 21) batch.writeCrc(bytes, 0);
        refusal(() => {
          validateProduceRecords(bytes, 9);
          validate(bytes);
        });
      }
    }
  }
});

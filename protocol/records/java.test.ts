/**
 * Against Kafka's own classes: testdata/batches.json holds batches and message sets that MakeBatches.java (beside it)
 * had them write, and the records that they read back.
 */
import { expect, test } from "bun:test";
import * as batch from "./batch.ts";
import { RecordBatchBuilder } from "./builder.ts";
import { type Codec, codecOf } from "./codecs.ts";
import { crc32c } from "./crc32c.ts";
import { forEachBatch, type ReadRecord, readRecords } from "./cursor.ts";
import { isValidLegacy, readLegacyRecords } from "./legacy.ts";
import fixtures from "./testdata/batches.json";

type Expected = [number, number, string | null, string | null, [string, string | null][]];

const text = (bytes: Uint8Array | null): string | null => {
  if (bytes === null) return null;
  return bytes.length < 100 ? Buffer.from(bytes).toString("base64") : `${bytes.length}:${crc32c(bytes)}`;
};

const asExpected = (record: ReadRecord): Expected => [
  record.offset,
  record.timestamp,
  text(record.key),
  text(record.value),
  record.headers.map(({ key, value }) => [key, text(value)]),
];

function readAll(bytes: Uint8Array): ReadRecord[] {
  const records: ReadRecord[] = [];
  const end = forEachBatch(bytes, (at) => {
    records.push(...(batch.magic(bytes, at) === 2 ? readRecords(bytes, at) : readLegacyRecords(bytes, at)));
  });
  expect(end).toBe(bytes.length);
  return records;
}

for (const { name, bytes: base64, records } of fixtures) {
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));

  test(`${name}: our records are the ones that Java read`, () => {
    expect(readAll(bytes).map(asExpected)).toEqual(records as unknown as Expected[]);
  });

  test(`${name}: the checksum holds, and fails for any flipped bit of the last byte`, () => {
    const valid = batch.magic(bytes, 0) === 2 ? batch.isValid : isValidLegacy;
    expect(valid(bytes, 0)).toBe(true);
    const size = batch.sizeBytes(bytes, 0);
    for (let bit = 0; bit < 8; bit++) {
      const flipped = bytes.slice();
      flipped[size - 1] = (flipped[size - 1] as number) ^ (1 << bit);
      expect(valid(flipped, 0)).toBe(false);
    }
  });
}

const withHeaders = fixtures.filter(({ bytes }) => batch.magic(Buffer.from(bytes, "base64"), 0) === 2);

for (const { name, bytes: base64 } of withHeaders) {
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));

  test(`${name}: the builder makes the same batch, to the byte where nothing is compressed`, () => {
    const codec = codecOf(batch.compressionId(bytes, 0)) as Codec;
    const builder = new RecordBatchBuilder({
      baseOffset: batch.baseOffset(bytes, 0),
      partitionLeaderEpoch: batch.partitionLeaderEpoch(bytes, 0),
      codec,
      timestampType: batch.timestampType(bytes, 0),
      logAppendTimeMs: batch.maxTimestamp(bytes, 0),
      producerId: batch.producerId(bytes, 0),
      producerEpoch: batch.producerEpoch(bytes, 0),
      baseSequence: batch.baseSequence(bytes, 0),
      isTransactional: batch.isTransactional(bytes, 0),
      isControl: batch.isControl(bytes, 0),
    });
    const records = readRecords(bytes);
    // With LogAppendTime the records' own times do not show: their deltas here are those of the maker.
    const times = name === "log-append-time" ? [0, 500, -1000, 90_000].map((delta) => 1_700_000_000_000 + delta) : null;
    for (const [i, { timestamp, key, value, headers }] of records.entries()) {
      builder.append(times?.[i] ?? timestamp, key, value, headers);
    }
    const built = builder.build();
    expect(readRecords(built)).toEqual(records);
    if (codec === "none") expect(Buffer.from(built).toString("hex")).toBe(Buffer.from(bytes).toString("hex"));
  });
}

test("a Java header reads as it was written", () => {
  const { bytes: base64 } = fixtures.find(({ name }) => name === "transactional") as (typeof fixtures)[number];
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  expect({
    baseOffset: batch.baseOffset(bytes, 0),
    lastOffset: batch.lastOffset(bytes, 0),
    count: batch.count(bytes, 0),
    leaderEpoch: batch.partitionLeaderEpoch(bytes, 0),
    baseTimestamp: batch.baseTimestamp(bytes, 0),
    maxTimestamp: batch.maxTimestamp(bytes, 0),
    producerId: batch.producerId(bytes, 0),
    producerEpoch: batch.producerEpoch(bytes, 0),
    baseSequence: batch.baseSequence(bytes, 0),
    lastSequence: batch.lastSequence(bytes, 0),
    codec: codecOf(batch.compressionId(bytes, 0)),
    isTransactional: batch.isTransactional(bytes, 0),
    isControl: batch.isControl(bytes, 0),
    timestampType: batch.timestampType(bytes, 0),
  }).toEqual({
    baseOffset: 100,
    lastOffset: 103,
    count: 4,
    leaderEpoch: 5,
    baseTimestamp: 1_700_000_000_000,
    maxTimestamp: 1_700_000_090_000,
    producerId: 77,
    producerEpoch: 3,
    baseSequence: 12,
    lastSequence: 15,
    codec: "lz4",
    isTransactional: true,
    isControl: false,
    timestampType: "CreateTime",
  });
});

/** What the first look takes, the careful walk takes as well, and both say the same of it. */
import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import * as batch from "./batch.ts";
import { buildBatch, type NewRecord } from "./builder.ts";
import { RecordCursor } from "./cursor.ts";
import { OrdinaryRecords } from "./ordinary.ts";

const NOW = 1_700_000_000_000;
const LONGEST = 2 ** 13 - 1; // what a varint of two bytes holds

const record = (timestamp: number, keyBytes: number, valueBytes: number): NewRecord => ({
  timestamp,
  key: keyBytes < 0 ? null : new Uint8Array(keyBytes),
  value: valueBytes < 0 ? null : new Uint8Array(valueBytes),
});

const look = (bytes: Uint8Array) => {
  const ordinary = new OrdinaryRecords();
  return ordinary.are(bytes) ? [ordinary.timestampDeltaMin, ordinary.timestampDeltaMax] : null;
};

test("records of one- and two-byte fields are ordinary", () => {
  expect(look(buildBatch([record(NOW, -1, 100)]))).toEqual([0, 0]);
  expect(look(buildBatch([record(NOW, -1, -1), record(NOW - 7, 0, 0), record(NOW + 900, 70, 5_000)]))).toEqual([
    -7, 900,
  ]);
  const many = Array.from({ length: 300 }, (_, i) => record(NOW + i, 3, 50));
  expect(look(buildBatch(many))).toEqual([0, 299]);
});

test.each<[string, NewRecord[]]>([
  ["a header", [{ ...record(NOW, 1, 1), headers: [{ key: "k", value: null }] }]],
  ["a key too long", [record(NOW, LONGEST + 1, 1)]],
  ["a value too long", [record(NOW, 1, LONGEST + 1)]],
  ["times far apart", [record(NOW, 1, 1), record(NOW + LONGEST + 1, 1, 1)]],
])("%s is left to the careful walk", (_, records) => {
  expect(look(buildBatch(records))).toBeNull();
});

/** What the careful walk finds, null where it refuses or the offsets are not in sequence. */
function walked(bytes: Uint8Array): number[] | null {
  const cursor = new RecordCursor();
  const deltas: number[] = [];
  try {
    cursor.open(bytes, 0);
    for (let index = 0; cursor.next(); index++) {
      if (cursor.offsetDelta !== index) return null;
      deltas.push(cursor.timestamp - batch.baseTimestamp(bytes, 0));
    }
  } catch {
    return null;
  }
  return [Math.min(...deltas), Math.max(...deltas)];
}

test("of any bytes the first look takes nothing that the walk would not take", () => {
  const random = new Prng(7);
  const counts = { ordinary: 0, changedAndOrdinary: 0, left: 0 };
  for (let n = 0; n < 20_000; n++) {
    const records = Array.from({ length: 1 + random.below(4) }, () =>
      record(NOW + random.below(300) - 100, random.below(12) - 1, random.below(150) - 1),
    );
    const bytes = new Uint8Array([...buildBatch(records), ...new Uint8Array(random.below(3))]);
    const changes = random.below(4);
    for (let i = 0; i < changes; i++) bytes[57 + random.below(Math.min(40, bytes.length - 57))] = random.below(256);
    bytes[57] = bytes[58] = 0; // a count that ends
    const found = look(bytes);
    if (found === null) counts.left++;
    else expect(walked(bytes)).toEqual(found);
    if (found !== null) counts[changes === 0 ? "ordinary" : "changedAndOrdinary"]++;
  }
  expect(counts.ordinary).toBeGreaterThan(1_000);
  expect(counts.changedAndOrdinary).toBeGreaterThan(1_000);
  expect(counts.left).toBeGreaterThan(1_000);
});

import { expect, test } from "bun:test";
import { randomHistory } from "../testing/random-records.ts";
import { record } from "./record.ts";
import { readRecord, writeRecord } from "./serde.ts";

test("a framed record reads back as what was written", () => {
  for (const original of randomHistory(21, 800).records) {
    expect(readRecord(writeRecord(original))).toEqual(original);
  }
});

test("the bytes are those that Kafka 4.3.1 writes", () => {
  // From the bootstrap.checkpoint of `kafka-storage format`: metadata.version at 4.3-IV0.
  const bytes = writeRecord(record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 30 }));
  expect(Buffer.from(bytes).toString("hex")).toBe("010c00116d657461646174612e76657273696f6e001e00");
  expect(Buffer.from(writeRecord(record("NoOpRecord", {}))).toString("hex")).toBe("01140000");
});

test.each([
  ["frame version 0", [0, 20, 0, 0], "frame version 0"],
  ["an unknown type", [1, 99, 0, 0], "record type 99 belongs to a newer release"],
  ["an unknown version", [1, 20, 7, 0], "version 7 of NoOpRecord belongs to a newer release"],
  ["bytes after the record", [1, 20, 0, 0, 0], "1 bytes follow a NoOpRecord"],
  ["a cut record", [1, 12, 0, 17], "damaged"],
] as const)("%s is refused", (_, bytes, message) => {
  expect(() => readRecord(Uint8Array.from(bytes))).toThrow(message);
});

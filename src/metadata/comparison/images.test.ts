/**
 * Our image against Kafka's own: after the same records both write the same snapshot, and each reads the other's as
 * what it was. Needs Java and the jars that `npm run fetch-schemas` brings; says so where they are not.
 */
import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { available } from "../../../protocol/comparison/available.ts";
import { libsComplete, libsDirectory } from "../../../protocol/generate/main.ts";
import { applyRecords } from "../apply.ts";
import { emptyImage } from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { readRecord, writeRecord } from "../records/serde.ts";
import { snapshotRecords } from "../snapshot.ts";
import { randomHistory } from "../testing/random-records.ts";

const needs = { "Kafka's jars": existsSync(libsComplete), Java: Bun.which("java") !== null };
const ready = available("comparison with Kafka's image", needs, process.env.CI === "true");

/** Kafka forgets where a migration from ZooKeeper stood; we keep it. */
const forgotten = new Set(["ZkMigrationStateRecord"]);

function snapshotsOfKafka(histories: readonly (readonly MetadataRecord[])[]): MetadataRecord[][] {
  const directory = mkdtempSync(join(tmpdir(), "odradek-images-"));
  try {
    const path = join(directory, "records");
    const lines = histories.map((records) => [...records.map(hexOf), "\n"].join(""));
    writeFileSync(path, lines.join(""));
    const run = Bun.spawnSync(["java", "-cp", `${libsDirectory}/*`, join(import.meta.dirname, "Images.java"), path]);
    expect(run.exitCode, run.stderr.toString().slice(0, 2000)).toBe(0);
    const snapshots = run.stdout.toString().split("\n\n").slice(0, -1);
    return snapshots.map((text) => text.split("\n").map((hex) => readRecord(Uint8Array.fromHex(hex))));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function hexOf(record: MetadataRecord): string {
  return `${Buffer.from(writeRecord(record)).toString("hex")}\n`;
}

/** Kafka keeps most things in hash maps: what is no sequence is compared in order of its text. */
function comparable(records: readonly MetadataRecord[]): string[] {
  const sort = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
  return records
    .map(({ type, version, value }) => {
      const sets = Object.entries(value).map(([name, field]) => [
        name,
        ["endPoints", "features", "entity"].includes(name) ? sort(field as unknown[]) : field,
      ]);
      return JSON.stringify([type, version, Object.fromEntries(sets)]);
    })
    .sort();
}

describe.skipIf(!ready)("with Kafka's image", () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => 1000 + seed);
  const histories = seeds.map((seed) => randomHistory(seed, 300));

  test("the same records give the same snapshot, and the snapshot the same image, both ways", () => {
    const ours = histories.map(({ image }) => [...snapshotRecords(image)]);
    const theirs = snapshotsOfKafka([...histories.map(({ records }) => records), ...ours]);
    const seen = new Set(histories.flatMap(({ records }) => records.map(({ type }) => type)));
    expect(seen.size).toBeGreaterThanOrEqual(23);
    for (const [index, snapshot] of ours.entries()) {
      const expected = comparable(snapshot.filter(({ type }) => !forgotten.has(type)));
      const [replayed, read] = [theirs[index]!, theirs[index + ours.length]!];
      expect(comparable(replayed)).toEqual(expected);
      expect(comparable(read)).toEqual(expected);
      const again = [...snapshotRecords(applyRecords(emptyImage(), replayed))];
      expect(comparable(again)).toEqual(expected);
    }
  }, 120_000);

  test("kinds of records come in the same order", () => {
    const kinds = (records: readonly MetadataRecord[]) => {
      const order = records.map(({ type }) => (type === "PartitionRecord" ? "TopicRecord" : type));
      return [...new Set(order)].filter((type) => !forgotten.has(type));
    };
    const { image, records } = randomHistory(77, 600);
    expect(kinds([...snapshotRecords(image)])).toEqual(kinds(snapshotsOfKafka([records])[0]!));
  }, 60_000);
});

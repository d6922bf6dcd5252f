/**
 * No setting lies about itself: one that says "works" is read by the code and named by a test of its effect, and one
 * that
 * the code reads for more than its parsing says so, or stands in the list below with the reason.
 */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { AnyRow } from "./row.ts";
import { groupLevelRows } from "./rows/group-level.ts";
import { ownRows } from "./rows/own.ts";
import { topicRows } from "./rows/topic.ts";
import { apacheRows } from "./table.ts";

const root = join(import.meta.dirname, "../..");
const rows: readonly AnyRow[] = [...apacheRows, ...ownRows, ...topicRows, ...groupLevelRows];

/** Tests of the table and of describing name every setting; they show no effect. */
const noEvidence = /^src\/config\/(table|value|status)\.test\.ts$|^src\/apis\/config-answers\.test\.ts$|\/testdata\//;

function sources(): { path: string; text: string }[] {
  return ["base", "storage", "src"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") })),
  );
}

const all = sources();
const tests = all.filter(({ path }) => path.endsWith(".test.ts") && !noEvidence.test(path));
const code = all.filter(
  ({ path }) => !path.endsWith(".test.ts") && !path.includes("/testing/") && !path.startsWith("src/config/rows/"),
);

const isNamed = (files: readonly { text: string }[], name: string): boolean => {
  const pattern = new RegExp(`(?<![a-z.])${name.replaceAll(".", "\\.")}(?![a-z]|\\.[a-z])`);
  return files.some(({ text }) => pattern.test(text));
};

/** Broker settings that reach a partition through the topic setting that inherits from them. */
const inherited: ReadonlyMap<string, string> = new Map([
  ...topicRows.flatMap((row): [string, string][] => ("broker" in row ? [[row.broker, row.name]] : [])),
  ["log.retention.hours", "retention.ms"],
  ["log.retention.minutes", "retention.ms"],
  ["log.roll.hours", "segment.ms"],
  ["log.roll.jitter.hours", "segment.jitter.ms"],
  ["log.flush.scheduler.interval.ms", "flush.ms"],
]);

const isRead = (name: string): boolean => {
  const used = inherited.get(name) ?? name;
  // The controller asks for the value that is in force on a topic of another node's.
  const reads = [`get("${used}")`, `effective(image, topic, "${used}")`];
  return code.some(({ path, text }) => !isRule(path) && reads.some((read) => text.includes(read)));
};

/** Files that check settings against each other, or a change of them: that is no effect. */
const isRule = (path: string): boolean => /^src\/config\/(alter|static-rules|topic-rules|group-rules)\.ts$/.test(path);

test("what works is read by the code", () => {
  const unread = rows.filter((row) => row.status === "works" && !isRead(row.name)).map((row) => row.name);
  expect(unread).toEqual(["broker.id", "odradek.log.level"].filter((name) => unread.includes(name)));
});

test("what works is named by a test of its effect", () => {
  const unshown = rows.filter((row) => row.status === "works" && !isNamed(tests, row.name)).map((row) => row.name);
  expect(unshown).toEqual([]);
});

/** The code reads them, and no test shows their effect yet: the list may only shrink. */
const readWithoutProof: readonly string[] = [
  "compression.lz4.level", // taken and handed to the codec, which has no levels
  "log.cleaner.threads", // one log at a time: it divides the memory, and none means no compaction
  "queued.max.request.bytes",
  "request.timeout.ms",
];

test("what the code reads says that it works, or waits for its test", () => {
  const waiting = rows.filter((row) => row.status === "accepted" && isRead(row.name)).map((row) => row.name);
  expect(waiting.filter((name) => !readWithoutProof.includes(name))).toEqual([]);
});

test("what waits for its test does not say yet that it works", () => {
  const accepted = new Set(rows.filter((row) => row.status === "accepted").map((row) => row.name));
  expect(readWithoutProof.filter((name) => !accepted.has(name))).toEqual([]);
});

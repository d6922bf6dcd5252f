import { expect, test } from "bun:test";
import { LiveConfig } from "../config/live.ts";
import { parseStatic } from "../config/static.ts";
import type { RaftSettings } from "../raft/driver.ts";
import { raftSettings } from "./settings.ts";

const settingsWith = (...overrides: [string, string][]): RaftSettings => {
  const start = parseStatic({ file: null, overrides, workingDirectory: "/work" });
  return raftSettings(new LiveConfig(start, { warn: () => {} }));
};

test.each<[string, string, keyof RaftSettings, number]>([
  ["controller.quorum.election.timeout.ms", "7", "electionTimeoutMs", 7],
  ["controller.quorum.fetch.timeout.ms", "8", "fetchTimeoutMs", 8],
  ["controller.quorum.election.backoff.max.ms", "9", "electionBackoffMaxMs", 9],
  ["controller.quorum.request.timeout.ms", "10", "requestTimeoutMs", 10],
  ["controller.quorum.retry.backoff.ms", "11", "retryBackoffMs", 11],
  ["controller.quorum.fetch.max.bytes", "12", "fetchMaxBytes", 12],
  ["controller.quorum.fetch.snapshot.max.bytes", "13", "fetchSnapshotMaxBytes", 13],
  ["metadata.log.segment.bytes", "8388608", "segmentBytes", 8_388_608],
  ["internal.metadata.log.segment.bytes", "14", "segmentBytes", 14],
  ["metadata.log.segment.ms", "15", "segmentMs", 15],
  ["metadata.max.retention.bytes", "16", "retentionBytes", 16],
  ["metadata.max.retention.ms", "17", "retentionMs", 17],
  ["internal.metadata.delete.delay.millis", "18", "snapshotDeleteDelayMs", 18],
])("%s=%s reaches raft", (name, value, setting, expected) => {
  expect(settingsWith()[setting]).not.toBe(expected);
  expect(settingsWith([name, value])[setting]).toBe(expected);
});

test("internal.metadata.log.segment.bytes goes before metadata.log.segment.bytes", () => {
  const both = settingsWith(["metadata.log.segment.bytes", "8388608"], ["internal.metadata.log.segment.bytes", "14"]);
  expect(both.segmentBytes).toBe(14);
});

import { expect, test } from "bun:test";
import { LiveConfig } from "../config/live.ts";
import { parseStatic } from "../config/static.ts";
import type { GroupSettings } from "../groups/settings.ts";
import { groupSettings } from "./groups.ts";

const settingsWith = (...overrides: [string, string][]): GroupSettings => {
  const start = parseStatic({ file: null, overrides, workingDirectory: "/work" });
  return groupSettings(new LiveConfig(start, { warn: () => {} }));
};

test.each<[string, string, keyof GroupSettings, number]>([
  ["group.min.session.timeout.ms", "7000", "sessionTimeoutMinMs", 7000],
  ["group.max.session.timeout.ms", "8000", "sessionTimeoutMaxMs", 8000],
  ["group.max.size", "9", "membersMax", 9],
  ["group.initial.rebalance.delay.ms", "10", "initialRebalanceDelayMs", 10],
  ["offset.metadata.max.bytes", "11", "metadataLengthMax", 11],
  ["offsets.retention.minutes", "12", "offsetsRetentionMs", 720_000],
  ["offsets.retention.check.interval.ms", "13", "offsetsCheckIntervalMs", 13],
  ["offsets.commit.timeout.ms", "14", "commitTimeoutMs", 14],
  ["offsets.load.buffer.size", "15", "loadBytes", 15],
  ["offsets.topic.num.partitions", "16", "topicPartitions", 16],
  ["offsets.topic.compression.codec", "1", "topicCodecId", 1],
])("%s=%s reaches the group coordinator", (name, value, setting, expected) => {
  expect(settingsWith()[setting]).not.toBe(expected);
  expect(settingsWith([name, value])[setting]).toBe(expected);
});

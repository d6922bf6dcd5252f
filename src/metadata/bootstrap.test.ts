import { expect, test } from "bun:test";
import { activationRecords, bootstrapFeatures, bootstrapRecords } from "./bootstrap.ts";
import { metadataVersionLevel } from "./features.ts";
import type { MetadataRecord } from "./records/record.ts";

function facts(records: readonly MetadataRecord[]) {
  return records.map(({ type, value }) => [type, ...Object.values(value)]);
}

// What DumpLogSegments of 4.3.1 shows of its own bootstrap.checkpoint and of offsets 3 to 11 of its log.
const features = [
  ["FeatureLevelRecord", "metadata.version", 30],
  ["FeatureLevelRecord", "eligible.leader.replicas.version", 1],
  ["FeatureLevelRecord", "group.version", 1],
  ["FeatureLevelRecord", "share.version", 1],
  ["FeatureLevelRecord", "streams.version", 1],
  ["FeatureLevelRecord", "transaction.version", 2],
];

test("format finalizes the features that Kafka 4.3.1 does, in its order", () => {
  expect(facts(bootstrapRecords())).toEqual(features);
});

test("the first records of a new controller are those of Kafka 4.3.1", () => {
  const records = activationRecords({
    logIsEmpty: true,
    transactionOpen: false,
    metadataVersion: 30,
    bootstrap: bootstrapRecords(),
    minInsyncReplicas: 1,
  });
  expect(facts(records)).toEqual([
    ["BeginTransactionRecord", "Bootstrap records"],
    ...features,
    ["ConfigRecord", 4, "", "min.insync.replicas", "1"],
    ["EndTransactionRecord"],
  ]);
});

const written = { logIsEmpty: false, metadataVersion: 30, bootstrap: bootstrapRecords(), minInsyncReplicas: 1 };

test("a controller that takes over a log writes nothing, or ends what was left open", () => {
  expect(activationRecords({ ...written, transactionOpen: false })).toEqual([]);
  expect(facts(activationRecords({ ...written, transactionOpen: true }))).toEqual([
    ["AbortTransactionRecord", "Controller failover"],
  ]);
});

test("an older metadata.version has neither transactions nor eligible leader replicas", () => {
  const level = metadataVersionLevel("3.5")!;
  const bootstrap = bootstrapRecords(bootstrapFeatures(level));
  const fresh = { logIsEmpty: true, transactionOpen: false, metadataVersion: level, bootstrap, minInsyncReplicas: 1 };
  expect(facts(activationRecords(fresh))).toEqual([["FeatureLevelRecord", "metadata.version", 11]]);
});

// As FeatureVersion.bootstrapMetadataVersion of each level in 4.3.
test.each<[string, Record<string, number>]>([
  ["3.9-IV0", { "metadata.version": 21 }],
  ["4.0", { "metadata.version": 25, "group.version": 1, "transaction.version": 2 }],
  [
    "4.1-IV0",
    { "metadata.version": 26, "group.version": 1, "transaction.version": 2, "eligible.leader.replicas.version": 1 },
  ],
  [
    "4.2.1",
    {
      "metadata.version": 29,
      "group.version": 1,
      "transaction.version": 2,
      "eligible.leader.replicas.version": 1,
      "share.version": 1,
      "streams.version": 1,
    },
  ],
])("a cluster of release %s begins with its features", (release, expected) => {
  const levels = [...bootstrapFeatures(metadataVersionLevel(release)!)].filter(([, level]) => level > 0);
  expect(Object.fromEntries(levels)).toEqual(expected);
});

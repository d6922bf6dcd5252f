import { expect, test } from "bun:test";
import { applyRecords } from "./apply.ts";
import { emptyImage, type MetadataImage } from "./image.ts";
import { record } from "./records/record.ts";
import { snapshotRecords } from "./snapshot.ts";
import { randomHistory } from "./testing/random-records.ts";

/** Persistent maps to plain ones, so that contents are compared and not the shape of the trie. */
function plain(image: MetadataImage) {
  const fields = Object.entries(image).map(([name, value]) => [
    name,
    typeof value === "object" && Symbol.iterator in value ? new Map(value as Iterable<[unknown, unknown]>) : value,
  ]);
  return Object.fromEntries(fields);
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("a snapshot read again is the same image (seed %d)", (seed) => {
  const { image, records } = randomHistory(seed, 600);
  expect(new Set(records.map(({ type }) => type)).size).toBeGreaterThanOrEqual(20);
  const snapshot = [...snapshotRecords(image)];
  const again = applyRecords(emptyImage(), snapshot);
  expect(plain(again)).toEqual(plain(image));
  expect([...snapshotRecords(again)]).toEqual(snapshot);
});

test("records applied together give the image of records applied one by one", () => {
  const { image, records } = randomHistory(11, 500);
  expect(plain(applyRecords(emptyImage(), records))).toEqual(plain(image));
});

test("an image never changes, whatever is applied to it", () => {
  const { image, records } = randomHistory(12, 200);
  const before = JSON.stringify([...snapshotRecords(image)]);
  const topic = [...image.topicsById.values()][0]!;
  applyRecords(image, [
    record("RemoveTopicRecord", { topicId: topic.id }),
    ...randomHistory(13, 50).records.filter(({ type }) => type.startsWith("Register")),
  ]);
  expect(JSON.stringify([...snapshotRecords(image)])).toBe(before);
  expect(records.length).toBe(202);
});

test("features come first, then nodes, topics, configs, quotas, producer ids, ACLs, credentials", () => {
  const order = [
    "FeatureLevelRecord",
    "ZkMigrationStateRecord",
    "RegisterBrokerRecord",
    "RegisterControllerRecord",
    "TopicRecord",
    "PartitionRecord",
    "ConfigRecord",
    "ClientQuotaRecord",
    "ProducerIdsRecord",
    "AccessControlEntryRecord",
    "UserScramCredentialRecord",
    "DelegationTokenRecord",
  ];
  const rank = (type: string) => order.indexOf(type === "PartitionRecord" ? "TopicRecord" : type);
  const types = [...snapshotRecords(randomHistory(3, 600).image)].map(({ type }) => type);
  expect(types[0]).toBe("FeatureLevelRecord");
  const rest = types.slice(3); // the features and, between them, the migration state
  expect(rest.map(rank)).toEqual(rest.map(rank).toSorted((a, b) => a - b));
});

test("an older metadata.version refuses what it has no record for", () => {
  const { image } = randomHistory(5, 600);
  const older = applyRecords(image, [record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 7 })]);
  expect(() => [...snapshotRecords(older)]).toThrow("metadata.version 7 has no record for");
});

import { expect, test } from "bun:test";
import { randomUuid } from "../../base/uuid.ts";
import { applyRecords } from "./apply.ts";
import { changesBetween } from "./changes.ts";
import { newPartition } from "./controller/assignments.ts";
import type { MetadataImage } from "./image.ts";
import { type MetadataRecord, record } from "./records/record.ts";
import { clusterImage } from "./testing/controller-fixture.ts";
import { testRandom } from "./testing/random-records.ts";

const random = testRandom(5);
const base = clusterImage([{ id: 1 }, { id: 2 }]);

function topicRecords(image: MetadataImage, name: string, topicId: string, partitions: number): MetadataRecord[] {
  const records = [record("TopicRecord", { name, topicId })];
  for (let id = 0; id < partitions; id++) records.push(newPartition(image, topicId, id, [1], [1]));
  return records;
}

const alphaId = randomUuid(random);
const alpha = applyRecords(base, topicRecords(base, "alpha", alphaId, 3));
const isrChange = {
  isr: [1],
  leader: -2,
  replicas: null,
  removingReplicas: null,
  addingReplicas: null,
  leaderRecoveryState: -1,
  directories: null,
  eligibleLeaderReplicas: null,
  lastKnownElr: null,
};

test("a created topic is created, and nothing else changed", () => {
  const changes = changesBetween(base, alpha);
  expect(changes.createdTopics.map(({ name }) => name)).toEqual(["alpha"]);
  expect(changes).toMatchObject({ deletedTopics: [], changedTopics: [], changedConfigs: [], changedBrokers: [] });
  expect(changes.featuresChanged).toBe(false);
});

test("a changed partition and an added one are named, the others not", () => {
  const next = applyRecords(alpha, [
    record("PartitionChangeRecord", { partitionId: 1, topicId: alphaId, ...isrChange }, 2),
    newPartition(alpha, alphaId, 3, [1], [1]),
  ]);
  const [changed] = changesBetween(alpha, next).changedTopics;
  expect(changed!.partitions).toEqual([1, 3]);
  expect(changed!.before.partitions.size).toBe(3);
});

test("a topic deleted and made again under its name is two topics", () => {
  const again = randomUuid(random);
  const records = [record("RemoveTopicRecord", { topicId: alphaId }), ...topicRecords(base, "alpha", again, 1)];
  const changes = changesBetween(alpha, applyRecords(alpha, records));
  expect(changes.deletedTopics.map(({ id }) => id)).toEqual([alphaId]);
  expect(changes.createdTopics.map(({ id }) => id)).toEqual([again]);
  expect(changes.changedTopics).toEqual([]);
});

test("configs are named by resource: set, and gone with their topic", () => {
  const set = record("ConfigRecord", { resourceType: 2, resourceName: "alpha", name: "retention.ms", value: "1" });
  const configured = applyRecords(alpha, [set]);
  const resource = { resourceType: 2, resourceName: "alpha" };
  expect(changesBetween(alpha, configured).changedConfigs).toEqual([resource]);
  const removed = applyRecords(configured, [record("RemoveTopicRecord", { topicId: alphaId })]);
  expect(changesBetween(configured, removed).changedConfigs).toEqual([resource]);
});

test("one topic more among 10,000 is found without looking at them all", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => topicRecords(base, `topic-${i}`, randomUuid(random), 1)).flat();
  const before = applyRecords(base, many);
  const after = applyRecords(before, topicRecords(before, "one-more", randomUuid(random), 1));
  const untouched = before.topicsByName.get("topic-17");
  expect(after.topicsByName.get("topic-17")).toBe(untouched);
  expect(changesBetween(before, after).createdTopics.map(({ name }) => name)).toEqual(["one-more"]);
});

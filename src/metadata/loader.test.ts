import { expect, test } from "bun:test";
import { emptyImage } from "./image.ts";
import { ImageLoader } from "./loader.ts";
import { type MetadataRecord, record } from "./records/record.ts";
import { snapshotRecords } from "./snapshot.ts";
import { randomHistory } from "./testing/random-records.ts";

const begin = record("BeginTransactionRecord", { name: null });
const end = record("EndTransactionRecord", {});
const abort = record("AbortTransactionRecord", { reason: null });

function producerIds(nextProducerId: number): MetadataRecord {
  return record("ProducerIdsRecord", { brokerId: 1, brokerEpoch: 1, nextProducerId });
}

function batch(baseOffset: number, ...records: MetadataRecord[]) {
  return { baseOffset, epoch: 1, timestampMs: 1000 + baseOffset, records };
}

test("each load publishes one image at the offset of its last record", () => {
  const loader = new ImageLoader();
  const changes = loader.load([batch(0, producerIds(1000)), batch(1, producerIds(2000))]);
  expect(changes!.before).toEqual(emptyImage());
  expect(changes!.after.nextProducerId).toBe(2000);
  expect(changes!.producerIdsChanged).toBe(true);
  expect(loader.image.provenance).toEqual({ offset: 1, epoch: 1, timestampMs: 1001 });
});

test("a transaction is published whole at its end, what came before it at once", () => {
  const loader = new ImageLoader();
  expect(loader.load([batch(0, producerIds(1000), begin, producerIds(2000))])!.after.nextProducerId).toBe(1000);
  expect(loader.load([batch(3, producerIds(3000))])).toBeNull();
  expect(loader.image.nextProducerId).toBe(1000);
  expect(loader.load([batch(4, producerIds(4000), end)])!.after.nextProducerId).toBe(4000);
  expect(loader.image.provenance.offset).toBe(5);
});

test("an aborted transaction leaves nothing behind, and the log goes on", () => {
  const loader = new ImageLoader();
  loader.load([batch(0, producerIds(1000))]);
  expect(loader.load([batch(1, begin, producerIds(2000))])).toBeNull();
  expect(loader.load([batch(3, abort)])!.after.nextProducerId).toBe(1000);
  expect(loader.load([batch(4, producerIds(3000))])!.after.nextProducerId).toBe(3000);
});

test.each([
  ["a transaction inside another", [begin, begin]],
  ["an end without a begin", [end]],
  ["an abort without a begin", [abort]],
] as const)("%s is refused", (_, records) => {
  expect(() => new ImageLoader().load([batch(0, ...records)])).toThrow("metadata transaction");
});

test("a snapshot replaces everything, and says what is gone", () => {
  const { image } = randomHistory(31, 400);
  const loader = new ImageLoader();
  loader.loadSnapshot(snapshotRecords(image), { offset: 9, epoch: 1, timestampMs: 1 });
  const level = record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 30 });
  const changes = loader.loadSnapshot([level], { offset: 20, epoch: 2, timestampMs: 2 });
  expect(changes.deletedTopics.map(({ id }) => id).sort()).toEqual([...image.topicsById.keys()].sort());
  expect([...changes.changedBrokers].sort()).toEqual([...image.brokers.keys()].sort());
  expect(changes.changedConfigs.length).toBe(image.configs.size);
  expect(loader.image.topicsById.size).toBe(0);
});

test("with more to come nothing is published, then everything at once", () => {
  const { image } = randomHistory(31, 400);
  const loader = new ImageLoader();
  expect(loader.loadSnapshot(snapshotRecords(image), { offset: 9, epoch: 1, timestampMs: 1 }, true)).toBeNull();
  expect(loader.load([batch(10, producerIds(1000))], true)).toBeNull();
  expect(loader.image).toEqual(emptyImage());
  const changes = loader.load([batch(11)]);
  expect(changes?.createdTopics).toHaveLength(image.topicsById.size);
  expect(changes?.after.nextProducerId).toBe(1000);
});

test("the same snapshot again changes no topic and no config", () => {
  const { image } = randomHistory(32, 400);
  const loader = new ImageLoader();
  loader.loadSnapshot(snapshotRecords(image), { offset: 9, epoch: 1, timestampMs: 1 });
  const changes = loader.loadSnapshot(snapshotRecords(image), { offset: 10, epoch: 1, timestampMs: 1 });
  expect(changes).toMatchObject({ createdTopics: [], deletedTopics: [], changedTopics: [], changedConfigs: [] });
});

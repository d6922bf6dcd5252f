import { expect, test } from "bun:test";
import { bootstrapFeatures, bootstrapRecords } from "../../metadata/bootstrap.ts";
import { ImageLoader } from "../../metadata/loader.ts";
import { type MetadataRecord, record } from "../../metadata/records/record.ts";
import { ImageHasher } from "./image-hash.ts";

const topics = ["Topic0000000000000000A", "Topic0000000000000000Q"] as const;
const made: readonly MetadataRecord[] = topics.map((topicId, n) => record("TopicRecord", { name: `t-${n}`, topicId }));

function imageOf(records: readonly MetadataRecord[], loader = new ImageLoader()) {
  const batch = { baseOffset: loader.image.provenance.offset + 1, epoch: 1, timestampMs: 0 };
  loader.load([{ ...batch, records }]);
  return loader.image;
}

test("equal images have one hash however they came to be, and one more topic or producer id is another", () => {
  const base = bootstrapRecords(bootstrapFeatures());
  const loader = new ImageLoader();
  const hasher = new ImageHasher();
  const hashes = [base, made.slice(0, 1), made.slice(1)].map((records) => hasher.hashOf(imageOf(records, loader)));
  expect(new Set(hashes).size).toBe(3);
  expect(new ImageHasher().hashOf(imageOf([...base, ...made]))).toBe(hashes[2] as number);
  const id = record("ProducerIdsRecord", { brokerId: -1, brokerEpoch: -1, nextProducerId: 1_000 });
  expect(hasher.hashOf(imageOf([id], loader))).not.toBe(hashes[2] as number);
});

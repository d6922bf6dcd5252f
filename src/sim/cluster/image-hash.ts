/** What images say, as a number: the same for equal ones. What a change leaves as it was is not looked at again. */
import { PersistentMap } from "../../../base/persistent-map.ts";
import { emptyImage, type MetadataImage, type TopicImage } from "../../metadata/image.ts";
import { writeRecord } from "../../metadata/records/serde.ts";
import { snapshotRecords } from "../../metadata/snapshot.ts";

/** Has no records of its own: the topics by name are those by id once more, and they are looked at one by one. */
const notParts = ["provenance", "features", "topicsById", "topicsByName", "topicsByMetricName"] as const;

type Part = Exclude<keyof MetadataImage, (typeof notParts)[number]>;

interface Known {
  /** The records are written as these say. */
  readonly features: MetadataImage["features"];
  readonly hash: number;
}

const parts = (Object.keys(emptyImage()) as (keyof MetadataImage)[]).filter(
  (name): name is Part => !(notParts as readonly string[]).includes(name),
);

export class ImageHasher {
  private readonly known = new WeakMap<object, Known>();

  hashOf(image: MetadataImage): number {
    const { features, topicsById } = image;
    const topics = this.remembered(topicsById, features, () => {
      let sum = 0;
      for (const topic of topicsById.values()) sum = (sum + this.hashOfTopic(topic, features)) | 0;
      return sum;
    });
    return parts.reduce((hash, name) => (Math.imul(hash, 31) + this.hashOfPart(image, name)) | 0, topics);
  }

  private hashOfTopic(topic: TopicImage, features: MetadataImage["features"]): number {
    return this.remembered(topic, features, () => {
      return hashOfRecords({ ...emptyImage(), features, topicsById: PersistentMap.of([[topic.id, topic]]) });
    });
  }

  private hashOfPart(image: MetadataImage, name: Part): number {
    const { features, [name]: part } = image;
    const hash = () => hashOfRecords({ ...emptyImage(), features, [name]: part });
    return typeof part === "object" ? this.remembered(part, features, hash) : hash();
  }

  private remembered(part: object, features: MetadataImage["features"], hashOf: () => number): number {
    const before = this.known.get(part);
    if (before?.features === features) return before.hash;
    const hash = hashOf();
    this.known.set(part, { features, hash });
    return hash;
  }
}

/** Whatever order they come in. */
function hashOfRecords(image: MetadataImage): number {
  let sum = 0;
  for (const record of snapshotRecords(image)) {
    let hash = 0x811c9dc5;
    for (const byte of writeRecord(record)) hash = Math.imul(hash ^ byte, 0x01000193);
    sum = (sum + hash) | 0;
  }
  return sum;
}

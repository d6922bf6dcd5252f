/** What images say, as a number: the same for equal ones. What a change leaves as it was is not looked at again. */
import { emptyImage, type MetadataImage } from "../../metadata/image.ts";
import { writeRecord } from "../../metadata/records/serde.ts";
import { snapshotRecords } from "../../metadata/snapshot.ts";

type Part = Exclude<keyof MetadataImage, "provenance" | "features">;

interface Known {
  /** The records are written as these say. */
  readonly features: MetadataImage["features"];
  readonly hash: number;
}

const parts = (Object.keys(emptyImage()) as (keyof MetadataImage)[]).filter(
  (name): name is Part => name !== "provenance" && name !== "features",
);

export class ImageHasher {
  private readonly known = new WeakMap<object, Known>();

  hashOf(image: MetadataImage): number {
    return parts.reduce((hash, name) => (Math.imul(hash, 31) + this.hashOfPart(image, name)) | 0, 0);
  }

  private hashOfPart(image: MetadataImage, name: Part): number {
    const { features, [name]: part } = image;
    const before = typeof part === "object" ? this.known.get(part) : undefined;
    if (before?.features === features) return before.hash;
    const hash = hashOfRecords({ ...emptyImage(), features, [name]: part });
    if (typeof part === "object") this.known.set(part, { features, hash });
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

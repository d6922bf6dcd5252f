/**
 * Records of the log as this release can work with them. A cluster may have finalized a feature at a level of a later
 * release; then its records cannot be read here, and the operator is told so in one sentence (a plain Error).
 */
import { supportedFeatures } from "./features.ts";
import { RecordError } from "./records/error.ts";
import type { MetadataRecord } from "./records/record.ts";
import { readRecord } from "./records/serde.ts";

/** The finalized level comes before the records that need it, so it is what the operator hears of. */
export function readKnownRecord(bytes: Uint8Array): MetadataRecord {
  try {
    const record = readRecord(bytes);
    checkFeatureLevel(record);
    return record;
  } catch (error) {
    if (error instanceof RecordError)
      throw new Error(`The metadata log cannot be read: ${error.message}.`, { cause: error });
    throw error;
  }
}

/** Passes every record but a FeatureLevelRecord above what this release supports. */
export function checkFeatureLevel({ type, value }: MetadataRecord): void {
  if (type !== "FeatureLevelRecord" || value.featureLevel === 0) return;
  const max = supportedFeatures().get(value.name)?.max ?? 0;
  if (value.featureLevel <= max) return;
  throw new Error(
    `This cluster has ${value.name} finalized at level ${value.featureLevel}, and this release knows it up to ` +
      `${max}: start a release that knows it, or lower the feature there first.`,
  );
}

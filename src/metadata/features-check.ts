/** A cluster may have finalized a feature at a level of a later release: its records cannot be read here. */
import { supportedFeatures } from "./features.ts";
import type { MetadataRecord } from "./records/record.ts";

/** One sentence for the operator. */
export class UnsupportedFeatureError extends Error {
  override readonly name = "UnsupportedFeatureError";
}

/** Passes every record but a FeatureLevelRecord above what this release supports. */
export function checkFeatureLevel({ type, value }: MetadataRecord): void {
  if (type !== "FeatureLevelRecord" || value.featureLevel === 0) return;
  const max = supportedFeatures().get(value.name)?.max ?? 0;
  if (value.featureLevel <= max) return;
  throw new UnsupportedFeatureError(
    `This cluster has ${value.name} finalized at level ${value.featureLevel}, and this release knows it up to ${max}: start ` +
      "a release that knows it, or lower the feature there first.",
  );
}

/** Finalized features: as Kafka's FeaturesDelta. */

import type { FeatureLevelRecord } from "../../../protocol/generated/records/metadata/feature-level-record.ts";
import type { ZkMigrationStateRecord } from "../../../protocol/generated/records/metadata/zk-migration-state-record.ts";
import type { Draft } from "../draft.ts";
import { KRAFT_VERSION, METADATA_VERSION, metadataVersionName } from "../features.ts";
import { RecordError } from "./error.ts";

/** Level 0 is "not finalized". kraft.version is ignored here: raft's control records carry it. */
export function applyFeatureLevel(draft: Draft, value: FeatureLevelRecord): void {
  if (value.name === KRAFT_VERSION) return;
  if (value.name === METADATA_VERSION) {
    if (metadataVersionName(value.featureLevel) === null) {
      throw new RecordError(
        `the metadata log is at metadata.version ${value.featureLevel}, which this release does not know`,
      );
    }
    draft.setFeatures({ metadataVersion: value.featureLevel });
    return;
  }
  const finalized = new Map(draft.next.features.finalized);
  if (value.featureLevel === 0) finalized.delete(value.name);
  else finalized.set(value.name, value.featureLevel);
  draft.setFeatures({ finalized });
}

export function applyZkMigrationState(draft: Draft, value: ZkMigrationStateRecord): void {
  draft.setFeatures({ zkMigrationState: value.zkMigrationState });
}

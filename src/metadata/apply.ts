/** Records → the next image: one table, one function per record type. As Kafka's MetadataDelta.replay. */

import type { ProducerIdsRecord } from "../../protocol/generated/records/metadata/producer-ids-record.ts";
import { Draft } from "./draft.ts";
import type { MetadataImage, Provenance } from "./image.ts";
import {
  changeBroker,
  fenceBroker,
  registerBroker,
  registerController,
  unfenceBroker,
  unregisterBroker,
} from "./records/cluster.ts";
import { applyConfig } from "./records/configs.ts";
import { applyFeatureLevel, applyZkMigrationState } from "./records/features.ts";
import { applyClientQuota } from "./records/quotas.ts";
import type { MetadataRecord, RecordType } from "./records/record.ts";
import {
  addAcl,
  removeAcl,
  removeDelegationToken,
  removeScramCredential,
  setDelegationToken,
  setScramCredential,
} from "./records/security.ts";
import { applyPartition, applyPartitionChange, applyTopic, clearElr, removeTopic } from "./records/topics.ts";
import type { RecordValues } from "./records/values.ts";

type Applier<Type extends RecordType> = (draft: Draft, value: RecordValues[Type]) => void;

const appliers: { readonly [Type in RecordType]: Applier<Type> } = {
  RegisterBrokerRecord: registerBroker,
  UnregisterBrokerRecord: unregisterBroker,
  TopicRecord: applyTopic,
  PartitionRecord: applyPartition,
  ConfigRecord: applyConfig,
  PartitionChangeRecord: applyPartitionChange,
  FenceBrokerRecord: fenceBroker,
  UnfenceBrokerRecord: unfenceBroker,
  RemoveTopicRecord: removeTopic,
  DelegationTokenRecord: setDelegationToken,
  UserScramCredentialRecord: setScramCredential,
  FeatureLevelRecord: applyFeatureLevel,
  ClientQuotaRecord: applyClientQuota,
  ProducerIdsRecord: applyProducerIds,
  BrokerRegistrationChangeRecord: changeBroker,
  AccessControlEntryRecord: addAcl,
  RemoveAccessControlEntryRecord: removeAcl,
  NoOpRecord: () => {},
  ZkMigrationStateRecord: applyZkMigrationState,
  RemoveUserScramCredentialRecord: removeScramCredential,
  // The markers of a metadata transaction decide when its records are applied (loader.ts), not what they do.
  BeginTransactionRecord: () => {},
  EndTransactionRecord: () => {},
  AbortTransactionRecord: () => {},
  RemoveDelegationTokenRecord: removeDelegationToken,
  RegisterControllerRecord: registerController,
  ClearElrRecord: clearElr,
};

/** Applies one record to a draft. Many records in a row (a snapshot, a catch-up) share one draft. */
export function applyRecord(draft: Draft, record: MetadataRecord): void {
  const apply = appliers[record.type] as Applier<typeof record.type>;
  apply(draft, record.value as never);
}

/** The image after these records; the old one stays as it was. */
export function applyRecords(
  image: MetadataImage,
  records: readonly MetadataRecord[],
  provenance: Provenance = image.provenance,
): MetadataImage {
  const draft = new Draft(image);
  for (const record of records) applyRecord(draft, record);
  return draft.finish(provenance);
}

function applyProducerIds(draft: Draft, value: ProducerIdsRecord): void {
  draft.next.nextProducerId = value.nextProducerId;
}

/**
 * What `kafka-storage format` leaves for a new cluster, and the first records of its first active controller.
 *
 * Found with Kafka 4.3.1 (format --standalone, one combined node, started, one topic created, stopped):
 * - bootstrap.checkpoint: SnapshotHeader (lastContainedLogTimestamp 0) at offset 0 in a control batch;
 *   `bootstrapRecords` at offsets 1 to 6 in one batch; SnapshotFooter at offset 7; partition leader epoch 0 in each.
 * - __cluster_metadata-0/00000000000000000000-0000000000.checkpoint: SnapshotHeader, KRaftVersion 1, KRaftVoters in
 *   one control batch; SnapshotFooter in a second. No metadata record.
 * - The log: LeaderChange, KRaftVersion, KRaftVoters in one control batch (0-2); `activationRecords` in one batch
 *   (3-11); RegisterController (12); RegisterBroker (13: version 4, fenced, its epoch is its own offset); on the first
 *   heartbeat that is caught up and wants to run, BrokerRegistrationChange fenced=-1 (version 0) and
 *   BrokerRegistrationChange cordonedLogDirs=[] (version 3) in one batch (14, 15); from then on a NoOp every 500 ms
 *   while nothing else is written.
 * - A topic: TopicRecord, its ConfigRecords, its PartitionRecords (version 2) in one batch.
 * - A controlled shutdown: BrokerRegistrationChange inControlledShutdown=1 (version 1) with the PartitionChangeRecords
 *   of all it leads in one batch; at its end BrokerRegistrationChange fenced=1 (version 0).
 */
import {
  defaultFeatureLevel,
  ELR_VERSION,
  features,
  KRAFT_VERSION,
  LATEST_METADATA_VERSION,
  METADATA_VERSION,
  supports,
} from "./features.ts";
import { configResourceTypes } from "./image.ts";
import { type MetadataRecord, record } from "./records/record.ts";

/** The features that a new cluster finalizes, by name; kraft.version goes into raft's own records. */
export function bootstrapFeatures(metadataVersion: number = LATEST_METADATA_VERSION): ReadonlyMap<string, number> {
  const levels = new Map([[METADATA_VERSION, metadataVersion]]);
  for (const name of features.keys()) {
    if (name !== KRAFT_VERSION) levels.set(name, defaultFeatureLevel(name, metadataVersion));
  }
  return levels;
}

/** The records of bootstrap.checkpoint: metadata.version first, then the others by name; level 0 is not written. */
export function bootstrapRecords(levels: ReadonlyMap<string, number> = bootstrapFeatures()): MetadataRecord[] {
  const metadataVersion = levels.get(METADATA_VERSION) ?? LATEST_METADATA_VERSION;
  const others = [...levels].filter(
    ([name, level]) => name !== METADATA_VERSION && name !== KRAFT_VERSION && level > 0,
  );
  others.sort(([a], [b]) => (a < b ? -1 : 1));
  return [[METADATA_VERSION, metadataVersion] as const, ...others].map(([name, level]) =>
    record("FeatureLevelRecord", { name, featureLevel: level }),
  );
}

/**
 * What a controller writes when it becomes active. On an empty log: the bootstrap records, and with eligible leader
 * replicas the cluster-wide min.insync.replicas (it must never be less than what the ELR was computed with), inside a
 * metadata transaction where the level has them (then batches may split it), else as one atomic batch. On a log with
 * records: nothing, unless a transaction was left open. As Kafka's ActivationRecordsGenerator.
 */
export function activationRecords(state: {
  readonly logIsEmpty: boolean;
  readonly transactionOpen: boolean;
  readonly metadataVersion: number;
  readonly bootstrap: readonly MetadataRecord[];
  readonly minInsyncReplicas: number;
}): MetadataRecord[] {
  const abort = state.transactionOpen ? [record("AbortTransactionRecord", { reason: "Controller failover" })] : [];
  if (!state.logIsEmpty) return abort;
  const transactional = supports.metadataTransactions(state.metadataVersion);
  return [
    ...abort,
    ...(transactional ? [record("BeginTransactionRecord", { name: "Bootstrap records" })] : []),
    ...state.bootstrap,
    ...elrConfig(state.bootstrap, state.minInsyncReplicas),
    ...(transactional ? [record("EndTransactionRecord", {})] : []),
  ];
}

function elrConfig(bootstrap: readonly MetadataRecord[], minInsyncReplicas: number): MetadataRecord[] {
  const elr = bootstrap.some(
    ({ type, value }) => type === "FeatureLevelRecord" && value.name === ELR_VERSION && value.featureLevel > 0,
  );
  if (!elr) return [];
  const value = String(minInsyncReplicas);
  const cluster = { resourceType: configResourceTypes.broker, resourceName: "" };
  return [record("ConfigRecord", { ...cluster, name: "min.insync.replicas", value })];
}

/**
 * An image → the records of its snapshot, in the order of Kafka's MetadataImage.write: features first, because the
 * level of metadata.version decides how the rest is read. Reading them into an empty image gives the same image again.
 */
import { ELR_VERSION, METADATA_VERSION, type RecordVersions, recordVersions, supports } from "./features.ts";
import {
  type BrokerRegistration,
  type Endpoint,
  featureLevel,
  type MetadataImage,
  MIGRATING_DIRECTORY,
  type PartitionRegistration,
  type TopicImage,
  type VersionRange,
} from "./image.ts";
import { RecordError } from "./records/error.ts";
import { type MetadataRecord, record } from "./records/record.ts";

interface Target {
  readonly metadataVersion: number;
  readonly versions: RecordVersions;
  readonly elrEnabled: boolean;
}

/**
 * The records in order; the snapshot writer adds header, footer and raft's control records.
 * @throws RecordError where the finalized metadata.version has no place for something in the image.
 */
export function* snapshotRecords(image: MetadataImage): Generator<MetadataRecord> {
  const { metadataVersion } = image.features;
  if (metadataVersion === null) throw new RecordError("an image without a finalized metadata.version has no snapshot");
  const target: Target = {
    metadataVersion,
    versions: recordVersions(metadataVersion),
    elrEnabled: featureLevel(image, ELR_VERSION) >= 1,
  };
  yield* featureRecords(image, target);
  yield* clusterRecords(image, target);
  for (const topic of image.topicsById.values()) yield* topicRecords(topic, target);
  yield* configRecords(image);
  yield* quotaRecords(image);
  if (image.nextProducerId >= 0) {
    yield record("ProducerIdsRecord", { brokerId: -1, brokerEpoch: -1, nextProducerId: image.nextProducerId });
  }
  for (const acl of image.acls.values()) yield record("AccessControlEntryRecord", { ...acl });
  yield* credentialRecords(image, target);
}

function* featureRecords(image: MetadataImage, { metadataVersion }: Target): Generator<MetadataRecord> {
  yield record("FeatureLevelRecord", { name: METADATA_VERSION, featureLevel: metadataVersion });
  const { zkMigrationState, finalized } = image.features;
  if (zkMigrationState !== null && supports.migration(metadataVersion)) {
    yield record("ZkMigrationStateRecord", { zkMigrationState });
  }
  for (const [name, level] of finalized) yield record("FeatureLevelRecord", { name, featureLevel: level });
}

function* clusterRecords(image: MetadataImage, target: Target): Generator<MetadataRecord> {
  for (const broker of image.brokers.values()) yield brokerRecord(broker, target);
  if (image.controllers.size === 0) return;
  refuseLoss(supports.controllerRegistration(target.metadataVersion), target, "controller registrations");
  for (const controller of image.controllers.values()) {
    yield record("RegisterControllerRecord", {
      controllerId: controller.id,
      incarnationId: controller.incarnationId,
      zkMigrationReady: controller.zkMigrationReady,
      endPoints: endpointRows(controller.endpoints),
      features: featureRows(controller.features),
    });
  }
}

function brokerRecord(broker: BrokerRegistration, target: Target): MetadataRecord {
  const { metadataVersion, versions } = target;
  const { isMigratingZkBroker, directories, cordonedDirectories } = broker;
  refuseLoss(!isMigratingZkBroker || supports.migration(metadataVersion), target, "brokers in migration");
  refuseLoss(directories.length === 0 || supports.directoryAssignment(metadataVersion), target, "log directories");
  refuseLoss(
    cordonedDirectories === null || supports.cordonedDirectories(metadataVersion),
    target,
    "cordoned log directories",
  );
  return record(
    "RegisterBrokerRecord",
    {
      brokerId: broker.id,
      isMigratingZkBroker,
      incarnationId: broker.incarnationId,
      brokerEpoch: broker.epoch,
      endPoints: endpointRows(broker.endpoints),
      features: featureRows(broker.features),
      rack: broker.rack,
      fenced: broker.fenced,
      inControlledShutdown: broker.inControlledShutdown,
      logDirs: [...directories],
      cordonedLogDirs: cordonedDirectories === null ? null : [...cordonedDirectories],
    },
    versions.registerBroker,
  );
}

function* topicRecords(topic: TopicImage, target: Target): Generator<MetadataRecord> {
  yield record("TopicRecord", { name: topic.name, topicId: topic.id });
  for (const [id, partition] of topic.partitions) yield partitionRecord(topic.id, id, partition, target);
}

function partitionRecord(
  topicId: string,
  partitionId: number,
  partition: PartitionRegistration,
  target: Target,
): MetadataRecord {
  const assigned = supports.directoryAssignment(target.metadataVersion);
  const migrating = partition.directories.every((id) => id === MIGRATING_DIRECTORY);
  refuseLoss(assigned || migrating, target, "the directories of replicas");
  // Tagged fields: written only where they say something, and only where the feature is on.
  const elr = target.elrEnabled && partition.elr.length > 0 ? [...partition.elr] : null;
  const lastKnownElr = target.elrEnabled && partition.lastKnownElr.length > 0 ? [...partition.lastKnownElr] : null;
  return record(
    "PartitionRecord",
    {
      partitionId,
      topicId,
      replicas: [...partition.replicas],
      isr: [...partition.isr],
      removingReplicas: [...partition.removingReplicas],
      addingReplicas: [...partition.addingReplicas],
      leader: partition.leader,
      leaderRecoveryState: partition.leaderRecoveryState,
      leaderEpoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      directories: assigned ? [...partition.directories] : [],
      eligibleLeaderReplicas: elr,
      lastKnownElr,
    },
    target.versions.partition,
  );
}

function* configRecords(image: MetadataImage): Generator<MetadataRecord> {
  for (const { resourceType, resourceName, values } of image.configs.values()) {
    for (const [name, value] of values) yield record("ConfigRecord", { resourceType, resourceName, name, value });
  }
}

function* quotaRecords(image: MetadataImage): Generator<MetadataRecord> {
  for (const { entity, quotas } of image.clientQuotas.values()) {
    const names = [...entity].map(([entityType, entityName]) => ({ entityType, entityName }));
    for (const [key, value] of quotas) {
      yield record("ClientQuotaRecord", { entity: names, key, value, remove: false });
    }
  }
}

function* credentialRecords(image: MetadataImage, target: Target): Generator<MetadataRecord> {
  refuseLoss(image.scramCredentials.size === 0 || supports.scram(target.metadataVersion), target, "SCRAM credentials");
  for (const credential of image.scramCredentials.values()) {
    yield record("UserScramCredentialRecord", { ...credential });
  }
  refuseLoss(
    image.delegationTokens.size === 0 || supports.delegationTokens(target.metadataVersion),
    target,
    "delegation tokens",
  );
  for (const token of image.delegationTokens.values()) {
    yield record("DelegationTokenRecord", { ...token, renewers: [...token.renewers] });
  }
}

function endpointRows(endpoints: ReadonlyMap<string, Endpoint>): Endpoint[] {
  return [...endpoints.values()].map((endpoint) => ({ ...endpoint }));
}

function featureRows(features: ReadonlyMap<string, VersionRange>) {
  return [...features].map(([name, { min, max }]) => ({ name, minSupportedVersion: min, maxSupportedVersion: max }));
}

function refuseLoss(fits: boolean, { metadataVersion }: Target, what: string): void {
  if (!fits) throw new RecordError(`metadata.version ${metadataVersion} has no record for ${what}`);
}

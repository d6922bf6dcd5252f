/**
 * The metadata of the cluster at one offset of the metadata log. An image never changes: a reader may keep it as long
 * as it likes, and the controller reverts to the last committed one by dropping its own. A change costs what it
 * touches, not what exists: topics, configs, ACLs and quotas lie in persistent maps (base/persistent-map.ts), so
 * creating a topic on a node with 10,000 topics rebuilds a few small nodes of two of them and shares the rest.
 * Brokers, controllers and features are few, and copied. `ImageDelta` (delta.ts) makes the next image and says what is
 * different in it.
 *
 * Every one of the 26 metadata record types has its place here or is nothing but an event (NoOp, the three transaction
 * markers), so an image written as a snapshot (snapshot.ts) and read again is the same image.
 */
import { PersistentMap } from "../../base/persistent-map.ts";
import { ZERO_UUID } from "../../base/uuid.ts";

export interface MetadataImage {
  readonly provenance: Provenance;
  readonly features: FeaturesImage;
  readonly brokers: ReadonlyMap<number, BrokerRegistration>;
  readonly controllers: ReadonlyMap<number, ControllerRegistration>;
  readonly topicsById: PersistentMap<string, TopicImage>;
  readonly topicsByName: PersistentMap<string, TopicImage>;
  /** The names with "." or "_" in them, by the name that metrics show: two topics may not share it. */
  readonly topicsByMetricName: PersistentMap<string, string>;
  /** By `configKey`; read them with `configOf`. */
  readonly configs: PersistentMap<string, ConfigurationImage>;
  /** By `quotaEntityKey`. */
  readonly clientQuotas: PersistentMap<string, ClientQuotaImage>;
  /** The first producer id of the next block; -1 before the first block was given away. */
  readonly nextProducerId: number;
  /** By ACL id. */
  readonly acls: PersistentMap<string, AclImage>;
  /** By `scramKey`. */
  readonly scramCredentials: PersistentMap<string, ScramCredential>;
  /** By token id. */
  readonly delegationTokens: PersistentMap<string, DelegationToken>;
}

/** Where in the metadata log an image stands: the last record in it. -1 before the first. */
export interface Provenance {
  readonly offset: number;
  readonly epoch: number;
  readonly timestampMs: number;
}

export interface FeaturesImage {
  /** The finalized level of metadata.version; null before the first FeatureLevelRecord. */
  readonly metadataVersion: number | null;
  /** The finalized levels of all other features, except kraft.version, which lives in raft's own records. */
  readonly finalized: ReadonlyMap<string, number>;
  /** Left by a cluster that once migrated from ZooKeeper (3.4 to 3.9); kept so that nothing is lost. */
  readonly zkMigrationState: number | null;
}

export interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
  readonly securityProtocol: number;
}

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export interface BrokerRegistration {
  readonly id: number;
  readonly epoch: number;
  readonly incarnationId: string;
  /** By listener name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly features: ReadonlyMap<string, VersionRange>;
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly isMigratingZkBroker: boolean;
  /** The ids of its online log directories, sorted. */
  readonly directories: readonly string[];
  /** Null until the broker first reports them (KIP-1066). */
  readonly cordonedDirectories: readonly string[] | null;
}

export interface ControllerRegistration {
  readonly id: number;
  readonly incarnationId: string;
  readonly zkMigrationReady: boolean;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly features: ReadonlyMap<string, VersionRange>;
}

export interface TopicImage {
  readonly name: string;
  readonly id: string;
  /** By partition id. */
  readonly partitions: ReadonlyMap<number, PartitionRegistration>;
}

/** The directory of a replica from before KIP-858: somewhere on its broker. */
export const MIGRATING_DIRECTORY = ZERO_UUID;
/** The directory of a new replica that its broker has yet to place. */
export const UNASSIGNED_DIRECTORY = "AAAAAAAAAAAAAAAAAAAAAQ";
/** The directory of a replica whose log directory is offline. */
export const LOST_DIRECTORY = "AAAAAAAAAAAAAAAAAAAAAg";

/** No leader; a PartitionChangeRecord says -2 where the leader stays. */
export const NO_LEADER = -1;
export const NO_LEADER_CHANGE = -2;

/** Leader recovery states: 1 after an unclean election, until the leader has recovered. */
export const RECOVERED = 0;
export const RECOVERING = 1;

export interface PartitionRegistration {
  /** In order of preference; `directories` has the same order. */
  readonly replicas: readonly number[];
  readonly directories: readonly string[];
  readonly isr: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  /** Eligible leader replicas (KIP-966). */
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
  readonly leader: number;
  readonly leaderRecoveryState: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

/** Resource types of ConfigRecord, as Kafka's ConfigResource.Type. */
export const configResourceTypes = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

export interface ConfigurationImage {
  readonly resourceType: number;
  /** A topic, group or client-metrics name, or a broker id in text; "" is the default of all brokers. */
  readonly resourceName: string;
  readonly values: ReadonlyMap<string, string>;
}

export interface ClientQuotaImage {
  /** Entity type ("user", "client-id", "ip") to entity name; null is the default entity. */
  readonly entity: ReadonlyMap<string, string | null>;
  readonly quotas: ReadonlyMap<string, number>;
}

export interface AclImage {
  readonly id: string;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

export interface ScramCredential {
  readonly name: string;
  /** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
  readonly mechanism: number;
  readonly salt: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly iterations: number;
}

export interface DelegationToken {
  readonly tokenId: string;
  readonly owner: string;
  readonly requester: string;
  readonly renewers: readonly string[];
  readonly issueTimestamp: number;
  readonly maxTimestamp: number;
  readonly expirationTimestamp: number;
}

/** The image of an empty log. */
export function emptyImage(): MetadataImage {
  return {
    provenance: { offset: -1, epoch: -1, timestampMs: -1 },
    features: { metadataVersion: null, finalized: new Map(), zkMigrationState: null },
    brokers: new Map(),
    controllers: new Map(),
    topicsById: PersistentMap.empty(),
    topicsByName: PersistentMap.empty(),
    topicsByMetricName: PersistentMap.empty(),
    configs: PersistentMap.empty(),
    clientQuotas: PersistentMap.empty(),
    nextProducerId: -1,
    acls: PersistentMap.empty(),
    scramCredentials: PersistentMap.empty(),
    delegationTokens: PersistentMap.empty(),
  };
}

export function partitionOf(image: MetadataImage, topic: string, partition: number): PartitionRegistration | undefined {
  return image.topicsByName.get(topic)?.partitions.get(partition);
}

export function configKey(resourceType: number, resourceName: string): string {
  return `${resourceType}:${resourceName}`;
}

const noConfig: ReadonlyMap<string, string> = new Map();

/** The values set on one resource, without defaults; empty where nothing is set. */
export function configOf(
  image: MetadataImage,
  resourceType: number,
  resourceName: string,
): ReadonlyMap<string, string> {
  return image.configs.get(configKey(resourceType, resourceName))?.values ?? noConfig;
}

export function quotaEntityKey(entity: ReadonlyMap<string, string | null>): string {
  return JSON.stringify([...entity].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function scramKey(mechanism: number, user: string): string {
  return `${mechanism}:${user}`;
}

/** The finalized level of a feature, 0 where it is not finalized. kraft.version is not here: raft knows it. */
export function featureLevel(image: MetadataImage, name: string): number {
  return image.features.finalized.get(name) ?? 0;
}

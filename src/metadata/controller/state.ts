/** What a controller operation may look at, and the questions that several operations ask of it. */
import { compareUuids } from "../../../base/uuid.ts";
import { ELR_VERSION, type RecordVersions, recordVersions } from "../features.ts";
import {
  type BrokerRegistration,
  featureLevel,
  LOST_DIRECTORY,
  type MetadataImage,
  MIGRATING_DIRECTORY,
  UNASSIGNED_DIRECTORY,
} from "../image.ts";
import type { BrokerHeartbeats } from "./heartbeats.ts";

export interface ControllerState {
  /** All that has been appended, committed or not. */
  readonly image: MetadataImage;
  /** The offset that the next record will get. */
  readonly nextOffset: number;
  /** Soft state of the active controller: lost with its leadership, rebuilt from the next heartbeats. */
  readonly heartbeats: BrokerHeartbeats;
  readonly clusterId: string;
  /** The node of this controller, and the finalized kraft.version, which raft knows. */
  readonly nodeId: number;
  readonly kraftVersion: number;
  /** Why raft cannot finalize this kraft.version now; null where it can. */
  readonly kraftUpgradeRefused: (level: number) => string | null;
  readonly settings: ControllerSettings;
  readonly topicConfigs: TopicConfigRules;
}

/** From the controller's own configuration, read at each operation. */
export interface ControllerSettings {
  /** num.partitions */
  readonly defaultPartitions: number;
  /** default.replication.factor */
  readonly defaultReplicationFactor: number;
  /** delete.topic.enable */
  readonly topicDeletionEnabled: boolean;
}

/** What the controller asks of the configuration area (src/config). */
export interface TopicConfigRules {
  /**
   * Whether a topic may have these configs set.
   * @throws KafkaError, as a rule INVALID_CONFIG, with the message that the tools print
   */
  validate(topic: string, configs: ReadonlyMap<string, string>): void;
  /** The value in force: of the topic, else of the cluster, else of this node, else the default. */
  effective(image: MetadataImage, topic: string, name: string): string;
  /** All configs of a topic created with these, by name, for the reply to CreateTopics. */
  describe(image: MetadataImage, configs: ReadonlyMap<string, string>): CreatedTopicConfig[];
}

export interface CreatedTopicConfig {
  name: string;
  value: string | null;
  readOnly: boolean;
  configSource: number;
  isSensitive: boolean;
}

/** An operation makes at most this many records, or is refused whole (as Kafka's QuorumController). */
export const RECORDS_PER_OPERATION_MAX = 10_000;

export function versionsOf(image: MetadataImage): RecordVersions {
  return recordVersions(image.features.metadataVersion ?? 0);
}

export function elrEnabled(image: MetadataImage): boolean {
  return featureLevel(image, ELR_VERSION) >= 1;
}

/** Registered, neither fenced nor in controlled shutdown: it may lead and be in an ISR. */
export function isActive(image: MetadataImage, brokerId: number): boolean {
  const broker = image.brokers.get(brokerId);
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

/** Where a new replica on this broker goes: its only directory, or the broker's own later choice. */
export function defaultDirectory(image: MetadataImage, brokerId: number): string {
  const directories = image.brokers.get(brokerId)?.directories;
  if (directories === undefined) return UNASSIGNED_DIRECTORY; // refused elsewhere, with a better message
  if (directories.length === 0) return MIGRATING_DIRECTORY;
  return directories.length === 1 ? (directories[0] as string) : UNASSIGNED_DIRECTORY;
}

export function hasOnlineDirectory(broker: BrokerRegistration, directory: string): boolean {
  if (directory === UNASSIGNED_DIRECTORY || directory === MIGRATING_DIRECTORY) return true;
  if (directory === LOST_DIRECTORY) return false;
  return broker.directories.length === 0 || broker.directories.some((id) => compareUuids(id, directory) === 0);
}

/** At least one directory of the broker takes new replicas. */
export function hasUncordonedDirectory(broker: BrokerRegistration): boolean {
  const { directories, cordonedDirectories } = broker;
  if (directories.length === 0 || cordonedDirectories === null) return true;
  return directories.some((id) => !cordonedDirectories.includes(id));
}

/**
 * The features that a cluster finalizes, their levels, and what a level decides: above all the version of each metadata
 * record that we write. As Kafka 4.3's MetadataVersion, Feature and the enums beside them.
 */
import type { VersionRange } from "./image.ts";

export const METADATA_VERSION = "metadata.version";
export const KRAFT_VERSION = "kraft.version";
export const ELR_VERSION = "eligible.leader.replicas.version";
export const TRANSACTION_VERSION = "transaction.version";
export const GROUP_VERSION = "group.version";
export const SHARE_VERSION = "share.version";
export const STREAMS_VERSION = "streams.version";

interface MetadataVersion {
  readonly level: number;
  readonly name: string;
  /** Whether stepping down across this level would lose metadata, so that a safe downgrade is refused. */
  readonly changesMetadata: boolean;
}

function row(level: number, name: string, changesMetadata = false): MetadataVersion {
  return { level, name, changesMetadata };
}

/** Levels without a gap, lowest first. */
const metadataVersions: readonly MetadataVersion[] = [
  row(7, "3.3-IV3", true), // in-controlled-shutdown state of brokers (KIP-841)
  row(8, "3.4-IV0", true), // migration from ZooKeeper (KIP-866)
  row(9, "3.5-IV0"),
  row(10, "3.5-IV1"), // replica epoch in Fetch (KIP-903)
  row(11, "3.5-IV2", true), // SCRAM
  row(12, "3.6-IV0"), // no leader epoch bump where an ISR shrinks
  row(13, "3.6-IV1", true), // metadata transactions
  row(14, "3.6-IV2", true), // delegation tokens
  row(15, "3.7-IV0", true), // controller registration (KIP-919)
  row(16, "3.7-IV1"),
  row(17, "3.7-IV2", true), // log directories of replicas (KIP-858)
  row(18, "3.7-IV3"),
  row(19, "3.7-IV4"),
  row(20, "3.8-IV0"),
  row(21, "3.9-IV0"),
  row(22, "4.0-IV0"),
  row(23, "4.0-IV1", true), // eligible leader replicas (KIP-966)
  row(24, "4.0-IV2"),
  row(25, "4.0-IV3"),
  row(26, "4.1-IV0"),
  row(27, "4.1-IV1"),
  row(28, "4.2-IV0"),
  row(29, "4.2-IV1"),
  row(30, "4.3-IV0", true), // cordoned log directories (KIP-1066)
];

export const MIN_METADATA_VERSION = 7;
export const LATEST_METADATA_VERSION = 30;

/** 4.3 knows this level, but does not offer it. */
export const UNSTABLE_METADATA_VERSION = { level: 31, name: "4.4-IV0" } as const;

/** Of the levels that are offered, lowest first. */
export function metadataVersionNames(): string[] {
  return metadataVersions.map(({ name }) => name);
}

/** The name of a level, such as "4.3-IV0"; null where 4.3 knows no such level. */
export function metadataVersionName(level: number): string | null {
  return metadataVersions.find((version) => version.level === level)?.name ?? null;
}

/** The level of "4.3-IV0", or of a release ("4.3", "4.3.1": its last level); null where there is none. */
export function metadataVersionLevel(name: string): number | null {
  const segments = name.split(".");
  const key = segments.length <= 2 ? name : segments.slice(0, 2).join(".");
  const exact = metadataVersions.find((version) => version.name === key);
  return (exact ?? metadataVersions.findLast((version) => version.name.startsWith(`${key}-`)))?.level ?? null;
}

/** Whether the records of the two levels differ: going down from one to the other would lose something. */
export function metadataChangesBetween(a: number, b: number): boolean {
  const [low, high] = a < b ? [a, b] : [b, a];
  return metadataVersions.some((version) => version.level > low && version.level <= high && version.changesMetadata);
}

/** One of the features other than metadata.version: what each level needs, and from which release it is the default. */
interface FeatureLevel {
  readonly level: number;
  /** The metadata.version from which a new cluster gets this level. */
  readonly bootstrapVersion: number;
  readonly needs: Readonly<Record<string, number>>;
}

const levelZero: FeatureLevel = { level: 0, bootstrapVersion: MIN_METADATA_VERSION, needs: {} };

/** Every level below is production level in 4.3. */
export const features: ReadonlyMap<string, readonly FeatureLevel[]> = new Map([
  [KRAFT_VERSION, [levelZero, { level: 1, bootstrapVersion: 21, needs: {} }]],
  [
    TRANSACTION_VERSION,
    [levelZero, { level: 1, bootstrapVersion: 24, needs: {} }, { level: 2, bootstrapVersion: 24, needs: {} }],
  ],
  [GROUP_VERSION, [levelZero, { level: 1, bootstrapVersion: 22, needs: {} }]],
  [ELR_VERSION, [levelZero, { level: 1, bootstrapVersion: 26, needs: { [METADATA_VERSION]: 23 } }]],
  [SHARE_VERSION, [levelZero, { level: 1, bootstrapVersion: 28, needs: {} }]],
  [STREAMS_VERSION, [levelZero, { level: 1, bootstrapVersion: 29, needs: {} }]],
]);

/** What this release supports of each feature, metadata.version first: for registrations and for ApiVersions. */
export function supportedFeatures(): ReadonlyMap<string, VersionRange> {
  const supported = new Map<string, VersionRange>([
    [METADATA_VERSION, { min: MIN_METADATA_VERSION, max: LATEST_METADATA_VERSION }],
  ]);
  for (const [name, levels] of features) supported.set(name, { min: 0, max: levels.at(-1)!.level });
  return supported;
}

/** The level that a new cluster of this metadata.version gets, as `kafka-storage format` decides. */
export function defaultFeatureLevel(name: string, metadataVersion: number): number {
  let level = 0;
  for (const candidate of features.get(name) ?? []) {
    if (candidate.bootstrapVersion > metadataVersion) break;
    level = candidate.level;
  }
  return level;
}

/** The encodings that readers at a metadata.version understand. */
export interface RecordVersions {
  readonly registerBroker: number;
  readonly partition: number;
  readonly partitionChange: number;
}

export function recordVersions(metadataVersion: number): RecordVersions {
  const partition = metadataVersion >= 23 ? 2 : metadataVersion >= 17 ? 1 : 0;
  const registerBroker = metadataVersion >= 30 ? 4 : metadataVersion >= 17 ? 3 : metadataVersion >= 8 ? 2 : 1;
  return { registerBroker, partition, partitionChange: partition };
}

/** What a metadata.version has; each is a question that the controller or the snapshot asks. */
export const supports = {
  migration: (metadataVersion: number): boolean => metadataVersion >= 8,
  /** A follower's fetch says in which life of its broker it asks (KIP-903). */
  followerEpochs: (metadataVersion: number): boolean => metadataVersion >= 10,
  scram: (metadataVersion: number): boolean => metadataVersion >= 11,
  /** Below it, the leader epoch must rise where an ISR shrinks (KAFKA-15021). */
  isrShrinkWithoutEpochBump: (metadataVersion: number): boolean => metadataVersion >= 12,
  metadataTransactions: (metadataVersion: number): boolean => metadataVersion >= 13,
  delegationTokens: (metadataVersion: number): boolean => metadataVersion >= 14,
  controllerRegistration: (metadataVersion: number): boolean => metadataVersion >= 15,
  directoryAssignment: (metadataVersion: number): boolean => metadataVersion >= 17,
  elr: (metadataVersion: number): boolean => metadataVersion >= 23,
  cordonedDirectories: (metadataVersion: number): boolean => metadataVersion >= 30,
} as const;

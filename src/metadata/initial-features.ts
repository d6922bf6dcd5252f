/**
 * The features that a new cluster begins with: what `kafka-storage format` makes of --release-version and --feature.
 * As Kafka's Formatter; the sentences are those it prints, because scripts read them.
 */
import {
  defaultFeatureLevel,
  features,
  KRAFT_VERSION,
  LATEST_METADATA_VERSION,
  METADATA_VERSION,
  metadataVersionLevel,
  metadataVersionName,
  metadataVersionNames,
  UNSTABLE_METADATA_VERSION,
} from "./features.ts";

export interface FormatWishes {
  /** `--release-version`: "4.0", "4.0-IV3"; null where it is not given. */
  readonly release: string | null;
  /** `--feature`: what was given, by name. */
  readonly levels: ReadonlyMap<string, number>;
  /** The voters are in the log: kraft.version 1. */
  readonly dynamicQuorum: boolean;
}

/** Every feature with its level, metadata.version first. @throws Error with one sentence for the operator. */
export function initialFeatures(wishes: FormatWishes): ReadonlyMap<string, number> {
  const metadataVersion = releaseLevel(wishes);
  for (const name of wishes.levels.keys()) {
    if (name !== METADATA_VERSION && !features.has(name)) {
      const known = [...features.keys()].sort().join(", ");
      throw new Error(`Unsupported feature: ${name}. Supported features are: ${known}`);
    }
  }
  const levels = new Map([[METADATA_VERSION, metadataVersion]]);
  for (const name of features.keys()) {
    const given = wishes.levels.get(name);
    const level = name === KRAFT_VERSION ? kraftVersion(given, wishes.dynamicQuorum) : given;
    levels.set(name, level ?? defaultFeatureLevel(name, metadataVersion));
  }
  for (const [name, level] of levels) if (name !== METADATA_VERSION) checkDependencies(name, level, levels);
  return levels;
}

function releaseLevel({ release, levels }: FormatWishes): number {
  const given = levels.get(METADATA_VERSION);
  if (given === undefined) return release === null ? LATEST_METADATA_VERSION : knownRelease(release);
  if (release !== null) {
    throw new Error(`Use --release-version instead of --feature ${METADATA_VERSION}=X to avoid ambiguity.`);
  }
  if (given === UNSTABLE_METADATA_VERSION.level) {
    throw new Error(`${METADATA_VERSION} ${UNSTABLE_METADATA_VERSION.name} is not yet stable.`);
  }
  if (metadataVersionName(given) !== null) return given;
  const [lowest] = metadataVersionNames();
  const from = metadataVersionLevel(lowest as string);
  const range = `Valid feature levels are from ${from} to ${UNSTABLE_METADATA_VERSION.level}.`;
  throw new Error(`No MetadataVersion with feature level ${given}. ${range}`);
}

function knownRelease(release: string): number {
  const level = metadataVersionLevel(release);
  if (level === null) throw unknownRelease(release, metadataVersionNames());
  return level;
}

export function unknownRelease(release: string, names: readonly string[]): Error {
  return new Error(`Unknown metadata.version '${release}'. Supported metadata.version are: ${names.join(", ")}`);
}

const dynamicFlags = "--standalone, --initial-controllers, or --no-initial-controllers";

function kraftVersion(given: number | undefined, dynamicQuorum: boolean): number {
  if (given === undefined) return dynamicQuorum ? 1 : 0;
  if (given === 0 && dynamicQuorum) {
    throw new Error(
      `Cannot set kraft.version to 0 if controller.quorum.voters is empty and one of the flags ${dynamicFlags} is ` +
        "used. For dynamic controllers support, try removing the --feature flag for kraft.version.",
    );
  }
  if (given !== 0 && !dynamicQuorum) {
    throw new Error(
      `Cannot set kraft.version to ${given} unless controller.quorum.voters is empty and one of the flags ` +
        `${dynamicFlags} is used. For dynamic controllers support, try using one of ${dynamicFlags} and removing ` +
        "controller.quorum.voters.",
    );
  }
  return given;
}

function checkDependencies(name: string, level: number, levels: ReadonlyMap<string, number>): void {
  const wanted = features.get(name)?.find((candidate) => candidate.level === level);
  if (wanted === undefined) throw new Error(`No feature:${name} with feature level ${level}`);
  for (const [other, needed] of Object.entries(wanted.needs)) {
    if ((levels.get(other) ?? 0) >= needed) continue;
    throw new Error(`${name} could not be set to ${level} because it depends on ${other} level ${needed}`);
  }
}

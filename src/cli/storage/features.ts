/** `version-mapping` and `feature-dependencies`, and the "feature=level" that the options of the tool have. */
import {
  defaultFeatureLevel,
  features,
  LATEST_METADATA_VERSION,
  METADATA_VERSION,
  metadataVersionLevel,
  metadataVersionName,
  metadataVersionNames,
  UNSTABLE_METADATA_VERSION,
} from "../../metadata/features.ts";
import { unknownRelease } from "../../metadata/initial-features.ts";

const INT16_MAX = 0x7fff;

function int16(text: string): number | null {
  const value = Number(text);
  return /^[+-]?\d+$/.test(text) && value >= -INT16_MAX - 1 && value <= INT16_MAX ? value : null;
}

/** Of `format --feature`; the last one of a name counts. */
export function parseFeatureLevels(given: readonly string[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const text of given) {
    const equals = text.indexOf("=");
    const fail = (why: string) => new Error(`Can't parse feature=level string ${text}: ${why}`);
    if (equals < 0) throw fail("equals sign not found.");
    const level = int16(text.slice(equals + 1).trim());
    if (level === null) throw fail(`unable to parse ${text.slice(equals + 1).trim()} as a short.`);
    levels.set(text.slice(0, equals).trim(), level);
  }
  return levels;
}

/** The name of a level, those included that are not offered. */
function nameOfLevel(level: number): string | null {
  return level === UNSTABLE_METADATA_VERSION.level ? UNSTABLE_METADATA_VERSION.name : metadataVersionName(level);
}

export function versionMapping(release: string | undefined): string {
  const isUnstable = release === UNSTABLE_METADATA_VERSION.name;
  const known = release === undefined ? LATEST_METADATA_VERSION : metadataVersionLevel(release);
  const level = isUnstable ? UNSTABLE_METADATA_VERSION.level : known;
  if (level === null)
    throw unknownRelease(release as string, [...metadataVersionNames(), UNSTABLE_METADATA_VERSION.name]);
  const others = [...features.keys()].map((name) => `${name}=${defaultFeatureLevel(name, level)}\n`);
  return `${METADATA_VERSION}=${level} (${release ?? metadataVersionName(level)})\n${others.join("")}`;
}

export function featureDependencies(text: string): string {
  const equals = text.indexOf("=");
  if (equals < 0) {
    const example = "Expected format: 'feature=version' (e.g. 'group.version=1')";
    throw new Error(`Invalid feature format: ${text}. ${example}`);
  }
  const [name, levelText] = [text.slice(0, equals), text.slice(equals + 1)];
  const level = int16(levelText);
  if (level === null) throw new Error(`Invalid version format: ${levelText} for feature ${name}`);
  if (name === METADATA_VERSION) {
    const release = nameOfLevel(level);
    if (release === null) throw new Error(`Unknown ${METADATA_VERSION} ${level}`);
    return `${METADATA_VERSION}=${level} (${release}) has no dependencies.\n`;
  }
  const levels = features.get(name);
  if (levels === undefined) throw new Error(`Unknown feature: ${name}`);
  const found = levels.find((candidate) => candidate.level === level);
  if (found === undefined) throw new Error(`Feature level ${level} is not supported for feature ${name}`);
  const needs = Object.entries(found.needs);
  if (needs.length === 0) return `${name}=${level} has no dependencies.\n`;
  const lines = needs.map(([other, needed]) => {
    const release = other === METADATA_VERSION ? ` (${nameOfLevel(needed)})` : "";
    return `    ${other}=${needed}${release}\n`;
  });
  return `${name}=${level} requires:\n${lines.join("")}`;
}

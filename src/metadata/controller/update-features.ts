/**
 * UpdateFeatures (57) on the controller: all updates or none; the first problem is the answer for all. As Kafka's
 * FeatureControlManager and ConfigurationControlManager.updateFeatures.
 */
import { code } from "../../../protocol/errors.ts";
import type {
  FeatureUpdateKey,
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from "../../../protocol/generated/update-features.ts";
import {
  ELR_VERSION,
  features,
  KRAFT_VERSION,
  METADATA_VERSION,
  MIN_METADATA_VERSION,
  metadataChangesBetween,
  metadataVersionName,
  supportedFeatures,
  supports,
  UNSTABLE_METADATA_VERSION,
} from "../features.ts";
import { configOf, configResourceTypes, featureLevel, type MetadataImage, type VersionRange } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import type { ControllerCall } from "./quorum-controller.ts";
import { atomicResult, type ControllerResult, result } from "./result.ts";
import type { ControllerState } from "./state.ts";

/** Upgrade types of the request. */
const UPGRADE = 1;
const UNSAFE_DOWNGRADE = 3;

const unsupported: VersionRange = { min: 0, max: 0 };

export function updateFeatures(
  state: ControllerState,
  { featureUpdates, validateOnly }: UpdateFeaturesRequest,
  { context }: ControllerCall,
): ControllerResult<UpdateFeaturesResponse> {
  const updates = new Map(featureUpdates.map((update) => [update.feature, update]));
  const proposed = new Map(state.image.features.finalized);
  proposed.set(METADATA_VERSION, state.image.features.metadataVersion ?? 0);
  for (const { feature, maxVersionLevel } of updates.values()) proposed.set(feature, maxVersionLevel);
  const records: MetadataRecord[] = [];
  for (const update of updates.values()) {
    const outcome = updateFeature(state, update, proposed);
    if (typeof outcome === "string") return result([], refusal(outcome));
    records.push(...outcome);
  }
  const reply = accepted(featureUpdates, context.apiVersion);
  if (validateOnly) return result([], reply);
  const elr = updates.get(ELR_VERSION)?.maxVersionLevel ?? 0;
  const decided = atomicResult(elr > 0 ? [...elrSafetyRecords(state), ...records] : records, reply);
  const kraftVersion = updates.get(KRAFT_VERSION)?.maxVersionLevel ?? state.kraftVersion;
  return kraftVersion === state.kraftVersion ? decided : { ...decided, kraftVersion };
}

/** The records of one update, or why it is refused. */
function updateFeature(
  state: ControllerState,
  { feature, maxVersionLevel: level, upgradeType }: FeatureUpdateKey,
  proposed: ReadonlyMap<string, number>,
): MetadataRecord[] | string {
  const invalid = (reason: string) => `Invalid update version ${level} for feature ${feature}. ${reason}`;
  if (upgradeType < UPGRADE || upgradeType > UNSAFE_DOWNGRADE) {
    return invalid("The controller does not support the given upgrade type.");
  }
  const current = currentLevel(state, feature);
  if (level < 0) return invalid("A feature version cannot be less than 0.");
  const missing = whoLacks(state, feature, level);
  if (missing !== null) return invalid(missing);
  if (level < current && upgradeType === UPGRADE) {
    return invalid(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or " +
        "unsafe downgrade.",
    );
  }
  if (level > current && upgradeType !== UPGRADE) return invalid("Can't downgrade to a newer version.");
  if (feature === METADATA_VERSION) return updateMetadataVersion(current, level, upgradeType === UNSAFE_DOWNGRADE);
  if (feature === KRAFT_VERSION) return updateKraftVersion(state, level, upgradeType, invalid);
  const problem = dependencyProblem(feature, level, proposed);
  return problem === null ? [record("FeatureLevelRecord", { name: feature, featureLevel: level })] : invalid(problem);
}

function currentLevel({ image, kraftVersion }: ControllerState, feature: string): number {
  if (feature === METADATA_VERSION) return image.features.metadataVersion ?? 0;
  return feature === KRAFT_VERSION ? kraftVersion : featureLevel(image, feature);
}

/** This controller first, then the registered brokers, then the other controllers. */
function whoLacks({ image, nodeId }: ControllerState, feature: string, level: number): string | null {
  const own = lack(`Local controller ${nodeId}`, supportedFeatures().get(feature), level);
  if (own !== null) return own;
  for (const broker of image.brokers.values()) {
    const problem = lack(`Broker ${broker.id}`, broker.features.get(feature), level);
    if (problem !== null) return problem;
  }
  if (!supports.controllerRegistration(image.features.metadataVersion ?? 0)) return null;
  for (const controller of image.controllers.values()) {
    if (controller.id === nodeId) continue;
    const problem = lack(`Controller ${controller.id}`, controller.features.get(feature), level);
    if (problem !== null) return problem;
  }
  return null;
}

function lack(who: string, range: VersionRange = unsupported, level: number): string | null {
  if (level >= range.min && level <= range.max) return null;
  if (range.max === 0) return `${who} does not support this feature.`;
  return `${who} only supports versions ${range.min === range.max ? range.min : `${range.min}-${range.max}`}`;
}

function updateMetadataVersion(current: number, level: number, unsafe: boolean): MetadataRecord[] | string {
  if (metadataVersionName(level) === null) {
    const range = `Valid versions are from ${MIN_METADATA_VERSION} to ${UNSTABLE_METADATA_VERSION.level}.`;
    return `Invalid metadata.version ${level}. ${range}`;
  }
  if (level < current && metadataChangesBetween(current, level)) {
    const reason = unsafe
      ? "Unsafe metadata downgrade is not supported in this version."
      : "Refusing to perform the requested downgrade because it might delete metadata information.";
    return `Unsupported metadata.version downgrade from ${current} to ${level}. ${reason}`;
  }
  return [record("FeatureLevelRecord", { name: METADATA_VERSION, featureLevel: level })];
}

/** The level itself lies in raft's control records; here a NoOp follows it, as in Kafka. */
function updateKraftVersion(
  { kraftVersion: current, kraftUpgradeRefused }: ControllerState,
  level: number,
  upgradeType: number,
  invalid: (reason: string) => string,
): MetadataRecord[] | string {
  if (upgradeType !== UPGRADE) {
    return level === current ? [] : invalid("Can't downgrade the version of this feature.");
  }
  const refused = level === current ? null : kraftUpgradeRefused(level);
  return refused ?? [record("NoOpRecord", {})];
}

function dependencyProblem(feature: string, level: number, proposed: ReadonlyMap<string, number>): string | null {
  const levels = features.get(feature);
  if (levels === undefined) return `Feature ${feature} not found.`;
  const wanted = levels.find((candidate) => candidate.level === level);
  if (wanted === undefined) return `No feature:${feature} with feature level ${level}`;
  const because = `${feature} could not be set to ${level} because it depends on`;
  if (level >= 1 && (proposed.get(METADATA_VERSION) ?? 0) < MIN_METADATA_VERSION) {
    const minimum = `${MIN_METADATA_VERSION} (${metadataVersionName(MIN_METADATA_VERSION)})`;
    return `${because} metadata.version=${minimum}`;
  }
  for (const [name, needed] of Object.entries(wanted.needs)) {
    if ((proposed.get(name) ?? -1) < needed) return `${because} ${name} level ${needed}`;
  }
  return null;
}

/**
 * With eligible leader replicas min.insync.replicas is a promise about the past, so it is one value of the whole
 * cluster: set there where it is not, and removed from single brokers.
 */
function elrSafetyRecords({ image, topicConfigs }: ControllerState): MetadataRecord[] {
  const name = "min.insync.replicas";
  const resourceType = configResourceTypes.broker;
  const records: MetadataRecord[] = [];
  if (!configOf(image, resourceType, "").has(name)) {
    const value = topicConfigs.effective(withoutBrokerConfigs(image), "", name);
    records.push(record("ConfigRecord", { resourceType, resourceName: "", name, value }));
  }
  for (const config of image.configs.values()) {
    if (config.resourceType !== resourceType || config.resourceName === "" || !config.values.has(name)) continue;
    records.push(record("ConfigRecord", { resourceType, resourceName: config.resourceName, name, value: null }));
  }
  return records;
}

/** Only what a node's own properties say counts, not what was set dynamically on single brokers. */
function withoutBrokerConfigs(image: MetadataImage): MetadataImage {
  let { configs } = image;
  for (const [key, { resourceType }] of image.configs) {
    if (resourceType === configResourceTypes.broker) configs = configs.without(key);
  }
  return { ...image, configs };
}

function refusal(message: string): UpdateFeaturesResponse {
  const all = "The update failed for all features since the following feature had an error: ";
  return { throttleTimeMs: 0, errorCode: code("INVALID_UPDATE_VERSION"), errorMessage: all + message, results: [] };
}

/** Versions 0 and 1 repeat the outcome for each feature, with the name of the error for its message. */
function accepted(updates: readonly FeatureUpdateKey[], apiVersion: number): UpdateFeaturesResponse {
  const errorCode = code("NONE");
  const results = apiVersion <= 1 ? updates.map(({ feature }) => ({ feature, errorCode, errorMessage: "NONE" })) : [];
  return { throttleTimeMs: 0, errorCode, errorMessage: null, results };
}

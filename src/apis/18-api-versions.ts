/**
 * ApiVersions (key 18), v0-4: what this node speaks, and the features that it supports and that the cluster finalized.
 * v3 the client's software (KIP-511), flexible, features (KIP-584); v4 features whose range begins at 0 (KAFKA-17011).
 * Errors, as Kafka's KafkaApis.handleApiVersionsRequest: UNSUPPORTED_VERSION (at version 0, with our own range),
 * INVALID_REQUEST.
 */
import { code } from "../../protocol/errors.ts";
import {
  type ApiVersion,
  ApiVersions,
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  type FinalizedFeatureKey,
  type SupportedFeatureKey,
} from "../../protocol/generated/api-versions.ts";
import { KRAFT_VERSION, METADATA_VERSION, supportedFeatures } from "../metadata/features.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { type AnyApi, api, type ListenerKind } from "./api.ts";

const PRODUCE_KEY = 0;
const softwarePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

const ownRange: ApiVersion = { apiKey: ApiVersions.key, minVersion: 0, maxVersion: 4 };

const nothing: ApiVersionsResponse = {
  errorCode: 0,
  apiKeys: [],
  throttleTimeMs: 0,
  supportedFeatures: [],
  finalizedFeaturesEpoch: -1,
  finalizedFeatures: [],
  zkMigrationReady: false,
};

export const apiVersions = api<ApiVersionsRequest, ApiVersionsResponse>({
  message: ApiVersions,
  versions: [ownRange.minVersion, ownRange.maxVersion],
  listeners: ["broker", "controller"],
  refused: (_, errorCode) => ({
    ...nothing,
    errorCode,
    apiKeys: errorCode === code("UNSUPPORTED_VERSION") ? [ownRange] : [],
  }),
  handle({ apis, image, kraftVersion }, request, { apiVersion, listenerKind }) {
    if (apiVersion >= 3 && !isNamed(request)) return { ...nothing, errorCode: code("INVALID_REQUEST") };
    const { features, provenance } = image();
    return {
      ...nothing,
      apiKeys: advertised(apis, listenerKind),
      supportedFeatures: supported(apiVersion),
      finalizedFeatures: finalized(features, kraftVersion()),
      finalizedFeaturesEpoch: provenance.offset,
    };
  },
});

function isNamed({ clientSoftwareName, clientSoftwareVersion }: ApiVersionsRequest): boolean {
  return softwarePattern.test(clientSoftwareName) && softwarePattern.test(clientSoftwareVersion);
}

function advertised(apis: readonly AnyApi[], listener: ListenerKind): ApiVersion[] {
  return apis
    .filter((each) => each.advertised !== false && each.listeners.includes(listener))
    .map((each) => rangeOf(each, listener))
    .sort((a, b) => a.apiKey - b.apiKey);
}

function rangeOf({ message, versions: [min, max] }: AnyApi, listener: ListenerKind): ApiVersion {
  // Old librdkafka takes a broker whose Produce does not begin at 0 for one without any (KAFKA-18659).
  const minVersion = message.key === PRODUCE_KEY && listener === "broker" ? 0 : min;
  return { apiKey: message.key, minVersion, maxVersion: max };
}

/** Clients of v0-3 fail on a range that begins at 0 (KAFKA-17492). */
function supported(apiVersion: number): SupportedFeatureKey[] {
  const keys: SupportedFeatureKey[] = [];
  for (const [name, { min, max }] of supportedFeatures()) {
    if (apiVersion >= 4 || min > 0) keys.push({ name, minVersion: min, maxVersion: max });
  }
  return keys;
}

function finalized(features: MetadataImage["features"], kraftVersion: number): FinalizedFeatureKey[] {
  const levels = new Map(features.finalized);
  if (features.metadataVersion !== null) levels.set(METADATA_VERSION, features.metadataVersion);
  if (kraftVersion > 0) levels.set(KRAFT_VERSION, kraftVersion);
  return [...levels]
    .filter(([, level]) => level !== 0)
    .map(([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level }));
}

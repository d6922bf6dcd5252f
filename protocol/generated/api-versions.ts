// From kafka-clients-4.3.1.jar: common/message/ApiVersionsRequest.json and common/message/ApiVersionsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ApiVersionsRequest {
  clientSoftwareName: string;
  clientSoftwareVersion: string;
}

export function readApiVersionsRequest(from: Reader, version: number): ApiVersionsRequest {
  const flexible = version >= 3;
  const clientSoftwareName = flexible ? from.compactString() : "";
  const clientSoftwareVersion = flexible ? from.compactString() : "";
  if (flexible) from.skipTags();
  return { clientSoftwareName, clientSoftwareVersion };
}

export function writeApiVersionsRequest(to: Writer, value: ApiVersionsRequest, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.clientSoftwareName);
  if (flexible) to.compactString(value.clientSoftwareVersion);
  if (flexible) to.noTags();
}

export interface ApiVersionsResponse {
  errorCode: number;
  apiKeys: ApiVersion[];
  throttleTimeMs: number;
  supportedFeatures: SupportedFeatureKey[];
  finalizedFeaturesEpoch: number;
  finalizedFeatures: FinalizedFeatureKey[];
  zkMigrationReady: boolean;
}

export interface ApiVersion {
  apiKey: number;
  minVersion: number;
  maxVersion: number;
}

export interface SupportedFeatureKey {
  name: string;
  minVersion: number;
  maxVersion: number;
}

export interface FinalizedFeatureKey {
  name: string;
  maxVersionLevel: number;
  minVersionLevel: number;
}

export function readApiVersionsResponse(from: Reader, version: number): ApiVersionsResponse {
  const flexible = version >= 3;
  const errorCode = from.int16();
  const apiKeys: ApiVersion[] = [];
  for (let left = flexible ? from.compactArrayLength(7) : from.arrayLength(6); left > 0; left--) apiKeys.push(readApiVersion(from, version));
  const throttleTimeMs = version === 0 ? 0 : from.int32();
  let supportedFeatures: SupportedFeatureKey[] = [];
  let finalizedFeaturesEpoch = -1;
  let finalizedFeatures: FinalizedFeatureKey[] = [];
  let zkMigrationReady = false;
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        supportedFeatures = [];
        for (let left = from.compactArrayLength(6); left > 0; left--) supportedFeatures.push(readSupportedFeatureKey(from, version));
        break;
      }
      case 1: {
        finalizedFeaturesEpoch = from.int64();
        break;
      }
      case 2: {
        finalizedFeatures = [];
        for (let left = from.compactArrayLength(6); left > 0; left--) finalizedFeatures.push(readFinalizedFeatureKey(from, version));
        break;
      }
      case 3: {
        zkMigrationReady = from.bool();
        break;
      }
      default: from.skip(size);
    }
  }
  return { errorCode, apiKeys, throttleTimeMs, supportedFeatures, finalizedFeaturesEpoch, finalizedFeatures, zkMigrationReady };
}

export function writeApiVersionsResponse(to: Writer, value: ApiVersionsResponse, version: number): void {
  const flexible = version >= 3;
  to.int16(value.errorCode);
  if (flexible) to.compactArrayLength(value.apiKeys.length);
  else to.arrayLength(value.apiKeys.length);
  for (const each of value.apiKeys) writeApiVersion(to, each, version);
  if (version >= 1) to.int32(value.throttleTimeMs);
  if (flexible) {
    const hasSupportedFeatures = value.supportedFeatures.length !== 0;
    const hasFinalizedFeaturesEpoch = value.finalizedFeaturesEpoch !== -1;
    const hasFinalizedFeatures = value.finalizedFeatures.length !== 0;
    const hasZkMigrationReady = value.zkMigrationReady;
    to.unsignedVarint((hasSupportedFeatures ? 1 : 0) + (hasFinalizedFeaturesEpoch ? 1 : 0) + (hasFinalizedFeatures ? 1 : 0) + (hasZkMigrationReady ? 1 : 0));
    if (hasSupportedFeatures) {
      const mark = to.openTag(0);
      to.compactArrayLength(value.supportedFeatures.length);
      for (const each of value.supportedFeatures) writeSupportedFeatureKey(to, each, version);
      to.closeTag(mark);
    }
    if (hasFinalizedFeaturesEpoch) {
      const mark = to.openTag(1);
      to.int64(value.finalizedFeaturesEpoch);
      to.closeTag(mark);
    }
    if (hasFinalizedFeatures) {
      const mark = to.openTag(2);
      to.compactArrayLength(value.finalizedFeatures.length);
      for (const each of value.finalizedFeatures) writeFinalizedFeatureKey(to, each, version);
      to.closeTag(mark);
    }
    if (hasZkMigrationReady) {
      const mark = to.openTag(3);
      to.bool(value.zkMigrationReady);
      to.closeTag(mark);
    }
  }
}

export function readApiVersion(from: Reader, version: number): ApiVersion {
  const flexible = version >= 3;
  const apiKey = from.int16();
  const minVersion = from.int16();
  const maxVersion = from.int16();
  if (flexible) from.skipTags();
  return { apiKey, minVersion, maxVersion };
}

export function writeApiVersion(to: Writer, value: ApiVersion, version: number): void {
  const flexible = version >= 3;
  to.int16(value.apiKey);
  to.int16(value.minVersion);
  to.int16(value.maxVersion);
  if (flexible) to.noTags();
}

export function readSupportedFeatureKey(from: Reader, _version: number): SupportedFeatureKey {
  const name = from.compactString();
  const minVersion = from.int16();
  const maxVersion = from.int16();
  from.skipTags();
  return { name, minVersion, maxVersion };
}

export function writeSupportedFeatureKey(to: Writer, value: SupportedFeatureKey, _version: number): void {
  to.compactString(value.name);
  to.int16(value.minVersion);
  to.int16(value.maxVersion);
  to.noTags();
}

export function readFinalizedFeatureKey(from: Reader, _version: number): FinalizedFeatureKey {
  const name = from.compactString();
  const maxVersionLevel = from.int16();
  const minVersionLevel = from.int16();
  from.skipTags();
  return { name, maxVersionLevel, minVersionLevel };
}

export function writeFinalizedFeatureKey(to: Writer, value: FinalizedFeatureKey, _version: number): void {
  to.compactString(value.name);
  to.int16(value.maxVersionLevel);
  to.int16(value.minVersionLevel);
  to.noTags();
}

export const ApiVersions: Message<ApiVersionsRequest, ApiVersionsResponse> = {
  key: 18,
  name: "ApiVersions",
  versions: [0, 4],
  flexibleFrom: 3,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readApiVersionsRequest,
  writeRequest: writeApiVersionsRequest,
  readResponse: readApiVersionsResponse,
  writeResponse: writeApiVersionsResponse,
};

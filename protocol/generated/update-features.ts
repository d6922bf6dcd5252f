// From kafka-clients-4.3.1.jar: common/message/UpdateFeaturesRequest.json and common/message/UpdateFeaturesResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface UpdateFeaturesRequest {
  timeoutMs: number;
  featureUpdates: FeatureUpdateKey[];
  validateOnly: boolean;
}

export interface FeatureUpdateKey {
  feature: string;
  maxVersionLevel: number;
  allowDowngrade: boolean;
  upgradeType: number;
}

export function readUpdateFeaturesRequest(from: Reader, version: number): UpdateFeaturesRequest {
  const timeoutMs = from.int32();
  const featureUpdates: FeatureUpdateKey[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) featureUpdates.push(readFeatureUpdateKey(from, version));
  const validateOnly = version === 0 ? false : from.bool();
  from.skipTags();
  return { timeoutMs, featureUpdates, validateOnly };
}

export function writeUpdateFeaturesRequest(to: Writer, value: UpdateFeaturesRequest, version: number): void {
  to.int32(value.timeoutMs);
  to.compactArrayLength(value.featureUpdates.length);
  for (const each of value.featureUpdates) writeFeatureUpdateKey(to, each, version);
  if (version >= 1) to.bool(value.validateOnly);
  if (version === 0 && value.validateOnly) to.unsupported("UpdateFeaturesRequest.validateOnly", version);
  to.noTags();
}

export function readFeatureUpdateKey(from: Reader, version: number): FeatureUpdateKey {
  const feature = from.compactString();
  const maxVersionLevel = from.int16();
  const allowDowngrade = version === 0 ? from.bool() : false;
  const upgradeType = version === 0 ? 1 : from.int8();
  from.skipTags();
  return { feature, maxVersionLevel, allowDowngrade, upgradeType };
}

export function writeFeatureUpdateKey(to: Writer, value: FeatureUpdateKey, version: number): void {
  to.compactString(value.feature);
  to.int16(value.maxVersionLevel);
  if (version === 0) to.bool(value.allowDowngrade);
  if (version >= 1 && value.allowDowngrade) to.unsupported("FeatureUpdateKey.allowDowngrade", version);
  if (version >= 1) to.int8(value.upgradeType);
  if (version === 0 && value.upgradeType !== 1) to.unsupported("FeatureUpdateKey.upgradeType", version);
  to.noTags();
}

export interface UpdateFeaturesResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  results: UpdatableFeatureResult[];
}

export interface UpdatableFeatureResult {
  feature: string;
  errorCode: number;
  errorMessage: string | null;
}

export function readUpdateFeaturesResponse(from: Reader, version: number): UpdateFeaturesResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const results: UpdatableFeatureResult[] = [];
  for (let left = version <= 1 ? from.compactArrayLength(5) : 0; left > 0; left--) results.push(readUpdatableFeatureResult(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, results };
}

export function writeUpdateFeaturesResponse(to: Writer, value: UpdateFeaturesResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  if (version <= 1) {
    to.compactArrayLength(value.results.length);
    for (const each of value.results) writeUpdatableFeatureResult(to, each, version);
  }
  to.noTags();
}

export function readUpdatableFeatureResult(from: Reader, _version: number): UpdatableFeatureResult {
  const feature = from.compactString();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { feature, errorCode, errorMessage };
}

export function writeUpdatableFeatureResult(to: Writer, value: UpdatableFeatureResult, _version: number): void {
  to.compactString(value.feature);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const UpdateFeatures: Message<UpdateFeaturesRequest, UpdateFeaturesResponse> = {
  key: 57,
  name: "UpdateFeatures",
  versions: [0, 2],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readUpdateFeaturesRequest,
  writeRequest: writeUpdateFeaturesRequest,
  readResponse: readUpdateFeaturesResponse,
  writeResponse: writeUpdateFeaturesResponse,
};

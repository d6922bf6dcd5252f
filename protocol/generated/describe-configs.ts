// From kafka-clients-4.3.1.jar: common/message/DescribeConfigsRequest.json and common/message/DescribeConfigsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeConfigsRequest {
  resources: DescribeConfigsResource[];
  includeSynonyms: boolean;
  includeDocumentation: boolean;
}

export interface DescribeConfigsResource {
  resourceType: number;
  resourceName: string;
  configurationKeys: string[] | null;
}

export function readDescribeConfigsRequest(from: Reader, version: number): DescribeConfigsRequest {
  const flexible = version >= 4;
  const resources: DescribeConfigsResource[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(7); left > 0; left--) resources.push(readDescribeConfigsResource(from, version));
  const includeSynonyms = from.bool();
  const includeDocumentation = version <= 2 ? false : from.bool();
  if (flexible) from.skipTags();
  return { resources, includeSynonyms, includeDocumentation };
}

export function writeDescribeConfigsRequest(to: Writer, value: DescribeConfigsRequest, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactArrayLength(value.resources.length);
  else to.arrayLength(value.resources.length);
  for (const each of value.resources) writeDescribeConfigsResource(to, each, version);
  to.bool(value.includeSynonyms);
  if (version >= 3) to.bool(value.includeDocumentation);
  if (version <= 2 && value.includeDocumentation) to.unsupported("DescribeConfigsRequest.includeDocumentation", version);
  if (flexible) to.noTags();
}

export function readDescribeConfigsResource(from: Reader, version: number): DescribeConfigsResource {
  const flexible = version >= 4;
  const resourceType = from.int8();
  const resourceName = flexible ? from.compactString() : from.string();
  const configurationKeysCount = flexible ? from.compactNullableArrayLength(1) : from.nullableArrayLength(2);
  const configurationKeys: string[] | null = configurationKeysCount < 0 ? null : [];
  for (let left = configurationKeysCount; left > 0; left--) configurationKeys!.push(flexible ? from.compactString() : from.string());
  if (flexible) from.skipTags();
  return { resourceType, resourceName, configurationKeys };
}

export function writeDescribeConfigsResource(to: Writer, value: DescribeConfigsResource, version: number): void {
  const flexible = version >= 4;
  to.int8(value.resourceType);
  if (flexible) to.compactString(value.resourceName);
  else to.string(value.resourceName);
  if (flexible) {
    to.compactArrayLength(value.configurationKeys?.length ?? -1);
    for (const each of value.configurationKeys ?? []) to.compactString(each);
  }
  else {
    to.arrayLength(value.configurationKeys?.length ?? -1);
    for (const each of value.configurationKeys ?? []) to.string(each);
  }
  if (flexible) to.noTags();
}

export interface DescribeConfigsResponse {
  throttleTimeMs: number;
  results: DescribeConfigsResult[];
}

export interface DescribeConfigsResult {
  errorCode: number;
  errorMessage: string | null;
  resourceType: number;
  resourceName: string;
  configs: DescribeConfigsResourceResult[];
}

export interface DescribeConfigsResourceResult {
  name: string;
  value: string | null;
  readOnly: boolean;
  configSource: number;
  isSensitive: boolean;
  synonyms: DescribeConfigsSynonym[];
  configType: number;
  documentation: string | null;
}

export interface DescribeConfigsSynonym {
  name: string;
  value: string | null;
  source: number;
}

export function readDescribeConfigsResponse(from: Reader, version: number): DescribeConfigsResponse {
  const flexible = version >= 4;
  const throttleTimeMs = from.int32();
  const results: DescribeConfigsResult[] = [];
  for (let left = flexible ? from.compactArrayLength(7) : from.arrayLength(11); left > 0; left--) results.push(readDescribeConfigsResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, results };
}

export function writeDescribeConfigsResponse(to: Writer, value: DescribeConfigsResponse, version: number): void {
  const flexible = version >= 4;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.results.length);
  else to.arrayLength(value.results.length);
  for (const each of value.results) writeDescribeConfigsResult(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribeConfigsResult(from: Reader, version: number): DescribeConfigsResult {
  const flexible = version >= 4;
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const resourceType = from.int8();
  const resourceName = flexible ? from.compactString() : from.string();
  const configs: DescribeConfigsResourceResult[] = [];
  for (let left = flexible ? from.compactArrayLength(9) : from.arrayLength(11); left > 0; left--) configs.push(readDescribeConfigsResourceResult(from, version));
  if (flexible) from.skipTags();
  return { errorCode, errorMessage, resourceType, resourceName, configs };
}

export function writeDescribeConfigsResult(to: Writer, value: DescribeConfigsResult, version: number): void {
  const flexible = version >= 4;
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  to.int8(value.resourceType);
  if (flexible) to.compactString(value.resourceName);
  else to.string(value.resourceName);
  if (flexible) to.compactArrayLength(value.configs.length);
  else to.arrayLength(value.configs.length);
  for (const each of value.configs) writeDescribeConfigsResourceResult(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribeConfigsResourceResult(from: Reader, version: number): DescribeConfigsResourceResult {
  const flexible = version >= 4;
  const name = flexible ? from.compactString() : from.string();
  const value_: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const readOnly = from.bool();
  const configSource = from.int8();
  const isSensitive = from.bool();
  const synonyms: DescribeConfigsSynonym[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(5); left > 0; left--) synonyms.push(readDescribeConfigsSynonym(from, version));
  const configType = version <= 2 ? 0 : from.int8();
  const documentation: string | null = version <= 2 ? "" : version <= 3 ? from.nullableString() : from.compactNullableString();
  if (flexible) from.skipTags();
  return { name, value: value_, readOnly, configSource, isSensitive, synonyms, configType, documentation };
}

export function writeDescribeConfigsResourceResult(to: Writer, value: DescribeConfigsResourceResult, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactNullableString(value.value);
  else to.nullableString(value.value);
  to.bool(value.readOnly);
  to.int8(value.configSource);
  to.bool(value.isSensitive);
  if (flexible) to.compactArrayLength(value.synonyms.length);
  else to.arrayLength(value.synonyms.length);
  for (const each of value.synonyms) writeDescribeConfigsSynonym(to, each, version);
  if (version >= 3) to.int8(value.configType);
  if (flexible) to.compactNullableString(value.documentation);
  else if (version === 3) to.nullableString(value.documentation);
  if (flexible) to.noTags();
}

export function readDescribeConfigsSynonym(from: Reader, version: number): DescribeConfigsSynonym {
  const flexible = version >= 4;
  const name = flexible ? from.compactString() : from.string();
  const value_: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const source = from.int8();
  if (flexible) from.skipTags();
  return { name, value: value_, source };
}

export function writeDescribeConfigsSynonym(to: Writer, value: DescribeConfigsSynonym, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactNullableString(value.value);
  else to.nullableString(value.value);
  to.int8(value.source);
  if (flexible) to.noTags();
}

export const DescribeConfigs: Message<DescribeConfigsRequest, DescribeConfigsResponse> = {
  key: 32,
  name: "DescribeConfigs",
  versions: [1, 4],
  flexibleFrom: 4,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readDescribeConfigsRequest,
  writeRequest: writeDescribeConfigsRequest,
  readResponse: readDescribeConfigsResponse,
  writeResponse: writeDescribeConfigsResponse,
};

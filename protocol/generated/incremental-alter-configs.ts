// From kafka-clients-4.3.1.jar: common/message/IncrementalAlterConfigsRequest.json and common/message/IncrementalAlterConfigsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface IncrementalAlterConfigsRequest {
  resources: AlterConfigsResource[];
  validateOnly: boolean;
}

export interface AlterConfigsResource {
  resourceType: number;
  resourceName: string;
  configs: AlterableConfig[];
}

export interface AlterableConfig {
  name: string;
  configOperation: number;
  value: string | null;
}

export function readIncrementalAlterConfigsRequest(from: Reader, version: number): IncrementalAlterConfigsRequest {
  const flexible = version >= 1;
  const resources: AlterConfigsResource[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(7); left > 0; left--) resources.push(readAlterConfigsResource(from, version));
  const validateOnly = from.bool();
  if (flexible) from.skipTags();
  return { resources, validateOnly };
}

export function writeIncrementalAlterConfigsRequest(to: Writer, value: IncrementalAlterConfigsRequest, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactArrayLength(value.resources.length);
  else to.arrayLength(value.resources.length);
  for (const each of value.resources) writeAlterConfigsResource(to, each, version);
  to.bool(value.validateOnly);
  if (flexible) to.noTags();
}

export function readAlterConfigsResource(from: Reader, version: number): AlterConfigsResource {
  const flexible = version >= 1;
  const resourceType = from.int8();
  const resourceName = flexible ? from.compactString() : from.string();
  const configs: AlterableConfig[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(5); left > 0; left--) configs.push(readAlterableConfig(from, version));
  if (flexible) from.skipTags();
  return { resourceType, resourceName, configs };
}

export function writeAlterConfigsResource(to: Writer, value: AlterConfigsResource, version: number): void {
  const flexible = version >= 1;
  to.int8(value.resourceType);
  if (flexible) to.compactString(value.resourceName);
  else to.string(value.resourceName);
  if (flexible) to.compactArrayLength(value.configs.length);
  else to.arrayLength(value.configs.length);
  for (const each of value.configs) writeAlterableConfig(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterableConfig(from: Reader, version: number): AlterableConfig {
  const flexible = version >= 1;
  const name = flexible ? from.compactString() : from.string();
  const configOperation = from.int8();
  const value_: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { name, configOperation, value: value_ };
}

export function writeAlterableConfig(to: Writer, value: AlterableConfig, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  to.int8(value.configOperation);
  if (flexible) to.compactNullableString(value.value);
  else to.nullableString(value.value);
  if (flexible) to.noTags();
}

export interface IncrementalAlterConfigsResponse {
  throttleTimeMs: number;
  responses: AlterConfigsResourceResponse[];
}

export interface AlterConfigsResourceResponse {
  errorCode: number;
  errorMessage: string | null;
  resourceType: number;
  resourceName: string;
}

export function readIncrementalAlterConfigsResponse(from: Reader, version: number): IncrementalAlterConfigsResponse {
  const flexible = version >= 1;
  const throttleTimeMs = from.int32();
  const responses: AlterConfigsResourceResponse[] = [];
  for (let left = flexible ? from.compactArrayLength(6) : from.arrayLength(7); left > 0; left--) responses.push(readAlterConfigsResourceResponse(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, responses };
}

export function writeIncrementalAlterConfigsResponse(to: Writer, value: IncrementalAlterConfigsResponse, version: number): void {
  const flexible = version >= 1;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.responses.length);
  else to.arrayLength(value.responses.length);
  for (const each of value.responses) writeAlterConfigsResourceResponse(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterConfigsResourceResponse(from: Reader, version: number): AlterConfigsResourceResponse {
  const flexible = version >= 1;
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const resourceType = from.int8();
  const resourceName = flexible ? from.compactString() : from.string();
  if (flexible) from.skipTags();
  return { errorCode, errorMessage, resourceType, resourceName };
}

export function writeAlterConfigsResourceResponse(to: Writer, value: AlterConfigsResourceResponse, version: number): void {
  const flexible = version >= 1;
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  to.int8(value.resourceType);
  if (flexible) to.compactString(value.resourceName);
  else to.string(value.resourceName);
  if (flexible) to.noTags();
}

export const IncrementalAlterConfigs: Message<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> = {
  key: 44,
  name: "IncrementalAlterConfigs",
  versions: [0, 1],
  flexibleFrom: 1,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readIncrementalAlterConfigsRequest,
  writeRequest: writeIncrementalAlterConfigsRequest,
  readResponse: readIncrementalAlterConfigsResponse,
  writeResponse: writeIncrementalAlterConfigsResponse,
};

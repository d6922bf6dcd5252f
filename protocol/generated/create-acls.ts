// From kafka-clients-4.3.1.jar: common/message/CreateAclsRequest.json and common/message/CreateAclsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface CreateAclsRequest {
  creations: AclCreation[];
}

export interface AclCreation {
  resourceType: number;
  resourceName: string;
  resourcePatternType: number;
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
}

export function readCreateAclsRequest(from: Reader, version: number): CreateAclsRequest {
  const flexible = version >= 2;
  const creations: AclCreation[] = [];
  for (let left = flexible ? from.compactArrayLength(8) : from.arrayLength(10); left > 0; left--) creations.push(readAclCreation(from, version));
  if (flexible) from.skipTags();
  return { creations };
}

export function writeCreateAclsRequest(to: Writer, value: CreateAclsRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactArrayLength(value.creations.length);
  else to.arrayLength(value.creations.length);
  for (const each of value.creations) writeAclCreation(to, each, version);
  if (flexible) to.noTags();
}

export function readAclCreation(from: Reader, version: number): AclCreation {
  const flexible = version >= 2;
  const resourceType = from.int8();
  const resourceName = flexible ? from.compactString() : from.string();
  const resourcePatternType = from.int8();
  const principal = flexible ? from.compactString() : from.string();
  const host = flexible ? from.compactString() : from.string();
  const operation = from.int8();
  const permissionType = from.int8();
  if (flexible) from.skipTags();
  return { resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType };
}

export function writeAclCreation(to: Writer, value: AclCreation, version: number): void {
  const flexible = version >= 2;
  to.int8(value.resourceType);
  if (flexible) to.compactString(value.resourceName);
  else to.string(value.resourceName);
  to.int8(value.resourcePatternType);
  if (flexible) to.compactString(value.principal);
  else to.string(value.principal);
  if (flexible) to.compactString(value.host);
  else to.string(value.host);
  to.int8(value.operation);
  to.int8(value.permissionType);
  if (flexible) to.noTags();
}

export interface CreateAclsResponse {
  throttleTimeMs: number;
  results: AclCreationResult[];
}

export interface AclCreationResult {
  errorCode: number;
  errorMessage: string | null;
}

export function readCreateAclsResponse(from: Reader, version: number): CreateAclsResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const results: AclCreationResult[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) results.push(readAclCreationResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, results };
}

export function writeCreateAclsResponse(to: Writer, value: CreateAclsResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.results.length);
  else to.arrayLength(value.results.length);
  for (const each of value.results) writeAclCreationResult(to, each, version);
  if (flexible) to.noTags();
}

export function readAclCreationResult(from: Reader, version: number): AclCreationResult {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { errorCode, errorMessage };
}

export function writeAclCreationResult(to: Writer, value: AclCreationResult, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.noTags();
}

export const CreateAcls: Message<CreateAclsRequest, CreateAclsResponse> = {
  key: 30,
  name: "CreateAcls",
  versions: [1, 3],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readCreateAclsRequest,
  writeRequest: writeCreateAclsRequest,
  readResponse: readCreateAclsResponse,
  writeResponse: writeCreateAclsResponse,
};

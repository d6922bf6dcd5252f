// From kafka-clients-4.3.1.jar: common/message/DeleteAclsRequest.json and common/message/DeleteAclsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DeleteAclsRequest {
  filters: DeleteAclsFilter[];
}

export interface DeleteAclsFilter {
  resourceTypeFilter: number;
  resourceNameFilter: string | null;
  patternTypeFilter: number;
  principalFilter: string | null;
  hostFilter: string | null;
  operation: number;
  permissionType: number;
}

export function readDeleteAclsRequest(from: Reader, version: number): DeleteAclsRequest {
  const flexible = version >= 2;
  const filters: DeleteAclsFilter[] = [];
  for (let left = flexible ? from.compactArrayLength(8) : from.arrayLength(10); left > 0; left--) filters.push(readDeleteAclsFilter(from, version));
  if (flexible) from.skipTags();
  return { filters };
}

export function writeDeleteAclsRequest(to: Writer, value: DeleteAclsRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactArrayLength(value.filters.length);
  else to.arrayLength(value.filters.length);
  for (const each of value.filters) writeDeleteAclsFilter(to, each, version);
  if (flexible) to.noTags();
}

export function readDeleteAclsFilter(from: Reader, version: number): DeleteAclsFilter {
  const flexible = version >= 2;
  const resourceTypeFilter = from.int8();
  const resourceNameFilter: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const patternTypeFilter = from.int8();
  const principalFilter: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const hostFilter: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const operation = from.int8();
  const permissionType = from.int8();
  if (flexible) from.skipTags();
  return { resourceTypeFilter, resourceNameFilter, patternTypeFilter, principalFilter, hostFilter, operation, permissionType };
}

export function writeDeleteAclsFilter(to: Writer, value: DeleteAclsFilter, version: number): void {
  const flexible = version >= 2;
  to.int8(value.resourceTypeFilter);
  if (flexible) to.compactNullableString(value.resourceNameFilter);
  else to.nullableString(value.resourceNameFilter);
  to.int8(value.patternTypeFilter);
  if (flexible) to.compactNullableString(value.principalFilter);
  else to.nullableString(value.principalFilter);
  if (flexible) to.compactNullableString(value.hostFilter);
  else to.nullableString(value.hostFilter);
  to.int8(value.operation);
  to.int8(value.permissionType);
  if (flexible) to.noTags();
}

export interface DeleteAclsResponse {
  throttleTimeMs: number;
  filterResults: DeleteAclsFilterResult[];
}

export interface DeleteAclsFilterResult {
  errorCode: number;
  errorMessage: string | null;
  matchingAcls: DeleteAclsMatchingAcl[];
}

export interface DeleteAclsMatchingAcl {
  errorCode: number;
  errorMessage: string | null;
  resourceType: number;
  resourceName: string;
  patternType: number;
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
}

export function readDeleteAclsResponse(from: Reader, version: number): DeleteAclsResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const filterResults: DeleteAclsFilterResult[] = [];
  for (let left = flexible ? from.compactArrayLength(5) : from.arrayLength(8); left > 0; left--) filterResults.push(readDeleteAclsFilterResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, filterResults };
}

export function writeDeleteAclsResponse(to: Writer, value: DeleteAclsResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.filterResults.length);
  else to.arrayLength(value.filterResults.length);
  for (const each of value.filterResults) writeDeleteAclsFilterResult(to, each, version);
  if (flexible) to.noTags();
}

export function readDeleteAclsFilterResult(from: Reader, version: number): DeleteAclsFilterResult {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const matchingAcls: DeleteAclsMatchingAcl[] = [];
  for (let left = flexible ? from.compactArrayLength(11) : from.arrayLength(14); left > 0; left--) matchingAcls.push(readDeleteAclsMatchingAcl(from, version));
  if (flexible) from.skipTags();
  return { errorCode, errorMessage, matchingAcls };
}

export function writeDeleteAclsFilterResult(to: Writer, value: DeleteAclsFilterResult, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.compactArrayLength(value.matchingAcls.length);
  else to.arrayLength(value.matchingAcls.length);
  for (const each of value.matchingAcls) writeDeleteAclsMatchingAcl(to, each, version);
  if (flexible) to.noTags();
}

export function readDeleteAclsMatchingAcl(from: Reader, version: number): DeleteAclsMatchingAcl {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const resourceType = from.int8();
  const resourceName = flexible ? from.compactString() : from.string();
  const patternType = from.int8();
  const principal = flexible ? from.compactString() : from.string();
  const host = flexible ? from.compactString() : from.string();
  const operation = from.int8();
  const permissionType = from.int8();
  if (flexible) from.skipTags();
  return { errorCode, errorMessage, resourceType, resourceName, patternType, principal, host, operation, permissionType };
}

export function writeDeleteAclsMatchingAcl(to: Writer, value: DeleteAclsMatchingAcl, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  to.int8(value.resourceType);
  if (flexible) to.compactString(value.resourceName);
  else to.string(value.resourceName);
  to.int8(value.patternType);
  if (flexible) to.compactString(value.principal);
  else to.string(value.principal);
  if (flexible) to.compactString(value.host);
  else to.string(value.host);
  to.int8(value.operation);
  to.int8(value.permissionType);
  if (flexible) to.noTags();
}

export const DeleteAcls: Message<DeleteAclsRequest, DeleteAclsResponse> = {
  key: 31,
  name: "DeleteAcls",
  versions: [1, 3],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readDeleteAclsRequest,
  writeRequest: writeDeleteAclsRequest,
  readResponse: readDeleteAclsResponse,
  writeResponse: writeDeleteAclsResponse,
};

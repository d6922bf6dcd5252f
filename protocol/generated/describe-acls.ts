// From kafka-clients-4.3.1.jar: common/message/DescribeAclsRequest.json and common/message/DescribeAclsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeAclsRequest {
  resourceTypeFilter: number;
  resourceNameFilter: string | null;
  patternTypeFilter: number;
  principalFilter: string | null;
  hostFilter: string | null;
  operation: number;
  permissionType: number;
}

export function readDescribeAclsRequest(from: Reader, version: number): DescribeAclsRequest {
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

export function writeDescribeAclsRequest(to: Writer, value: DescribeAclsRequest, version: number): void {
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

export interface DescribeAclsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  resources: DescribeAclsResource[];
}

export interface DescribeAclsResource {
  resourceType: number;
  resourceName: string;
  patternType: number;
  acls: AclDescription[];
}

export interface AclDescription {
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
}

export function readDescribeAclsResponse(from: Reader, version: number): DescribeAclsResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const resources: DescribeAclsResource[] = [];
  for (let left = flexible ? from.compactArrayLength(5) : from.arrayLength(8); left > 0; left--) resources.push(readDescribeAclsResource(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, resources };
}

export function writeDescribeAclsResponse(to: Writer, value: DescribeAclsResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.compactArrayLength(value.resources.length);
  else to.arrayLength(value.resources.length);
  for (const each of value.resources) writeDescribeAclsResource(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribeAclsResource(from: Reader, version: number): DescribeAclsResource {
  const flexible = version >= 2;
  const resourceType = from.int8();
  const resourceName = flexible ? from.compactString() : from.string();
  const patternType = from.int8();
  const acls: AclDescription[] = [];
  for (let left = flexible ? from.compactArrayLength(5) : from.arrayLength(6); left > 0; left--) acls.push(readAclDescription(from, version));
  if (flexible) from.skipTags();
  return { resourceType, resourceName, patternType, acls };
}

export function writeDescribeAclsResource(to: Writer, value: DescribeAclsResource, version: number): void {
  const flexible = version >= 2;
  to.int8(value.resourceType);
  if (flexible) to.compactString(value.resourceName);
  else to.string(value.resourceName);
  to.int8(value.patternType);
  if (flexible) to.compactArrayLength(value.acls.length);
  else to.arrayLength(value.acls.length);
  for (const each of value.acls) writeAclDescription(to, each, version);
  if (flexible) to.noTags();
}

export function readAclDescription(from: Reader, version: number): AclDescription {
  const flexible = version >= 2;
  const principal = flexible ? from.compactString() : from.string();
  const host = flexible ? from.compactString() : from.string();
  const operation = from.int8();
  const permissionType = from.int8();
  if (flexible) from.skipTags();
  return { principal, host, operation, permissionType };
}

export function writeAclDescription(to: Writer, value: AclDescription, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.principal);
  else to.string(value.principal);
  if (flexible) to.compactString(value.host);
  else to.string(value.host);
  to.int8(value.operation);
  to.int8(value.permissionType);
  if (flexible) to.noTags();
}

export const DescribeAcls: Message<DescribeAclsRequest, DescribeAclsResponse> = {
  key: 29,
  name: "DescribeAcls",
  versions: [1, 3],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readDescribeAclsRequest,
  writeRequest: writeDescribeAclsRequest,
  readResponse: readDescribeAclsResponse,
  writeResponse: writeDescribeAclsResponse,
};

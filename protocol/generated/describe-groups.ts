// From kafka-clients-4.3.1.jar: common/message/DescribeGroupsRequest.json and common/message/DescribeGroupsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeGroupsRequest {
  groups: string[];
  includeAuthorizedOperations: boolean;
}

export function readDescribeGroupsRequest(from: Reader, version: number): DescribeGroupsRequest {
  const flexible = version >= 5;
  const groups: string[] = [];
  for (let left = flexible ? from.compactArrayLength(1) : from.arrayLength(2); left > 0; left--) groups.push(flexible ? from.compactString() : from.string());
  const includeAuthorizedOperations = version <= 2 ? false : from.bool();
  if (flexible) from.skipTags();
  return { groups, includeAuthorizedOperations };
}

export function writeDescribeGroupsRequest(to: Writer, value: DescribeGroupsRequest, version: number): void {
  const flexible = version >= 5;
  if (flexible) {
    to.compactArrayLength(value.groups.length);
    for (const each of value.groups) to.compactString(each);
  }
  else {
    to.arrayLength(value.groups.length);
    for (const each of value.groups) to.string(each);
  }
  if (version >= 3) to.bool(value.includeAuthorizedOperations);
  if (version <= 2 && value.includeAuthorizedOperations) to.unsupported("DescribeGroupsRequest.includeAuthorizedOperations", version);
  if (flexible) to.noTags();
}

export interface DescribeGroupsResponse {
  throttleTimeMs: number;
  groups: DescribedGroup[];
}

export interface DescribedGroup {
  errorCode: number;
  errorMessage: string | null;
  groupId: string;
  groupState: string;
  protocolType: string;
  protocolData: string;
  members: DescribedGroupMember[];
  authorizedOperations: number;
}

export interface DescribedGroupMember {
  memberId: string;
  groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  memberMetadata: Uint8Array;
  memberAssignment: Uint8Array;
}

export function readDescribeGroupsResponse(from: Reader, version: number): DescribeGroupsResponse {
  const flexible = version >= 5;
  const throttleTimeMs = version === 0 ? 0 : from.int32();
  const groups: DescribedGroup[] = [];
  for (let left = flexible ? from.compactArrayLength(12) : from.arrayLength(14); left > 0; left--) groups.push(readDescribedGroup(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, groups };
}

export function writeDescribeGroupsResponse(to: Writer, value: DescribeGroupsResponse, version: number): void {
  const flexible = version >= 5;
  if (version >= 1) to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.groups.length);
  else to.arrayLength(value.groups.length);
  for (const each of value.groups) writeDescribedGroup(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribedGroup(from: Reader, version: number): DescribedGroup {
  const flexible = version >= 5;
  const errorCode = from.int16();
  const errorMessage: string | null = version <= 5 ? null : from.compactNullableString();
  const groupId = flexible ? from.compactString() : from.string();
  const groupState = flexible ? from.compactString() : from.string();
  const protocolType = flexible ? from.compactString() : from.string();
  const protocolData = flexible ? from.compactString() : from.string();
  const members: DescribedGroupMember[] = [];
  for (let left = flexible ? from.compactArrayLength(7) : from.arrayLength(14); left > 0; left--) members.push(readDescribedGroupMember(from, version));
  const authorizedOperations = version <= 2 ? -2147483648 : from.int32();
  if (flexible) from.skipTags();
  return { errorCode, errorMessage, groupId, groupState, protocolType, protocolData, members, authorizedOperations };
}

export function writeDescribedGroup(to: Writer, value: DescribedGroup, version: number): void {
  const flexible = version >= 5;
  to.int16(value.errorCode);
  if (version === 6) to.compactNullableString(value.errorMessage);
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  if (flexible) to.compactString(value.groupState);
  else to.string(value.groupState);
  if (flexible) to.compactString(value.protocolType);
  else to.string(value.protocolType);
  if (flexible) to.compactString(value.protocolData);
  else to.string(value.protocolData);
  if (flexible) to.compactArrayLength(value.members.length);
  else to.arrayLength(value.members.length);
  for (const each of value.members) writeDescribedGroupMember(to, each, version);
  if (version >= 3) to.int32(value.authorizedOperations);
  if (flexible) to.noTags();
}

export function readDescribedGroupMember(from: Reader, version: number): DescribedGroupMember {
  const flexible = version >= 5;
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = version <= 3 ? null : version <= 4 ? from.nullableString() : from.compactNullableString();
  const clientId = flexible ? from.compactString() : from.string();
  const clientHost = flexible ? from.compactString() : from.string();
  const memberMetadata = flexible ? from.compactBytes() : from.bytes();
  const memberAssignment = flexible ? from.compactBytes() : from.bytes();
  if (flexible) from.skipTags();
  return { memberId, groupInstanceId, clientId, clientHost, memberMetadata, memberAssignment };
}

export function writeDescribedGroupMember(to: Writer, value: DescribedGroupMember, version: number): void {
  const flexible = version >= 5;
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else if (version === 4) to.nullableString(value.groupInstanceId);
  if (flexible) to.compactString(value.clientId);
  else to.string(value.clientId);
  if (flexible) to.compactString(value.clientHost);
  else to.string(value.clientHost);
  if (flexible) to.compactBytes(value.memberMetadata);
  else to.bytes(value.memberMetadata);
  if (flexible) to.compactBytes(value.memberAssignment);
  else to.bytes(value.memberAssignment);
  if (flexible) to.noTags();
}

export const DescribeGroups: Message<DescribeGroupsRequest, DescribeGroupsResponse> = {
  key: 15,
  name: "DescribeGroups",
  versions: [0, 6],
  flexibleFrom: 5,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDescribeGroupsRequest,
  writeRequest: writeDescribeGroupsRequest,
  readResponse: readDescribeGroupsResponse,
  writeResponse: writeDescribeGroupsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/SyncGroupRequest.json and common/message/SyncGroupResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface SyncGroupRequest {
  groupId: string;
  generationId: number;
  memberId: string;
  groupInstanceId: string | null;
  protocolType: string | null;
  protocolName: string | null;
  assignments: SyncGroupRequestAssignment[];
}

export interface SyncGroupRequestAssignment {
  memberId: string;
  assignment: Uint8Array;
}

export function readSyncGroupRequest(from: Reader, version: number): SyncGroupRequest {
  const flexible = version >= 4;
  const groupId = flexible ? from.compactString() : from.string();
  const generationId = from.int32();
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = version <= 2 ? null : version <= 3 ? from.nullableString() : from.compactNullableString();
  const protocolType: string | null = version <= 4 ? null : from.compactNullableString();
  const protocolName: string | null = version <= 4 ? null : from.compactNullableString();
  const assignments: SyncGroupRequestAssignment[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) assignments.push(readSyncGroupRequestAssignment(from, version));
  if (flexible) from.skipTags();
  return { groupId, generationId, memberId, groupInstanceId, protocolType, protocolName, assignments };
}

export function writeSyncGroupRequest(to: Writer, value: SyncGroupRequest, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  to.int32(value.generationId);
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else if (version === 3) to.nullableString(value.groupInstanceId);
  if (version <= 2 && value.groupInstanceId !== null) to.unsupported("SyncGroupRequest.groupInstanceId", version);
  if (version === 5) to.compactNullableString(value.protocolType);
  if (version === 5) to.compactNullableString(value.protocolName);
  if (flexible) to.compactArrayLength(value.assignments.length);
  else to.arrayLength(value.assignments.length);
  for (const each of value.assignments) writeSyncGroupRequestAssignment(to, each, version);
  if (flexible) to.noTags();
}

export function readSyncGroupRequestAssignment(from: Reader, version: number): SyncGroupRequestAssignment {
  const flexible = version >= 4;
  const memberId = flexible ? from.compactString() : from.string();
  const assignment = flexible ? from.compactBytes() : from.bytes();
  if (flexible) from.skipTags();
  return { memberId, assignment };
}

export function writeSyncGroupRequestAssignment(to: Writer, value: SyncGroupRequestAssignment, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactBytes(value.assignment);
  else to.bytes(value.assignment);
  if (flexible) to.noTags();
}

export interface SyncGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  protocolType: string | null;
  protocolName: string | null;
  assignment: Uint8Array;
}

export function readSyncGroupResponse(from: Reader, version: number): SyncGroupResponse {
  const flexible = version >= 4;
  const throttleTimeMs = version === 0 ? 0 : from.int32();
  const errorCode = from.int16();
  const protocolType: string | null = version <= 4 ? null : from.compactNullableString();
  const protocolName: string | null = version <= 4 ? null : from.compactNullableString();
  const assignment = flexible ? from.compactBytes() : from.bytes();
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, protocolType, protocolName, assignment };
}

export function writeSyncGroupResponse(to: Writer, value: SyncGroupResponse, version: number): void {
  const flexible = version >= 4;
  if (version >= 1) to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  if (version === 5) to.compactNullableString(value.protocolType);
  if (version === 5) to.compactNullableString(value.protocolName);
  if (flexible) to.compactBytes(value.assignment);
  else to.bytes(value.assignment);
  if (flexible) to.noTags();
}

export const SyncGroup: Message<SyncGroupRequest, SyncGroupResponse> = {
  key: 14,
  name: "SyncGroup",
  versions: [0, 5],
  flexibleFrom: 4,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readSyncGroupRequest,
  writeRequest: writeSyncGroupRequest,
  readResponse: readSyncGroupResponse,
  writeResponse: writeSyncGroupResponse,
};

// From kafka-clients-4.3.1.jar: common/message/LeaveGroupRequest.json and common/message/LeaveGroupResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface LeaveGroupRequest {
  groupId: string;
  memberId: string;
  members: MemberIdentity[];
}

export interface MemberIdentity {
  memberId: string;
  groupInstanceId: string | null;
  reason: string | null;
}

export function readLeaveGroupRequest(from: Reader, version: number): LeaveGroupRequest {
  const flexible = version >= 4;
  const groupId = flexible ? from.compactString() : from.string();
  const memberId = version <= 2 ? from.string() : "";
  const members: MemberIdentity[] = [];
  for (let left = version <= 2 ? 0 : version <= 3 ? from.arrayLength(4) : from.compactArrayLength(3); left > 0; left--) members.push(readMemberIdentity(from, version));
  if (flexible) from.skipTags();
  return { groupId, memberId, members };
}

export function writeLeaveGroupRequest(to: Writer, value: LeaveGroupRequest, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  if (version <= 2) to.string(value.memberId);
  if (version >= 3 && value.memberId !== "") to.unsupported("LeaveGroupRequest.memberId", version);
  if (version >= 3) {
    if (flexible) to.compactArrayLength(value.members.length);
    else to.arrayLength(value.members.length);
    for (const each of value.members) writeMemberIdentity(to, each, version);
  }
  if (version <= 2 && value.members.length !== 0) to.unsupported("LeaveGroupRequest.members", version);
  if (flexible) to.noTags();
}

export function readMemberIdentity(from: Reader, version: number): MemberIdentity {
  const flexible = version >= 4;
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const reason: string | null = version <= 4 ? null : from.compactNullableString();
  if (flexible) from.skipTags();
  return { memberId, groupInstanceId, reason };
}

export function writeMemberIdentity(to: Writer, value: MemberIdentity, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else to.nullableString(value.groupInstanceId);
  if (version === 5) to.compactNullableString(value.reason);
  if (flexible) to.noTags();
}

export interface LeaveGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  members: MemberResponse[];
}

export interface MemberResponse {
  memberId: string;
  groupInstanceId: string | null;
  errorCode: number;
}

export function readLeaveGroupResponse(from: Reader, version: number): LeaveGroupResponse {
  const flexible = version >= 4;
  const throttleTimeMs = version === 0 ? 0 : from.int32();
  const errorCode = from.int16();
  const members: MemberResponse[] = [];
  for (let left = version <= 2 ? 0 : version <= 3 ? from.arrayLength(6) : from.compactArrayLength(5); left > 0; left--) members.push(readMemberResponse(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, members };
}

export function writeLeaveGroupResponse(to: Writer, value: LeaveGroupResponse, version: number): void {
  const flexible = version >= 4;
  if (version >= 1) to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  if (version >= 3) {
    if (flexible) to.compactArrayLength(value.members.length);
    else to.arrayLength(value.members.length);
    for (const each of value.members) writeMemberResponse(to, each, version);
  }
  if (flexible) to.noTags();
}

export function readMemberResponse(from: Reader, version: number): MemberResponse {
  const flexible = version >= 4;
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { memberId, groupInstanceId, errorCode };
}

export function writeMemberResponse(to: Writer, value: MemberResponse, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else to.nullableString(value.groupInstanceId);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export const LeaveGroup: Message<LeaveGroupRequest, LeaveGroupResponse> = {
  key: 13,
  name: "LeaveGroup",
  versions: [0, 5],
  flexibleFrom: 4,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readLeaveGroupRequest,
  writeRequest: writeLeaveGroupRequest,
  readResponse: readLeaveGroupResponse,
  writeResponse: writeLeaveGroupResponse,
};

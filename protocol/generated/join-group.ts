// From kafka-clients-4.3.1.jar: common/message/JoinGroupRequest.json and common/message/JoinGroupResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface JoinGroupRequest {
  groupId: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  memberId: string;
  groupInstanceId: string | null;
  protocolType: string;
  protocols: JoinGroupRequestProtocol[];
  reason: string | null;
}

export interface JoinGroupRequestProtocol {
  name: string;
  metadata: Uint8Array;
}

export function readJoinGroupRequest(from: Reader, version: number): JoinGroupRequest {
  const flexible = version >= 6;
  const groupId = flexible ? from.compactString() : from.string();
  const sessionTimeoutMs = from.int32();
  const rebalanceTimeoutMs = version === 0 ? -1 : from.int32();
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = version <= 4 ? null : version <= 5 ? from.nullableString() : from.compactNullableString();
  const protocolType = flexible ? from.compactString() : from.string();
  const protocols: JoinGroupRequestProtocol[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(6); left > 0; left--) protocols.push(readJoinGroupRequestProtocol(from, version));
  const reason: string | null = version <= 7 ? null : from.compactNullableString();
  if (flexible) from.skipTags();
  return { groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, groupInstanceId, protocolType, protocols, reason };
}

export function writeJoinGroupRequest(to: Writer, value: JoinGroupRequest, version: number): void {
  const flexible = version >= 6;
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  to.int32(value.sessionTimeoutMs);
  if (version >= 1) to.int32(value.rebalanceTimeoutMs);
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else if (version === 5) to.nullableString(value.groupInstanceId);
  if (version <= 4 && value.groupInstanceId !== null) to.unsupported("JoinGroupRequest.groupInstanceId", version);
  if (flexible) to.compactString(value.protocolType);
  else to.string(value.protocolType);
  if (flexible) to.compactArrayLength(value.protocols.length);
  else to.arrayLength(value.protocols.length);
  for (const each of value.protocols) writeJoinGroupRequestProtocol(to, each, version);
  if (version >= 8) to.compactNullableString(value.reason);
  if (flexible) to.noTags();
}

export function readJoinGroupRequestProtocol(from: Reader, version: number): JoinGroupRequestProtocol {
  const flexible = version >= 6;
  const name = flexible ? from.compactString() : from.string();
  const metadata = flexible ? from.compactBytes() : from.bytes();
  if (flexible) from.skipTags();
  return { name, metadata };
}

export function writeJoinGroupRequestProtocol(to: Writer, value: JoinGroupRequestProtocol, version: number): void {
  const flexible = version >= 6;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactBytes(value.metadata);
  else to.bytes(value.metadata);
  if (flexible) to.noTags();
}

export interface JoinGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  generationId: number;
  protocolType: string | null;
  protocolName: string | null;
  leader: string;
  skipAssignment: boolean;
  memberId: string;
  members: JoinGroupResponseMember[];
}

export interface JoinGroupResponseMember {
  memberId: string;
  groupInstanceId: string | null;
  metadata: Uint8Array;
}

export function readJoinGroupResponse(from: Reader, version: number): JoinGroupResponse {
  const flexible = version >= 6;
  const throttleTimeMs = version <= 1 ? 0 : from.int32();
  const errorCode = from.int16();
  const generationId = from.int32();
  const protocolType: string | null = version <= 6 ? null : from.compactNullableString();
  const protocolName: string | null = version <= 5 ? from.string() : version <= 6 ? from.compactString() : from.compactNullableString();
  const leader = flexible ? from.compactString() : from.string();
  const skipAssignment = version <= 8 ? false : from.bool();
  const memberId = flexible ? from.compactString() : from.string();
  const members: JoinGroupResponseMember[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(6); left > 0; left--) members.push(readJoinGroupResponseMember(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, generationId, protocolType, protocolName, leader, skipAssignment, memberId, members };
}

export function writeJoinGroupResponse(to: Writer, value: JoinGroupResponse, version: number): void {
  const flexible = version >= 6;
  if (version >= 2) to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.int32(value.generationId);
  if (version >= 7) to.compactNullableString(value.protocolType);
  if (version >= 7) to.compactNullableString(value.protocolName);
  else if (version === 6) to.compactString(value.protocolName!);
  else to.string(value.protocolName!);
  if (flexible) to.compactString(value.leader);
  else to.string(value.leader);
  if (version === 9) to.bool(value.skipAssignment);
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactArrayLength(value.members.length);
  else to.arrayLength(value.members.length);
  for (const each of value.members) writeJoinGroupResponseMember(to, each, version);
  if (flexible) to.noTags();
}

export function readJoinGroupResponseMember(from: Reader, version: number): JoinGroupResponseMember {
  const flexible = version >= 6;
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = version <= 4 ? null : version <= 5 ? from.nullableString() : from.compactNullableString();
  const metadata = flexible ? from.compactBytes() : from.bytes();
  if (flexible) from.skipTags();
  return { memberId, groupInstanceId, metadata };
}

export function writeJoinGroupResponseMember(to: Writer, value: JoinGroupResponseMember, version: number): void {
  const flexible = version >= 6;
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else if (version === 5) to.nullableString(value.groupInstanceId);
  if (flexible) to.compactBytes(value.metadata);
  else to.bytes(value.metadata);
  if (flexible) to.noTags();
}

export const JoinGroup: Message<JoinGroupRequest, JoinGroupResponse> = {
  key: 11,
  name: "JoinGroup",
  versions: [0, 9],
  flexibleFrom: 6,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readJoinGroupRequest,
  writeRequest: writeJoinGroupRequest,
  readResponse: readJoinGroupResponse,
  writeResponse: writeJoinGroupResponse,
};

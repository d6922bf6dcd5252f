// From kafka-clients-4.3.1.jar: common/message/HeartbeatRequest.json and common/message/HeartbeatResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface HeartbeatRequest {
  groupId: string;
  generationId: number;
  memberId: string;
  groupInstanceId: string | null;
}

export function readHeartbeatRequest(from: Reader, version: number): HeartbeatRequest {
  const flexible = version >= 4;
  const groupId = flexible ? from.compactString() : from.string();
  const generationId = from.int32();
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = version <= 2 ? null : version <= 3 ? from.nullableString() : from.compactNullableString();
  if (flexible) from.skipTags();
  return { groupId, generationId, memberId, groupInstanceId };
}

export function writeHeartbeatRequest(to: Writer, value: HeartbeatRequest, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  to.int32(value.generationId);
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else if (version === 3) to.nullableString(value.groupInstanceId);
  if (version <= 2 && value.groupInstanceId !== null) to.unsupported("HeartbeatRequest.groupInstanceId", version);
  if (flexible) to.noTags();
}

export interface HeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
}

export function readHeartbeatResponse(from: Reader, version: number): HeartbeatResponse {
  const flexible = version >= 4;
  const throttleTimeMs = version === 0 ? 0 : from.int32();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode };
}

export function writeHeartbeatResponse(to: Writer, value: HeartbeatResponse, version: number): void {
  const flexible = version >= 4;
  if (version >= 1) to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export const Heartbeat: Message<HeartbeatRequest, HeartbeatResponse> = {
  key: 12,
  name: "Heartbeat",
  versions: [0, 4],
  flexibleFrom: 4,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readHeartbeatRequest,
  writeRequest: writeHeartbeatRequest,
  readResponse: readHeartbeatResponse,
  writeResponse: writeHeartbeatResponse,
};

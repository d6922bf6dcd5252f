// From kafka-clients-4.3.1.jar: common/message/RemoveRaftVoterRequest.json and common/message/RemoveRaftVoterResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface RemoveRaftVoterRequest {
  clusterId: string | null;
  voterId: number;
  voterDirectoryId: string;
}

export function readRemoveRaftVoterRequest(from: Reader, _version: number): RemoveRaftVoterRequest {
  const clusterId: string | null = from.compactNullableString();
  const voterId = from.int32();
  const voterDirectoryId = from.uuid();
  from.skipTags();
  return { clusterId, voterId, voterDirectoryId };
}

export function writeRemoveRaftVoterRequest(to: Writer, value: RemoveRaftVoterRequest, _version: number): void {
  to.compactNullableString(value.clusterId);
  to.int32(value.voterId);
  to.uuid(value.voterDirectoryId);
  to.noTags();
}

export interface RemoveRaftVoterResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readRemoveRaftVoterResponse(from: Reader, _version: number): RemoveRaftVoterResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage };
}

export function writeRemoveRaftVoterResponse(to: Writer, value: RemoveRaftVoterResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const RemoveRaftVoter: Message<RemoveRaftVoterRequest, RemoveRaftVoterResponse> = {
  key: 81,
  name: "RemoveRaftVoter",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller", "broker"],
  readRequest: readRemoveRaftVoterRequest,
  writeRequest: writeRemoveRaftVoterRequest,
  readResponse: readRemoveRaftVoterResponse,
  writeResponse: writeRemoveRaftVoterResponse,
};

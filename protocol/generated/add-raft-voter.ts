// From kafka-clients-4.3.1.jar: common/message/AddRaftVoterRequest.json and common/message/AddRaftVoterResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AddRaftVoterRequest {
  clusterId: string | null;
  timeoutMs: number;
  voterId: number;
  voterDirectoryId: string;
  listeners: Listener[];
  ackWhenCommitted: boolean;
}

export interface Listener {
  name: string;
  host: string;
  port: number;
}

export function readAddRaftVoterRequest(from: Reader, version: number): AddRaftVoterRequest {
  const clusterId: string | null = from.compactNullableString();
  const timeoutMs = from.int32();
  const voterId = from.int32();
  const voterDirectoryId = from.uuid();
  const listeners: Listener[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) listeners.push(readListener(from, version));
  const ackWhenCommitted = version === 0 ? true : from.bool();
  from.skipTags();
  return { clusterId, timeoutMs, voterId, voterDirectoryId, listeners, ackWhenCommitted };
}

export function writeAddRaftVoterRequest(to: Writer, value: AddRaftVoterRequest, version: number): void {
  to.compactNullableString(value.clusterId);
  to.int32(value.timeoutMs);
  to.int32(value.voterId);
  to.uuid(value.voterDirectoryId);
  to.compactArrayLength(value.listeners.length);
  for (const each of value.listeners) writeListener(to, each, version);
  if (version === 1) to.bool(value.ackWhenCommitted);
  if (version === 0 && !value.ackWhenCommitted) to.unsupported("AddRaftVoterRequest.ackWhenCommitted", version);
  to.noTags();
}

export function readListener(from: Reader, _version: number): Listener {
  const name = from.compactString();
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { name, host, port };
}

export function writeListener(to: Writer, value: Listener, _version: number): void {
  to.compactString(value.name);
  to.compactString(value.host);
  to.uint16(value.port);
  to.noTags();
}

export interface AddRaftVoterResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readAddRaftVoterResponse(from: Reader, _version: number): AddRaftVoterResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage };
}

export function writeAddRaftVoterResponse(to: Writer, value: AddRaftVoterResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const AddRaftVoter: Message<AddRaftVoterRequest, AddRaftVoterResponse> = {
  key: 80,
  name: "AddRaftVoter",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller", "broker"],
  readRequest: readAddRaftVoterRequest,
  writeRequest: writeAddRaftVoterRequest,
  readResponse: readAddRaftVoterResponse,
  writeResponse: writeAddRaftVoterResponse,
};

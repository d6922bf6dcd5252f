// From kafka-clients-4.3.1.jar: common/message/FindCoordinatorRequest.json and common/message/FindCoordinatorResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface FindCoordinatorRequest {
  key: string;
  keyType: number;
  coordinatorKeys: string[];
}

export function readFindCoordinatorRequest(from: Reader, version: number): FindCoordinatorRequest {
  const flexible = version >= 3;
  const key = version <= 2 ? from.string() : version <= 3 ? from.compactString() : "";
  const keyType = version === 0 ? 0 : from.int8();
  const coordinatorKeys: string[] = [];
  for (let left = version <= 3 ? 0 : from.compactArrayLength(1); left > 0; left--) coordinatorKeys.push(from.compactString());
  if (flexible) from.skipTags();
  return { key, keyType, coordinatorKeys };
}

export function writeFindCoordinatorRequest(to: Writer, value: FindCoordinatorRequest, version: number): void {
  const flexible = version >= 3;
  if (version === 3) to.compactString(value.key);
  else if (!flexible) to.string(value.key);
  if (version >= 4 && value.key !== "") to.unsupported("FindCoordinatorRequest.key", version);
  if (version >= 1) to.int8(value.keyType);
  if (version === 0 && value.keyType !== 0) to.unsupported("FindCoordinatorRequest.keyType", version);
  if (version >= 4) {
    to.compactArrayLength(value.coordinatorKeys.length);
    for (const each of value.coordinatorKeys) to.compactString(each);
  }
  if (version <= 3 && value.coordinatorKeys.length !== 0) to.unsupported("FindCoordinatorRequest.coordinatorKeys", version);
  if (flexible) to.noTags();
}

export interface FindCoordinatorResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  nodeId: number;
  host: string;
  port: number;
  coordinators: Coordinator[];
}

export interface Coordinator {
  key: string;
  nodeId: number;
  host: string;
  port: number;
  errorCode: number;
  errorMessage: string | null;
}

export function readFindCoordinatorResponse(from: Reader, version: number): FindCoordinatorResponse {
  const flexible = version >= 3;
  const throttleTimeMs = version === 0 ? 0 : from.int32();
  const errorCode = version <= 3 ? from.int16() : 0;
  const errorMessage: string | null = version === 0 ? "" : version <= 2 ? from.nullableString() : version <= 3 ? from.compactNullableString() : "";
  const nodeId = version <= 3 ? from.int32() : 0;
  const host = version <= 2 ? from.string() : version <= 3 ? from.compactString() : "";
  const port = version <= 3 ? from.int32() : 0;
  const coordinators: Coordinator[] = [];
  for (let left = version <= 3 ? 0 : from.compactArrayLength(14); left > 0; left--) coordinators.push(readCoordinator(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, nodeId, host, port, coordinators };
}

export function writeFindCoordinatorResponse(to: Writer, value: FindCoordinatorResponse, version: number): void {
  const flexible = version >= 3;
  if (version >= 1) to.int32(value.throttleTimeMs);
  if (version <= 3) to.int16(value.errorCode);
  if (version === 3) to.compactNullableString(value.errorMessage);
  else if (version >= 1 && version <= 2) to.nullableString(value.errorMessage);
  if (version <= 3) to.int32(value.nodeId);
  if (version === 3) to.compactString(value.host);
  else if (!flexible) to.string(value.host);
  if (version <= 3) to.int32(value.port);
  if (version >= 4) {
    to.compactArrayLength(value.coordinators.length);
    for (const each of value.coordinators) writeCoordinator(to, each, version);
  }
  if (flexible) to.noTags();
}

export function readCoordinator(from: Reader, _version: number): Coordinator {
  const key = from.compactString();
  const nodeId = from.int32();
  const host = from.compactString();
  const port = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { key, nodeId, host, port, errorCode, errorMessage };
}

export function writeCoordinator(to: Writer, value: Coordinator, _version: number): void {
  to.compactString(value.key);
  to.int32(value.nodeId);
  to.compactString(value.host);
  to.int32(value.port);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const FindCoordinator: Message<FindCoordinatorRequest, FindCoordinatorResponse> = {
  key: 10,
  name: "FindCoordinator",
  versions: [0, 6],
  flexibleFrom: 3,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readFindCoordinatorRequest,
  writeRequest: writeFindCoordinatorRequest,
  readResponse: readFindCoordinatorResponse,
  writeResponse: writeFindCoordinatorResponse,
};

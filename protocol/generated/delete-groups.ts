// From kafka-clients-4.3.1.jar: common/message/DeleteGroupsRequest.json and common/message/DeleteGroupsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DeleteGroupsRequest {
  groupsNames: string[];
}

export function readDeleteGroupsRequest(from: Reader, version: number): DeleteGroupsRequest {
  const flexible = version >= 2;
  const groupsNames: string[] = [];
  for (let left = flexible ? from.compactArrayLength(1) : from.arrayLength(2); left > 0; left--) groupsNames.push(flexible ? from.compactString() : from.string());
  if (flexible) from.skipTags();
  return { groupsNames };
}

export function writeDeleteGroupsRequest(to: Writer, value: DeleteGroupsRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) {
    to.compactArrayLength(value.groupsNames.length);
    for (const each of value.groupsNames) to.compactString(each);
  }
  else {
    to.arrayLength(value.groupsNames.length);
    for (const each of value.groupsNames) to.string(each);
  }
  if (flexible) to.noTags();
}

export interface DeleteGroupsResponse {
  throttleTimeMs: number;
  results: DeletableGroupResult[];
}

export interface DeletableGroupResult {
  groupId: string;
  errorCode: number;
}

export function readDeleteGroupsResponse(from: Reader, version: number): DeleteGroupsResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const results: DeletableGroupResult[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) results.push(readDeletableGroupResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, results };
}

export function writeDeleteGroupsResponse(to: Writer, value: DeleteGroupsResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.results.length);
  else to.arrayLength(value.results.length);
  for (const each of value.results) writeDeletableGroupResult(to, each, version);
  if (flexible) to.noTags();
}

export function readDeletableGroupResult(from: Reader, version: number): DeletableGroupResult {
  const flexible = version >= 2;
  const groupId = flexible ? from.compactString() : from.string();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { groupId, errorCode };
}

export function writeDeletableGroupResult(to: Writer, value: DeletableGroupResult, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export const DeleteGroups: Message<DeleteGroupsRequest, DeleteGroupsResponse> = {
  key: 42,
  name: "DeleteGroups",
  versions: [0, 2],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDeleteGroupsRequest,
  writeRequest: writeDeleteGroupsRequest,
  readResponse: readDeleteGroupsResponse,
  writeResponse: writeDeleteGroupsResponse,
};

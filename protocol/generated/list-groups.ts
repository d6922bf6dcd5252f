// From kafka-clients-4.3.1.jar: common/message/ListGroupsRequest.json and common/message/ListGroupsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ListGroupsRequest {
  statesFilter: string[];
  typesFilter: string[];
}

export function readListGroupsRequest(from: Reader, version: number): ListGroupsRequest {
  const flexible = version >= 3;
  const statesFilter: string[] = [];
  for (let left = version <= 3 ? 0 : from.compactArrayLength(1); left > 0; left--) statesFilter.push(from.compactString());
  const typesFilter: string[] = [];
  for (let left = version <= 4 ? 0 : from.compactArrayLength(1); left > 0; left--) typesFilter.push(from.compactString());
  if (flexible) from.skipTags();
  return { statesFilter, typesFilter };
}

export function writeListGroupsRequest(to: Writer, value: ListGroupsRequest, version: number): void {
  const flexible = version >= 3;
  if (version >= 4) {
    to.compactArrayLength(value.statesFilter.length);
    for (const each of value.statesFilter) to.compactString(each);
  }
  if (version <= 3 && value.statesFilter.length !== 0) to.unsupported("ListGroupsRequest.statesFilter", version);
  if (version === 5) {
    to.compactArrayLength(value.typesFilter.length);
    for (const each of value.typesFilter) to.compactString(each);
  }
  if (version <= 4 && value.typesFilter.length !== 0) to.unsupported("ListGroupsRequest.typesFilter", version);
  if (flexible) to.noTags();
}

export interface ListGroupsResponse {
  throttleTimeMs: number;
  errorCode: number;
  groups: ListedGroup[];
}

export interface ListedGroup {
  groupId: string;
  protocolType: string;
  groupState: string;
  groupType: string;
}

export function readListGroupsResponse(from: Reader, version: number): ListGroupsResponse {
  const flexible = version >= 3;
  const throttleTimeMs = version === 0 ? 0 : from.int32();
  const errorCode = from.int16();
  const groups: ListedGroup[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(4); left > 0; left--) groups.push(readListedGroup(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, groups };
}

export function writeListGroupsResponse(to: Writer, value: ListGroupsResponse, version: number): void {
  const flexible = version >= 3;
  if (version >= 1) to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  if (flexible) to.compactArrayLength(value.groups.length);
  else to.arrayLength(value.groups.length);
  for (const each of value.groups) writeListedGroup(to, each, version);
  if (flexible) to.noTags();
}

export function readListedGroup(from: Reader, version: number): ListedGroup {
  const flexible = version >= 3;
  const groupId = flexible ? from.compactString() : from.string();
  const protocolType = flexible ? from.compactString() : from.string();
  const groupState = version <= 3 ? "" : from.compactString();
  const groupType = version <= 4 ? "" : from.compactString();
  if (flexible) from.skipTags();
  return { groupId, protocolType, groupState, groupType };
}

export function writeListedGroup(to: Writer, value: ListedGroup, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  if (flexible) to.compactString(value.protocolType);
  else to.string(value.protocolType);
  if (version >= 4) to.compactString(value.groupState);
  if (version === 5) to.compactString(value.groupType);
  if (flexible) to.noTags();
}

export const ListGroups: Message<ListGroupsRequest, ListGroupsResponse> = {
  key: 16,
  name: "ListGroups",
  versions: [0, 5],
  flexibleFrom: 3,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readListGroupsRequest,
  writeRequest: writeListGroupsRequest,
  readResponse: readListGroupsResponse,
  writeResponse: writeListGroupsResponse,
};

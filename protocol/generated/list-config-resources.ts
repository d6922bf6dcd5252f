// From kafka-clients-4.3.1.jar: common/message/ListConfigResourcesRequest.json and common/message/ListConfigResourcesResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ListConfigResourcesRequest {
  resourceTypes: number[];
}

export function readListConfigResourcesRequest(from: Reader, version: number): ListConfigResourcesRequest {
  const resourceTypes: number[] = [];
  for (let left = version === 0 ? 0 : from.compactArrayLength(1); left > 0; left--) resourceTypes.push(from.int8());
  from.skipTags();
  return { resourceTypes };
}

export function writeListConfigResourcesRequest(to: Writer, value: ListConfigResourcesRequest, version: number): void {
  if (version === 1) {
    to.compactArrayLength(value.resourceTypes.length);
    for (const each of value.resourceTypes) to.int8(each);
  }
  if (version === 0 && value.resourceTypes.length !== 0) to.unsupported("ListConfigResourcesRequest.resourceTypes", version);
  to.noTags();
}

export interface ListConfigResourcesResponse {
  throttleTimeMs: number;
  errorCode: number;
  configResources: ConfigResource[];
}

export interface ConfigResource {
  resourceName: string;
  resourceType: number;
}

export function readListConfigResourcesResponse(from: Reader, version: number): ListConfigResourcesResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const configResources: ConfigResource[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) configResources.push(readConfigResource(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, configResources };
}

export function writeListConfigResourcesResponse(to: Writer, value: ListConfigResourcesResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactArrayLength(value.configResources.length);
  for (const each of value.configResources) writeConfigResource(to, each, version);
  to.noTags();
}

export function readConfigResource(from: Reader, version: number): ConfigResource {
  const resourceName = from.compactString();
  const resourceType = version === 0 ? 16 : from.int8();
  from.skipTags();
  return { resourceName, resourceType };
}

export function writeConfigResource(to: Writer, value: ConfigResource, version: number): void {
  to.compactString(value.resourceName);
  if (version === 1) to.int8(value.resourceType);
  to.noTags();
}

export const ListConfigResources: Message<ListConfigResourcesRequest, ListConfigResourcesResponse> = {
  key: 74,
  name: "ListConfigResources",
  versions: [0, 1],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readListConfigResourcesRequest,
  writeRequest: writeListConfigResourcesRequest,
  readResponse: readListConfigResourcesResponse,
  writeResponse: writeListConfigResourcesResponse,
};

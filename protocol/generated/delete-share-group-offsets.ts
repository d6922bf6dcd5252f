// From kafka-clients-4.3.1.jar: common/message/DeleteShareGroupOffsetsRequest.json and common/message/DeleteShareGroupOffsetsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DeleteShareGroupOffsetsRequest {
  groupId: string;
  topics: DeleteShareGroupOffsetsRequestTopic[];
}

export interface DeleteShareGroupOffsetsRequestTopic {
  topicName: string;
}

export function readDeleteShareGroupOffsetsRequest(from: Reader, version: number): DeleteShareGroupOffsetsRequest {
  const groupId = from.compactString();
  const topics: DeleteShareGroupOffsetsRequestTopic[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) topics.push(readDeleteShareGroupOffsetsRequestTopic(from, version));
  from.skipTags();
  return { groupId, topics };
}

export function writeDeleteShareGroupOffsetsRequest(to: Writer, value: DeleteShareGroupOffsetsRequest, version: number): void {
  to.compactString(value.groupId);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeDeleteShareGroupOffsetsRequestTopic(to, each, version);
  to.noTags();
}

export function readDeleteShareGroupOffsetsRequestTopic(from: Reader, _version: number): DeleteShareGroupOffsetsRequestTopic {
  const topicName = from.compactString();
  from.skipTags();
  return { topicName };
}

export function writeDeleteShareGroupOffsetsRequestTopic(to: Writer, value: DeleteShareGroupOffsetsRequestTopic, _version: number): void {
  to.compactString(value.topicName);
  to.noTags();
}

export interface DeleteShareGroupOffsetsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  responses: DeleteShareGroupOffsetsResponseTopic[];
}

export interface DeleteShareGroupOffsetsResponseTopic {
  topicName: string;
  topicId: string;
  errorCode: number;
  errorMessage: string | null;
}

export function readDeleteShareGroupOffsetsResponse(from: Reader, version: number): DeleteShareGroupOffsetsResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const responses: DeleteShareGroupOffsetsResponseTopic[] = [];
  for (let left = from.compactArrayLength(21); left > 0; left--) responses.push(readDeleteShareGroupOffsetsResponseTopic(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, responses };
}

export function writeDeleteShareGroupOffsetsResponse(to: Writer, value: DeleteShareGroupOffsetsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactArrayLength(value.responses.length);
  for (const each of value.responses) writeDeleteShareGroupOffsetsResponseTopic(to, each, version);
  to.noTags();
}

export function readDeleteShareGroupOffsetsResponseTopic(from: Reader, _version: number): DeleteShareGroupOffsetsResponseTopic {
  const topicName = from.compactString();
  const topicId = from.uuid();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { topicName, topicId, errorCode, errorMessage };
}

export function writeDeleteShareGroupOffsetsResponseTopic(to: Writer, value: DeleteShareGroupOffsetsResponseTopic, _version: number): void {
  to.compactString(value.topicName);
  to.uuid(value.topicId);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const DeleteShareGroupOffsets: Message<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse> = {
  key: 92,
  name: "DeleteShareGroupOffsets",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDeleteShareGroupOffsetsRequest,
  writeRequest: writeDeleteShareGroupOffsetsRequest,
  readResponse: readDeleteShareGroupOffsetsResponse,
  writeResponse: writeDeleteShareGroupOffsetsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/DeleteTopicsRequest.json and common/message/DeleteTopicsResponse.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DeleteTopicsRequest {
  topics: DeleteTopicState[];
  topicNames: string[];
  timeoutMs: number;
}

export interface DeleteTopicState {
  name: string | null;
  topicId: string;
}

export function readDeleteTopicsRequest(from: Reader, version: number): DeleteTopicsRequest {
  const flexible = version >= 4;
  const topics: DeleteTopicState[] = [];
  for (let left = version <= 5 ? 0 : from.compactArrayLength(18); left > 0; left--) topics.push(readDeleteTopicState(from, version));
  const topicNames: string[] = [];
  for (let left = version <= 3 ? from.arrayLength(2) : version <= 5 ? from.compactArrayLength(1) : 0; left > 0; left--) topicNames.push(flexible ? from.compactString() : from.string());
  const timeoutMs = from.int32();
  if (flexible) from.skipTags();
  return { topics, topicNames, timeoutMs };
}

export function writeDeleteTopicsRequest(to: Writer, value: DeleteTopicsRequest, version: number): void {
  const flexible = version >= 4;
  if (version === 6) {
    to.compactArrayLength(value.topics.length);
    for (const each of value.topics) writeDeleteTopicState(to, each, version);
  }
  if (version <= 5 && value.topics.length !== 0) to.unsupported("DeleteTopicsRequest.topics", version);
  if (version >= 4 && version <= 5) {
    to.compactArrayLength(value.topicNames.length);
    for (const each of value.topicNames) to.compactString(each);
  }
  else if (!flexible) {
    to.arrayLength(value.topicNames.length);
    for (const each of value.topicNames) to.string(each);
  }
  to.int32(value.timeoutMs);
  if (flexible) to.noTags();
}

export function readDeleteTopicState(from: Reader, _version: number): DeleteTopicState {
  const name: string | null = from.compactNullableString();
  const topicId = from.uuid();
  from.skipTags();
  return { name, topicId };
}

export function writeDeleteTopicState(to: Writer, value: DeleteTopicState, _version: number): void {
  to.compactNullableString(value.name);
  to.uuid(value.topicId);
  to.noTags();
}

export interface DeleteTopicsResponse {
  throttleTimeMs: number;
  responses: DeletableTopicResult[];
}

export interface DeletableTopicResult {
  name: string | null;
  topicId: string;
  errorCode: number;
  errorMessage: string | null;
}

export function readDeleteTopicsResponse(from: Reader, version: number): DeleteTopicsResponse {
  const flexible = version >= 4;
  const throttleTimeMs = from.int32();
  const responses: DeletableTopicResult[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) responses.push(readDeletableTopicResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, responses };
}

export function writeDeleteTopicsResponse(to: Writer, value: DeleteTopicsResponse, version: number): void {
  const flexible = version >= 4;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.responses.length);
  else to.arrayLength(value.responses.length);
  for (const each of value.responses) writeDeletableTopicResult(to, each, version);
  if (flexible) to.noTags();
}

export function readDeletableTopicResult(from: Reader, version: number): DeletableTopicResult {
  const flexible = version >= 4;
  const name: string | null = version <= 3 ? from.string() : version <= 5 ? from.compactString() : from.compactNullableString();
  const topicId = version <= 5 ? ZERO_UUID : from.uuid();
  const errorCode = from.int16();
  const errorMessage: string | null = version <= 4 ? null : from.compactNullableString();
  if (flexible) from.skipTags();
  return { name, topicId, errorCode, errorMessage };
}

export function writeDeletableTopicResult(to: Writer, value: DeletableTopicResult, version: number): void {
  const flexible = version >= 4;
  if (version === 6) to.compactNullableString(value.name);
  else if (version >= 4 && version <= 5) to.compactString(value.name!);
  else to.string(value.name!);
  if (version === 6) to.uuid(value.topicId);
  to.int16(value.errorCode);
  if (version >= 5) to.compactNullableString(value.errorMessage);
  if (flexible) to.noTags();
}

export const DeleteTopics: Message<DeleteTopicsRequest, DeleteTopicsResponse> = {
  key: 20,
  name: "DeleteTopics",
  versions: [1, 6],
  flexibleFrom: 4,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readDeleteTopicsRequest,
  writeRequest: writeDeleteTopicsRequest,
  readResponse: readDeleteTopicsResponse,
  writeResponse: writeDeleteTopicsResponse,
};

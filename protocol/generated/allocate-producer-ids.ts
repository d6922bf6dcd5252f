// From kafka-clients-4.3.1.jar: common/message/AllocateProducerIdsRequest.json and common/message/AllocateProducerIdsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AllocateProducerIdsRequest {
  brokerId: number;
  brokerEpoch: number;
}

export function readAllocateProducerIdsRequest(from: Reader, _version: number): AllocateProducerIdsRequest {
  const brokerId = from.int32();
  const brokerEpoch = from.int64();
  from.skipTags();
  return { brokerId, brokerEpoch };
}

export function writeAllocateProducerIdsRequest(to: Writer, value: AllocateProducerIdsRequest, _version: number): void {
  to.int32(value.brokerId);
  to.int64(value.brokerEpoch);
  to.noTags();
}

export interface AllocateProducerIdsResponse {
  throttleTimeMs: number;
  errorCode: number;
  producerIdStart: number;
  producerIdLen: number;
}

export function readAllocateProducerIdsResponse(from: Reader, _version: number): AllocateProducerIdsResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const producerIdStart = from.int64();
  const producerIdLen = from.int32();
  from.skipTags();
  return { throttleTimeMs, errorCode, producerIdStart, producerIdLen };
}

export function writeAllocateProducerIdsResponse(to: Writer, value: AllocateProducerIdsResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.int64(value.producerIdStart);
  to.int32(value.producerIdLen);
  to.noTags();
}

export const AllocateProducerIds: Message<AllocateProducerIdsRequest, AllocateProducerIdsResponse> = {
  key: 67,
  name: "AllocateProducerIds",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readAllocateProducerIdsRequest,
  writeRequest: writeAllocateProducerIdsRequest,
  readResponse: readAllocateProducerIdsResponse,
  writeResponse: writeAllocateProducerIdsResponse,
};

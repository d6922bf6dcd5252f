// From kafka-clients-4.3.1.jar: common/message/EndTxnRequest.json and common/message/EndTxnResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface EndTxnRequest {
  transactionalId: string;
  producerId: number;
  producerEpoch: number;
  committed: boolean;
}

export function readEndTxnRequest(from: Reader, version: number): EndTxnRequest {
  const flexible = version >= 3;
  const transactionalId = flexible ? from.compactString() : from.string();
  const producerId = from.int64();
  const producerEpoch = from.int16();
  const committed = from.bool();
  if (flexible) from.skipTags();
  return { transactionalId, producerId, producerEpoch, committed };
}

export function writeEndTxnRequest(to: Writer, value: EndTxnRequest, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.transactionalId);
  else to.string(value.transactionalId);
  to.int64(value.producerId);
  to.int16(value.producerEpoch);
  to.bool(value.committed);
  if (flexible) to.noTags();
}

export interface EndTxnResponse {
  throttleTimeMs: number;
  errorCode: number;
  producerId: number;
  producerEpoch: number;
}

export function readEndTxnResponse(from: Reader, version: number): EndTxnResponse {
  const flexible = version >= 3;
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const producerId = version <= 4 ? -1 : from.int64();
  const producerEpoch = version <= 4 ? -1 : from.int16();
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, producerId, producerEpoch };
}

export function writeEndTxnResponse(to: Writer, value: EndTxnResponse, version: number): void {
  const flexible = version >= 3;
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  if (version === 5) to.int64(value.producerId);
  if (version === 5) to.int16(value.producerEpoch);
  if (flexible) to.noTags();
}

export const EndTxn: Message<EndTxnRequest, EndTxnResponse> = {
  key: 26,
  name: "EndTxn",
  versions: [0, 5],
  flexibleFrom: 3,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readEndTxnRequest,
  writeRequest: writeEndTxnRequest,
  readResponse: readEndTxnResponse,
  writeResponse: writeEndTxnResponse,
};

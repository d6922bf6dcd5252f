// From kafka-clients-4.3.1.jar: common/message/AddOffsetsToTxnRequest.json and common/message/AddOffsetsToTxnResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AddOffsetsToTxnRequest {
  transactionalId: string;
  producerId: number;
  producerEpoch: number;
  groupId: string;
}

export function readAddOffsetsToTxnRequest(from: Reader, version: number): AddOffsetsToTxnRequest {
  const flexible = version >= 3;
  const transactionalId = flexible ? from.compactString() : from.string();
  const producerId = from.int64();
  const producerEpoch = from.int16();
  const groupId = flexible ? from.compactString() : from.string();
  if (flexible) from.skipTags();
  return { transactionalId, producerId, producerEpoch, groupId };
}

export function writeAddOffsetsToTxnRequest(to: Writer, value: AddOffsetsToTxnRequest, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.transactionalId);
  else to.string(value.transactionalId);
  to.int64(value.producerId);
  to.int16(value.producerEpoch);
  if (flexible) to.compactString(value.groupId);
  else to.string(value.groupId);
  if (flexible) to.noTags();
}

export interface AddOffsetsToTxnResponse {
  throttleTimeMs: number;
  errorCode: number;
}

export function readAddOffsetsToTxnResponse(from: Reader, version: number): AddOffsetsToTxnResponse {
  const flexible = version >= 3;
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode };
}

export function writeAddOffsetsToTxnResponse(to: Writer, value: AddOffsetsToTxnResponse, version: number): void {
  const flexible = version >= 3;
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  if (flexible) to.noTags();
}

export const AddOffsetsToTxn: Message<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> = {
  key: 25,
  name: "AddOffsetsToTxn",
  versions: [0, 4],
  flexibleFrom: 3,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readAddOffsetsToTxnRequest,
  writeRequest: writeAddOffsetsToTxnRequest,
  readResponse: readAddOffsetsToTxnResponse,
  writeResponse: writeAddOffsetsToTxnResponse,
};

// From kafka-clients-4.3.1.jar: common/message/InitProducerIdRequest.json and common/message/InitProducerIdResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface InitProducerIdRequest {
  transactionalId: string | null;
  transactionTimeoutMs: number;
  producerId: number;
  producerEpoch: number;
  enable2Pc: boolean;
  keepPreparedTxn: boolean;
}

export function readInitProducerIdRequest(from: Reader, version: number): InitProducerIdRequest {
  const flexible = version >= 2;
  const transactionalId: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const transactionTimeoutMs = from.int32();
  const producerId = version <= 2 ? -1 : from.int64();
  const producerEpoch = version <= 2 ? -1 : from.int16();
  const enable2Pc = version <= 5 ? false : from.bool();
  const keepPreparedTxn = version <= 5 ? false : from.bool();
  if (flexible) from.skipTags();
  return { transactionalId, transactionTimeoutMs, producerId, producerEpoch, enable2Pc, keepPreparedTxn };
}

export function writeInitProducerIdRequest(to: Writer, value: InitProducerIdRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactNullableString(value.transactionalId);
  else to.nullableString(value.transactionalId);
  to.int32(value.transactionTimeoutMs);
  if (version >= 3) to.int64(value.producerId);
  if (version <= 2 && value.producerId !== -1) to.unsupported("InitProducerIdRequest.producerId", version);
  if (version >= 3) to.int16(value.producerEpoch);
  if (version <= 2 && value.producerEpoch !== -1) to.unsupported("InitProducerIdRequest.producerEpoch", version);
  if (version === 6) to.bool(value.enable2Pc);
  if (version <= 5 && value.enable2Pc) to.unsupported("InitProducerIdRequest.enable2Pc", version);
  if (version === 6) to.bool(value.keepPreparedTxn);
  if (version <= 5 && value.keepPreparedTxn) to.unsupported("InitProducerIdRequest.keepPreparedTxn", version);
  if (flexible) to.noTags();
}

export interface InitProducerIdResponse {
  throttleTimeMs: number;
  errorCode: number;
  producerId: number;
  producerEpoch: number;
  ongoingTxnProducerId: number;
  ongoingTxnProducerEpoch: number;
}

export function readInitProducerIdResponse(from: Reader, version: number): InitProducerIdResponse {
  const flexible = version >= 2;
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const producerId = from.int64();
  const producerEpoch = from.int16();
  const ongoingTxnProducerId = version <= 5 ? -1 : from.int64();
  const ongoingTxnProducerEpoch = version <= 5 ? -1 : from.int16();
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, producerId, producerEpoch, ongoingTxnProducerId, ongoingTxnProducerEpoch };
}

export function writeInitProducerIdResponse(to: Writer, value: InitProducerIdResponse, version: number): void {
  const flexible = version >= 2;
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.int64(value.producerId);
  to.int16(value.producerEpoch);
  if (version === 6) to.int64(value.ongoingTxnProducerId);
  if (version === 6) to.int16(value.ongoingTxnProducerEpoch);
  if (flexible) to.noTags();
}

export const InitProducerId: Message<InitProducerIdRequest, InitProducerIdResponse> = {
  key: 22,
  name: "InitProducerId",
  versions: [0, 6],
  flexibleFrom: 2,
  latestVersionUnstable: true,
  listeners: ["broker"],
  readRequest: readInitProducerIdRequest,
  writeRequest: writeInitProducerIdRequest,
  readResponse: readInitProducerIdResponse,
  writeResponse: writeInitProducerIdResponse,
};

// From kafka-clients-4.3.1.jar: common/message/ListTransactionsRequest.json and common/message/ListTransactionsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface ListTransactionsRequest {
  stateFilters: string[];
  producerIdFilters: number[];
  durationFilter: number;
  transactionalIdPattern: string | null;
}

export function readListTransactionsRequest(from: Reader, version: number): ListTransactionsRequest {
  const stateFilters: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) stateFilters.push(from.compactString());
  const producerIdFilters: number[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) producerIdFilters.push(from.int64());
  const durationFilter = version === 0 ? -1 : from.int64();
  const transactionalIdPattern: string | null = version <= 1 ? null : from.compactNullableString();
  from.skipTags();
  return { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern };
}

export function writeListTransactionsRequest(to: Writer, value: ListTransactionsRequest, version: number): void {
  to.compactArrayLength(value.stateFilters.length);
  for (const each of value.stateFilters) to.compactString(each);
  to.compactArrayLength(value.producerIdFilters.length);
  for (const each of value.producerIdFilters) to.int64(each);
  if (version >= 1) to.int64(value.durationFilter);
  if (version === 0 && value.durationFilter !== -1) to.unsupported("ListTransactionsRequest.durationFilter", version);
  if (version === 2) to.compactNullableString(value.transactionalIdPattern);
  if (version <= 1 && value.transactionalIdPattern !== null) to.unsupported("ListTransactionsRequest.transactionalIdPattern", version);
  to.noTags();
}

export interface ListTransactionsResponse {
  throttleTimeMs: number;
  errorCode: number;
  unknownStateFilters: string[];
  transactionStates: TransactionState[];
}

export interface TransactionState {
  transactionalId: string;
  producerId: number;
  transactionState: string;
}

export function readListTransactionsResponse(from: Reader, version: number): ListTransactionsResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const unknownStateFilters: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) unknownStateFilters.push(from.compactString());
  const transactionStates: TransactionState[] = [];
  for (let left = from.compactArrayLength(11); left > 0; left--) transactionStates.push(readTransactionState(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, unknownStateFilters, transactionStates };
}

export function writeListTransactionsResponse(to: Writer, value: ListTransactionsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactArrayLength(value.unknownStateFilters.length);
  for (const each of value.unknownStateFilters) to.compactString(each);
  to.compactArrayLength(value.transactionStates.length);
  for (const each of value.transactionStates) writeTransactionState(to, each, version);
  to.noTags();
}

export function readTransactionState(from: Reader, _version: number): TransactionState {
  const transactionalId = from.compactString();
  const producerId = from.int64();
  const transactionState = from.compactString();
  from.skipTags();
  return { transactionalId, producerId, transactionState };
}

export function writeTransactionState(to: Writer, value: TransactionState, _version: number): void {
  to.compactString(value.transactionalId);
  to.int64(value.producerId);
  to.compactString(value.transactionState);
  to.noTags();
}

export const ListTransactions: Message<ListTransactionsRequest, ListTransactionsResponse> = {
  key: 66,
  name: "ListTransactions",
  versions: [0, 2],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readListTransactionsRequest,
  writeRequest: writeListTransactionsRequest,
  readResponse: readListTransactionsResponse,
  writeResponse: writeListTransactionsResponse,
};

// From kafka-clients-4.3.1.jar: common/message/AddPartitionsToTxnRequest.json and common/message/AddPartitionsToTxnResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AddPartitionsToTxnRequest {
  transactions: AddPartitionsToTxnTransaction[];
  v3AndBelowTransactionalId: string;
  v3AndBelowProducerId: number;
  v3AndBelowProducerEpoch: number;
  v3AndBelowTopics: AddPartitionsToTxnTopic[];
}

export interface AddPartitionsToTxnTransaction {
  transactionalId: string;
  producerId: number;
  producerEpoch: number;
  verifyOnly: boolean;
  topics: AddPartitionsToTxnTopic[];
}

export interface AddPartitionsToTxnTopic {
  name: string;
  partitions: number[];
}

export function readAddPartitionsToTxnRequest(from: Reader, version: number): AddPartitionsToTxnRequest {
  const flexible = version >= 3;
  const transactions: AddPartitionsToTxnTransaction[] = [];
  for (let left = version <= 3 ? 0 : from.compactArrayLength(14); left > 0; left--) transactions.push(readAddPartitionsToTxnTransaction(from, version));
  const v3AndBelowTransactionalId = version <= 2 ? from.string() : version <= 3 ? from.compactString() : "";
  const v3AndBelowProducerId = version <= 3 ? from.int64() : 0;
  const v3AndBelowProducerEpoch = version <= 3 ? from.int16() : 0;
  const v3AndBelowTopics: AddPartitionsToTxnTopic[] = [];
  for (let left = version <= 2 ? from.arrayLength(6) : version <= 3 ? from.compactArrayLength(3) : 0; left > 0; left--) v3AndBelowTopics.push(readAddPartitionsToTxnTopic(from, version));
  if (flexible) from.skipTags();
  return { transactions, v3AndBelowTransactionalId, v3AndBelowProducerId, v3AndBelowProducerEpoch, v3AndBelowTopics };
}

export function writeAddPartitionsToTxnRequest(to: Writer, value: AddPartitionsToTxnRequest, version: number): void {
  const flexible = version >= 3;
  if (version >= 4) {
    to.compactArrayLength(value.transactions.length);
    for (const each of value.transactions) writeAddPartitionsToTxnTransaction(to, each, version);
  }
  if (version <= 3 && value.transactions.length !== 0) to.unsupported("AddPartitionsToTxnRequest.transactions", version);
  if (version === 3) to.compactString(value.v3AndBelowTransactionalId);
  else if (!flexible) to.string(value.v3AndBelowTransactionalId);
  if (version >= 4 && value.v3AndBelowTransactionalId !== "") to.unsupported("AddPartitionsToTxnRequest.v3AndBelowTransactionalId", version);
  if (version <= 3) to.int64(value.v3AndBelowProducerId);
  if (version >= 4 && value.v3AndBelowProducerId !== 0) to.unsupported("AddPartitionsToTxnRequest.v3AndBelowProducerId", version);
  if (version <= 3) to.int16(value.v3AndBelowProducerEpoch);
  if (version >= 4 && value.v3AndBelowProducerEpoch !== 0) to.unsupported("AddPartitionsToTxnRequest.v3AndBelowProducerEpoch", version);
  if (version <= 3) {
    if (flexible) to.compactArrayLength(value.v3AndBelowTopics.length);
    else to.arrayLength(value.v3AndBelowTopics.length);
    for (const each of value.v3AndBelowTopics) writeAddPartitionsToTxnTopic(to, each, version);
  }
  if (version >= 4 && value.v3AndBelowTopics.length !== 0) to.unsupported("AddPartitionsToTxnRequest.v3AndBelowTopics", version);
  if (flexible) to.noTags();
}

export function readAddPartitionsToTxnTransaction(from: Reader, version: number): AddPartitionsToTxnTransaction {
  const transactionalId = from.compactString();
  const producerId = from.int64();
  const producerEpoch = from.int16();
  const verifyOnly = from.bool();
  const topics: AddPartitionsToTxnTopic[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topics.push(readAddPartitionsToTxnTopic(from, version));
  from.skipTags();
  return { transactionalId, producerId, producerEpoch, verifyOnly, topics };
}

export function writeAddPartitionsToTxnTransaction(to: Writer, value: AddPartitionsToTxnTransaction, version: number): void {
  to.compactString(value.transactionalId);
  to.int64(value.producerId);
  to.int16(value.producerEpoch);
  to.bool(value.verifyOnly);
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeAddPartitionsToTxnTopic(to, each, version);
  to.noTags();
}

export function readAddPartitionsToTxnTopic(from: Reader, version: number): AddPartitionsToTxnTopic {
  const flexible = version >= 3;
  const name = flexible ? from.compactString() : from.string();
  const partitions: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) partitions.push(from.int32());
  if (flexible) from.skipTags();
  return { name, partitions };
}

export function writeAddPartitionsToTxnTopic(to: Writer, value: AddPartitionsToTxnTopic, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.partitions.length);
  else to.arrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  if (flexible) to.noTags();
}

export interface AddPartitionsToTxnResponse {
  throttleTimeMs: number;
  errorCode: number;
  resultsByTransaction: AddPartitionsToTxnResult[];
  resultsByTopicV3AndBelow: AddPartitionsToTxnTopicResult[];
}

export interface AddPartitionsToTxnResult {
  transactionalId: string;
  topicResults: AddPartitionsToTxnTopicResult[];
}

export interface AddPartitionsToTxnTopicResult {
  name: string;
  resultsByPartition: AddPartitionsToTxnPartitionResult[];
}

export interface AddPartitionsToTxnPartitionResult {
  partitionIndex: number;
  partitionErrorCode: number;
}

export function readAddPartitionsToTxnResponse(from: Reader, version: number): AddPartitionsToTxnResponse {
  const flexible = version >= 3;
  const throttleTimeMs = from.int32();
  const errorCode = version <= 3 ? 0 : from.int16();
  const resultsByTransaction: AddPartitionsToTxnResult[] = [];
  for (let left = version <= 3 ? 0 : from.compactArrayLength(3); left > 0; left--) resultsByTransaction.push(readAddPartitionsToTxnResult(from, version));
  const resultsByTopicV3AndBelow: AddPartitionsToTxnTopicResult[] = [];
  for (let left = version <= 2 ? from.arrayLength(6) : version <= 3 ? from.compactArrayLength(3) : 0; left > 0; left--) resultsByTopicV3AndBelow.push(readAddPartitionsToTxnTopicResult(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, resultsByTransaction, resultsByTopicV3AndBelow };
}

export function writeAddPartitionsToTxnResponse(to: Writer, value: AddPartitionsToTxnResponse, version: number): void {
  const flexible = version >= 3;
  to.int32(value.throttleTimeMs);
  if (version >= 4) to.int16(value.errorCode);
  if (version >= 4) {
    to.compactArrayLength(value.resultsByTransaction.length);
    for (const each of value.resultsByTransaction) writeAddPartitionsToTxnResult(to, each, version);
  }
  if (version <= 3) {
    if (flexible) to.compactArrayLength(value.resultsByTopicV3AndBelow.length);
    else to.arrayLength(value.resultsByTopicV3AndBelow.length);
    for (const each of value.resultsByTopicV3AndBelow) writeAddPartitionsToTxnTopicResult(to, each, version);
  }
  if (flexible) to.noTags();
}

export function readAddPartitionsToTxnResult(from: Reader, version: number): AddPartitionsToTxnResult {
  const transactionalId = from.compactString();
  const topicResults: AddPartitionsToTxnTopicResult[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topicResults.push(readAddPartitionsToTxnTopicResult(from, version));
  from.skipTags();
  return { transactionalId, topicResults };
}

export function writeAddPartitionsToTxnResult(to: Writer, value: AddPartitionsToTxnResult, version: number): void {
  to.compactString(value.transactionalId);
  to.compactArrayLength(value.topicResults.length);
  for (const each of value.topicResults) writeAddPartitionsToTxnTopicResult(to, each, version);
  to.noTags();
}

export function readAddPartitionsToTxnTopicResult(from: Reader, version: number): AddPartitionsToTxnTopicResult {
  const flexible = version >= 3;
  const name = flexible ? from.compactString() : from.string();
  const resultsByPartition: AddPartitionsToTxnPartitionResult[] = [];
  for (let left = flexible ? from.compactArrayLength(7) : from.arrayLength(6); left > 0; left--) resultsByPartition.push(readAddPartitionsToTxnPartitionResult(from, version));
  if (flexible) from.skipTags();
  return { name, resultsByPartition };
}

export function writeAddPartitionsToTxnTopicResult(to: Writer, value: AddPartitionsToTxnTopicResult, version: number): void {
  const flexible = version >= 3;
  if (flexible) to.compactString(value.name);
  else to.string(value.name);
  if (flexible) to.compactArrayLength(value.resultsByPartition.length);
  else to.arrayLength(value.resultsByPartition.length);
  for (const each of value.resultsByPartition) writeAddPartitionsToTxnPartitionResult(to, each, version);
  if (flexible) to.noTags();
}

export function readAddPartitionsToTxnPartitionResult(from: Reader, version: number): AddPartitionsToTxnPartitionResult {
  const flexible = version >= 3;
  const partitionIndex = from.int32();
  const partitionErrorCode = from.int16();
  if (flexible) from.skipTags();
  return { partitionIndex, partitionErrorCode };
}

export function writeAddPartitionsToTxnPartitionResult(to: Writer, value: AddPartitionsToTxnPartitionResult, version: number): void {
  const flexible = version >= 3;
  to.int32(value.partitionIndex);
  to.int16(value.partitionErrorCode);
  if (flexible) to.noTags();
}

export const AddPartitionsToTxn: Message<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> = {
  key: 24,
  name: "AddPartitionsToTxn",
  versions: [0, 5],
  flexibleFrom: 3,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readAddPartitionsToTxnRequest,
  writeRequest: writeAddPartitionsToTxnRequest,
  readResponse: readAddPartitionsToTxnResponse,
  writeResponse: writeAddPartitionsToTxnResponse,
};

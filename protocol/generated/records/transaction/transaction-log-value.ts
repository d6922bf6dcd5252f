// From kafka-transaction-coordinator-4.3.1.jar: common/message/TransactionLogValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface TransactionLogValue {
  producerId: number;
  previousProducerId: number;
  nextProducerId: number;
  producerEpoch: number;
  nextProducerEpoch: number;
  transactionTimeoutMs: number;
  transactionStatus: number;
  transactionPartitions: PartitionsSchema[] | null;
  transactionLastUpdateTimestampMs: number;
  transactionStartTimestampMs: number;
  clientTransactionVersion: number;
}

export interface PartitionsSchema {
  topic: string;
  partitionIds: number[];
}

export function readTransactionLogValue(from: Reader, version: number): TransactionLogValue {
  const flexible = version >= 1;
  const producerId = from.int64();
  let previousProducerId = -1;
  let nextProducerId = -1;
  const producerEpoch = from.int16();
  let nextProducerEpoch = -1;
  const transactionTimeoutMs = from.int32();
  const transactionStatus = from.int8();
  const transactionPartitionsCount = flexible ? from.compactNullableArrayLength(3) : from.nullableArrayLength(6);
  const transactionPartitions: PartitionsSchema[] | null = transactionPartitionsCount < 0 ? null : [];
  for (let left = transactionPartitionsCount; left > 0; left--) transactionPartitions!.push(readPartitionsSchema(from, version));
  const transactionLastUpdateTimestampMs = from.int64();
  const transactionStartTimestampMs = from.int64();
  let clientTransactionVersion = 0;
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        previousProducerId = from.int64();
        break;
      }
      case 1: {
        nextProducerId = from.int64();
        break;
      }
      case 3: {
        nextProducerEpoch = from.int16();
        break;
      }
      case 2: {
        clientTransactionVersion = from.int16();
        break;
      }
      default: from.skip(size);
    }
  }
  return { producerId, previousProducerId, nextProducerId, producerEpoch, nextProducerEpoch, transactionTimeoutMs, transactionStatus, transactionPartitions, transactionLastUpdateTimestampMs, transactionStartTimestampMs, clientTransactionVersion };
}

export function writeTransactionLogValue(to: Writer, value: TransactionLogValue, version: number): void {
  const flexible = version >= 1;
  to.int64(value.producerId);
  if (!flexible && value.previousProducerId !== -1) to.unsupported("TransactionLogValue.previousProducerId", version);
  if (!flexible && value.nextProducerId !== -1) to.unsupported("TransactionLogValue.nextProducerId", version);
  to.int16(value.producerEpoch);
  if (!flexible && value.nextProducerEpoch !== -1) to.unsupported("TransactionLogValue.nextProducerEpoch", version);
  to.int32(value.transactionTimeoutMs);
  to.int8(value.transactionStatus);
  if (flexible) to.compactArrayLength(value.transactionPartitions?.length ?? -1);
  else to.arrayLength(value.transactionPartitions?.length ?? -1);
  for (const each of value.transactionPartitions ?? []) writePartitionsSchema(to, each, version);
  to.int64(value.transactionLastUpdateTimestampMs);
  to.int64(value.transactionStartTimestampMs);
  if (!flexible && value.clientTransactionVersion !== 0) to.unsupported("TransactionLogValue.clientTransactionVersion", version);
  if (flexible) {
    const hasPreviousProducerId = value.previousProducerId !== -1;
    const hasNextProducerId = value.nextProducerId !== -1;
    const hasClientTransactionVersion = value.clientTransactionVersion !== 0;
    const hasNextProducerEpoch = value.nextProducerEpoch !== -1;
    to.unsignedVarint((hasPreviousProducerId ? 1 : 0) + (hasNextProducerId ? 1 : 0) + (hasClientTransactionVersion ? 1 : 0) + (hasNextProducerEpoch ? 1 : 0));
    if (hasPreviousProducerId) {
      const mark = to.openTag(0);
      to.int64(value.previousProducerId);
      to.closeTag(mark);
    }
    if (hasNextProducerId) {
      const mark = to.openTag(1);
      to.int64(value.nextProducerId);
      to.closeTag(mark);
    }
    if (hasClientTransactionVersion) {
      const mark = to.openTag(2);
      to.int16(value.clientTransactionVersion);
      to.closeTag(mark);
    }
    if (hasNextProducerEpoch) {
      const mark = to.openTag(3);
      to.int16(value.nextProducerEpoch);
      to.closeTag(mark);
    }
  }
}

export function readPartitionsSchema(from: Reader, version: number): PartitionsSchema {
  const flexible = version >= 1;
  const topic = flexible ? from.compactString() : from.string();
  const partitionIds: number[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(4); left > 0; left--) partitionIds.push(from.int32());
  if (flexible) from.skipTags();
  return { topic, partitionIds };
}

export function writePartitionsSchema(to: Writer, value: PartitionsSchema, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.topic);
  else to.string(value.topic);
  if (flexible) to.compactArrayLength(value.partitionIds.length);
  else to.arrayLength(value.partitionIds.length);
  for (const each of value.partitionIds) to.int32(each);
  if (flexible) to.noTags();
}

export const TransactionLogValue: RecordSchema<TransactionLogValue> = {
  name: "TransactionLogValue",
  apiKey: 0,
  versions: [0, 1],
  flexibleFrom: 1,
  read: readTransactionLogValue,
  write: writeTransactionLogValue,
};

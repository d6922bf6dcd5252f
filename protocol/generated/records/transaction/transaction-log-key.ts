// From kafka-transaction-coordinator-4.3.1.jar: common/message/TransactionLogKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface TransactionLogKey {
  transactionalId: string;
}

export function readTransactionLogKey(from: Reader, _version: number): TransactionLogKey {
  const transactionalId = from.string();
  return { transactionalId };
}

export function writeTransactionLogKey(to: Writer, value: TransactionLogKey, _version: number): void {
  to.string(value.transactionalId);
}

export const TransactionLogKey: RecordSchema<TransactionLogKey> = {
  name: "TransactionLogKey",
  apiKey: 0,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readTransactionLogKey,
  write: writeTransactionLogKey,
};

// The records of the transaction coordinator by key type (the int16 before the key). Do not edit: npm run generate.
import type { KeyValueSchema } from "../../message.ts";
import { TransactionLogKey } from "./transaction/transaction-log-key.ts";
import { TransactionLogValue } from "./transaction/transaction-log-value.ts";

export const transactionRecords: ReadonlyMap<number, KeyValueSchema> = new Map<number, KeyValueSchema>([
  [0, { key: TransactionLogKey, value: TransactionLogValue }],
]);

/** The records of Kafka's own topics, decoded to see that they can be. */
import { DecodeError } from "../../protocol/bytes/decode-error.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { groupRecords } from "../../protocol/generated/records/group-records.ts";
import { shareRecords } from "../../protocol/generated/records/share-records.ts";
import { transactionRecords } from "../../protocol/generated/records/transaction-records.ts";
import type { KeyValueSchema, RecordSchema } from "../../protocol/message.ts";
import type { RecordCheck } from "../../storage/verify/batches.ts";

const schemasOf: ReadonlyMap<string, ReadonlyMap<number, KeyValueSchema>> = new Map([
  ["__consumer_offsets", groupRecords],
  ["__transaction_state", transactionRecords],
  ["__share_group_state", shareRecords],
]);

/** Compacted whatever the settings say. */
export const isCompactedByKafka = (topic: string): boolean => schemasOf.has(topic);

/** Null for topics of users: what is in their records is theirs. */
export function coordinatorRecordCheck(topic: string): RecordCheck | null {
  const schemas = schemasOf.get(topic);
  if (schemas === undefined) return null;
  return (cursor, isControl) => {
    if (isControl) return null;
    const key = cursor.key();
    if (key === null || key.length < 2) return "it has no key";
    const from = new Reader(key);
    const type = from.int16();
    const schema = schemas.get(type);
    if (schema === undefined) return null; // of a later release: it stays as it is
    const keyFault = decodeFault(schema.key, from, schema.key.versions[0]);
    const value = cursor.value();
    if (keyFault !== null || value === null) return keyFault;
    const valueFrom = new Reader(value);
    return decodeFault(schema.value, valueFrom, valueFrom.int16());
  };
}

function decodeFault(schema: RecordSchema<unknown>, from: Reader, version: number): string | null {
  const [min, max] = schema.versions;
  if (version < min || version > max) return version > max ? null : `${schema.name} has version ${version}`;
  try {
    schema.read(from, version);
  } catch (error) {
    if (error instanceof DecodeError) return `${schema.name} cannot be decoded: ${error.message}`;
    throw error;
  }
  return from.remaining === 0 ? null : `${from.remaining} bytes follow a ${schema.name}`;
}

/** One metadata record: its type, the version of its encoding, and its value. */
import type { RecordValues } from "./values.ts";

export type RecordType = keyof RecordValues;

/** A record of one known type. */
export interface RecordOf<Type extends RecordType> {
  readonly type: Type;
  readonly version: number;
  readonly value: RecordValues[Type];
}

/** A record of any type; `switch (record.type)` narrows its value. */
export type MetadataRecord = { [Type in RecordType]: RecordOf<Type> }[RecordType];

/** The record of `type`; version 0 unless a finalized feature says otherwise (see features.ts). */
export function record<Type extends RecordType>(type: Type, value: RecordValues[Type], version = 0): MetadataRecord {
  return { type, version, value } as MetadataRecord;
}

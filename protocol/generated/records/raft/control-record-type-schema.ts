// From kafka-clients-4.3.1.jar: common/message/ControlRecordTypeSchema.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ControlRecordTypeSchema {
  type: number;
}

export function readControlRecordTypeSchema(from: Reader, _version: number): ControlRecordTypeSchema {
  const type = from.int16();
  return { type };
}

export function writeControlRecordTypeSchema(to: Writer, value: ControlRecordTypeSchema, _version: number): void {
  to.int16(value.type);
}

export const ControlRecordTypeSchema: RecordSchema<ControlRecordTypeSchema> = {
  name: "ControlRecordTypeSchema",
  apiKey: null,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readControlRecordTypeSchema,
  write: writeControlRecordTypeSchema,
};

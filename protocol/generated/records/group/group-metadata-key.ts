// From kafka-group-coordinator-4.3.1.jar: common/message/GroupMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface GroupMetadataKey {
  group: string;
}

export function readGroupMetadataKey(from: Reader, _version: number): GroupMetadataKey {
  const group = from.string();
  return { group };
}

export function writeGroupMetadataKey(to: Writer, value: GroupMetadataKey, _version: number): void {
  to.string(value.group);
}

export const GroupMetadataKey: RecordSchema<GroupMetadataKey> = {
  name: "GroupMetadataKey",
  apiKey: 2,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readGroupMetadataKey,
  write: writeGroupMetadataKey,
};

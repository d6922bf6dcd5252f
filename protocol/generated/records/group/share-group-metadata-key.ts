// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupMetadataKey {
  groupId: string;
}

export function readShareGroupMetadataKey(from: Reader, _version: number): ShareGroupMetadataKey {
  const groupId = from.string();
  return { groupId };
}

export function writeShareGroupMetadataKey(to: Writer, value: ShareGroupMetadataKey, _version: number): void {
  to.string(value.groupId);
}

export const ShareGroupMetadataKey: RecordSchema<ShareGroupMetadataKey> = {
  name: "ShareGroupMetadataKey",
  apiKey: 11,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readShareGroupMetadataKey,
  write: writeShareGroupMetadataKey,
};

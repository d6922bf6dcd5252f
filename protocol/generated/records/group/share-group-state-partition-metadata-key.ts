// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupStatePartitionMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupStatePartitionMetadataKey {
  groupId: string;
}

export function readShareGroupStatePartitionMetadataKey(from: Reader, _version: number): ShareGroupStatePartitionMetadataKey {
  const groupId = from.string();
  return { groupId };
}

export function writeShareGroupStatePartitionMetadataKey(to: Writer, value: ShareGroupStatePartitionMetadataKey, _version: number): void {
  to.string(value.groupId);
}

export const ShareGroupStatePartitionMetadataKey: RecordSchema<ShareGroupStatePartitionMetadataKey> = {
  name: "ShareGroupStatePartitionMetadataKey",
  apiKey: 15,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readShareGroupStatePartitionMetadataKey,
  write: writeShareGroupStatePartitionMetadataKey,
};

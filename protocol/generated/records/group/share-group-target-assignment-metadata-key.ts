// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupTargetAssignmentMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupTargetAssignmentMetadataKey {
  groupId: string;
}

export function readShareGroupTargetAssignmentMetadataKey(from: Reader, _version: number): ShareGroupTargetAssignmentMetadataKey {
  const groupId = from.string();
  return { groupId };
}

export function writeShareGroupTargetAssignmentMetadataKey(to: Writer, value: ShareGroupTargetAssignmentMetadataKey, _version: number): void {
  to.string(value.groupId);
}

export const ShareGroupTargetAssignmentMetadataKey: RecordSchema<ShareGroupTargetAssignmentMetadataKey> = {
  name: "ShareGroupTargetAssignmentMetadataKey",
  apiKey: 12,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readShareGroupTargetAssignmentMetadataKey,
  write: writeShareGroupTargetAssignmentMetadataKey,
};

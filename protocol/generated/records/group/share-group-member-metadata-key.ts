// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupMemberMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupMemberMetadataKey {
  groupId: string;
  memberId: string;
}

export function readShareGroupMemberMetadataKey(from: Reader, _version: number): ShareGroupMemberMetadataKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeShareGroupMemberMetadataKey(to: Writer, value: ShareGroupMemberMetadataKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const ShareGroupMemberMetadataKey: RecordSchema<ShareGroupMemberMetadataKey> = {
  name: "ShareGroupMemberMetadataKey",
  apiKey: 10,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readShareGroupMemberMetadataKey,
  write: writeShareGroupMemberMetadataKey,
};

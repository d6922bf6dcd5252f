// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupCurrentMemberAssignmentKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupCurrentMemberAssignmentKey {
  groupId: string;
  memberId: string;
}

export function readShareGroupCurrentMemberAssignmentKey(from: Reader, _version: number): ShareGroupCurrentMemberAssignmentKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeShareGroupCurrentMemberAssignmentKey(to: Writer, value: ShareGroupCurrentMemberAssignmentKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const ShareGroupCurrentMemberAssignmentKey: RecordSchema<ShareGroupCurrentMemberAssignmentKey> = {
  name: "ShareGroupCurrentMemberAssignmentKey",
  apiKey: 14,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readShareGroupCurrentMemberAssignmentKey,
  write: writeShareGroupCurrentMemberAssignmentKey,
};

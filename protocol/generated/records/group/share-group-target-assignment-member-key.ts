// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupTargetAssignmentMemberKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupTargetAssignmentMemberKey {
  groupId: string;
  memberId: string;
}

export function readShareGroupTargetAssignmentMemberKey(from: Reader, _version: number): ShareGroupTargetAssignmentMemberKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeShareGroupTargetAssignmentMemberKey(to: Writer, value: ShareGroupTargetAssignmentMemberKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const ShareGroupTargetAssignmentMemberKey: RecordSchema<ShareGroupTargetAssignmentMemberKey> = {
  name: "ShareGroupTargetAssignmentMemberKey",
  apiKey: 13,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readShareGroupTargetAssignmentMemberKey,
  write: writeShareGroupTargetAssignmentMemberKey,
};

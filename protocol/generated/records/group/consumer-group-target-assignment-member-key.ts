// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupTargetAssignmentMemberKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupTargetAssignmentMemberKey {
  groupId: string;
  memberId: string;
}

export function readConsumerGroupTargetAssignmentMemberKey(from: Reader, _version: number): ConsumerGroupTargetAssignmentMemberKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeConsumerGroupTargetAssignmentMemberKey(to: Writer, value: ConsumerGroupTargetAssignmentMemberKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const ConsumerGroupTargetAssignmentMemberKey: RecordSchema<ConsumerGroupTargetAssignmentMemberKey> = {
  name: "ConsumerGroupTargetAssignmentMemberKey",
  apiKey: 7,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readConsumerGroupTargetAssignmentMemberKey,
  write: writeConsumerGroupTargetAssignmentMemberKey,
};

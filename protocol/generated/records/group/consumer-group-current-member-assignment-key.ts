// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupCurrentMemberAssignmentKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupCurrentMemberAssignmentKey {
  groupId: string;
  memberId: string;
}

export function readConsumerGroupCurrentMemberAssignmentKey(from: Reader, _version: number): ConsumerGroupCurrentMemberAssignmentKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeConsumerGroupCurrentMemberAssignmentKey(to: Writer, value: ConsumerGroupCurrentMemberAssignmentKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const ConsumerGroupCurrentMemberAssignmentKey: RecordSchema<ConsumerGroupCurrentMemberAssignmentKey> = {
  name: "ConsumerGroupCurrentMemberAssignmentKey",
  apiKey: 8,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readConsumerGroupCurrentMemberAssignmentKey,
  write: writeConsumerGroupCurrentMemberAssignmentKey,
};

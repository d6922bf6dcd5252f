// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupMemberMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupMemberMetadataKey {
  groupId: string;
  memberId: string;
}

export function readConsumerGroupMemberMetadataKey(from: Reader, _version: number): ConsumerGroupMemberMetadataKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeConsumerGroupMemberMetadataKey(to: Writer, value: ConsumerGroupMemberMetadataKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const ConsumerGroupMemberMetadataKey: RecordSchema<ConsumerGroupMemberMetadataKey> = {
  name: "ConsumerGroupMemberMetadataKey",
  apiKey: 5,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readConsumerGroupMemberMetadataKey,
  write: writeConsumerGroupMemberMetadataKey,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupTargetAssignmentMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupTargetAssignmentMetadataKey {
  groupId: string;
}

export function readConsumerGroupTargetAssignmentMetadataKey(from: Reader, _version: number): ConsumerGroupTargetAssignmentMetadataKey {
  const groupId = from.string();
  return { groupId };
}

export function writeConsumerGroupTargetAssignmentMetadataKey(to: Writer, value: ConsumerGroupTargetAssignmentMetadataKey, _version: number): void {
  to.string(value.groupId);
}

export const ConsumerGroupTargetAssignmentMetadataKey: RecordSchema<ConsumerGroupTargetAssignmentMetadataKey> = {
  name: "ConsumerGroupTargetAssignmentMetadataKey",
  apiKey: 6,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readConsumerGroupTargetAssignmentMetadataKey,
  write: writeConsumerGroupTargetAssignmentMetadataKey,
};

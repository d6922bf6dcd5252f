// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupPartitionMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupPartitionMetadataKey {
  groupId: string;
}

export function readConsumerGroupPartitionMetadataKey(from: Reader, _version: number): ConsumerGroupPartitionMetadataKey {
  const groupId = from.string();
  return { groupId };
}

export function writeConsumerGroupPartitionMetadataKey(to: Writer, value: ConsumerGroupPartitionMetadataKey, _version: number): void {
  to.string(value.groupId);
}

export const ConsumerGroupPartitionMetadataKey: RecordSchema<ConsumerGroupPartitionMetadataKey> = {
  name: "ConsumerGroupPartitionMetadataKey",
  apiKey: 4,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readConsumerGroupPartitionMetadataKey,
  write: writeConsumerGroupPartitionMetadataKey,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupMetadataKey {
  groupId: string;
}

export function readConsumerGroupMetadataKey(from: Reader, _version: number): ConsumerGroupMetadataKey {
  const groupId = from.string();
  return { groupId };
}

export function writeConsumerGroupMetadataKey(to: Writer, value: ConsumerGroupMetadataKey, _version: number): void {
  to.string(value.groupId);
}

export const ConsumerGroupMetadataKey: RecordSchema<ConsumerGroupMetadataKey> = {
  name: "ConsumerGroupMetadataKey",
  apiKey: 3,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readConsumerGroupMetadataKey,
  write: writeConsumerGroupMetadataKey,
};

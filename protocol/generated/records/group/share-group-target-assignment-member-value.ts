// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupTargetAssignmentMemberValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupTargetAssignmentMemberValue {
  topicPartitions: TopicPartition[];
}

export interface TopicPartition {
  topicId: string;
  partitions: number[];
}

export function readShareGroupTargetAssignmentMemberValue(from: Reader, version: number): ShareGroupTargetAssignmentMemberValue {
  const topicPartitions: TopicPartition[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) topicPartitions.push(readTopicPartition(from, version));
  from.skipTags();
  return { topicPartitions };
}

export function writeShareGroupTargetAssignmentMemberValue(to: Writer, value: ShareGroupTargetAssignmentMemberValue, version: number): void {
  to.compactArrayLength(value.topicPartitions.length);
  for (const each of value.topicPartitions) writeTopicPartition(to, each, version);
  to.noTags();
}

export function readTopicPartition(from: Reader, _version: number): TopicPartition {
  const topicId = from.uuid();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicId, partitions };
}

export function writeTopicPartition(to: Writer, value: TopicPartition, _version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export const ShareGroupTargetAssignmentMemberValue: RecordSchema<ShareGroupTargetAssignmentMemberValue> = {
  name: "ShareGroupTargetAssignmentMemberValue",
  apiKey: 13,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readShareGroupTargetAssignmentMemberValue,
  write: writeShareGroupTargetAssignmentMemberValue,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupStatePartitionMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupStatePartitionMetadataValue {
  initializingTopics: TopicPartitionsInfo[];
  initializedTopics: TopicPartitionsInfo[];
  deletingTopics: TopicInfo[];
}

export interface TopicPartitionsInfo {
  topicId: string;
  topicName: string;
  partitions: number[];
}

export interface TopicInfo {
  topicId: string;
  topicName: string;
}

export function readShareGroupStatePartitionMetadataValue(from: Reader, version: number): ShareGroupStatePartitionMetadataValue {
  const initializingTopics: TopicPartitionsInfo[] = [];
  for (let left = from.compactArrayLength(19); left > 0; left--) initializingTopics.push(readTopicPartitionsInfo(from, version));
  const initializedTopics: TopicPartitionsInfo[] = [];
  for (let left = from.compactArrayLength(19); left > 0; left--) initializedTopics.push(readTopicPartitionsInfo(from, version));
  const deletingTopics: TopicInfo[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) deletingTopics.push(readTopicInfo(from, version));
  from.skipTags();
  return { initializingTopics, initializedTopics, deletingTopics };
}

export function writeShareGroupStatePartitionMetadataValue(to: Writer, value: ShareGroupStatePartitionMetadataValue, version: number): void {
  to.compactArrayLength(value.initializingTopics.length);
  for (const each of value.initializingTopics) writeTopicPartitionsInfo(to, each, version);
  to.compactArrayLength(value.initializedTopics.length);
  for (const each of value.initializedTopics) writeTopicPartitionsInfo(to, each, version);
  to.compactArrayLength(value.deletingTopics.length);
  for (const each of value.deletingTopics) writeTopicInfo(to, each, version);
  to.noTags();
}

export function readTopicPartitionsInfo(from: Reader, _version: number): TopicPartitionsInfo {
  const topicId = from.uuid();
  const topicName = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicId, topicName, partitions };
}

export function writeTopicPartitionsInfo(to: Writer, value: TopicPartitionsInfo, _version: number): void {
  to.uuid(value.topicId);
  to.compactString(value.topicName);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export function readTopicInfo(from: Reader, _version: number): TopicInfo {
  const topicId = from.uuid();
  const topicName = from.compactString();
  from.skipTags();
  return { topicId, topicName };
}

export function writeTopicInfo(to: Writer, value: TopicInfo, _version: number): void {
  to.uuid(value.topicId);
  to.compactString(value.topicName);
  to.noTags();
}

export const ShareGroupStatePartitionMetadataValue: RecordSchema<ShareGroupStatePartitionMetadataValue> = {
  name: "ShareGroupStatePartitionMetadataValue",
  apiKey: 15,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readShareGroupStatePartitionMetadataValue,
  write: writeShareGroupStatePartitionMetadataValue,
};

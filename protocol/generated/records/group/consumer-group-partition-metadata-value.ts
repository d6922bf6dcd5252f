// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupPartitionMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupPartitionMetadataValue {
  topics: TopicMetadata[];
}

export interface TopicMetadata {
  topicId: string;
  topicName: string;
  numPartitions: number;
  partitionMetadata: PartitionMetadata[];
}

export interface PartitionMetadata {
  partition: number;
  racks: string[];
}

export function readConsumerGroupPartitionMetadataValue(from: Reader, version: number): ConsumerGroupPartitionMetadataValue {
  const topics: TopicMetadata[] = [];
  for (let left = from.compactArrayLength(23); left > 0; left--) topics.push(readTopicMetadata(from, version));
  from.skipTags();
  return { topics };
}

export function writeConsumerGroupPartitionMetadataValue(to: Writer, value: ConsumerGroupPartitionMetadataValue, version: number): void {
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) writeTopicMetadata(to, each, version);
  to.noTags();
}

export function readTopicMetadata(from: Reader, version: number): TopicMetadata {
  const topicId = from.uuid();
  const topicName = from.compactString();
  const numPartitions = from.int32();
  const partitionMetadata: PartitionMetadata[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) partitionMetadata.push(readPartitionMetadata(from, version));
  from.skipTags();
  return { topicId, topicName, numPartitions, partitionMetadata };
}

export function writeTopicMetadata(to: Writer, value: TopicMetadata, version: number): void {
  to.uuid(value.topicId);
  to.compactString(value.topicName);
  to.int32(value.numPartitions);
  to.compactArrayLength(value.partitionMetadata.length);
  for (const each of value.partitionMetadata) writePartitionMetadata(to, each, version);
  to.noTags();
}

export function readPartitionMetadata(from: Reader, _version: number): PartitionMetadata {
  const partition = from.int32();
  const racks: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) racks.push(from.compactString());
  from.skipTags();
  return { partition, racks };
}

export function writePartitionMetadata(to: Writer, value: PartitionMetadata, _version: number): void {
  to.int32(value.partition);
  to.compactArrayLength(value.racks.length);
  for (const each of value.racks) to.compactString(each);
  to.noTags();
}

export const ConsumerGroupPartitionMetadataValue: RecordSchema<ConsumerGroupPartitionMetadataValue> = {
  name: "ConsumerGroupPartitionMetadataValue",
  apiKey: 4,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readConsumerGroupPartitionMetadataValue,
  write: writeConsumerGroupPartitionMetadataValue,
};

// From kafka-clients-4.3.1.jar: common/message/ConsumerProtocolAssignment.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerProtocolAssignment {
  assignedPartitions: TopicPartition[];
  userData: Uint8Array | null;
}

export interface TopicPartition {
  topic: string;
  partitions: number[];
}

export function readConsumerProtocolAssignment(from: Reader, version: number): ConsumerProtocolAssignment {
  const assignedPartitions: TopicPartition[] = [];
  for (let left = from.arrayLength(6); left > 0; left--) assignedPartitions.push(readTopicPartition(from, version));
  const userData: Uint8Array | null = from.nullableBytes();
  return { assignedPartitions, userData };
}

export function writeConsumerProtocolAssignment(to: Writer, value: ConsumerProtocolAssignment, version: number): void {
  to.arrayLength(value.assignedPartitions.length);
  for (const each of value.assignedPartitions) writeTopicPartition(to, each, version);
  to.nullableBytes(value.userData);
}

export function readTopicPartition(from: Reader, _version: number): TopicPartition {
  const topic = from.string();
  const partitions: number[] = [];
  for (let left = from.arrayLength(4); left > 0; left--) partitions.push(from.int32());
  return { topic, partitions };
}

export function writeTopicPartition(to: Writer, value: TopicPartition, _version: number): void {
  to.string(value.topic);
  to.arrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
}

export const ConsumerProtocolAssignment: RecordSchema<ConsumerProtocolAssignment> = {
  name: "ConsumerProtocolAssignment",
  apiKey: null,
  versions: [0, 3],
  flexibleFrom: Infinity,
  read: readConsumerProtocolAssignment,
  write: writeConsumerProtocolAssignment,
};

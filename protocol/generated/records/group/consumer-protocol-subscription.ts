// From kafka-clients-4.3.1.jar: common/message/ConsumerProtocolSubscription.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerProtocolSubscription {
  topics: string[];
  userData: Uint8Array | null;
  ownedPartitions: TopicPartition[];
  generationId: number;
  rackId: string | null;
}

export interface TopicPartition {
  topic: string;
  partitions: number[];
}

export function readConsumerProtocolSubscription(from: Reader, version: number): ConsumerProtocolSubscription {
  const topics: string[] = [];
  for (let left = from.arrayLength(2); left > 0; left--) topics.push(from.string());
  const userData: Uint8Array | null = from.nullableBytes();
  const ownedPartitions: TopicPartition[] = [];
  for (let left = version === 0 ? 0 : from.arrayLength(6); left > 0; left--) ownedPartitions.push(readTopicPartition(from, version));
  const generationId = version <= 1 ? -1 : from.int32();
  const rackId: string | null = version <= 2 ? null : from.nullableString();
  return { topics, userData, ownedPartitions, generationId, rackId };
}

export function writeConsumerProtocolSubscription(to: Writer, value: ConsumerProtocolSubscription, version: number): void {
  to.arrayLength(value.topics.length);
  for (const each of value.topics) to.string(each);
  to.nullableBytes(value.userData);
  if (version >= 1) {
    to.arrayLength(value.ownedPartitions.length);
    for (const each of value.ownedPartitions) writeTopicPartition(to, each, version);
  }
  if (version >= 2) to.int32(value.generationId);
  if (version === 3) to.nullableString(value.rackId);
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

export const ConsumerProtocolSubscription: RecordSchema<ConsumerProtocolSubscription> = {
  name: "ConsumerProtocolSubscription",
  apiKey: null,
  versions: [0, 3],
  flexibleFrom: Infinity,
  read: readConsumerProtocolSubscription,
  write: writeConsumerProtocolSubscription,
};

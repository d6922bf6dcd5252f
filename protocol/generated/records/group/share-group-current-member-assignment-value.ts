// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupCurrentMemberAssignmentValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupCurrentMemberAssignmentValue {
  memberEpoch: number;
  previousMemberEpoch: number;
  state: number;
  assignedPartitions: TopicPartitions[];
}

export interface TopicPartitions {
  topicId: string;
  partitions: number[];
}

export function readShareGroupCurrentMemberAssignmentValue(from: Reader, version: number): ShareGroupCurrentMemberAssignmentValue {
  const memberEpoch = from.int32();
  const previousMemberEpoch = from.int32();
  const state = from.int8();
  const assignedPartitions: TopicPartitions[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) assignedPartitions.push(readTopicPartitions(from, version));
  from.skipTags();
  return { memberEpoch, previousMemberEpoch, state, assignedPartitions };
}

export function writeShareGroupCurrentMemberAssignmentValue(to: Writer, value: ShareGroupCurrentMemberAssignmentValue, version: number): void {
  to.int32(value.memberEpoch);
  to.int32(value.previousMemberEpoch);
  to.int8(value.state);
  to.compactArrayLength(value.assignedPartitions.length);
  for (const each of value.assignedPartitions) writeTopicPartitions(to, each, version);
  to.noTags();
}

export function readTopicPartitions(from: Reader, _version: number): TopicPartitions {
  const topicId = from.uuid();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { topicId, partitions };
}

export function writeTopicPartitions(to: Writer, value: TopicPartitions, _version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export const ShareGroupCurrentMemberAssignmentValue: RecordSchema<ShareGroupCurrentMemberAssignmentValue> = {
  name: "ShareGroupCurrentMemberAssignmentValue",
  apiKey: 14,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readShareGroupCurrentMemberAssignmentValue,
  write: writeShareGroupCurrentMemberAssignmentValue,
};

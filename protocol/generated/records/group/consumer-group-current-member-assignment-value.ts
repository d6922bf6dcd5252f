// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupCurrentMemberAssignmentValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupCurrentMemberAssignmentValue {
  memberEpoch: number;
  previousMemberEpoch: number;
  state: number;
  assignedPartitions: TopicPartitions[];
  partitionsPendingRevocation: TopicPartitions[];
}

export interface TopicPartitions {
  topicId: string;
  partitions: number[];
  assignmentEpochs: number[] | null;
}

export function readConsumerGroupCurrentMemberAssignmentValue(from: Reader, version: number): ConsumerGroupCurrentMemberAssignmentValue {
  const memberEpoch = from.int32();
  const previousMemberEpoch = from.int32();
  const state = from.int8();
  const assignedPartitions: TopicPartitions[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) assignedPartitions.push(readTopicPartitions(from, version));
  const partitionsPendingRevocation: TopicPartitions[] = [];
  for (let left = from.compactArrayLength(18); left > 0; left--) partitionsPendingRevocation.push(readTopicPartitions(from, version));
  from.skipTags();
  return { memberEpoch, previousMemberEpoch, state, assignedPartitions, partitionsPendingRevocation };
}

export function writeConsumerGroupCurrentMemberAssignmentValue(to: Writer, value: ConsumerGroupCurrentMemberAssignmentValue, version: number): void {
  to.int32(value.memberEpoch);
  to.int32(value.previousMemberEpoch);
  to.int8(value.state);
  to.compactArrayLength(value.assignedPartitions.length);
  for (const each of value.assignedPartitions) writeTopicPartitions(to, each, version);
  to.compactArrayLength(value.partitionsPendingRevocation.length);
  for (const each of value.partitionsPendingRevocation) writeTopicPartitions(to, each, version);
  to.noTags();
}

export function readTopicPartitions(from: Reader, _version: number): TopicPartitions {
  const topicId = from.uuid();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  let assignmentEpochs: number[] | null = [];
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        const count = from.compactNullableArrayLength(4);
        assignmentEpochs = count < 0 ? null : [];
        for (let left = count; left > 0; left--) assignmentEpochs!.push(from.int32());
        break;
      }
      default: from.skip(size);
    }
  }
  return { topicId, partitions, assignmentEpochs };
}

export function writeTopicPartitions(to: Writer, value: TopicPartitions, _version: number): void {
  to.uuid(value.topicId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  const hasAssignmentEpochs = !(value.assignmentEpochs?.length === 0);
  to.unsignedVarint(hasAssignmentEpochs ? 1 : 0);
  if (hasAssignmentEpochs) {
    const mark = to.openTag(0);
    to.compactArrayLength(value.assignmentEpochs?.length ?? -1);
    for (const each of value.assignmentEpochs ?? []) to.int32(each);
    to.closeTag(mark);
  }
}

export const ConsumerGroupCurrentMemberAssignmentValue: RecordSchema<ConsumerGroupCurrentMemberAssignmentValue> = {
  name: "ConsumerGroupCurrentMemberAssignmentValue",
  apiKey: 8,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readConsumerGroupCurrentMemberAssignmentValue,
  write: writeConsumerGroupCurrentMemberAssignmentValue,
};

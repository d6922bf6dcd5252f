// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupCurrentMemberAssignmentValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupCurrentMemberAssignmentValue {
  memberEpoch: number;
  previousMemberEpoch: number;
  state: number;
  activeTasks: TaskIds[];
  standbyTasks: TaskIds[];
  warmupTasks: TaskIds[];
  activeTasksPendingRevocation: TaskIds[];
  standbyTasksPendingRevocation: TaskIds[];
  warmupTasksPendingRevocation: TaskIds[];
}

export interface TaskIds {
  subtopologyId: string;
  partitions: number[];
  assignmentEpochs: number[] | null;
}

export function readStreamsGroupCurrentMemberAssignmentValue(from: Reader, version: number): StreamsGroupCurrentMemberAssignmentValue {
  const memberEpoch = from.int32();
  const previousMemberEpoch = from.int32();
  const state = from.int8();
  const activeTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) activeTasks.push(readTaskIds(from, version));
  const standbyTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) standbyTasks.push(readTaskIds(from, version));
  const warmupTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) warmupTasks.push(readTaskIds(from, version));
  const activeTasksPendingRevocation: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) activeTasksPendingRevocation.push(readTaskIds(from, version));
  const standbyTasksPendingRevocation: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) standbyTasksPendingRevocation.push(readTaskIds(from, version));
  const warmupTasksPendingRevocation: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) warmupTasksPendingRevocation.push(readTaskIds(from, version));
  from.skipTags();
  return { memberEpoch, previousMemberEpoch, state, activeTasks, standbyTasks, warmupTasks, activeTasksPendingRevocation, standbyTasksPendingRevocation, warmupTasksPendingRevocation };
}

export function writeStreamsGroupCurrentMemberAssignmentValue(to: Writer, value: StreamsGroupCurrentMemberAssignmentValue, version: number): void {
  to.int32(value.memberEpoch);
  to.int32(value.previousMemberEpoch);
  to.int8(value.state);
  to.compactArrayLength(value.activeTasks.length);
  for (const each of value.activeTasks) writeTaskIds(to, each, version);
  to.compactArrayLength(value.standbyTasks.length);
  for (const each of value.standbyTasks) writeTaskIds(to, each, version);
  to.compactArrayLength(value.warmupTasks.length);
  for (const each of value.warmupTasks) writeTaskIds(to, each, version);
  to.compactArrayLength(value.activeTasksPendingRevocation.length);
  for (const each of value.activeTasksPendingRevocation) writeTaskIds(to, each, version);
  to.compactArrayLength(value.standbyTasksPendingRevocation.length);
  for (const each of value.standbyTasksPendingRevocation) writeTaskIds(to, each, version);
  to.compactArrayLength(value.warmupTasksPendingRevocation.length);
  for (const each of value.warmupTasksPendingRevocation) writeTaskIds(to, each, version);
  to.noTags();
}

export function readTaskIds(from: Reader, _version: number): TaskIds {
  const subtopologyId = from.compactString();
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
  return { subtopologyId, partitions, assignmentEpochs };
}

export function writeTaskIds(to: Writer, value: TaskIds, _version: number): void {
  to.compactString(value.subtopologyId);
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

export const StreamsGroupCurrentMemberAssignmentValue: RecordSchema<StreamsGroupCurrentMemberAssignmentValue> = {
  name: "StreamsGroupCurrentMemberAssignmentValue",
  apiKey: 22,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readStreamsGroupCurrentMemberAssignmentValue,
  write: writeStreamsGroupCurrentMemberAssignmentValue,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupTargetAssignmentMemberValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupTargetAssignmentMemberValue {
  activeTasks: TaskIds[];
  standbyTasks: TaskIds[];
  warmupTasks: TaskIds[];
}

export interface TaskIds {
  subtopologyId: string;
  partitions: number[];
}

export function readStreamsGroupTargetAssignmentMemberValue(from: Reader, version: number): StreamsGroupTargetAssignmentMemberValue {
  const activeTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) activeTasks.push(readTaskIds(from, version));
  const standbyTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) standbyTasks.push(readTaskIds(from, version));
  const warmupTasks: TaskIds[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) warmupTasks.push(readTaskIds(from, version));
  from.skipTags();
  return { activeTasks, standbyTasks, warmupTasks };
}

export function writeStreamsGroupTargetAssignmentMemberValue(to: Writer, value: StreamsGroupTargetAssignmentMemberValue, version: number): void {
  to.compactArrayLength(value.activeTasks.length);
  for (const each of value.activeTasks) writeTaskIds(to, each, version);
  to.compactArrayLength(value.standbyTasks.length);
  for (const each of value.standbyTasks) writeTaskIds(to, each, version);
  to.compactArrayLength(value.warmupTasks.length);
  for (const each of value.warmupTasks) writeTaskIds(to, each, version);
  to.noTags();
}

export function readTaskIds(from: Reader, _version: number): TaskIds {
  const subtopologyId = from.compactString();
  const partitions: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) partitions.push(from.int32());
  from.skipTags();
  return { subtopologyId, partitions };
}

export function writeTaskIds(to: Writer, value: TaskIds, _version: number): void {
  to.compactString(value.subtopologyId);
  to.compactArrayLength(value.partitions.length);
  for (const each of value.partitions) to.int32(each);
  to.noTags();
}

export const StreamsGroupTargetAssignmentMemberValue: RecordSchema<StreamsGroupTargetAssignmentMemberValue> = {
  name: "StreamsGroupTargetAssignmentMemberValue",
  apiKey: 21,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readStreamsGroupTargetAssignmentMemberValue,
  write: writeStreamsGroupTargetAssignmentMemberValue,
};

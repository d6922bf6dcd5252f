// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupCurrentMemberAssignmentKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupCurrentMemberAssignmentKey {
  groupId: string;
  memberId: string;
}

export function readStreamsGroupCurrentMemberAssignmentKey(from: Reader, _version: number): StreamsGroupCurrentMemberAssignmentKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeStreamsGroupCurrentMemberAssignmentKey(to: Writer, value: StreamsGroupCurrentMemberAssignmentKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const StreamsGroupCurrentMemberAssignmentKey: RecordSchema<StreamsGroupCurrentMemberAssignmentKey> = {
  name: "StreamsGroupCurrentMemberAssignmentKey",
  apiKey: 22,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readStreamsGroupCurrentMemberAssignmentKey,
  write: writeStreamsGroupCurrentMemberAssignmentKey,
};

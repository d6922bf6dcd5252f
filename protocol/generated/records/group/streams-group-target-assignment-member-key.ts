// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupTargetAssignmentMemberKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupTargetAssignmentMemberKey {
  groupId: string;
  memberId: string;
}

export function readStreamsGroupTargetAssignmentMemberKey(from: Reader, _version: number): StreamsGroupTargetAssignmentMemberKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeStreamsGroupTargetAssignmentMemberKey(to: Writer, value: StreamsGroupTargetAssignmentMemberKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const StreamsGroupTargetAssignmentMemberKey: RecordSchema<StreamsGroupTargetAssignmentMemberKey> = {
  name: "StreamsGroupTargetAssignmentMemberKey",
  apiKey: 21,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readStreamsGroupTargetAssignmentMemberKey,
  write: writeStreamsGroupTargetAssignmentMemberKey,
};

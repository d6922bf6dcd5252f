// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupMemberMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupMemberMetadataKey {
  groupId: string;
  memberId: string;
}

export function readStreamsGroupMemberMetadataKey(from: Reader, _version: number): StreamsGroupMemberMetadataKey {
  const groupId = from.string();
  const memberId = from.string();
  return { groupId, memberId };
}

export function writeStreamsGroupMemberMetadataKey(to: Writer, value: StreamsGroupMemberMetadataKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.memberId);
}

export const StreamsGroupMemberMetadataKey: RecordSchema<StreamsGroupMemberMetadataKey> = {
  name: "StreamsGroupMemberMetadataKey",
  apiKey: 19,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readStreamsGroupMemberMetadataKey,
  write: writeStreamsGroupMemberMetadataKey,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupTargetAssignmentMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupTargetAssignmentMetadataKey {
  groupId: string;
}

export function readStreamsGroupTargetAssignmentMetadataKey(from: Reader, _version: number): StreamsGroupTargetAssignmentMetadataKey {
  const groupId = from.string();
  return { groupId };
}

export function writeStreamsGroupTargetAssignmentMetadataKey(to: Writer, value: StreamsGroupTargetAssignmentMetadataKey, _version: number): void {
  to.string(value.groupId);
}

export const StreamsGroupTargetAssignmentMetadataKey: RecordSchema<StreamsGroupTargetAssignmentMetadataKey> = {
  name: "StreamsGroupTargetAssignmentMetadataKey",
  apiKey: 20,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readStreamsGroupTargetAssignmentMetadataKey,
  write: writeStreamsGroupTargetAssignmentMetadataKey,
};

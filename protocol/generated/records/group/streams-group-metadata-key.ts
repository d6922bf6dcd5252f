// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupMetadataKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupMetadataKey {
  groupId: string;
}

export function readStreamsGroupMetadataKey(from: Reader, _version: number): StreamsGroupMetadataKey {
  const groupId = from.string();
  return { groupId };
}

export function writeStreamsGroupMetadataKey(to: Writer, value: StreamsGroupMetadataKey, _version: number): void {
  to.string(value.groupId);
}

export const StreamsGroupMetadataKey: RecordSchema<StreamsGroupMetadataKey> = {
  name: "StreamsGroupMetadataKey",
  apiKey: 17,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readStreamsGroupMetadataKey,
  write: writeStreamsGroupMetadataKey,
};

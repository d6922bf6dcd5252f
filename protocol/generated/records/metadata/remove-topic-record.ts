// From kafka-metadata-4.3.1.jar: common/metadata/RemoveTopicRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface RemoveTopicRecord {
  topicId: string;
}

export function readRemoveTopicRecord(from: Reader, _version: number): RemoveTopicRecord {
  const topicId = from.uuid();
  from.skipTags();
  return { topicId };
}

export function writeRemoveTopicRecord(to: Writer, value: RemoveTopicRecord, _version: number): void {
  to.uuid(value.topicId);
  to.noTags();
}

export const RemoveTopicRecord: RecordSchema<RemoveTopicRecord> = {
  name: "RemoveTopicRecord",
  apiKey: 9,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readRemoveTopicRecord,
  write: writeRemoveTopicRecord,
};

// From kafka-metadata-4.3.1.jar: common/metadata/TopicRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface TopicRecord {
  name: string;
  topicId: string;
}

export function readTopicRecord(from: Reader, _version: number): TopicRecord {
  const name = from.compactString();
  const topicId = from.uuid();
  from.skipTags();
  return { name, topicId };
}

export function writeTopicRecord(to: Writer, value: TopicRecord, _version: number): void {
  to.compactString(value.name);
  to.uuid(value.topicId);
  to.noTags();
}

export const TopicRecord: RecordSchema<TopicRecord> = {
  name: "TopicRecord",
  apiKey: 2,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readTopicRecord,
  write: writeTopicRecord,
};

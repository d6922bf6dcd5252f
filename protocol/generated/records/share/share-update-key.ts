// From kafka-share-coordinator-4.3.1.jar: common/message/ShareUpdateKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareUpdateKey {
  groupId: string;
  topicId: string;
  partition: number;
}

export function readShareUpdateKey(from: Reader, _version: number): ShareUpdateKey {
  const groupId = from.string();
  const topicId = from.uuid();
  const partition = from.int32();
  return { groupId, topicId, partition };
}

export function writeShareUpdateKey(to: Writer, value: ShareUpdateKey, _version: number): void {
  to.string(value.groupId);
  to.uuid(value.topicId);
  to.int32(value.partition);
}

export const ShareUpdateKey: RecordSchema<ShareUpdateKey> = {
  name: "ShareUpdateKey",
  apiKey: 1,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readShareUpdateKey,
  write: writeShareUpdateKey,
};

// From kafka-share-coordinator-4.3.1.jar: common/message/ShareSnapshotKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareSnapshotKey {
  groupId: string;
  topicId: string;
  partition: number;
}

export function readShareSnapshotKey(from: Reader, _version: number): ShareSnapshotKey {
  const groupId = from.string();
  const topicId = from.uuid();
  const partition = from.int32();
  return { groupId, topicId, partition };
}

export function writeShareSnapshotKey(to: Writer, value: ShareSnapshotKey, _version: number): void {
  to.string(value.groupId);
  to.uuid(value.topicId);
  to.int32(value.partition);
}

export const ShareSnapshotKey: RecordSchema<ShareSnapshotKey> = {
  name: "ShareSnapshotKey",
  apiKey: 0,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readShareSnapshotKey,
  write: writeShareSnapshotKey,
};

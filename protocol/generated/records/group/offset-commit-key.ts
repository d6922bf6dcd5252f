// From kafka-group-coordinator-4.3.1.jar: common/message/OffsetCommitKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface OffsetCommitKey {
  group: string;
  topic: string;
  partition: number;
}

export function readOffsetCommitKey(from: Reader, _version: number): OffsetCommitKey {
  const group = from.string();
  const topic = from.string();
  const partition = from.int32();
  return { group, topic, partition };
}

export function writeOffsetCommitKey(to: Writer, value: OffsetCommitKey, _version: number): void {
  to.string(value.group);
  to.string(value.topic);
  to.int32(value.partition);
}

export const OffsetCommitKey: RecordSchema<OffsetCommitKey> = {
  name: "OffsetCommitKey",
  apiKey: 1,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readOffsetCommitKey,
  write: writeOffsetCommitKey,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/LegacyOffsetCommitKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface LegacyOffsetCommitKey {
  group: string;
  topic: string;
  partition: number;
}

export function readLegacyOffsetCommitKey(from: Reader, _version: number): LegacyOffsetCommitKey {
  const group = from.string();
  const topic = from.string();
  const partition = from.int32();
  return { group, topic, partition };
}

export function writeLegacyOffsetCommitKey(to: Writer, value: LegacyOffsetCommitKey, _version: number): void {
  to.string(value.group);
  to.string(value.topic);
  to.int32(value.partition);
}

export const LegacyOffsetCommitKey: RecordSchema<LegacyOffsetCommitKey> = {
  name: "LegacyOffsetCommitKey",
  apiKey: 0,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readLegacyOffsetCommitKey,
  write: writeLegacyOffsetCommitKey,
};

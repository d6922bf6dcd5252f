// From kafka-group-coordinator-4.3.1.jar: common/message/LegacyOffsetCommitValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface LegacyOffsetCommitValue {
  offset: number;
  metadata: string;
  commitTimestamp: number;
}

export function readLegacyOffsetCommitValue(from: Reader, _version: number): LegacyOffsetCommitValue {
  const offset = from.int64();
  const metadata = from.string();
  const commitTimestamp = from.int64();
  return { offset, metadata, commitTimestamp };
}

export function writeLegacyOffsetCommitValue(to: Writer, value: LegacyOffsetCommitValue, _version: number): void {
  to.int64(value.offset);
  to.string(value.metadata);
  to.int64(value.commitTimestamp);
}

export const LegacyOffsetCommitValue: RecordSchema<LegacyOffsetCommitValue> = {
  name: "LegacyOffsetCommitValue",
  apiKey: 0,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readLegacyOffsetCommitValue,
  write: writeLegacyOffsetCommitValue,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/OffsetCommitValue.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../../../base/uuid.ts";
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface OffsetCommitValue {
  offset: number;
  leaderEpoch: number;
  metadata: string;
  commitTimestamp: number;
  expireTimestamp: number;
  topicId: string;
}

export function readOffsetCommitValue(from: Reader, version: number): OffsetCommitValue {
  const flexible = version >= 4;
  const offset = from.int64();
  const leaderEpoch = version <= 2 ? -1 : from.int32();
  const metadata = flexible ? from.compactString() : from.string();
  const commitTimestamp = from.int64();
  const expireTimestamp = version === 0 ? -1 : version <= 1 ? from.int64() : -1;
  let topicId = ZERO_UUID;
  if (flexible) for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        topicId = from.uuid();
        break;
      }
      default: from.skip(size);
    }
  }
  return { offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp, topicId };
}

export function writeOffsetCommitValue(to: Writer, value: OffsetCommitValue, version: number): void {
  const flexible = version >= 4;
  to.int64(value.offset);
  if (version >= 3) to.int32(value.leaderEpoch);
  if (flexible) to.compactString(value.metadata);
  else to.string(value.metadata);
  to.int64(value.commitTimestamp);
  if (version === 1) to.int64(value.expireTimestamp);
  if (flexible) {
    const hasTopicId = value.topicId !== ZERO_UUID;
    to.unsignedVarint(hasTopicId ? 1 : 0);
    if (hasTopicId) {
      const mark = to.openTag(0);
      to.uuid(value.topicId);
      to.closeTag(mark);
    }
  }
}

export const OffsetCommitValue: RecordSchema<OffsetCommitValue> = {
  name: "OffsetCommitValue",
  apiKey: 1,
  versions: [0, 4],
  flexibleFrom: 4,
  read: readOffsetCommitValue,
  write: writeOffsetCommitValue,
};

// From kafka-share-coordinator-4.3.1.jar: common/message/ShareUpdateValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareUpdateValue {
  snapshotEpoch: number;
  leaderEpoch: number;
  startOffset: number;
  deliveryCompleteCount: number;
  stateBatches: StateBatch[];
}

export interface StateBatch {
  firstOffset: number;
  lastOffset: number;
  deliveryState: number;
  deliveryCount: number;
}

export function readShareUpdateValue(from: Reader, version: number): ShareUpdateValue {
  const snapshotEpoch = from.int32();
  const leaderEpoch = from.int32();
  const startOffset = from.int64();
  let deliveryCompleteCount = -1;
  const stateBatches: StateBatch[] = [];
  for (let left = from.compactArrayLength(20); left > 0; left--) stateBatches.push(readStateBatch(from, version));
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        deliveryCompleteCount = from.int32();
        break;
      }
      default: from.skip(size);
    }
  }
  return { snapshotEpoch, leaderEpoch, startOffset, deliveryCompleteCount, stateBatches };
}

export function writeShareUpdateValue(to: Writer, value: ShareUpdateValue, version: number): void {
  to.int32(value.snapshotEpoch);
  to.int32(value.leaderEpoch);
  to.int64(value.startOffset);
  to.compactArrayLength(value.stateBatches.length);
  for (const each of value.stateBatches) writeStateBatch(to, each, version);
  const hasDeliveryCompleteCount = value.deliveryCompleteCount !== -1;
  to.unsignedVarint(hasDeliveryCompleteCount ? 1 : 0);
  if (hasDeliveryCompleteCount) {
    const mark = to.openTag(0);
    to.int32(value.deliveryCompleteCount);
    to.closeTag(mark);
  }
}

export function readStateBatch(from: Reader, _version: number): StateBatch {
  const firstOffset = from.int64();
  const lastOffset = from.int64();
  const deliveryState = from.int8();
  const deliveryCount = from.int16();
  from.skipTags();
  return { firstOffset, lastOffset, deliveryState, deliveryCount };
}

export function writeStateBatch(to: Writer, value: StateBatch, _version: number): void {
  to.int64(value.firstOffset);
  to.int64(value.lastOffset);
  to.int8(value.deliveryState);
  to.int16(value.deliveryCount);
  to.noTags();
}

export const ShareUpdateValue: RecordSchema<ShareUpdateValue> = {
  name: "ShareUpdateValue",
  apiKey: 1,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readShareUpdateValue,
  write: writeShareUpdateValue,
};

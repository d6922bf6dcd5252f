// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupMetadataValue {
  epoch: number;
  metadataHash: number;
}

export function readConsumerGroupMetadataValue(from: Reader, _version: number): ConsumerGroupMetadataValue {
  const epoch = from.int32();
  let metadataHash = 0;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        metadataHash = from.int64();
        break;
      }
      default: from.skip(size);
    }
  }
  return { epoch, metadataHash };
}

export function writeConsumerGroupMetadataValue(to: Writer, value: ConsumerGroupMetadataValue, _version: number): void {
  to.int32(value.epoch);
  const hasMetadataHash = value.metadataHash !== 0;
  to.unsignedVarint(hasMetadataHash ? 1 : 0);
  if (hasMetadataHash) {
    const mark = to.openTag(0);
    to.int64(value.metadataHash);
    to.closeTag(mark);
  }
}

export const ConsumerGroupMetadataValue: RecordSchema<ConsumerGroupMetadataValue> = {
  name: "ConsumerGroupMetadataValue",
  apiKey: 3,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readConsumerGroupMetadataValue,
  write: writeConsumerGroupMetadataValue,
};

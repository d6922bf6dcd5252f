// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupMetadataValue {
  epoch: number;
  metadataHash: number;
}

export function readShareGroupMetadataValue(from: Reader, _version: number): ShareGroupMetadataValue {
  const epoch = from.int32();
  const metadataHash = from.int64();
  from.skipTags();
  return { epoch, metadataHash };
}

export function writeShareGroupMetadataValue(to: Writer, value: ShareGroupMetadataValue, _version: number): void {
  to.int32(value.epoch);
  to.int64(value.metadataHash);
  to.noTags();
}

export const ShareGroupMetadataValue: RecordSchema<ShareGroupMetadataValue> = {
  name: "ShareGroupMetadataValue",
  apiKey: 11,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readShareGroupMetadataValue,
  write: writeShareGroupMetadataValue,
};

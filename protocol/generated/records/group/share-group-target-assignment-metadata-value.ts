// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupTargetAssignmentMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupTargetAssignmentMetadataValue {
  assignmentEpoch: number;
  assignmentTimestamp: number;
}

export function readShareGroupTargetAssignmentMetadataValue(from: Reader, _version: number): ShareGroupTargetAssignmentMetadataValue {
  const assignmentEpoch = from.int32();
  let assignmentTimestamp = 0;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        assignmentTimestamp = from.int64();
        break;
      }
      default: from.skip(size);
    }
  }
  return { assignmentEpoch, assignmentTimestamp };
}

export function writeShareGroupTargetAssignmentMetadataValue(to: Writer, value: ShareGroupTargetAssignmentMetadataValue, _version: number): void {
  to.int32(value.assignmentEpoch);
  const hasAssignmentTimestamp = value.assignmentTimestamp !== 0;
  to.unsignedVarint(hasAssignmentTimestamp ? 1 : 0);
  if (hasAssignmentTimestamp) {
    const mark = to.openTag(0);
    to.int64(value.assignmentTimestamp);
    to.closeTag(mark);
  }
}

export const ShareGroupTargetAssignmentMetadataValue: RecordSchema<ShareGroupTargetAssignmentMetadataValue> = {
  name: "ShareGroupTargetAssignmentMetadataValue",
  apiKey: 12,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readShareGroupTargetAssignmentMetadataValue,
  write: writeShareGroupTargetAssignmentMetadataValue,
};

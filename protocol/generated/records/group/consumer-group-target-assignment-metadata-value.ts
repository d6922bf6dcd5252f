// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupTargetAssignmentMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupTargetAssignmentMetadataValue {
  assignmentEpoch: number;
  assignmentTimestamp: number;
}

export function readConsumerGroupTargetAssignmentMetadataValue(from: Reader, _version: number): ConsumerGroupTargetAssignmentMetadataValue {
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

export function writeConsumerGroupTargetAssignmentMetadataValue(to: Writer, value: ConsumerGroupTargetAssignmentMetadataValue, _version: number): void {
  to.int32(value.assignmentEpoch);
  const hasAssignmentTimestamp = value.assignmentTimestamp !== 0;
  to.unsignedVarint(hasAssignmentTimestamp ? 1 : 0);
  if (hasAssignmentTimestamp) {
    const mark = to.openTag(0);
    to.int64(value.assignmentTimestamp);
    to.closeTag(mark);
  }
}

export const ConsumerGroupTargetAssignmentMetadataValue: RecordSchema<ConsumerGroupTargetAssignmentMetadataValue> = {
  name: "ConsumerGroupTargetAssignmentMetadataValue",
  apiKey: 6,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readConsumerGroupTargetAssignmentMetadataValue,
  write: writeConsumerGroupTargetAssignmentMetadataValue,
};

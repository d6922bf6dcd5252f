// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupTargetAssignmentMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupTargetAssignmentMetadataValue {
  assignmentEpoch: number;
  assignmentTimestamp: number;
}

export function readStreamsGroupTargetAssignmentMetadataValue(from: Reader, _version: number): StreamsGroupTargetAssignmentMetadataValue {
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

export function writeStreamsGroupTargetAssignmentMetadataValue(to: Writer, value: StreamsGroupTargetAssignmentMetadataValue, _version: number): void {
  to.int32(value.assignmentEpoch);
  const hasAssignmentTimestamp = value.assignmentTimestamp !== 0;
  to.unsignedVarint(hasAssignmentTimestamp ? 1 : 0);
  if (hasAssignmentTimestamp) {
    const mark = to.openTag(0);
    to.int64(value.assignmentTimestamp);
    to.closeTag(mark);
  }
}

export const StreamsGroupTargetAssignmentMetadataValue: RecordSchema<StreamsGroupTargetAssignmentMetadataValue> = {
  name: "StreamsGroupTargetAssignmentMetadataValue",
  apiKey: 20,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readStreamsGroupTargetAssignmentMetadataValue,
  write: writeStreamsGroupTargetAssignmentMetadataValue,
};

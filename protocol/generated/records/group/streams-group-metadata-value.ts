// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupMetadataValue {
  epoch: number;
  metadataHash: number;
  validatedTopologyEpoch: number;
  lastAssignmentConfigs: LastAssignmentConfig[] | null;
}

export interface LastAssignmentConfig {
  key: string;
  value: string;
}

export function readStreamsGroupMetadataValue(from: Reader, version: number): StreamsGroupMetadataValue {
  const epoch = from.int32();
  const metadataHash = from.int64();
  let validatedTopologyEpoch = -1;
  let lastAssignmentConfigs: LastAssignmentConfig[] | null = [];
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        validatedTopologyEpoch = from.int32();
        break;
      }
      case 1: {
        const count = from.compactNullableArrayLength(3);
        lastAssignmentConfigs = count < 0 ? null : [];
        for (let left = count; left > 0; left--) lastAssignmentConfigs!.push(readLastAssignmentConfig(from, version));
        break;
      }
      default: from.skip(size);
    }
  }
  return { epoch, metadataHash, validatedTopologyEpoch, lastAssignmentConfigs };
}

export function writeStreamsGroupMetadataValue(to: Writer, value: StreamsGroupMetadataValue, version: number): void {
  to.int32(value.epoch);
  to.int64(value.metadataHash);
  const hasValidatedTopologyEpoch = value.validatedTopologyEpoch !== -1;
  const hasLastAssignmentConfigs = !(value.lastAssignmentConfigs?.length === 0);
  to.unsignedVarint((hasValidatedTopologyEpoch ? 1 : 0) + (hasLastAssignmentConfigs ? 1 : 0));
  if (hasValidatedTopologyEpoch) {
    const mark = to.openTag(0);
    to.int32(value.validatedTopologyEpoch);
    to.closeTag(mark);
  }
  if (hasLastAssignmentConfigs) {
    const mark = to.openTag(1);
    to.compactArrayLength(value.lastAssignmentConfigs?.length ?? -1);
    for (const each of value.lastAssignmentConfigs ?? []) writeLastAssignmentConfig(to, each, version);
    to.closeTag(mark);
  }
}

export function readLastAssignmentConfig(from: Reader, _version: number): LastAssignmentConfig {
  const key = from.compactString();
  const value_ = from.compactString();
  from.skipTags();
  return { key, value: value_ };
}

export function writeLastAssignmentConfig(to: Writer, value: LastAssignmentConfig, _version: number): void {
  to.compactString(value.key);
  to.compactString(value.value);
  to.noTags();
}

export const StreamsGroupMetadataValue: RecordSchema<StreamsGroupMetadataValue> = {
  name: "StreamsGroupMetadataValue",
  apiKey: 17,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readStreamsGroupMetadataValue,
  write: writeStreamsGroupMetadataValue,
};

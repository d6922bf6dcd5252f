// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupRegularExpressionValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupRegularExpressionValue {
  topics: string[];
  version: number;
  timestamp: number;
}

export function readConsumerGroupRegularExpressionValue(from: Reader, version: number): ConsumerGroupRegularExpressionValue {
  const topics: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) topics.push(from.compactString());
  const version_ = from.int64();
  const timestamp = from.int64();
  from.skipTags();
  return { topics, version: version_, timestamp };
}

export function writeConsumerGroupRegularExpressionValue(to: Writer, value: ConsumerGroupRegularExpressionValue, version: number): void {
  to.compactArrayLength(value.topics.length);
  for (const each of value.topics) to.compactString(each);
  to.int64(value.version);
  to.int64(value.timestamp);
  to.noTags();
}

export const ConsumerGroupRegularExpressionValue: RecordSchema<ConsumerGroupRegularExpressionValue> = {
  name: "ConsumerGroupRegularExpressionValue",
  apiKey: 16,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readConsumerGroupRegularExpressionValue,
  write: writeConsumerGroupRegularExpressionValue,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupRegularExpressionKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupRegularExpressionKey {
  groupId: string;
  regularExpression: string;
}

export function readConsumerGroupRegularExpressionKey(from: Reader, _version: number): ConsumerGroupRegularExpressionKey {
  const groupId = from.string();
  const regularExpression = from.string();
  return { groupId, regularExpression };
}

export function writeConsumerGroupRegularExpressionKey(to: Writer, value: ConsumerGroupRegularExpressionKey, _version: number): void {
  to.string(value.groupId);
  to.string(value.regularExpression);
}

export const ConsumerGroupRegularExpressionKey: RecordSchema<ConsumerGroupRegularExpressionKey> = {
  name: "ConsumerGroupRegularExpressionKey",
  apiKey: 16,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readConsumerGroupRegularExpressionKey,
  write: writeConsumerGroupRegularExpressionKey,
};

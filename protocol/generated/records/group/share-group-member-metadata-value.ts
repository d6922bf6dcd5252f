// From kafka-group-coordinator-4.3.1.jar: common/message/ShareGroupMemberMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ShareGroupMemberMetadataValue {
  rackId: string | null;
  clientId: string;
  clientHost: string;
  subscribedTopicNames: string[];
}

export function readShareGroupMemberMetadataValue(from: Reader, _version: number): ShareGroupMemberMetadataValue {
  const rackId: string | null = from.compactNullableString();
  const clientId = from.compactString();
  const clientHost = from.compactString();
  const subscribedTopicNames: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) subscribedTopicNames.push(from.compactString());
  from.skipTags();
  return { rackId, clientId, clientHost, subscribedTopicNames };
}

export function writeShareGroupMemberMetadataValue(to: Writer, value: ShareGroupMemberMetadataValue, _version: number): void {
  to.compactNullableString(value.rackId);
  to.compactString(value.clientId);
  to.compactString(value.clientHost);
  to.compactArrayLength(value.subscribedTopicNames.length);
  for (const each of value.subscribedTopicNames) to.compactString(each);
  to.noTags();
}

export const ShareGroupMemberMetadataValue: RecordSchema<ShareGroupMemberMetadataValue> = {
  name: "ShareGroupMemberMetadataValue",
  apiKey: 10,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readShareGroupMemberMetadataValue,
  write: writeShareGroupMemberMetadataValue,
};

// From kafka-group-coordinator-4.3.1.jar: common/message/ConsumerGroupMemberMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ConsumerGroupMemberMetadataValue {
  instanceId: string | null;
  rackId: string | null;
  clientId: string;
  clientHost: string;
  subscribedTopicNames: string[];
  subscribedTopicRegex: string | null;
  rebalanceTimeoutMs: number;
  serverAssignor: string | null;
  classicMemberMetadata: ClassicMemberMetadata | null;
}

export interface ClassicMemberMetadata {
  sessionTimeoutMs: number;
  supportedProtocols: ClassicProtocol[];
}

export interface ClassicProtocol {
  name: string;
  metadata: Uint8Array;
}

export function newClassicMemberMetadata(): ClassicMemberMetadata {
  return { sessionTimeoutMs: 0, supportedProtocols: [] };
}

export function readConsumerGroupMemberMetadataValue(from: Reader, version: number): ConsumerGroupMemberMetadataValue {
  const instanceId: string | null = from.compactNullableString();
  const rackId: string | null = from.compactNullableString();
  const clientId = from.compactString();
  const clientHost = from.compactString();
  const subscribedTopicNames: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) subscribedTopicNames.push(from.compactString());
  const subscribedTopicRegex: string | null = from.compactNullableString();
  const rebalanceTimeoutMs = from.int32();
  const serverAssignor: string | null = from.compactNullableString();
  let classicMemberMetadata: ClassicMemberMetadata | null = newClassicMemberMetadata();
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        classicMemberMetadata = from.unsignedVarint() === 0 ? null : readClassicMemberMetadata(from, version);
        break;
      }
      default: from.skip(size);
    }
  }
  return { instanceId, rackId, clientId, clientHost, subscribedTopicNames, subscribedTopicRegex, rebalanceTimeoutMs, serverAssignor, classicMemberMetadata };
}

export function writeConsumerGroupMemberMetadataValue(to: Writer, value: ConsumerGroupMemberMetadataValue, version: number): void {
  to.compactNullableString(value.instanceId);
  to.compactNullableString(value.rackId);
  to.compactString(value.clientId);
  to.compactString(value.clientHost);
  to.compactArrayLength(value.subscribedTopicNames.length);
  for (const each of value.subscribedTopicNames) to.compactString(each);
  to.compactNullableString(value.subscribedTopicRegex);
  to.int32(value.rebalanceTimeoutMs);
  to.compactNullableString(value.serverAssignor);
  const hasClassicMemberMetadata = !(value.classicMemberMetadata !== null && value.classicMemberMetadata.sessionTimeoutMs === 0 && value.classicMemberMetadata.supportedProtocols.length === 0);
  to.unsignedVarint(hasClassicMemberMetadata ? 1 : 0);
  if (hasClassicMemberMetadata) {
    const mark = to.openTag(0);
    if (value.classicMemberMetadata === null) to.unsignedVarint(0);
    else {
      to.unsignedVarint(1);
      writeClassicMemberMetadata(to, value.classicMemberMetadata, version);
    }
    to.closeTag(mark);
  }
}

export function readClassicMemberMetadata(from: Reader, version: number): ClassicMemberMetadata {
  const sessionTimeoutMs = from.int32();
  const supportedProtocols: ClassicProtocol[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) supportedProtocols.push(readClassicProtocol(from, version));
  from.skipTags();
  return { sessionTimeoutMs, supportedProtocols };
}

export function writeClassicMemberMetadata(to: Writer, value: ClassicMemberMetadata, version: number): void {
  to.int32(value.sessionTimeoutMs);
  to.compactArrayLength(value.supportedProtocols.length);
  for (const each of value.supportedProtocols) writeClassicProtocol(to, each, version);
  to.noTags();
}

export function readClassicProtocol(from: Reader, _version: number): ClassicProtocol {
  const name = from.compactString();
  const metadata = from.compactBytes();
  from.skipTags();
  return { name, metadata };
}

export function writeClassicProtocol(to: Writer, value: ClassicProtocol, _version: number): void {
  to.compactString(value.name);
  to.compactBytes(value.metadata);
  to.noTags();
}

export const ConsumerGroupMemberMetadataValue: RecordSchema<ConsumerGroupMemberMetadataValue> = {
  name: "ConsumerGroupMemberMetadataValue",
  apiKey: 5,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readConsumerGroupMemberMetadataValue,
  write: writeConsumerGroupMemberMetadataValue,
};

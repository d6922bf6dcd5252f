// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupMemberMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupMemberMetadataValue {
  instanceId: string | null;
  rackId: string | null;
  clientId: string;
  clientHost: string;
  rebalanceTimeoutMs: number;
  topologyEpoch: number;
  processId: string;
  userEndpoint: Endpoint | null;
  clientTags: KeyValue[];
}

export interface Endpoint {
  host: string;
  port: number;
}

export interface KeyValue {
  key: string;
  value: string;
}

export function readStreamsGroupMemberMetadataValue(from: Reader, version: number): StreamsGroupMemberMetadataValue {
  const instanceId: string | null = from.compactNullableString();
  const rackId: string | null = from.compactNullableString();
  const clientId = from.compactString();
  const clientHost = from.compactString();
  const rebalanceTimeoutMs = from.int32();
  const topologyEpoch = from.int32();
  const processId = from.compactString();
  const userEndpoint: Endpoint | null = from.int8() < 0 ? null : readEndpoint(from, version);
  const clientTags: KeyValue[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) clientTags.push(readKeyValue(from, version));
  from.skipTags();
  return { instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs, topologyEpoch, processId, userEndpoint, clientTags };
}

export function writeStreamsGroupMemberMetadataValue(to: Writer, value: StreamsGroupMemberMetadataValue, version: number): void {
  to.compactNullableString(value.instanceId);
  to.compactNullableString(value.rackId);
  to.compactString(value.clientId);
  to.compactString(value.clientHost);
  to.int32(value.rebalanceTimeoutMs);
  to.int32(value.topologyEpoch);
  to.compactString(value.processId);
  if (value.userEndpoint === null) to.int8(-1);
  else {
    to.int8(1);
    writeEndpoint(to, value.userEndpoint, version);
  }
  to.compactArrayLength(value.clientTags.length);
  for (const each of value.clientTags) writeKeyValue(to, each, version);
  to.noTags();
}

export function readEndpoint(from: Reader, _version: number): Endpoint {
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { host, port };
}

export function writeEndpoint(to: Writer, value: Endpoint, _version: number): void {
  to.compactString(value.host);
  to.uint16(value.port);
  to.noTags();
}

export function readKeyValue(from: Reader, _version: number): KeyValue {
  const key = from.compactString();
  const value_ = from.compactString();
  from.skipTags();
  return { key, value: value_ };
}

export function writeKeyValue(to: Writer, value: KeyValue, _version: number): void {
  to.compactString(value.key);
  to.compactString(value.value);
  to.noTags();
}

export const StreamsGroupMemberMetadataValue: RecordSchema<StreamsGroupMemberMetadataValue> = {
  name: "StreamsGroupMemberMetadataValue",
  apiKey: 19,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readStreamsGroupMemberMetadataValue,
  write: writeStreamsGroupMemberMetadataValue,
};

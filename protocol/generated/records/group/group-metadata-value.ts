// From kafka-group-coordinator-4.3.1.jar: common/message/GroupMetadataValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface GroupMetadataValue {
  protocolType: string;
  generation: number;
  protocol: string | null;
  leader: string | null;
  currentStateTimestamp: number;
  members: MemberMetadata[];
}

export interface MemberMetadata {
  memberId: string;
  groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  rebalanceTimeout: number;
  sessionTimeout: number;
  subscription: Uint8Array;
  assignment: Uint8Array;
}

export function readGroupMetadataValue(from: Reader, version: number): GroupMetadataValue {
  const flexible = version >= 4;
  const protocolType = flexible ? from.compactString() : from.string();
  const generation = from.int32();
  const protocol: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const leader: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const currentStateTimestamp = version <= 1 ? -1 : from.int64();
  const members: MemberMetadata[] = [];
  for (let left = flexible ? from.compactArrayLength(15) : from.arrayLength(18); left > 0; left--) members.push(readMemberMetadata(from, version));
  if (flexible) from.skipTags();
  return { protocolType, generation, protocol, leader, currentStateTimestamp, members };
}

export function writeGroupMetadataValue(to: Writer, value: GroupMetadataValue, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.protocolType);
  else to.string(value.protocolType);
  to.int32(value.generation);
  if (flexible) to.compactNullableString(value.protocol);
  else to.nullableString(value.protocol);
  if (flexible) to.compactNullableString(value.leader);
  else to.nullableString(value.leader);
  if (version >= 2) to.int64(value.currentStateTimestamp);
  if (flexible) to.compactArrayLength(value.members.length);
  else to.arrayLength(value.members.length);
  for (const each of value.members) writeMemberMetadata(to, each, version);
  if (flexible) to.noTags();
}

export function readMemberMetadata(from: Reader, version: number): MemberMetadata {
  const flexible = version >= 4;
  const memberId = flexible ? from.compactString() : from.string();
  const groupInstanceId: string | null = version <= 2 ? null : version <= 3 ? from.nullableString() : from.compactNullableString();
  const clientId = flexible ? from.compactString() : from.string();
  const clientHost = flexible ? from.compactString() : from.string();
  const rebalanceTimeout = version === 0 ? -1 : from.int32();
  const sessionTimeout = from.int32();
  const subscription = flexible ? from.compactBytes() : from.bytes();
  const assignment = flexible ? from.compactBytes() : from.bytes();
  if (flexible) from.skipTags();
  return { memberId, groupInstanceId, clientId, clientHost, rebalanceTimeout, sessionTimeout, subscription, assignment };
}

export function writeMemberMetadata(to: Writer, value: MemberMetadata, version: number): void {
  const flexible = version >= 4;
  if (flexible) to.compactString(value.memberId);
  else to.string(value.memberId);
  if (flexible) to.compactNullableString(value.groupInstanceId);
  else if (version === 3) to.nullableString(value.groupInstanceId);
  if (flexible) to.compactString(value.clientId);
  else to.string(value.clientId);
  if (flexible) to.compactString(value.clientHost);
  else to.string(value.clientHost);
  if (version >= 1) to.int32(value.rebalanceTimeout);
  to.int32(value.sessionTimeout);
  if (flexible) to.compactBytes(value.subscription);
  else to.bytes(value.subscription);
  if (flexible) to.compactBytes(value.assignment);
  else to.bytes(value.assignment);
  if (flexible) to.noTags();
}

export const GroupMetadataValue: RecordSchema<GroupMetadataValue> = {
  name: "GroupMetadataValue",
  apiKey: 2,
  versions: [0, 4],
  flexibleFrom: 4,
  read: readGroupMetadataValue,
  write: writeGroupMetadataValue,
};

/**
 * The records of `__consumer_offsets`, in the bytes and versions that Kafka 4.3 writes: a key begins with its type
 * (int16), a value with its version (int16).
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { GroupMetadataKey } from "../../protocol/generated/records/group/group-metadata-key.ts";
import { GroupMetadataValue } from "../../protocol/generated/records/group/group-metadata-value.ts";
import { LegacyOffsetCommitKey } from "../../protocol/generated/records/group/legacy-offset-commit-key.ts";
import { LegacyOffsetCommitValue } from "../../protocol/generated/records/group/legacy-offset-commit-value.ts";
import { OffsetCommitKey } from "../../protocol/generated/records/group/offset-commit-key.ts";
import { OffsetCommitValue } from "../../protocol/generated/records/group/offset-commit-value.ts";
import type { RecordSchema } from "../../protocol/message.ts";
import type { ShardRecord } from "../coordinator/outcome.ts";
import type { ClassicGroup } from "./classic/group.ts";
import { metadataFor, noAssignment } from "./classic/member.ts";
import type { CommittedOffset } from "./offsets/store.ts";

/** Kafka 0.8's commits. */
const legacyOffsetCommit = 0;
const offsetCommit = 1;
const groupMetadata = 2;
/** Version 4 is flexible; Kafka 4.3 still writes 3 of the one and already 4 of the other. */
const groupMetadataVersion = 3;
const offsetCommitVersion = 4;
/** The only version with an expiry of its own (a retention time in OffsetCommit v2-4). */
const expiringOffsetCommitVersion = 1;

export type GroupRecord =
  | { readonly type: "offset"; readonly key: OffsetCommitKey; readonly value: OffsetCommitValue | null }
  | { readonly type: "group"; readonly groupId: string; readonly value: GroupMetadataValue | null }
  /** Of a kind of group that is not served here: it stays in the log as it is. */
  | { readonly type: "other"; readonly keyType: number };

/** @throws DecodeError where a known type does not parse. */
export function readRecord(key: Uint8Array, value: Uint8Array | null): GroupRecord {
  const from = new Reader(key);
  const keyType = from.int16();
  switch (keyType) {
    case legacyOffsetCommit:
      return readValue(keyType, value, LegacyOffsetCommitValue, (read) => ({
        type: "offset",
        key: LegacyOffsetCommitKey.read(from, 0),
        value: read === null ? null : { ...read, leaderEpoch: -1, expireTimestamp: -1, topicId: ZERO_UUID },
      }));
    case offsetCommit:
      return readValue(keyType, value, OffsetCommitValue, (read) => ({
        type: "offset",
        key: OffsetCommitKey.read(from, 0),
        value: read,
      }));
    case groupMetadata:
      return readValue(keyType, value, GroupMetadataValue, (read) => ({
        type: "group",
        groupId: GroupMetadataKey.read(from, 0).group,
        value: read,
      }));
    default:
      return { type: "other", keyType };
  }
}

export function offsetCommitRecord(
  groupId: string,
  topic: string,
  partition: number,
  committed: CommittedOffset,
): ShardRecord {
  const version = committed.expiresMs === null ? offsetCommitVersion : expiringOffsetCommitVersion;
  const value: OffsetCommitValue = {
    offset: committed.offset,
    leaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    commitTimestamp: committed.committedMs,
    expireTimestamp: committed.expiresMs ?? -1,
    topicId: committed.topicId,
  };
  return { key: offsetKey(groupId, topic, partition), value: versioned(OffsetCommitValue, value, version) };
}

export function offsetTombstone(groupId: string, topic: string, partition: number): ShardRecord {
  return { key: offsetKey(groupId, topic, partition), value: null };
}

/** The generation as it is, with the assignments given. */
export function groupMetadataRecord(group: ClassicGroup, assignments: ReadonlyMap<string, Uint8Array>): ShardRecord {
  const value: GroupMetadataValue = {
    protocolType: group.protocolType ?? "",
    generation: group.generationId,
    protocol: group.protocolName,
    leader: group.leaderId,
    currentStateTimestamp: group.stateTimestampMs ?? -1,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: metadataFor(member, group.protocolName) ?? noAssignment,
      assignment: assignments.get(member.memberId) ?? noAssignment,
    })),
  };
  return { key: groupKey(group.groupId), value: versioned(GroupMetadataValue, value, groupMetadataVersion) };
}

/** Says that there is such a group, before it has a generation. */
export function newGroupRecord(group: ClassicGroup): ShardRecord {
  const value: GroupMetadataValue = {
    protocolType: "",
    generation: 0,
    protocol: null,
    leader: null,
    currentStateTimestamp: group.stateTimestampMs ?? -1,
    members: [],
  };
  return { key: groupKey(group.groupId), value: versioned(GroupMetadataValue, value, groupMetadataVersion) };
}

export function groupTombstone(groupId: string): ShardRecord {
  return { key: groupKey(groupId), value: null };
}

function offsetKey(group: string, topic: string, partition: number): Uint8Array {
  const to = new Writer(64);
  to.int16(offsetCommit);
  OffsetCommitKey.write(to, { group, topic, partition }, 0);
  return to.finishBytes();
}

function groupKey(group: string): Uint8Array {
  const to = new Writer(64);
  to.int16(groupMetadata);
  GroupMetadataKey.write(to, { group }, 0);
  return to.finishBytes();
}

function versioned<Value>(schema: RecordSchema<Value>, value: Value, version: number): Uint8Array {
  const to = new Writer();
  to.int16(version);
  schema.write(to, value, version);
  return to.finishBytes();
}

/** A version above those known belongs to a later Kafka: such a record stays in the log as it is, too. */
function readValue<Value>(
  keyType: number,
  bytes: Uint8Array | null,
  schema: RecordSchema<Value>,
  found: (value: Value | null) => GroupRecord,
): GroupRecord {
  if (bytes === null) return found(null);
  const from = new Reader(bytes);
  const version = from.int16();
  if (version < schema.versions[0] || version > schema.versions[1]) return { type: "other", keyType };
  return found(schema.read(from, version));
}

// From kafka-metadata-4.3.1.jar: common/metadata/PartitionChangeRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface PartitionChangeRecord {
  partitionId: number;
  topicId: string;
  isr: number[] | null;
  leader: number;
  replicas: number[] | null;
  removingReplicas: number[] | null;
  addingReplicas: number[] | null;
  leaderRecoveryState: number;
  directories: string[] | null;
  eligibleLeaderReplicas: number[] | null;
  lastKnownElr: number[] | null;
}

export function readPartitionChangeRecord(from: Reader, version: number): PartitionChangeRecord {
  const partitionId = from.int32();
  const topicId = from.uuid();
  let isr: number[] | null = null;
  let leader = -2;
  let replicas: number[] | null = null;
  let removingReplicas: number[] | null = null;
  let addingReplicas: number[] | null = null;
  let leaderRecoveryState = -1;
  let directories: string[] | null = null;
  let eligibleLeaderReplicas: number[] | null = null;
  let lastKnownElr: number[] | null = null;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        const count = from.compactNullableArrayLength(4);
        isr = count < 0 ? null : [];
        for (let left = count; left > 0; left--) isr!.push(from.int32());
        break;
      }
      case 1: {
        leader = from.int32();
        break;
      }
      case 2: {
        const count = from.compactNullableArrayLength(4);
        replicas = count < 0 ? null : [];
        for (let left = count; left > 0; left--) replicas!.push(from.int32());
        break;
      }
      case 3: {
        const count = from.compactNullableArrayLength(4);
        removingReplicas = count < 0 ? null : [];
        for (let left = count; left > 0; left--) removingReplicas!.push(from.int32());
        break;
      }
      case 4: {
        const count = from.compactNullableArrayLength(4);
        addingReplicas = count < 0 ? null : [];
        for (let left = count; left > 0; left--) addingReplicas!.push(from.int32());
        break;
      }
      case 5: {
        leaderRecoveryState = from.int8();
        break;
      }
      case 8: {
        if (!(version >= 1)) { from.skip(size); break; }
        const count = from.compactNullableArrayLength(16);
        directories = count < 0 ? null : [];
        for (let left = count; left > 0; left--) directories!.push(from.uuid());
        break;
      }
      case 6: {
        if (!(version === 2)) { from.skip(size); break; }
        const count = from.compactNullableArrayLength(4);
        eligibleLeaderReplicas = count < 0 ? null : [];
        for (let left = count; left > 0; left--) eligibleLeaderReplicas!.push(from.int32());
        break;
      }
      case 7: {
        if (!(version === 2)) { from.skip(size); break; }
        const count = from.compactNullableArrayLength(4);
        lastKnownElr = count < 0 ? null : [];
        for (let left = count; left > 0; left--) lastKnownElr!.push(from.int32());
        break;
      }
      default: from.skip(size);
    }
  }
  return { partitionId, topicId, isr, leader, replicas, removingReplicas, addingReplicas, leaderRecoveryState, directories, eligibleLeaderReplicas, lastKnownElr };
}

export function writePartitionChangeRecord(to: Writer, value: PartitionChangeRecord, version: number): void {
  to.int32(value.partitionId);
  to.uuid(value.topicId);
  if (version === 0 && value.directories !== null) to.unsupported("PartitionChangeRecord.directories", version);
  if (version <= 1 && value.eligibleLeaderReplicas !== null) to.unsupported("PartitionChangeRecord.eligibleLeaderReplicas", version);
  if (version <= 1 && value.lastKnownElr !== null) to.unsupported("PartitionChangeRecord.lastKnownElr", version);
  const hasIsr = value.isr !== null;
  const hasLeader = value.leader !== -2;
  const hasReplicas = value.replicas !== null;
  const hasRemovingReplicas = value.removingReplicas !== null;
  const hasAddingReplicas = value.addingReplicas !== null;
  const hasLeaderRecoveryState = value.leaderRecoveryState !== -1;
  const hasEligibleLeaderReplicas = version === 2 && value.eligibleLeaderReplicas !== null;
  const hasLastKnownElr = version === 2 && value.lastKnownElr !== null;
  const hasDirectories = version >= 1 && value.directories !== null;
  to.unsignedVarint((hasIsr ? 1 : 0) + (hasLeader ? 1 : 0) + (hasReplicas ? 1 : 0) + (hasRemovingReplicas ? 1 : 0) + (hasAddingReplicas ? 1 : 0) + (hasLeaderRecoveryState ? 1 : 0) + (hasEligibleLeaderReplicas ? 1 : 0) + (hasLastKnownElr ? 1 : 0) + (hasDirectories ? 1 : 0));
  if (hasIsr) {
    const mark = to.openTag(0);
    to.compactArrayLength(value.isr?.length ?? -1);
    for (const each of value.isr ?? []) to.int32(each);
    to.closeTag(mark);
  }
  if (hasLeader) {
    const mark = to.openTag(1);
    to.int32(value.leader);
    to.closeTag(mark);
  }
  if (hasReplicas) {
    const mark = to.openTag(2);
    to.compactArrayLength(value.replicas?.length ?? -1);
    for (const each of value.replicas ?? []) to.int32(each);
    to.closeTag(mark);
  }
  if (hasRemovingReplicas) {
    const mark = to.openTag(3);
    to.compactArrayLength(value.removingReplicas?.length ?? -1);
    for (const each of value.removingReplicas ?? []) to.int32(each);
    to.closeTag(mark);
  }
  if (hasAddingReplicas) {
    const mark = to.openTag(4);
    to.compactArrayLength(value.addingReplicas?.length ?? -1);
    for (const each of value.addingReplicas ?? []) to.int32(each);
    to.closeTag(mark);
  }
  if (hasLeaderRecoveryState) {
    const mark = to.openTag(5);
    to.int8(value.leaderRecoveryState);
    to.closeTag(mark);
  }
  if (hasEligibleLeaderReplicas) {
    const mark = to.openTag(6);
    to.compactArrayLength(value.eligibleLeaderReplicas?.length ?? -1);
    for (const each of value.eligibleLeaderReplicas ?? []) to.int32(each);
    to.closeTag(mark);
  }
  if (hasLastKnownElr) {
    const mark = to.openTag(7);
    to.compactArrayLength(value.lastKnownElr?.length ?? -1);
    for (const each of value.lastKnownElr ?? []) to.int32(each);
    to.closeTag(mark);
  }
  if (hasDirectories) {
    const mark = to.openTag(8);
    to.compactArrayLength(value.directories?.length ?? -1);
    for (const each of value.directories ?? []) to.uuid(each);
    to.closeTag(mark);
  }
}

export const PartitionChangeRecord: RecordSchema<PartitionChangeRecord> = {
  name: "PartitionChangeRecord",
  apiKey: 5,
  versions: [0, 2],
  flexibleFrom: 0,
  read: readPartitionChangeRecord,
  write: writePartitionChangeRecord,
};

// From kafka-metadata-4.3.1.jar: common/metadata/PartitionRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface PartitionRecord {
  partitionId: number;
  topicId: string;
  replicas: number[];
  isr: number[];
  removingReplicas: number[];
  addingReplicas: number[];
  leader: number;
  leaderRecoveryState: number;
  leaderEpoch: number;
  partitionEpoch: number;
  directories: string[];
  eligibleLeaderReplicas: number[] | null;
  lastKnownElr: number[] | null;
}

export function readPartitionRecord(from: Reader, version: number): PartitionRecord {
  const partitionId = from.int32();
  const topicId = from.uuid();
  const replicas: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) replicas.push(from.int32());
  const isr: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) isr.push(from.int32());
  const removingReplicas: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) removingReplicas.push(from.int32());
  const addingReplicas: number[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) addingReplicas.push(from.int32());
  const leader = from.int32();
  let leaderRecoveryState = 0;
  const leaderEpoch = from.int32();
  const partitionEpoch = from.int32();
  const directories: string[] = [];
  for (let left = version === 0 ? 0 : from.compactArrayLength(16); left > 0; left--) directories.push(from.uuid());
  let eligibleLeaderReplicas: number[] | null = null;
  let lastKnownElr: number[] | null = null;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        leaderRecoveryState = from.int8();
        break;
      }
      case 1: {
        if (!(version === 2)) { from.skip(size); break; }
        const count = from.compactNullableArrayLength(4);
        eligibleLeaderReplicas = count < 0 ? null : [];
        for (let left = count; left > 0; left--) eligibleLeaderReplicas!.push(from.int32());
        break;
      }
      case 2: {
        if (!(version === 2)) { from.skip(size); break; }
        const count = from.compactNullableArrayLength(4);
        lastKnownElr = count < 0 ? null : [];
        for (let left = count; left > 0; left--) lastKnownElr!.push(from.int32());
        break;
      }
      default: from.skip(size);
    }
  }
  return { partitionId, topicId, replicas, isr, removingReplicas, addingReplicas, leader, leaderRecoveryState, leaderEpoch, partitionEpoch, directories, eligibleLeaderReplicas, lastKnownElr };
}

export function writePartitionRecord(to: Writer, value: PartitionRecord, version: number): void {
  to.int32(value.partitionId);
  to.uuid(value.topicId);
  to.compactArrayLength(value.replicas.length);
  for (const each of value.replicas) to.int32(each);
  to.compactArrayLength(value.isr.length);
  for (const each of value.isr) to.int32(each);
  to.compactArrayLength(value.removingReplicas.length);
  for (const each of value.removingReplicas) to.int32(each);
  to.compactArrayLength(value.addingReplicas.length);
  for (const each of value.addingReplicas) to.int32(each);
  to.int32(value.leader);
  to.int32(value.leaderEpoch);
  to.int32(value.partitionEpoch);
  if (version >= 1) {
    to.compactArrayLength(value.directories.length);
    for (const each of value.directories) to.uuid(each);
  }
  if (version === 0 && value.directories.length !== 0) to.unsupported("PartitionRecord.directories", version);
  if (version <= 1 && value.eligibleLeaderReplicas !== null) to.unsupported("PartitionRecord.eligibleLeaderReplicas", version);
  if (version <= 1 && value.lastKnownElr !== null) to.unsupported("PartitionRecord.lastKnownElr", version);
  const hasLeaderRecoveryState = value.leaderRecoveryState !== 0;
  const hasEligibleLeaderReplicas = version === 2 && value.eligibleLeaderReplicas !== null;
  const hasLastKnownElr = version === 2 && value.lastKnownElr !== null;
  to.unsignedVarint((hasLeaderRecoveryState ? 1 : 0) + (hasEligibleLeaderReplicas ? 1 : 0) + (hasLastKnownElr ? 1 : 0));
  if (hasLeaderRecoveryState) {
    const mark = to.openTag(0);
    to.int8(value.leaderRecoveryState);
    to.closeTag(mark);
  }
  if (hasEligibleLeaderReplicas) {
    const mark = to.openTag(1);
    to.compactArrayLength(value.eligibleLeaderReplicas?.length ?? -1);
    for (const each of value.eligibleLeaderReplicas ?? []) to.int32(each);
    to.closeTag(mark);
  }
  if (hasLastKnownElr) {
    const mark = to.openTag(2);
    to.compactArrayLength(value.lastKnownElr?.length ?? -1);
    for (const each of value.lastKnownElr ?? []) to.int32(each);
    to.closeTag(mark);
  }
}

export const PartitionRecord: RecordSchema<PartitionRecord> = {
  name: "PartitionRecord",
  apiKey: 3,
  versions: [0, 2],
  flexibleFrom: 0,
  read: readPartitionRecord,
  write: writePartitionRecord,
};

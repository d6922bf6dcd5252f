// From kafka-raft-4.3.1.jar: common/message/QuorumStateData.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../../../base/uuid.ts";
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface QuorumStateData {
  clusterId: string;
  leaderId: number;
  leaderEpoch: number;
  votedId: number;
  votedDirectoryId: string;
  appliedOffset: number;
  currentVoters: Voter[] | null;
}

export interface Voter {
  voterId: number;
}

export function readQuorumStateData(from: Reader, version: number): QuorumStateData {
  const clusterId = version === 0 ? from.compactString() : "";
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  const votedId = from.int32();
  const votedDirectoryId = version === 0 ? ZERO_UUID : from.uuid();
  const appliedOffset = version === 0 ? from.int64() : 0;
  const currentVotersCount = version === 0 ? from.compactNullableArrayLength(5) : 0;
  const currentVoters: Voter[] | null = currentVotersCount < 0 ? null : [];
  for (let left = currentVotersCount; left > 0; left--) currentVoters!.push(readVoter(from, version));
  from.skipTags();
  return { clusterId, leaderId, leaderEpoch, votedId, votedDirectoryId, appliedOffset, currentVoters };
}

export function writeQuorumStateData(to: Writer, value: QuorumStateData, version: number): void {
  if (version === 0) to.compactString(value.clusterId);
  if (version === 1 && value.clusterId !== "") to.unsupported("QuorumStateData.clusterId", version);
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  to.int32(value.votedId);
  if (version === 1) to.uuid(value.votedDirectoryId);
  if (version === 0 && value.votedDirectoryId !== ZERO_UUID) to.unsupported("QuorumStateData.votedDirectoryId", version);
  if (version === 0) to.int64(value.appliedOffset);
  if (version === 1 && value.appliedOffset !== 0) to.unsupported("QuorumStateData.appliedOffset", version);
  if (version === 0) {
    to.compactArrayLength(value.currentVoters?.length ?? -1);
    for (const each of value.currentVoters ?? []) writeVoter(to, each, version);
  }
  if (version === 1 && !(value.currentVoters?.length === 0)) to.unsupported("QuorumStateData.currentVoters", version);
  to.noTags();
}

export function readVoter(from: Reader, _version: number): Voter {
  const voterId = from.int32();
  from.skipTags();
  return { voterId };
}

export function writeVoter(to: Writer, value: Voter, _version: number): void {
  to.int32(value.voterId);
  to.noTags();
}

export const QuorumStateData: RecordSchema<QuorumStateData> = {
  name: "QuorumStateData",
  apiKey: null,
  versions: [0, 1],
  flexibleFrom: 0,
  read: readQuorumStateData,
  write: writeQuorumStateData,
};

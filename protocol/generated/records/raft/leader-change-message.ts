// From kafka-clients-4.3.1.jar: common/message/LeaderChangeMessage.json. Do not edit: npm run generate.
import { ZERO_UUID } from "../../../../base/uuid.ts";
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface LeaderChangeMessage {
  version: number;
  leaderId: number;
  voters: Voter[];
  grantingVoters: Voter[];
}

export interface Voter {
  voterId: number;
  voterDirectoryId: string;
}

export function readLeaderChangeMessage(from: Reader, version: number): LeaderChangeMessage {
  const version_ = from.int16();
  const leaderId = from.int32();
  const voters: Voter[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) voters.push(readVoter(from, version));
  const grantingVoters: Voter[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) grantingVoters.push(readVoter(from, version));
  from.skipTags();
  return { version: version_, leaderId, voters, grantingVoters };
}

export function writeLeaderChangeMessage(to: Writer, value: LeaderChangeMessage, version: number): void {
  to.int16(value.version);
  to.int32(value.leaderId);
  to.compactArrayLength(value.voters.length);
  for (const each of value.voters) writeVoter(to, each, version);
  to.compactArrayLength(value.grantingVoters.length);
  for (const each of value.grantingVoters) writeVoter(to, each, version);
  to.noTags();
}

export function readVoter(from: Reader, version: number): Voter {
  const voterId = from.int32();
  const voterDirectoryId = version === 0 ? ZERO_UUID : from.uuid();
  from.skipTags();
  return { voterId, voterDirectoryId };
}

export function writeVoter(to: Writer, value: Voter, version: number): void {
  to.int32(value.voterId);
  if (version === 1) to.uuid(value.voterDirectoryId);
  if (version === 0 && value.voterDirectoryId !== ZERO_UUID) to.unsupported("Voter.voterDirectoryId", version);
  to.noTags();
}

export const LeaderChangeMessage: RecordSchema<LeaderChangeMessage> = {
  name: "LeaderChangeMessage",
  apiKey: null,
  versions: [0, 1],
  flexibleFrom: 0,
  read: readLeaderChangeMessage,
  write: writeLeaderChangeMessage,
};

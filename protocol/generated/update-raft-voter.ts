// From kafka-clients-4.3.1.jar: common/message/UpdateRaftVoterRequest.json and common/message/UpdateRaftVoterResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface UpdateRaftVoterRequest {
  clusterId: string | null;
  currentLeaderEpoch: number;
  voterId: number;
  voterDirectoryId: string;
  listeners: Listener[];
  kRaftVersionFeature: KRaftVersionFeature;
}

export interface Listener {
  name: string;
  host: string;
  port: number;
}

export interface KRaftVersionFeature {
  minSupportedVersion: number;
  maxSupportedVersion: number;
}

export function readUpdateRaftVoterRequest(from: Reader, version: number): UpdateRaftVoterRequest {
  const clusterId: string | null = from.compactNullableString();
  const currentLeaderEpoch = from.int32();
  const voterId = from.int32();
  const voterDirectoryId = from.uuid();
  const listeners: Listener[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) listeners.push(readListener(from, version));
  const kRaftVersionFeature = readKRaftVersionFeature(from, version);
  from.skipTags();
  return { clusterId, currentLeaderEpoch, voterId, voterDirectoryId, listeners, kRaftVersionFeature };
}

export function writeUpdateRaftVoterRequest(to: Writer, value: UpdateRaftVoterRequest, version: number): void {
  to.compactNullableString(value.clusterId);
  to.int32(value.currentLeaderEpoch);
  to.int32(value.voterId);
  to.uuid(value.voterDirectoryId);
  to.compactArrayLength(value.listeners.length);
  for (const each of value.listeners) writeListener(to, each, version);
  writeKRaftVersionFeature(to, value.kRaftVersionFeature, version);
  to.noTags();
}

export function readListener(from: Reader, _version: number): Listener {
  const name = from.compactString();
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { name, host, port };
}

export function writeListener(to: Writer, value: Listener, _version: number): void {
  to.compactString(value.name);
  to.compactString(value.host);
  to.uint16(value.port);
  to.noTags();
}

export function readKRaftVersionFeature(from: Reader, _version: number): KRaftVersionFeature {
  const minSupportedVersion = from.int16();
  const maxSupportedVersion = from.int16();
  from.skipTags();
  return { minSupportedVersion, maxSupportedVersion };
}

export function writeKRaftVersionFeature(to: Writer, value: KRaftVersionFeature, _version: number): void {
  to.int16(value.minSupportedVersion);
  to.int16(value.maxSupportedVersion);
  to.noTags();
}

export interface UpdateRaftVoterResponse {
  throttleTimeMs: number;
  errorCode: number;
  currentLeader: CurrentLeader;
}

export interface CurrentLeader {
  leaderId: number;
  leaderEpoch: number;
  host: string;
  port: number;
}

export function newCurrentLeader(): CurrentLeader {
  return { leaderId: -1, leaderEpoch: -1, host: "", port: 0 };
}

export function readUpdateRaftVoterResponse(from: Reader, version: number): UpdateRaftVoterResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  let currentLeader = newCurrentLeader();
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        currentLeader = readCurrentLeader(from, version);
        break;
      }
      default: from.skip(size);
    }
  }
  return { throttleTimeMs, errorCode, currentLeader };
}

export function writeUpdateRaftVoterResponse(to: Writer, value: UpdateRaftVoterResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  const hasCurrentLeader = !(value.currentLeader.leaderId === -1 && value.currentLeader.leaderEpoch === -1 && value.currentLeader.host === "" && value.currentLeader.port === 0);
  to.unsignedVarint(hasCurrentLeader ? 1 : 0);
  if (hasCurrentLeader) {
    const mark = to.openTag(0);
    writeCurrentLeader(to, value.currentLeader, version);
    to.closeTag(mark);
  }
}

export function readCurrentLeader(from: Reader, _version: number): CurrentLeader {
  const leaderId = from.int32();
  const leaderEpoch = from.int32();
  const host = from.compactString();
  const port = from.int32();
  from.skipTags();
  return { leaderId, leaderEpoch, host, port };
}

export function writeCurrentLeader(to: Writer, value: CurrentLeader, _version: number): void {
  to.int32(value.leaderId);
  to.int32(value.leaderEpoch);
  to.compactString(value.host);
  to.int32(value.port);
  to.noTags();
}

export const UpdateRaftVoter: Message<UpdateRaftVoterRequest, UpdateRaftVoterResponse> = {
  key: 82,
  name: "UpdateRaftVoter",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readUpdateRaftVoterRequest,
  writeRequest: writeUpdateRaftVoterRequest,
  readResponse: readUpdateRaftVoterResponse,
  writeResponse: writeUpdateRaftVoterResponse,
};

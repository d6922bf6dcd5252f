// From kafka-clients-4.3.1.jar: common/message/VotersRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface VotersRecord {
  version: number;
  voters: Voter[];
}

export interface Voter {
  voterId: number;
  voterDirectoryId: string;
  endpoints: Endpoint[];
  kRaftVersionFeature: KRaftVersionFeature;
}

export interface Endpoint {
  name: string;
  host: string;
  port: number;
}

export interface KRaftVersionFeature {
  minSupportedVersion: number;
  maxSupportedVersion: number;
}

export function readVotersRecord(from: Reader, version: number): VotersRecord {
  const version_ = from.int16();
  const voters: Voter[] = [];
  for (let left = from.compactArrayLength(27); left > 0; left--) voters.push(readVoter(from, version));
  from.skipTags();
  return { version: version_, voters };
}

export function writeVotersRecord(to: Writer, value: VotersRecord, version: number): void {
  to.int16(value.version);
  to.compactArrayLength(value.voters.length);
  for (const each of value.voters) writeVoter(to, each, version);
  to.noTags();
}

export function readVoter(from: Reader, version: number): Voter {
  const voterId = from.int32();
  const voterDirectoryId = from.uuid();
  const endpoints: Endpoint[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) endpoints.push(readEndpoint(from, version));
  const kRaftVersionFeature = readKRaftVersionFeature(from, version);
  from.skipTags();
  return { voterId, voterDirectoryId, endpoints, kRaftVersionFeature };
}

export function writeVoter(to: Writer, value: Voter, version: number): void {
  to.int32(value.voterId);
  to.uuid(value.voterDirectoryId);
  to.compactArrayLength(value.endpoints.length);
  for (const each of value.endpoints) writeEndpoint(to, each, version);
  writeKRaftVersionFeature(to, value.kRaftVersionFeature, version);
  to.noTags();
}

export function readEndpoint(from: Reader, _version: number): Endpoint {
  const name = from.compactString();
  const host = from.compactString();
  const port = from.uint16();
  from.skipTags();
  return { name, host, port };
}

export function writeEndpoint(to: Writer, value: Endpoint, _version: number): void {
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

export const VotersRecord: RecordSchema<VotersRecord> = {
  name: "VotersRecord",
  apiKey: null,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readVotersRecord,
  write: writeVotersRecord,
};

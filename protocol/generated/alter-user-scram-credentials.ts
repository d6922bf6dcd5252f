// From kafka-clients-4.3.1.jar: common/message/AlterUserScramCredentialsRequest.json and common/message/AlterUserScramCredentialsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AlterUserScramCredentialsRequest {
  deletions: ScramCredentialDeletion[];
  upsertions: ScramCredentialUpsertion[];
}

export interface ScramCredentialDeletion {
  name: string;
  mechanism: number;
}

export interface ScramCredentialUpsertion {
  name: string;
  mechanism: number;
  iterations: number;
  salt: Uint8Array;
  saltedPassword: Uint8Array;
}

export function readAlterUserScramCredentialsRequest(from: Reader, version: number): AlterUserScramCredentialsRequest {
  const deletions: ScramCredentialDeletion[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) deletions.push(readScramCredentialDeletion(from, version));
  const upsertions: ScramCredentialUpsertion[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) upsertions.push(readScramCredentialUpsertion(from, version));
  from.skipTags();
  return { deletions, upsertions };
}

export function writeAlterUserScramCredentialsRequest(to: Writer, value: AlterUserScramCredentialsRequest, version: number): void {
  to.compactArrayLength(value.deletions.length);
  for (const each of value.deletions) writeScramCredentialDeletion(to, each, version);
  to.compactArrayLength(value.upsertions.length);
  for (const each of value.upsertions) writeScramCredentialUpsertion(to, each, version);
  to.noTags();
}

export function readScramCredentialDeletion(from: Reader, _version: number): ScramCredentialDeletion {
  const name = from.compactString();
  const mechanism = from.int8();
  from.skipTags();
  return { name, mechanism };
}

export function writeScramCredentialDeletion(to: Writer, value: ScramCredentialDeletion, _version: number): void {
  to.compactString(value.name);
  to.int8(value.mechanism);
  to.noTags();
}

export function readScramCredentialUpsertion(from: Reader, _version: number): ScramCredentialUpsertion {
  const name = from.compactString();
  const mechanism = from.int8();
  const iterations = from.int32();
  const salt = from.compactBytes();
  const saltedPassword = from.compactBytes();
  from.skipTags();
  return { name, mechanism, iterations, salt, saltedPassword };
}

export function writeScramCredentialUpsertion(to: Writer, value: ScramCredentialUpsertion, _version: number): void {
  to.compactString(value.name);
  to.int8(value.mechanism);
  to.int32(value.iterations);
  to.compactBytes(value.salt);
  to.compactBytes(value.saltedPassword);
  to.noTags();
}

export interface AlterUserScramCredentialsResponse {
  throttleTimeMs: number;
  results: AlterUserScramCredentialsResult[];
}

export interface AlterUserScramCredentialsResult {
  user: string;
  errorCode: number;
  errorMessage: string | null;
}

export function readAlterUserScramCredentialsResponse(from: Reader, version: number): AlterUserScramCredentialsResponse {
  const throttleTimeMs = from.int32();
  const results: AlterUserScramCredentialsResult[] = [];
  for (let left = from.compactArrayLength(5); left > 0; left--) results.push(readAlterUserScramCredentialsResult(from, version));
  from.skipTags();
  return { throttleTimeMs, results };
}

export function writeAlterUserScramCredentialsResponse(to: Writer, value: AlterUserScramCredentialsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.compactArrayLength(value.results.length);
  for (const each of value.results) writeAlterUserScramCredentialsResult(to, each, version);
  to.noTags();
}

export function readAlterUserScramCredentialsResult(from: Reader, _version: number): AlterUserScramCredentialsResult {
  const user = from.compactString();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  from.skipTags();
  return { user, errorCode, errorMessage };
}

export function writeAlterUserScramCredentialsResult(to: Writer, value: AlterUserScramCredentialsResult, _version: number): void {
  to.compactString(value.user);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.noTags();
}

export const AlterUserScramCredentials: Message<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse> = {
  key: 51,
  name: "AlterUserScramCredentials",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readAlterUserScramCredentialsRequest,
  writeRequest: writeAlterUserScramCredentialsRequest,
  readResponse: readAlterUserScramCredentialsResponse,
  writeResponse: writeAlterUserScramCredentialsResponse,
};

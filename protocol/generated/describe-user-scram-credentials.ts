// From kafka-clients-4.3.1.jar: common/message/DescribeUserScramCredentialsRequest.json and common/message/DescribeUserScramCredentialsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeUserScramCredentialsRequest {
  users: UserName[] | null;
}

export interface UserName {
  name: string;
}

export function readDescribeUserScramCredentialsRequest(from: Reader, version: number): DescribeUserScramCredentialsRequest {
  const usersCount = from.compactNullableArrayLength(2);
  const users: UserName[] | null = usersCount < 0 ? null : [];
  for (let left = usersCount; left > 0; left--) users!.push(readUserName(from, version));
  from.skipTags();
  return { users };
}

export function writeDescribeUserScramCredentialsRequest(to: Writer, value: DescribeUserScramCredentialsRequest, version: number): void {
  to.compactArrayLength(value.users?.length ?? -1);
  for (const each of value.users ?? []) writeUserName(to, each, version);
  to.noTags();
}

export function readUserName(from: Reader, _version: number): UserName {
  const name = from.compactString();
  from.skipTags();
  return { name };
}

export function writeUserName(to: Writer, value: UserName, _version: number): void {
  to.compactString(value.name);
  to.noTags();
}

export interface DescribeUserScramCredentialsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  results: DescribeUserScramCredentialsResult[];
}

export interface DescribeUserScramCredentialsResult {
  user: string;
  errorCode: number;
  errorMessage: string | null;
  credentialInfos: CredentialInfo[];
}

export interface CredentialInfo {
  mechanism: number;
  iterations: number;
}

export function readDescribeUserScramCredentialsResponse(from: Reader, version: number): DescribeUserScramCredentialsResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const results: DescribeUserScramCredentialsResult[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) results.push(readDescribeUserScramCredentialsResult(from, version));
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, results };
}

export function writeDescribeUserScramCredentialsResponse(to: Writer, value: DescribeUserScramCredentialsResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactArrayLength(value.results.length);
  for (const each of value.results) writeDescribeUserScramCredentialsResult(to, each, version);
  to.noTags();
}

export function readDescribeUserScramCredentialsResult(from: Reader, version: number): DescribeUserScramCredentialsResult {
  const user = from.compactString();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const credentialInfos: CredentialInfo[] = [];
  for (let left = from.compactArrayLength(6); left > 0; left--) credentialInfos.push(readCredentialInfo(from, version));
  from.skipTags();
  return { user, errorCode, errorMessage, credentialInfos };
}

export function writeDescribeUserScramCredentialsResult(to: Writer, value: DescribeUserScramCredentialsResult, version: number): void {
  to.compactString(value.user);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  to.compactArrayLength(value.credentialInfos.length);
  for (const each of value.credentialInfos) writeCredentialInfo(to, each, version);
  to.noTags();
}

export function readCredentialInfo(from: Reader, _version: number): CredentialInfo {
  const mechanism = from.int8();
  const iterations = from.int32();
  from.skipTags();
  return { mechanism, iterations };
}

export function writeCredentialInfo(to: Writer, value: CredentialInfo, _version: number): void {
  to.int8(value.mechanism);
  to.int32(value.iterations);
  to.noTags();
}

export const DescribeUserScramCredentials: Message<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse> = {
  key: 50,
  name: "DescribeUserScramCredentials",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readDescribeUserScramCredentialsRequest,
  writeRequest: writeDescribeUserScramCredentialsRequest,
  readResponse: readDescribeUserScramCredentialsResponse,
  writeResponse: writeDescribeUserScramCredentialsResponse,
};

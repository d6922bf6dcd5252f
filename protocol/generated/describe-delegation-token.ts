// From kafka-clients-4.3.1.jar: common/message/DescribeDelegationTokenRequest.json and common/message/DescribeDelegationTokenResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeDelegationTokenRequest {
  owners: DescribeDelegationTokenOwner[] | null;
}

export interface DescribeDelegationTokenOwner {
  principalType: string;
  principalName: string;
}

export function readDescribeDelegationTokenRequest(from: Reader, version: number): DescribeDelegationTokenRequest {
  const flexible = version >= 2;
  const ownersCount = flexible ? from.compactNullableArrayLength(3) : from.nullableArrayLength(4);
  const owners: DescribeDelegationTokenOwner[] | null = ownersCount < 0 ? null : [];
  for (let left = ownersCount; left > 0; left--) owners!.push(readDescribeDelegationTokenOwner(from, version));
  if (flexible) from.skipTags();
  return { owners };
}

export function writeDescribeDelegationTokenRequest(to: Writer, value: DescribeDelegationTokenRequest, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactArrayLength(value.owners?.length ?? -1);
  else to.arrayLength(value.owners?.length ?? -1);
  for (const each of value.owners ?? []) writeDescribeDelegationTokenOwner(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribeDelegationTokenOwner(from: Reader, version: number): DescribeDelegationTokenOwner {
  const flexible = version >= 2;
  const principalType = flexible ? from.compactString() : from.string();
  const principalName = flexible ? from.compactString() : from.string();
  if (flexible) from.skipTags();
  return { principalType, principalName };
}

export function writeDescribeDelegationTokenOwner(to: Writer, value: DescribeDelegationTokenOwner, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.principalType);
  else to.string(value.principalType);
  if (flexible) to.compactString(value.principalName);
  else to.string(value.principalName);
  if (flexible) to.noTags();
}

export interface DescribeDelegationTokenResponse {
  errorCode: number;
  tokens: DescribedDelegationToken[];
  throttleTimeMs: number;
}

export interface DescribedDelegationToken {
  principalType: string;
  principalName: string;
  tokenRequesterPrincipalType: string;
  tokenRequesterPrincipalName: string;
  issueTimestamp: number;
  expiryTimestamp: number;
  maxTimestamp: number;
  tokenId: string;
  hmac: Uint8Array;
  renewers: DescribedDelegationTokenRenewer[];
}

export interface DescribedDelegationTokenRenewer {
  principalType: string;
  principalName: string;
}

export function readDescribeDelegationTokenResponse(from: Reader, version: number): DescribeDelegationTokenResponse {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const tokens: DescribedDelegationToken[] = [];
  for (let left = flexible ? from.compactArrayLength(30) : from.arrayLength(38); left > 0; left--) tokens.push(readDescribedDelegationToken(from, version));
  const throttleTimeMs = from.int32();
  if (flexible) from.skipTags();
  return { errorCode, tokens, throttleTimeMs };
}

export function writeDescribeDelegationTokenResponse(to: Writer, value: DescribeDelegationTokenResponse, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  if (flexible) to.compactArrayLength(value.tokens.length);
  else to.arrayLength(value.tokens.length);
  for (const each of value.tokens) writeDescribedDelegationToken(to, each, version);
  to.int32(value.throttleTimeMs);
  if (flexible) to.noTags();
}

export function readDescribedDelegationToken(from: Reader, version: number): DescribedDelegationToken {
  const flexible = version >= 2;
  const principalType = flexible ? from.compactString() : from.string();
  const principalName = flexible ? from.compactString() : from.string();
  const tokenRequesterPrincipalType = version <= 2 ? "" : from.compactString();
  const tokenRequesterPrincipalName = version <= 2 ? "" : from.compactString();
  const issueTimestamp = from.int64();
  const expiryTimestamp = from.int64();
  const maxTimestamp = from.int64();
  const tokenId = flexible ? from.compactString() : from.string();
  const hmac = flexible ? from.compactBytes() : from.bytes();
  const renewers: DescribedDelegationTokenRenewer[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(4); left > 0; left--) renewers.push(readDescribedDelegationTokenRenewer(from, version));
  if (flexible) from.skipTags();
  return { principalType, principalName, tokenRequesterPrincipalType, tokenRequesterPrincipalName, issueTimestamp, expiryTimestamp, maxTimestamp, tokenId, hmac, renewers };
}

export function writeDescribedDelegationToken(to: Writer, value: DescribedDelegationToken, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.principalType);
  else to.string(value.principalType);
  if (flexible) to.compactString(value.principalName);
  else to.string(value.principalName);
  if (version === 3) to.compactString(value.tokenRequesterPrincipalType);
  if (version === 3) to.compactString(value.tokenRequesterPrincipalName);
  to.int64(value.issueTimestamp);
  to.int64(value.expiryTimestamp);
  to.int64(value.maxTimestamp);
  if (flexible) to.compactString(value.tokenId);
  else to.string(value.tokenId);
  if (flexible) to.compactBytes(value.hmac);
  else to.bytes(value.hmac);
  if (flexible) to.compactArrayLength(value.renewers.length);
  else to.arrayLength(value.renewers.length);
  for (const each of value.renewers) writeDescribedDelegationTokenRenewer(to, each, version);
  if (flexible) to.noTags();
}

export function readDescribedDelegationTokenRenewer(from: Reader, version: number): DescribedDelegationTokenRenewer {
  const flexible = version >= 2;
  const principalType = flexible ? from.compactString() : from.string();
  const principalName = flexible ? from.compactString() : from.string();
  if (flexible) from.skipTags();
  return { principalType, principalName };
}

export function writeDescribedDelegationTokenRenewer(to: Writer, value: DescribedDelegationTokenRenewer, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.principalType);
  else to.string(value.principalType);
  if (flexible) to.compactString(value.principalName);
  else to.string(value.principalName);
  if (flexible) to.noTags();
}

export const DescribeDelegationToken: Message<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse> = {
  key: 41,
  name: "DescribeDelegationToken",
  versions: [1, 3],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readDescribeDelegationTokenRequest,
  writeRequest: writeDescribeDelegationTokenRequest,
  readResponse: readDescribeDelegationTokenResponse,
  writeResponse: writeDescribeDelegationTokenResponse,
};

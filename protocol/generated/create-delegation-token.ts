// From kafka-clients-4.3.1.jar: common/message/CreateDelegationTokenRequest.json and common/message/CreateDelegationTokenResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface CreateDelegationTokenRequest {
  ownerPrincipalType: string | null;
  ownerPrincipalName: string | null;
  renewers: CreatableRenewers[];
  maxLifetimeMs: number;
}

export interface CreatableRenewers {
  principalType: string;
  principalName: string;
}

export function readCreateDelegationTokenRequest(from: Reader, version: number): CreateDelegationTokenRequest {
  const flexible = version >= 2;
  const ownerPrincipalType: string | null = version <= 2 ? "" : from.compactNullableString();
  const ownerPrincipalName: string | null = version <= 2 ? "" : from.compactNullableString();
  const renewers: CreatableRenewers[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(4); left > 0; left--) renewers.push(readCreatableRenewers(from, version));
  const maxLifetimeMs = from.int64();
  if (flexible) from.skipTags();
  return { ownerPrincipalType, ownerPrincipalName, renewers, maxLifetimeMs };
}

export function writeCreateDelegationTokenRequest(to: Writer, value: CreateDelegationTokenRequest, version: number): void {
  const flexible = version >= 2;
  if (version === 3) to.compactNullableString(value.ownerPrincipalType);
  if (version <= 2 && value.ownerPrincipalType !== "") to.unsupported("CreateDelegationTokenRequest.ownerPrincipalType", version);
  if (version === 3) to.compactNullableString(value.ownerPrincipalName);
  if (version <= 2 && value.ownerPrincipalName !== "") to.unsupported("CreateDelegationTokenRequest.ownerPrincipalName", version);
  if (flexible) to.compactArrayLength(value.renewers.length);
  else to.arrayLength(value.renewers.length);
  for (const each of value.renewers) writeCreatableRenewers(to, each, version);
  to.int64(value.maxLifetimeMs);
  if (flexible) to.noTags();
}

export function readCreatableRenewers(from: Reader, version: number): CreatableRenewers {
  const flexible = version >= 2;
  const principalType = flexible ? from.compactString() : from.string();
  const principalName = flexible ? from.compactString() : from.string();
  if (flexible) from.skipTags();
  return { principalType, principalName };
}

export function writeCreatableRenewers(to: Writer, value: CreatableRenewers, version: number): void {
  const flexible = version >= 2;
  if (flexible) to.compactString(value.principalType);
  else to.string(value.principalType);
  if (flexible) to.compactString(value.principalName);
  else to.string(value.principalName);
  if (flexible) to.noTags();
}

export interface CreateDelegationTokenResponse {
  errorCode: number;
  principalType: string;
  principalName: string;
  tokenRequesterPrincipalType: string;
  tokenRequesterPrincipalName: string;
  issueTimestampMs: number;
  expiryTimestampMs: number;
  maxTimestampMs: number;
  tokenId: string;
  hmac: Uint8Array;
  throttleTimeMs: number;
}

export function readCreateDelegationTokenResponse(from: Reader, version: number): CreateDelegationTokenResponse {
  const flexible = version >= 2;
  const errorCode = from.int16();
  const principalType = flexible ? from.compactString() : from.string();
  const principalName = flexible ? from.compactString() : from.string();
  const tokenRequesterPrincipalType = version <= 2 ? "" : from.compactString();
  const tokenRequesterPrincipalName = version <= 2 ? "" : from.compactString();
  const issueTimestampMs = from.int64();
  const expiryTimestampMs = from.int64();
  const maxTimestampMs = from.int64();
  const tokenId = flexible ? from.compactString() : from.string();
  const hmac = flexible ? from.compactBytes() : from.bytes();
  const throttleTimeMs = from.int32();
  if (flexible) from.skipTags();
  return { errorCode, principalType, principalName, tokenRequesterPrincipalType, tokenRequesterPrincipalName, issueTimestampMs, expiryTimestampMs, maxTimestampMs, tokenId, hmac, throttleTimeMs };
}

export function writeCreateDelegationTokenResponse(to: Writer, value: CreateDelegationTokenResponse, version: number): void {
  const flexible = version >= 2;
  to.int16(value.errorCode);
  if (flexible) to.compactString(value.principalType);
  else to.string(value.principalType);
  if (flexible) to.compactString(value.principalName);
  else to.string(value.principalName);
  if (version === 3) to.compactString(value.tokenRequesterPrincipalType);
  if (version === 3) to.compactString(value.tokenRequesterPrincipalName);
  to.int64(value.issueTimestampMs);
  to.int64(value.expiryTimestampMs);
  to.int64(value.maxTimestampMs);
  if (flexible) to.compactString(value.tokenId);
  else to.string(value.tokenId);
  if (flexible) to.compactBytes(value.hmac);
  else to.bytes(value.hmac);
  to.int32(value.throttleTimeMs);
  if (flexible) to.noTags();
}

export const CreateDelegationToken: Message<CreateDelegationTokenRequest, CreateDelegationTokenResponse> = {
  key: 38,
  name: "CreateDelegationToken",
  versions: [1, 3],
  flexibleFrom: 2,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readCreateDelegationTokenRequest,
  writeRequest: writeCreateDelegationTokenRequest,
  readResponse: readCreateDelegationTokenResponse,
  writeResponse: writeCreateDelegationTokenResponse,
};

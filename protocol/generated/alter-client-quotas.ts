// From kafka-clients-4.3.1.jar: common/message/AlterClientQuotasRequest.json and common/message/AlterClientQuotasResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface AlterClientQuotasRequest {
  entries: AlterClientQuotasRequestEntryData[];
  validateOnly: boolean;
}

export interface AlterClientQuotasRequestEntryData {
  entity: AlterClientQuotasRequestEntityData[];
  ops: OpData[];
}

export interface AlterClientQuotasRequestEntityData {
  entityType: string;
  entityName: string | null;
}

export interface OpData {
  key: string;
  value: number;
  remove: boolean;
}

export function readAlterClientQuotasRequest(from: Reader, version: number): AlterClientQuotasRequest {
  const flexible = version >= 1;
  const entries: AlterClientQuotasRequestEntryData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(8); left > 0; left--) entries.push(readAlterClientQuotasRequestEntryData(from, version));
  const validateOnly = from.bool();
  if (flexible) from.skipTags();
  return { entries, validateOnly };
}

export function writeAlterClientQuotasRequest(to: Writer, value: AlterClientQuotasRequest, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactArrayLength(value.entries.length);
  else to.arrayLength(value.entries.length);
  for (const each of value.entries) writeAlterClientQuotasRequestEntryData(to, each, version);
  to.bool(value.validateOnly);
  if (flexible) to.noTags();
}

export function readAlterClientQuotasRequestEntryData(from: Reader, version: number): AlterClientQuotasRequestEntryData {
  const flexible = version >= 1;
  const entity: AlterClientQuotasRequestEntityData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(4); left > 0; left--) entity.push(readAlterClientQuotasRequestEntityData(from, version));
  const ops: OpData[] = [];
  for (let left = flexible ? from.compactArrayLength(11) : from.arrayLength(11); left > 0; left--) ops.push(readOpData(from, version));
  if (flexible) from.skipTags();
  return { entity, ops };
}

export function writeAlterClientQuotasRequestEntryData(to: Writer, value: AlterClientQuotasRequestEntryData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactArrayLength(value.entity.length);
  else to.arrayLength(value.entity.length);
  for (const each of value.entity) writeAlterClientQuotasRequestEntityData(to, each, version);
  if (flexible) to.compactArrayLength(value.ops.length);
  else to.arrayLength(value.ops.length);
  for (const each of value.ops) writeOpData(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterClientQuotasRequestEntityData(from: Reader, version: number): AlterClientQuotasRequestEntityData {
  const flexible = version >= 1;
  const entityType = flexible ? from.compactString() : from.string();
  const entityName: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { entityType, entityName };
}

export function writeAlterClientQuotasRequestEntityData(to: Writer, value: AlterClientQuotasRequestEntityData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.entityType);
  else to.string(value.entityType);
  if (flexible) to.compactNullableString(value.entityName);
  else to.nullableString(value.entityName);
  if (flexible) to.noTags();
}

export function readOpData(from: Reader, version: number): OpData {
  const flexible = version >= 1;
  const key = flexible ? from.compactString() : from.string();
  const value_ = from.float64();
  const remove = from.bool();
  if (flexible) from.skipTags();
  return { key, value: value_, remove };
}

export function writeOpData(to: Writer, value: OpData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.key);
  else to.string(value.key);
  to.float64(value.value);
  to.bool(value.remove);
  if (flexible) to.noTags();
}

export interface AlterClientQuotasResponse {
  throttleTimeMs: number;
  entries: AlterClientQuotasResponseEntryData[];
}

export interface AlterClientQuotasResponseEntryData {
  errorCode: number;
  errorMessage: string | null;
  entity: AlterClientQuotasResponseEntityData[];
}

export interface AlterClientQuotasResponseEntityData {
  entityType: string;
  entityName: string | null;
}

export function readAlterClientQuotasResponse(from: Reader, version: number): AlterClientQuotasResponse {
  const flexible = version >= 1;
  const throttleTimeMs = from.int32();
  const entries: AlterClientQuotasResponseEntryData[] = [];
  for (let left = flexible ? from.compactArrayLength(5) : from.arrayLength(8); left > 0; left--) entries.push(readAlterClientQuotasResponseEntryData(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, entries };
}

export function writeAlterClientQuotasResponse(to: Writer, value: AlterClientQuotasResponse, version: number): void {
  const flexible = version >= 1;
  to.int32(value.throttleTimeMs);
  if (flexible) to.compactArrayLength(value.entries.length);
  else to.arrayLength(value.entries.length);
  for (const each of value.entries) writeAlterClientQuotasResponseEntryData(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterClientQuotasResponseEntryData(from: Reader, version: number): AlterClientQuotasResponseEntryData {
  const flexible = version >= 1;
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const entity: AlterClientQuotasResponseEntityData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(4); left > 0; left--) entity.push(readAlterClientQuotasResponseEntityData(from, version));
  if (flexible) from.skipTags();
  return { errorCode, errorMessage, entity };
}

export function writeAlterClientQuotasResponseEntryData(to: Writer, value: AlterClientQuotasResponseEntryData, version: number): void {
  const flexible = version >= 1;
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.compactArrayLength(value.entity.length);
  else to.arrayLength(value.entity.length);
  for (const each of value.entity) writeAlterClientQuotasResponseEntityData(to, each, version);
  if (flexible) to.noTags();
}

export function readAlterClientQuotasResponseEntityData(from: Reader, version: number): AlterClientQuotasResponseEntityData {
  const flexible = version >= 1;
  const entityType = flexible ? from.compactString() : from.string();
  const entityName: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { entityType, entityName };
}

export function writeAlterClientQuotasResponseEntityData(to: Writer, value: AlterClientQuotasResponseEntityData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.entityType);
  else to.string(value.entityType);
  if (flexible) to.compactNullableString(value.entityName);
  else to.nullableString(value.entityName);
  if (flexible) to.noTags();
}

export const AlterClientQuotas: Message<AlterClientQuotasRequest, AlterClientQuotasResponse> = {
  key: 49,
  name: "AlterClientQuotas",
  versions: [0, 1],
  flexibleFrom: 1,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readAlterClientQuotasRequest,
  writeRequest: writeAlterClientQuotasRequest,
  readResponse: readAlterClientQuotasResponse,
  writeResponse: writeAlterClientQuotasResponse,
};

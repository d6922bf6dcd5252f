// From kafka-clients-4.3.1.jar: common/message/DescribeClientQuotasRequest.json and common/message/DescribeClientQuotasResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeClientQuotasRequest {
  components: ComponentData[];
  strict: boolean;
}

export interface ComponentData {
  entityType: string;
  matchType: number;
  match: string | null;
}

export function readDescribeClientQuotasRequest(from: Reader, version: number): DescribeClientQuotasRequest {
  const flexible = version >= 1;
  const components: ComponentData[] = [];
  for (let left = flexible ? from.compactArrayLength(4) : from.arrayLength(5); left > 0; left--) components.push(readComponentData(from, version));
  const strict = from.bool();
  if (flexible) from.skipTags();
  return { components, strict };
}

export function writeDescribeClientQuotasRequest(to: Writer, value: DescribeClientQuotasRequest, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactArrayLength(value.components.length);
  else to.arrayLength(value.components.length);
  for (const each of value.components) writeComponentData(to, each, version);
  to.bool(value.strict);
  if (flexible) to.noTags();
}

export function readComponentData(from: Reader, version: number): ComponentData {
  const flexible = version >= 1;
  const entityType = flexible ? from.compactString() : from.string();
  const matchType = from.int8();
  const match: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { entityType, matchType, match };
}

export function writeComponentData(to: Writer, value: ComponentData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.entityType);
  else to.string(value.entityType);
  to.int8(value.matchType);
  if (flexible) to.compactNullableString(value.match);
  else to.nullableString(value.match);
  if (flexible) to.noTags();
}

export interface DescribeClientQuotasResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  entries: EntryData[] | null;
}

export interface EntryData {
  entity: EntityData[];
  values: ValueData[];
}

export interface EntityData {
  entityType: string;
  entityName: string | null;
}

export interface ValueData {
  key: string;
  value: number;
}

export function readDescribeClientQuotasResponse(from: Reader, version: number): DescribeClientQuotasResponse {
  const flexible = version >= 1;
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = flexible ? from.compactNullableString() : from.nullableString();
  const entriesCount = flexible ? from.compactNullableArrayLength(3) : from.nullableArrayLength(8);
  const entries: EntryData[] | null = entriesCount < 0 ? null : [];
  for (let left = entriesCount; left > 0; left--) entries!.push(readEntryData(from, version));
  if (flexible) from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, entries };
}

export function writeDescribeClientQuotasResponse(to: Writer, value: DescribeClientQuotasResponse, version: number): void {
  const flexible = version >= 1;
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  if (flexible) to.compactNullableString(value.errorMessage);
  else to.nullableString(value.errorMessage);
  if (flexible) to.compactArrayLength(value.entries?.length ?? -1);
  else to.arrayLength(value.entries?.length ?? -1);
  for (const each of value.entries ?? []) writeEntryData(to, each, version);
  if (flexible) to.noTags();
}

export function readEntryData(from: Reader, version: number): EntryData {
  const flexible = version >= 1;
  const entity: EntityData[] = [];
  for (let left = flexible ? from.compactArrayLength(3) : from.arrayLength(4); left > 0; left--) entity.push(readEntityData(from, version));
  const values: ValueData[] = [];
  for (let left = flexible ? from.compactArrayLength(10) : from.arrayLength(10); left > 0; left--) values.push(readValueData(from, version));
  if (flexible) from.skipTags();
  return { entity, values };
}

export function writeEntryData(to: Writer, value: EntryData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactArrayLength(value.entity.length);
  else to.arrayLength(value.entity.length);
  for (const each of value.entity) writeEntityData(to, each, version);
  if (flexible) to.compactArrayLength(value.values.length);
  else to.arrayLength(value.values.length);
  for (const each of value.values) writeValueData(to, each, version);
  if (flexible) to.noTags();
}

export function readEntityData(from: Reader, version: number): EntityData {
  const flexible = version >= 1;
  const entityType = flexible ? from.compactString() : from.string();
  const entityName: string | null = flexible ? from.compactNullableString() : from.nullableString();
  if (flexible) from.skipTags();
  return { entityType, entityName };
}

export function writeEntityData(to: Writer, value: EntityData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.entityType);
  else to.string(value.entityType);
  if (flexible) to.compactNullableString(value.entityName);
  else to.nullableString(value.entityName);
  if (flexible) to.noTags();
}

export function readValueData(from: Reader, version: number): ValueData {
  const flexible = version >= 1;
  const key = flexible ? from.compactString() : from.string();
  const value_ = from.float64();
  if (flexible) from.skipTags();
  return { key, value: value_ };
}

export function writeValueData(to: Writer, value: ValueData, version: number): void {
  const flexible = version >= 1;
  if (flexible) to.compactString(value.key);
  else to.string(value.key);
  to.float64(value.value);
  if (flexible) to.noTags();
}

export const DescribeClientQuotas: Message<DescribeClientQuotasRequest, DescribeClientQuotasResponse> = {
  key: 48,
  name: "DescribeClientQuotas",
  versions: [0, 1],
  flexibleFrom: 1,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readDescribeClientQuotasRequest,
  writeRequest: writeDescribeClientQuotasRequest,
  readResponse: readDescribeClientQuotasResponse,
  writeResponse: writeDescribeClientQuotasResponse,
};

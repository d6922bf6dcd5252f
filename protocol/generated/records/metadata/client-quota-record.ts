// From kafka-metadata-4.3.1.jar: common/metadata/ClientQuotaRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ClientQuotaRecord {
  entity: EntityData[];
  key: string;
  value: number;
  remove: boolean;
}

export interface EntityData {
  entityType: string;
  entityName: string | null;
}

export function readClientQuotaRecord(from: Reader, version: number): ClientQuotaRecord {
  const entity: EntityData[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) entity.push(readEntityData(from, version));
  const key = from.compactString();
  const value_ = from.float64();
  const remove = from.bool();
  from.skipTags();
  return { entity, key, value: value_, remove };
}

export function writeClientQuotaRecord(to: Writer, value: ClientQuotaRecord, version: number): void {
  to.compactArrayLength(value.entity.length);
  for (const each of value.entity) writeEntityData(to, each, version);
  to.compactString(value.key);
  to.float64(value.value);
  to.bool(value.remove);
  to.noTags();
}

export function readEntityData(from: Reader, _version: number): EntityData {
  const entityType = from.compactString();
  const entityName: string | null = from.compactNullableString();
  from.skipTags();
  return { entityType, entityName };
}

export function writeEntityData(to: Writer, value: EntityData, _version: number): void {
  to.compactString(value.entityType);
  to.compactNullableString(value.entityName);
  to.noTags();
}

export const ClientQuotaRecord: RecordSchema<ClientQuotaRecord> = {
  name: "ClientQuotaRecord",
  apiKey: 14,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readClientQuotaRecord,
  write: writeClientQuotaRecord,
};

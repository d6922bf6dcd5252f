// From kafka-metadata-4.3.1.jar: common/metadata/AccessControlEntryRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface AccessControlEntryRecord {
  id: string;
  resourceType: number;
  resourceName: string;
  patternType: number;
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
}

export function readAccessControlEntryRecord(from: Reader, _version: number): AccessControlEntryRecord {
  const id = from.uuid();
  const resourceType = from.int8();
  const resourceName = from.compactString();
  const patternType = from.int8();
  const principal = from.compactString();
  const host = from.compactString();
  const operation = from.int8();
  const permissionType = from.int8();
  from.skipTags();
  return { id, resourceType, resourceName, patternType, principal, host, operation, permissionType };
}

export function writeAccessControlEntryRecord(to: Writer, value: AccessControlEntryRecord, _version: number): void {
  to.uuid(value.id);
  to.int8(value.resourceType);
  to.compactString(value.resourceName);
  to.int8(value.patternType);
  to.compactString(value.principal);
  to.compactString(value.host);
  to.int8(value.operation);
  to.int8(value.permissionType);
  to.noTags();
}

export const AccessControlEntryRecord: RecordSchema<AccessControlEntryRecord> = {
  name: "AccessControlEntryRecord",
  apiKey: 18,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readAccessControlEntryRecord,
  write: writeAccessControlEntryRecord,
};

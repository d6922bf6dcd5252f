// From kafka-clients-4.3.1.jar: common/message/DefaultPrincipalData.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface DefaultPrincipalData {
  type: string;
  name: string;
  tokenAuthenticated: boolean;
}

export function readDefaultPrincipalData(from: Reader, _version: number): DefaultPrincipalData {
  const type = from.compactString();
  const name = from.compactString();
  const tokenAuthenticated = from.bool();
  from.skipTags();
  return { type, name, tokenAuthenticated };
}

export function writeDefaultPrincipalData(to: Writer, value: DefaultPrincipalData, _version: number): void {
  to.compactString(value.type);
  to.compactString(value.name);
  to.bool(value.tokenAuthenticated);
  to.noTags();
}

export const DefaultPrincipalData: RecordSchema<DefaultPrincipalData> = {
  name: "DefaultPrincipalData",
  apiKey: null,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readDefaultPrincipalData,
  write: writeDefaultPrincipalData,
};

/**
 * Kafka's message definitions (JSON with `//` comments) as a tree of plain values. Only facts are kept: names, types,
 * versions, tags, defaults; never the descriptions.
 */

/** Both ends included; null: no version. */
export type Versions = { readonly min: number; readonly max: number } | null;

export type Scalar =
  | "bool"
  | "int8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "float64"
  | "string"
  | "uuid"
  | "bytes"
  | "records";

export type Type =
  | { readonly kind: "scalar"; readonly scalar: Scalar }
  | { readonly kind: "struct"; readonly name: string }
  | { readonly kind: "array"; readonly element: Type };

export interface Field {
  /** In camelCase, as in the objects that the codecs read and write. */
  readonly name: string;
  readonly type: Type;
  readonly versions: Versions;
  readonly nullable: Versions;
  readonly tagged: Versions;
  readonly tag: number | null;
  /** Overrides the message's flexible versions: the client id of a request header is never compact. */
  readonly flexible: Versions | undefined;
  /** The text of the default; undefined where the type's own zero is meant. */
  readonly default: string | undefined;
  readonly ignorable: boolean;
  readonly mapKey: boolean;
}

export interface Struct {
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Definition {
  readonly type: "request" | "response" | "header" | "metadata" | "coordinator-key" | "coordinator-value" | "data";
  readonly name: string;
  readonly apiKey: number | null;
  readonly versions: Versions;
  readonly flexible: Versions;
  readonly listeners: readonly string[];
  readonly latestVersionUnstable: boolean;
  /** The message itself first, then the structures inside it, each after the one that uses it first. */
  readonly structs: readonly Struct[];
  /** Where it comes from: "kafka-clients", "common/message/FetchRequest.json". */
  readonly artifact: string;
  readonly path: string;
}

/** What the JSON of one definition or one field may contain; `check.ts` refuses anything else. */
export interface RawField {
  name: string;
  type: string;
  versions?: string;
  nullableVersions?: string;
  taggedVersions?: string;
  flexibleVersions?: string;
  tag?: number;
  default?: unknown;
  ignorable?: boolean;
  mapKey?: boolean;
  fields?: RawField[];
}

export interface RawDefinition {
  type: Definition["type"];
  name: string;
  apiKey?: number;
  validVersions: string;
  flexibleVersions?: string;
  listeners?: string[];
  latestVersionUnstable?: boolean;
  /** A message of which no version is left has none. */
  fields?: RawField[];
  commonStructs?: { name: string; versions: string; fields: RawField[] }[];
}

const VERSION_MAX = 0x7fff;

/** "3+", "1-4", "2", "none". */
export function parseVersions(text: string | undefined): Versions {
  if (text === undefined || text === "none") return null;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text.trim());
  if (match === null) throw new Error(`versions "${text}"`);
  const min = Number(match[1]);
  return { min, max: match[2] !== undefined ? VERSION_MAX : Number(match[3] ?? min) };
}

export function includes(versions: Versions, version: number): boolean {
  return versions !== null && version >= versions.min && version <= versions.max;
}

/** Strips `//` comments, which never begin inside a string here. */
export function parseJson(text: string): RawDefinition {
  const bare = text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*/g, (_, string: string | undefined) => string ?? "");
  return JSON.parse(bare) as RawDefinition;
}

export function readDefinition(text: string, artifact: string, path: string): Definition {
  const raw = parseJson(text);
  const structs: Struct[] = [];
  collect(raw.name, raw.fields ?? [], structs);
  for (const common of raw.commonStructs ?? []) collect(common.name, common.fields, structs);
  return {
    type: raw.type,
    name: raw.name,
    apiKey: raw.apiKey ?? null,
    versions: parseVersions(raw.validVersions),
    flexible: parseVersions(raw.flexibleVersions),
    listeners: raw.listeners ?? [],
    latestVersionUnstable: raw.latestVersionUnstable ?? false,
    structs,
    artifact,
    path,
  };
}

function collect(name: string, rawFields: readonly RawField[], structs: Struct[]): void {
  structs.push({ name, fields: rawFields.map(readField) });
  for (const raw of rawFields) {
    if (raw.fields !== undefined) collect(raw.type.replace("[]", ""), raw.fields, structs);
  }
}

function readField(raw: RawField): Field {
  const tagged = parseVersions(raw.taggedVersions);
  return {
    name: raw.name.charAt(0).toLowerCase() + raw.name.slice(1),
    type: readType(raw.type),
    // A field that only ever is tagged need not say its versions twice.
    versions: raw.versions === undefined ? tagged : parseVersions(raw.versions),
    nullable: parseVersions(raw.nullableVersions),
    tagged,
    tag: raw.tag ?? null,
    flexible: raw.flexibleVersions === undefined ? undefined : parseVersions(raw.flexibleVersions),
    // A JSON null means no default, unlike the text "null"; an empty text means the type's zero.
    default: raw.default === undefined || raw.default === null || raw.default === "" ? undefined : String(raw.default),
    ignorable: raw.ignorable ?? false,
    mapKey: raw.mapKey ?? false,
  };
}

const scalars: ReadonlySet<string> = new Set<Scalar>([
  "bool",
  "int8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "float64",
  "string",
  "uuid",
  "bytes",
  "records",
]);

function readType(text: string): Type {
  if (text.startsWith("[]")) return { kind: "array", element: readType(text.slice(2)) };
  if (scalars.has(text)) return { kind: "scalar", scalar: text as Scalar };
  return { kind: "struct", name: text };
}

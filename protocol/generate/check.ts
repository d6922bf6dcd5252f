/**
 * Refuses a definition with anything that the emitter does not know, so that a new Kafka release cannot slip a feature
 * past us: unknown keys and types, tags with gaps, tagged versions that are not flexible, impossible defaults.
 */
import type { Definition, Field, RawDefinition, RawField } from "./read.ts";
import { includes, parseJson } from "./read.ts";

const definitionKeys = new Set([
  "apiKey",
  "type",
  "name",
  "validVersions",
  "flexibleVersions",
  "fields",
  "listeners",
  "latestVersionUnstable",
  "commonStructs",
]);
const fieldKeys = new Set([
  "name",
  "type",
  "versions",
  "nullableVersions",
  "taggedVersions",
  "flexibleVersions",
  "tag",
  "default",
  "ignorable",
  "mapKey",
  "fields",
  // Known and of no use to a codec: the kind of thing named, and Java's choice of a buffer over an array.
  "about",
  "entityType",
  "zeroCopy",
]);
const structKeys = new Set(["name", "versions", "fields", "about"]);

export function checkKeys(text: string, path: string): void {
  const raw: RawDefinition = parseJson(text);
  checkOnly(raw, definitionKeys, path);
  checkFieldKeys(raw.fields ?? [], path);
  for (const struct of raw.commonStructs ?? []) {
    checkOnly(struct, structKeys, path);
    checkFieldKeys(struct.fields, path);
  }
}

function checkFieldKeys(fields: readonly RawField[], path: string): void {
  for (const field of fields) {
    checkOnly(field, fieldKeys, `${path} ${field.name}`);
    if (field.fields !== undefined) checkFieldKeys(field.fields, path);
  }
}

function checkOnly(value: object, known: ReadonlySet<string>, where: string): void {
  for (const key of Object.keys(value)) {
    if (!known.has(key)) throw new Error(`${where}: the generator does not know "${key}"`);
  }
}

export function checkDefinition(definition: Definition): void {
  const names = new Set<string>();
  for (const struct of definition.structs) {
    const where = `${definition.name}.${struct.name}`;
    if (names.has(struct.name)) throw new Error(`${where} is defined twice`);
    names.add(struct.name);
    const fields = new Set<string>();
    const tags: number[] = [];
    for (const field of struct.fields) {
      if (fields.has(field.name)) throw new Error(`${where}.${field.name} is defined twice`);
      fields.add(field.name);
      checkField(definition, field, `${where}.${field.name}`);
      if (field.tag !== null) tags.push(field.tag);
    }
    tags.sort((a, b) => a - b);
    if (tags.some((tag, at) => tag !== at)) throw new Error(`${where}: tags ${tags} have gaps`);
  }
}

function checkField(definition: Definition, field: Field, where: string): void {
  if ((field.tag === null) !== (field.tagged === null)) throw new Error(`${where}: a tag and its versions go together`);
  const { type } = field;
  const named = type.kind === "array" ? type.element : type;
  if (named.kind === "array") throw new Error(`${where}: an array of arrays`);
  if (named.kind === "struct" && !definition.structs.some((struct) => struct.name === named.name)) {
    throw new Error(`${where}: unknown type ${named.name}`);
  }
  if (definition.versions === null) return;
  for (let version = definition.versions.min; version <= definition.versions.max; version++) {
    if (!includes(field.tagged, version)) continue;
    if (!includes(definition.flexible, version)) throw new Error(`${where}: tagged in v${version}, which has no tags`);
    if (!includes(field.versions, version)) throw new Error(`${where}: tagged in v${version}, which lacks it`);
  }
  if (field.default === "null" && field.nullable === null) throw new Error(`${where}: null by default, never nullable`);
  if (field.default !== undefined && field.default !== "null" && type.kind !== "scalar") {
    throw new Error(`${where}: default ${field.default}`);
  }
}

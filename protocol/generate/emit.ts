/**
 * Definitions → TypeScript. What the emitted files look like, for those who use them:
 *
 * - One file per API, `generated/list-offsets.ts`, and per record schema, `generated/records/<log>/topic-record.ts`.
 * - `ListOffsetsRequest`, `ListOffsetsResponse` are interfaces; nested structures keep Kafka's name
 *   (`ListOffsetsTopic`) unless request and response of the same API both use it: then `VoteRequestTopicData`,
 *   `VoteResponseTopicData`.
 * - Each has `readX(from, version)` and `writeX(to, value, version)`; the API's constant (`ListOffsets`) and the
 *   schema's constant (`TopicRecord`, beside the interface of that name) tie them together with the facts of
 *   `message.ts`.
 * - Field names are Kafka's in camelCase. Every field is always there, at its default where the version lacks it; a
 *   field that no valid version has is left out. Arrays (also Kafka's keyed collections) are `T[]`; nullable is
 *   `| null`; bytes and records are `Uint8Array` views; uuid is base64url text; int64 is a number, its extremes
 *   ±Infinity.
 * - `newX()` gives a structure at its defaults; it is there for the structures that can be absent.
 * - What we send on our own account (requests, records) must fit its version: a field that the version lacks, is not
 *   ignorable and is not at its default raises UNSUPPORTED_VERSION. A response is cut to what its version carries.
 * - The readers do not check the version: dispatch, and whoever reads records, compares it with `versions` first.
 */
import { emitRead, typeText } from "./emit-read.ts";
import { emitWrite } from "./emit-write.ts";
import type { Definition, Field, Struct } from "./read.ts";
import type { Range, Shape } from "./wire.ts";
import { defaultOf, formIn } from "./wire.ts";

export interface EmittedFile {
  /** Relative to `protocol/generated/`. */
  readonly path: string;
  readonly text: string;
}

export function kebab(name: string): string {
  return name
    .replace("KRaft", "Kraft")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

/** The structures of a definition that occur in its valid versions. */
export function shapesOf(definition: Definition, nameOf: (struct: string) => string): Shape[] {
  const valid = definition.versions;
  if (valid === null) return [];
  const structs = new Map<string, Struct>(definition.structs.map((struct) => [struct.name, struct]));
  const ranges = new Map<string, Range>();
  const visit = (name: string, range: Range): void => {
    const known = ranges.get(name);
    const union = {
      min: Math.min(known?.min ?? range.min, range.min),
      max: Math.max(known?.max ?? range.max, range.max),
    };
    if (known !== undefined && known.min === union.min && known.max === union.max) return;
    ranges.delete(name);
    ranges.set(name, union);
    for (const field of (structs.get(name) as Struct).fields) {
      const type = field.type.kind === "array" ? field.type.element : field.type;
      if (type.kind !== "struct" || field.versions === null) continue;
      const inner = { min: Math.max(union.min, field.versions.min), max: Math.min(union.max, field.versions.max) };
      if (inner.min <= inner.max) visit(type.name, inner);
    }
  };
  visit(definition.name, valid);
  const shapes = new Map<string, Shape>();
  const shapeOf = (name: string): Shape => shapes.get(name) as Shape;
  for (const [name, range] of ranges) {
    const { flexible } = definition;
    const whole = structs.get(name) as Struct;
    const bare = { typeName: nameOf(name), range, flexible, owner: definition, shapeOf };
    const fields = whole.fields.filter((field) => occurs({ ...bare, struct: whole }, field));
    shapes.set(name, { ...bare, struct: { name, fields } });
  }
  return definition.structs.flatMap((struct) => shapes.get(struct.name) ?? []);
}

function occurs(shape: Shape, field: Field): boolean {
  for (let version = shape.range.min; version <= shape.range.max; version++) {
    if (formIn(shape, field, version) !== null) return true;
  }
  return false;
}

function emitShapes(shapes: readonly Shape[]): string {
  const interfaces = shapes.map(
    (shape) =>
      `export interface ${shape.typeName} {\n` +
      shape.struct.fields.map((field) => `${field.name}: ${typeText(shape, field)};\n`).join("") +
      "}\n",
  );
  const codecs = shapes.flatMap((shape) => [emitRead(shape), emitWrite(shape)]);
  const makers = new Map<string, string>();
  for (let grown = true; grown; ) {
    grown = false;
    const text = [...codecs, ...makers.values()].join("\n");
    for (const shape of shapes) {
      if (makers.has(shape.typeName) || !text.includes(`new${shape.typeName}()`)) continue;
      makers.set(shape.typeName, emitMaker(shape));
      grown = true;
    }
  }
  return [...interfaces, ...makers.values(), ...codecs].join("\n");
}

function emitMaker(shape: Shape): string {
  const fields = shape.struct.fields.map((field) => `${field.name}: ${defaultOf(shape, field)}`);
  return `export function new${shape.typeName}(): ${shape.typeName} {\nreturn { ${fields.join(", ")} };\n}\n`;
}

function withImports(head: string, body: string, depth: number, facts: string): string {
  const up = "../".repeat(depth);
  const lines = [head];
  if (body.includes("ZERO_UUID")) lines.push(`import { ZERO_UUID } from "${up}../base/uuid.ts";`);
  if (body.includes("noBytes")) lines.push(`import { noBytes, type Reader } from "${up}bytes/reader.ts";`);
  else lines.push(`import type { Reader } from "${up}bytes/reader.ts";`);
  lines.push(`import type { Writer } from "${up}bytes/writer.ts";`);
  if (facts !== "") lines.push(`import type { ${facts} } from "${up}message.ts";`);
  return indent(`${lines.join("\n")}\n\n${body}`);
}

/** Two spaces per open brace. */
function indent(text: string): string {
  let depth = 0;
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("}")) depth--;
    lines.push(line === "" ? "" : "  ".repeat(depth) + line);
    if (line.endsWith("{")) depth++;
  }
  return `${lines.join("\n").replace(/\n+$/, "")}\n`;
}

function headOf(definitions: readonly Definition[], release: string): string {
  const [first] = definitions as [Definition];
  const paths = definitions.map((definition) => definition.path).join(" and ");
  return `// From ${first.artifact}-${release}.jar: ${paths}. Do not edit: npm run generate.`;
}

const TAKEN = new Set(["Reader", "Writer", "Message", "RecordSchema"]);

/** One file for an API; null where no version of it is valid any more. */
export function emitApi(request: Definition, response: Definition, release: string): EmittedFile | null {
  if (request.versions === null || response.versions === null) return null;
  const api = request.name.replace(/Request$/, "");
  const both = new Set(request.structs.map((struct) => struct.name));
  const shared = new Set(response.structs.map((struct) => struct.name).filter((name) => both.has(name)));
  const naming = (definition: Definition) => (name: string) =>
    shared.has(name) || TAKEN.has(name) || name === api ? `${definition.name}${name}` : name;
  const body =
    `${emitShapes(shapesOf(request, naming(request)))}\n${emitShapes(shapesOf(response, naming(response)))}\n` +
    `export const ${api}: Message<${request.name}, ${response.name}> = {\n` +
    `key: ${request.apiKey},\nname: "${api}",\n` +
    `versions: [${request.versions.min}, ${request.versions.max}],\n` +
    `flexibleFrom: ${request.flexible?.min ?? "Infinity"},\n` +
    `latestVersionUnstable: ${request.latestVersionUnstable},\n` +
    `listeners: [${request.listeners.map((listener) => `"${listener}"`).join(", ")}],\n` +
    `readRequest: read${request.name},\nwriteRequest: write${request.name},\n` +
    `readResponse: read${response.name},\nwriteResponse: write${response.name},\n};\n`;
  return { path: `${kebab(api)}.ts`, text: withImports(headOf([request, response], release), body, 1, "Message") };
}

export function emitHeaders(headers: readonly Definition[], release: string): EmittedFile {
  const body = headers.map((definition) => emitShapes(shapesOf(definition, (name) => name))).join("\n");
  return { path: "headers.ts", text: withImports(headOf(headers, release), body, 1, "") };
}

export function emitRecord(definition: Definition, log: string, release: string): EmittedFile {
  const { name, versions } = definition;
  if (versions === null) throw new Error(`${name} has no version`);
  const body =
    `${emitShapes(shapesOf(definition, (struct) => (TAKEN.has(struct) ? `${name}${struct}` : struct)))}\n` +
    `export const ${name}: RecordSchema<${name}> = {\n` +
    `name: "${name}",\napiKey: ${definition.apiKey},\nversions: [${versions.min}, ${versions.max}],\n` +
    `flexibleFrom: ${definition.flexible?.min ?? "Infinity"},\nread: read${name},\nwrite: write${name},\n};\n`;
  const path = `records/${log}/${kebab(name)}.ts`;
  return { path, text: withImports(headOf([definition], release), body, 3, "RecordSchema") };
}

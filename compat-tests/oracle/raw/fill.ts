/** Completes a request of which a case names only what matters: every other field gets its default. */
import { cachedSources } from "../../../protocol/generate/main.ts";
import { readSources } from "../../../protocol/generate/plan.ts";
import type { Definition, Field, Struct, Type } from "../../../protocol/generate/read.ts";

export type Partial = { readonly [field: string]: unknown };

const definitions = new Map<string, Definition>();

/** False where the definitions have not been fetched. */
export function loadDefinitions(): boolean {
  for (const definition of readSources(cachedSources() ?? [])) definitions.set(definition.name, definition);
  return definitions.size > 0;
}

export function filled(name: string, given: Partial): unknown {
  const definition = definitions.get(name);
  if (definition === undefined) throw new Error(`no definition of ${name}`);
  return struct(definition, definition.structs[0] as Struct, given);
}

function struct(definition: Definition, { name, fields }: Struct, given: Partial): Partial {
  const known = new Set(fields.map((field) => field.name));
  const unknown = Object.keys(given).find((field) => !known.has(field));
  if (unknown !== undefined) throw new Error(`${name} has no field ${unknown}`);
  return Object.fromEntries(fields.map((field) => [field.name, value(definition, field, given[field.name])]));
}

function value(definition: Definition, field: Field, given: unknown): unknown {
  if (given === undefined) return fallback(definition, field);
  return typed(definition, field.type, given);
}

function typed(definition: Definition, type: Type, given: unknown): unknown {
  if (given === null || type.kind === "scalar") return given;
  if (type.kind === "array") return (given as unknown[]).map((element) => typed(definition, type.element, element));
  return struct(definition, structOf(definition, type.name), given as Partial);
}

function structOf(definition: Definition, name: string): Struct {
  const found = definition.structs.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`${definition.name} has no structure ${name}`);
  return found;
}

function fallback(definition: Definition, { type, default: text }: Field): unknown {
  if (text === "null") return null;
  if (type.kind === "array") return [];
  if (type.kind === "struct") return struct(definition, structOf(definition, type.name), {});
  switch (type.scalar) {
    case "string":
      return text ?? "";
    case "bool":
      return text === "true";
    case "uuid":
      return "AAAAAAAAAAAAAAAAAAAAAA";
    case "bytes":
    case "records":
      return new Uint8Array(0);
    default:
      return text === "9223372036854775807" ? Number.POSITIVE_INFINITY : Number(text ?? 0);
  }
}

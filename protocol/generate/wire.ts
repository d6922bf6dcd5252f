/** How a field looks on the wire in one version, its default and its least size: what reading and writing both need. */
import type { Definition, Field, Scalar, Struct, Type, Versions } from "./read.ts";
import { includes } from "./read.ts";

export interface Form {
  readonly nullable: boolean;
  readonly compact: boolean;
  readonly tagged: boolean;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** One structure as the emitter needs it: the versions in which it can occur, and the name of its interface. */
export interface Shape {
  readonly struct: Struct;
  readonly typeName: string;
  readonly range: Range;
  readonly flexible: Versions;
  /** The definition that it is part of; hand-made exceptions go by "FetchRequest.topics". */
  readonly owner: Definition;
  readonly shapeOf: (name: string) => Shape;
}

/** Null: the version lacks the field. */
export function formIn(shape: Shape, field: Field, version: number): Form | null {
  if (!includes(field.versions, version)) return null;
  const flexible = field.flexible === undefined ? shape.flexible : field.flexible;
  return {
    nullable: includes(field.nullable, version),
    compact: includes(flexible, version),
    tagged: includes(field.tagged, version),
  };
}

export interface Segment {
  readonly min: number;
  readonly max: number;
  readonly text: string;
}

/** The text per version, neighbours with the same text joined. */
export function segments(range: Range, textIn: (version: number) => string): Segment[] {
  const found: Segment[] = [];
  for (let version = range.min; version <= range.max; version++) {
    const text = textIn(version);
    const last = found.at(-1);
    if (last !== undefined && last.text === text) found[found.length - 1] = { ...last, max: version };
    else found.push({ min: version, max: version, text });
  }
  return found;
}

/** The condition that tells `segment` from the rest of `range`; "" where there is no rest. */
export function condition(segment: Range, range: Range, flexible: Versions): string {
  const from = segment.min > range.min;
  const until = segment.max < range.max;
  if (from && !until && segment.min === flexible?.min) return "flexible";
  if (until && !from && segment.max + 1 === flexible?.min) return "!flexible";
  if (segment.min === segment.max && (from || until)) return `version === ${segment.min}`;
  const parts: string[] = [];
  if (from) parts.push(`version >= ${segment.min}`);
  if (until) parts.push(`version <= ${segment.max}`);
  return parts.join(" && ");
}

/** One expression that has the segment's value in each version. */
export function choose(all: readonly Segment[], range: Range, flexible: Versions): string {
  let text = (all.at(-1) as Segment).text;
  if (all.length > 1 && text.includes(" ? ")) text = `(${text})`;
  for (let at = all.length - 2; at >= 0; at--) {
    const segment = all[at] as Segment;
    const first = segment.text.includes(" ? ") ? `(${segment.text})` : segment.text;
    if (all.length === 2 && segment.max + 1 === flexible?.min) return `flexible ? ${text} : ${first}`;
    const one = segment.max === range.min;
    text = `${one ? `version === ${segment.max}` : `version <= ${segment.max}`} ? ${first} : ${text}`;
  }
  return text;
}

const fixedSizes: Partial<Record<Scalar, number>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float64: 8,
  uuid: 16,
};

/** The fewest bytes that a value of the type can take. */
export function sizeMin(shape: Shape, type: Type, form: Form, version: number): number {
  if (type.kind === "array") return form.compact ? 1 : 4;
  if (type.kind === "struct") return form.nullable ? 1 : structSizeMin(shape.shapeOf(type.name), version);
  return fixedSizes[type.scalar] ?? (form.compact ? 1 : type.scalar === "string" ? 2 : 4);
}

function structSizeMin(shape: Shape, version: number): number {
  let size = includes(shape.flexible, version) ? 1 : 0;
  for (const field of shape.struct.fields) {
    const form = formIn(shape, field, version);
    if (form !== null && !form.tagged) size += sizeMin(shape, field.type, form, version);
  }
  return size;
}

/** Whether null is a value of the field in any version that we speak. */
export function everNullable(shape: Shape, field: Field): boolean {
  if (field.default === "null") return true;
  for (let version = shape.range.min; version <= shape.range.max; version++) {
    if (formIn(shape, field, version)?.nullable) return true;
  }
  return false;
}

/** The expression of the field's default. */
export function defaultOf(shape: Shape, field: Field): string {
  const { type } = field;
  if (field.default === "null") return "null";
  if (type.kind === "array") return "[]";
  if (type.kind === "struct") return `new${shape.shapeOf(type.name).typeName}()`;
  switch (type.scalar) {
    case "bool":
      return field.default === "true" ? "true" : "false";
    case "string":
      return JSON.stringify(field.default ?? "");
    case "uuid":
      return "ZERO_UUID";
    case "bytes":
      return "noBytes";
    case "records":
      return everNullable(shape, field) ? "null" : "noBytes";
    default:
      return numberOf(field.default ?? "0");
  }
}

function numberOf(text: string): string {
  const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  if (value === 2n ** 63n - 1n) return "Infinity";
  if (value === -(2n ** 63n)) return "-Infinity";
  if (!Number.isSafeInteger(Number(value))) throw new Error(`default ${text}`);
  return value.toString();
}

/** The expression that holds where the value at `access` is the field's default. */
export function isDefault(shape: Shape, field: Field, access: string): string {
  const { type } = field;
  const standard = defaultOf(shape, field);
  if (standard === "null") return `${access} === null`;
  if (type.kind === "array" || standard === "noBytes") {
    return everNullable(shape, field) ? `${access}?.length === 0` : `${access}.length === 0`;
  }
  if (type.kind === "struct") {
    const inner = shape.shapeOf(type.name);
    const parts = inner.struct.fields.map((each) => isDefault(inner, each, `${access}.${each.name}`));
    if (everNullable(shape, field)) parts.unshift(`${access} !== null`);
    return parts.join(" && ");
  }
  if (type.scalar === "bool") return standard === "true" ? access : `!${access}`;
  return `${access} === ${standard}`;
}

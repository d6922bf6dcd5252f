/**
 * Values of any message, made from its definition: plain ones, full ones, extremes and random ones. And the same value
 * as the JSON that Kafka's converters read. `seen` counts what was made of each field, so that a test can tell that
 * nothing was left out.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Field, Type } from "../generate/read.ts";
import type { Form, Shape } from "../generate/wire.ts";
import { defaultOf, formIn } from "../generate/wire.ts";

export const modes = ["default", "full", "null", "empty", "max", "min", "random", "random", "random"] as const;
export type Mode = (typeof modes)[number];

export type Plain = Record<string, unknown>;

/** A small generator of our own (mulberry32): the same seed gives the same values on every machine. */
export class Dice {
  private state: number;
  constructor(seed: number) {
    this.state = seed;
  }

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  of<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }
}

export interface Making {
  readonly dice: Dice;
  readonly mode: Mode;
  readonly version: number;
  /** What has been made so far: "FetchRequest FetchTopic.topic v4 empty". */
  readonly seen: Set<string>;
}

const numbers: Record<string, { readonly min: number; readonly max: number }> = {
  int8: { min: -0x80, max: 0x7f },
  int16: { min: -0x8000, max: 0x7fff },
  uint16: { min: 0, max: 0xffff },
  int32: { min: -0x8000_0000, max: 0x7fff_ffff },
  uint32: { min: 0, max: 0xffff_ffff },
  int64: { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
  float64: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
};
const texts = ["a", "orders", "żółć 🧵", "\uFEFFmark", "日本語", "x\u0000y", 'tab\t"quote"\\'];

export function make(shape: Shape, making: Making, depth = 0): Plain {
  const value: Plain = {};
  for (const field of shape.struct.fields) {
    const form = formIn(shape, field, making.version);
    value[field.name] = form === null ? standard(shape, field) : makeField(shape, field, form, making, depth);
  }
  return value;
}

function makeField(shape: Shape, field: Field, form: Form, making: Making, depth: number): unknown {
  const { mode, dice } = making;
  const random = mode === "random";
  let made: unknown;
  if (form.nullable && (mode === "null" || (random && dice.below(4) === 0))) made = null;
  else if (mode === "default" || (random && dice.below(5) === 0)) made = standardIn(shape, field, form, making, depth);
  else made = makeType(shape, field.type, field, making, depth);
  const where = `${shape.owner.name} ${shape.struct.name}.${field.name} v${making.version}`;
  const sameAsDefault = made !== null && jsonOf(made) === jsonOf(standard(shape, field));
  for (const what of kindsOf(shape, field, made, sameAsDefault)) making.seen.add(`${where} ${what}`);
  return made;
}

/** What a test wants to have seen of a field. */
export function kindsWanted(shape: Shape, field: Field, form: Form): string[] {
  const wanted = ["other"];
  if (form.nullable) wanted.push("null");
  if (form.tagged) wanted.push("default");
  const { type } = field;
  if (type.kind === "array") wanted.push("empty", "long");
  else if (type.kind === "scalar") {
    if (type.scalar === "bool") wanted.push("true", "false");
    else if (type.scalar === "string") wanted.push("empty", "unicode", "long");
    else if (type.scalar === "bytes" || type.scalar === "records") wanted.push("empty", "long");
    else if (type.scalar !== "uuid") wanted.push("max", "min");
  }
  // An array of structures is long only near the top, where it cannot explode.
  if (type.kind === "array" && type.element.kind === "struct" && shape.struct.name !== shape.owner.name) wanted.pop();
  return wanted;
}

/** A text by which two made values can be compared. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, each) => (each === Number.POSITIVE_INFINITY ? "+" : each));
}

function kindsOf(shape: Shape, field: Field, value: unknown, sameAsDefault: boolean): string[] {
  if (value === null) return defaultOf(shape, field) === "null" ? ["null", "default"] : ["null", "other"];
  const kinds: string[] = [];
  kinds.push(sameAsDefault ? "default" : "other");
  if (typeof value === "boolean") kinds.push(String(value));
  if (typeof value === "string" || Array.isArray(value) || value instanceof Uint8Array) {
    if (value.length === 0) kinds.push("empty");
    if (value.length >= 128) kinds.push("long");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what lies outside ASCII is meant.
    if (typeof value === "string" && /[^\u0000-\u007f]/.test(value)) kinds.push("unicode");
  }
  const limits = field.type.kind === "scalar" ? numbers[field.type.scalar] : undefined;
  if (value === limits?.max) kinds.push("max");
  if (value === limits?.min) kinds.push("min");
  // A field whose extreme is its default, or whose type has no other value than one of both, is complete with these.
  if ((value === limits?.max || value === limits?.min) && kinds[0] === "default") kinds.push("other");
  return kinds;
}

function makeType(shape: Shape, type: Type, field: Field, making: Making, depth: number): unknown {
  if (type.kind === "struct") return make(shape.shapeOf(type.name), making, depth + 1);
  if (type.kind === "array") return makeArray(shape, type.element, field, making, depth);
  return makeScalar(shape, type.scalar, field, making);
}

function makeArray(shape: Shape, element: Type, field: Field, making: Making, depth: number): unknown[] {
  const { mode, dice } = making;
  if (mode === "empty") return [];
  const long = mode === "max" && (element.kind === "scalar" || depth === 0);
  const count = long ? 130 : mode === "random" ? dice.below(4) : 1 + dice.below(2);
  const rest: Making = long && element.kind === "struct" ? { ...making, mode: "default" } : making;
  const list: unknown[] = [];
  for (let at = 0; at < count; at++) list.push(makeType(shape, element, field, at === 0 ? making : rest, depth));
  return list;
}

function makeScalar(shape: Shape, scalar: string, field: Field, making: Making): unknown {
  const { mode, dice } = making;
  for (;;) {
    const value = scalarOf(scalar, mode, dice);
    // A full value has no field at its default; elements of arrays may be anything.
    const differs = mode !== "full" || field.type.kind !== "scalar" || value !== standard(shape, field);
    if (differs) return value;
  }
}

function scalarOf(scalar: string, mode: Mode, dice: Dice): unknown {
  switch (scalar) {
    case "bool":
      return mode === "max" ? true : mode === "min" || mode === "empty" ? false : dice.below(2) === 1;
    case "string":
      if (mode === "empty" || mode === "min") return "";
      return mode === "max" ? dice.of(["ż🧵", "long"]).padEnd(200, dice.of(["é", "z"])) : dice.of(texts);
    case "uuid":
      return mode === "empty" ? ZERO_UUID : Buffer.from(bytesOf(16, dice)).toString("base64url");
    case "bytes":
    case "records":
      if (mode === "empty" || mode === "min") return new Uint8Array(0);
      return bytesOf(mode === "max" ? 33_000 : 1 + dice.below(40), dice);
    default:
      return numberOf(scalar, mode, dice);
  }
}

function bytesOf(length: number, dice: Dice): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = dice.below(256);
  return bytes;
}

function numberOf(scalar: string, mode: Mode, dice: Dice): number {
  const limits = numbers[scalar];
  if (limits === undefined) throw new Error(`no values for ${scalar}`);
  if (mode === "max") return limits.max;
  if (mode === "min") return limits.min;
  if (scalar === "float64") return dice.of([0.5, -1.25, 1e300, Number.MIN_VALUE, 12345]) + dice.below(9);
  const min = Math.max(limits.min, -Number.MAX_SAFE_INTEGER);
  const max = Math.min(limits.max, Number.MAX_SAFE_INTEGER);
  const any = min + dice.below(2 ** 21) * 2 ** 32 + dice.below(2 ** 32);
  return dice.of([1, 2, 100, max, min, min + 1, min + (Math.abs(any) % (max - min)), dice.below(0x7f)]);
}

/** The field at the default that its definition gives. */
export function standard(shape: Shape, field: Field): unknown {
  const text = defaultOf(shape, field);
  switch (text) {
    case "[]":
      return [];
    case "noBytes":
      return new Uint8Array(0);
    case "ZERO_UUID":
      return ZERO_UUID;
    case "Infinity":
      return Number.POSITIVE_INFINITY;
    case "-Infinity":
      return Number.NEGATIVE_INFINITY;
  }
  if (!text.startsWith("new")) return JSON.parse(text);
  if (field.type.kind !== "struct") throw new Error(text);
  const inner = shape.shapeOf(field.type.name);
  return Object.fromEntries(inner.struct.fields.map((each) => [each.name, standard(inner, each)]));
}

/** As `standard`, but a null by default becomes the type's zero in a version where null is not allowed. */
function standardIn(shape: Shape, field: Field, form: Form, making: Making, depth: number): unknown {
  const value = standard(shape, field);
  if (value === null && !form.nullable) return makeType(shape, field.type, field, { ...making, mode: "empty" }, depth);
  return field.type.kind === "struct" && value !== null
    ? make(shape.shapeOf(field.type.name), making, depth + 1)
    : value;
}

/** The value as Kafka's JSON converters read it: fields that the version lacks are left out. */
export function toJson(shape: Shape, value: Plain, version: number): string {
  const parts: string[] = [];
  for (const field of shape.struct.fields) {
    if (formIn(shape, field, version) === null) continue;
    parts.push(`"${field.name}":${typeToJson(shape, field.type, value[field.name], version)}`);
  }
  return `{${parts.join(",")}}`;
}

function typeToJson(shape: Shape, type: Type, value: unknown, version: number): string {
  if (value === null) return "null";
  if (type.kind === "struct") return toJson(shape.shapeOf(type.name), value as Plain, version);
  if (type.kind === "array") {
    return `[${(value as unknown[]).map((each) => typeToJson(shape, type.element, each, version)).join(",")}]`;
  }
  if (value === Number.POSITIVE_INFINITY) return "9223372036854775807";
  if (value === Number.NEGATIVE_INFINITY) return "-9223372036854775808";
  if (type.scalar === "float64" && Number.isInteger(value) && !String(value).includes("e")) return `${value}.0`;
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  return JSON.stringify(value);
}

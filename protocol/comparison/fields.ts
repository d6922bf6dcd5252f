/** Finds the bytes of one field inside an encoded message, so that a test can spoil them. */
import { Writer } from "../bytes/writer.ts";
import type { Field } from "../generate/read.ts";
import type { Form, Shape } from "../generate/wire.ts";
import { formIn } from "../generate/wire.ts";
import type { Subject } from "./subjects.ts";
import { Dice, make, type Plain } from "./values.ts";

export interface Place {
  readonly shape: Shape;
  readonly field: Field;
  readonly form: Form | null;
  /** The object whose property the field is. */
  readonly holder: Plain;
  readonly inTag: boolean;
}

/** A value with every field filled, and all its places: of an array the first element. */
export function filled(subject: Subject, version: number, seed: number): { value: Plain; places: Place[] } {
  const value = make(subject.shape, { dice: new Dice(seed), mode: "full", version, seen: new Set() });
  const places: Place[] = [];
  collect(subject.shape, value, version, false, places);
  return { value, places };
}

function collect(shape: Shape, holder: Plain, version: number, inTag: boolean, places: Place[]): void {
  for (const field of shape.struct.fields) {
    const form = formIn(shape, field, version);
    const tagged = inTag || form?.tagged === true;
    places.push({ shape, field, form, holder, inTag: tagged });
    if (form === null) continue;
    const type = field.type.kind === "array" ? field.type.element : field.type;
    if (type.kind !== "struct") continue;
    const held = holder[field.name];
    const inner = field.type.kind === "array" ? (held as Plain[])[0] : (held as Plain);
    if (inner !== undefined) collect(shape.shapeOf(type.name), inner, version, tagged, places);
  }
}

export function encode(subject: Subject, value: Plain, version: number): Uint8Array {
  const to = new Writer(16);
  subject.write(to, value, version);
  return to.finishBytes();
}

/** The message with the field's own length or count exchanged for `length` (-1: null). Not for fields inside tags. */
export function withLength(subject: Subject, value: Plain, version: number, place: Place, length: number): Uint8Array {
  const { holder, field, form } = place;
  const before = holder[field.name] as string | Uint8Array | unknown[];
  const short = typeof before === "string" ? "" : before.slice(0, 0);
  const long = typeof before === "string" ? "a" : before.slice(0, 1);
  const width = form?.compact ? 1 : field.type.kind === "scalar" && field.type.scalar === "string" ? 2 : 4;
  return spoiled(subject, value, version, place, [short, long], width, length);
}

/** The message with null for the only element of a list of texts. */
export function withNullElement(subject: Subject, value: Plain, version: number, place: Place): Uint8Array {
  return spoiled(subject, value, version, place, [[""], ["a"]], place.form?.compact ? 1 : 2, -1);
}

/** Two values that differ by one in a length show where it stands: their first differing byte is its last. */
function spoiled(
  subject: Subject,
  value: Plain,
  version: number,
  { holder, field }: Place,
  [shortValue, longValue]: readonly [unknown, unknown],
  width: 1 | 2 | 4,
  length: number,
): Uint8Array {
  const before = holder[field.name];
  holder[field.name] = longValue;
  const long = encode(subject, value, version);
  holder[field.name] = shortValue;
  const short = encode(subject, value, version);
  holder[field.name] = before;
  let at = 0;
  while (short[at] === long[at]) at++;
  const to = new Writer(16);
  to.raw(short.subarray(0, at + 1 - width));
  if (width === 1) to.unsignedVarint(length + 1);
  else if (width === 2) to.int16(length);
  else to.int32(length);
  to.raw(short.subarray(at + 1));
  return to.finishBytes();
}

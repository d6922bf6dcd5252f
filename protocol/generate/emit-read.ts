/** The reading half of a structure: one `const` per field in wire order, then one object literal. */
import type { Field, Type } from "./read.ts";
import { includes } from "./read.ts";
import type { Form, Shape } from "./wire.ts";
import { choose, condition, defaultOf, everNullable, formIn, segments, sizeMin } from "./wire.ts";

/**
 * Times that are only looked up: a client may ask for any int64, so what no number can hold exactly is brought to the
 * nearest that can. Everywhere else such an int64 is refused.
 */
const saturated: ReadonlySet<string> = new Set(["ListOffsetsPartition.timestamp"]);

/** Names that the emitted function uses itself, and words that are no names. */
const taken = new Set(["from", "version", "flexible", "to", "value", "left", "tags", "default", "function", "package"]);

export function localName(field: Field): string {
  return taken.has(field.name) ? `${field.name}_` : field.name;
}

export function typeText(shape: Shape, field: Field): string {
  const text = plainType(shape, field.type);
  return everNullable(shape, field) ? `${text} | null` : text;
}

function plainType(shape: Shape, type: Type): string {
  if (type.kind === "array") return `${plainType(shape, type.element)}[]`;
  if (type.kind === "struct") return shape.shapeOf(type.name).typeName;
  switch (type.scalar) {
    case "bool":
      return "boolean";
    case "string":
    case "uuid":
      return "string";
    case "bytes":
    case "records":
      return "Uint8Array";
    default:
      return "number";
  }
}

export function emitRead(shape: Shape): string {
  const lines: string[] = [];
  const { range, flexible, struct } = shape;
  for (const field of struct.fields) emitField(shape, field, lines);
  const withTags = segments(range, (version) => (includes(flexible, version) ? tagsText(shape) : ""));
  for (const segment of withTags) {
    if (segment.text === "") continue;
    const when = condition(segment, range, flexible);
    lines.push(when === "" ? segment.text : `if (${when}) ${segment.text}`);
  }
  const literal = struct.fields.map((field) => {
    const local = localName(field);
    return local === field.name ? local : `${field.name}: ${local}`;
  });
  lines.push(`return { ${literal.join(", ")} };`);
  const body = lines.join("\n");
  const flag = /\bflexible\b/.test(body) ? `const flexible = version >= ${flexible?.min};\n` : "";
  const parameter = /\bversion\b/.test(flag + body) ? "version" : "_version";
  return (
    `export function read${shape.typeName}(from: Reader, ${parameter}: number): ${shape.typeName} {\n` +
    `${flag}${body}\n}\n`
  );
}

/** Declares the local of the field; of a field that is tagged in some version, `tagsText` may change it later. */
function emitField(shape: Shape, field: Field, lines: string[]): void {
  const local = localName(field);
  const { range, flexible } = shape;
  const inPlace = (version: number): Form | null => {
    const form = formIn(shape, field, version);
    return form?.tagged ? null : form;
  };
  const keyword = everTagged(shape, field) ? "let" : "const";
  const standard = defaultOf(shape, field);
  if (field.type.kind !== "array") {
    const value = segments(range, (version) => {
      const form = inPlace(version);
      return form === null ? standard : valueText(shape, field, field.type, form);
    });
    const annotation = everNullable(shape, field) ? `: ${typeText(shape, field)}` : "";
    lines.push(`${keyword} ${local}${annotation} = ${choose(value, range, flexible)};`);
    return;
  }
  const { element } = field.type;
  const counts = segments(range, (version) => {
    const form = inPlace(version);
    return form === null ? (standard === "null" ? "-1" : "0") : countText(shape, field, form);
  });
  const count = choose(counts, range, flexible);
  const each = segments(range, (version) => {
    const form = inPlace(version);
    return form === null ? "" : valueText(shape, field, element, elementForm(form));
  }).filter((segment) => segment.text !== "");
  if (each.length === 0) {
    lines.push(`${keyword} ${local}: ${typeText(shape, field)} = ${standard};`);
    return;
  }
  const push = choose(each, range, flexible);
  if (everNullable(shape, field)) {
    lines.push(`const ${field.name}Count = ${count};`);
    lines.push(`${keyword} ${local}: ${typeText(shape, field)} = ${field.name}Count < 0 ? null : [];`);
    lines.push(`for (let left = ${field.name}Count; left > 0; left--) ${local}!.push(${push});`);
  } else {
    lines.push(`${keyword} ${local}: ${typeText(shape, field)} = [];`);
    lines.push(`for (let left = ${count}; left > 0; left--) ${local}.push(${push});`);
  }
}

export function everTagged(shape: Shape, field: Field): boolean {
  for (let version = shape.range.min; version <= shape.range.max; version++) {
    if (formIn(shape, field, version)?.tagged) return true;
  }
  return false;
}

export function elementForm(form: Form): Form {
  return { nullable: false, compact: form.compact, tagged: false };
}

/** The announced number of elements, bounded by their least size in all versions that share the form. */
function countText(shape: Shape, field: Field, form: Form): string {
  if (field.type.kind !== "array") throw new Error("an array");
  let least = Number.POSITIVE_INFINITY;
  for (let version = shape.range.min; version <= shape.range.max; version++) {
    const other = formIn(shape, field, version);
    if (other === null || other.compact !== form.compact) continue;
    least = Math.min(least, sizeMin(shape, field.type.element, elementForm(other), version));
  }
  const name = form.compact
    ? form.nullable
      ? "compactNullableArrayLength"
      : "compactArrayLength"
    : form.nullable
      ? "nullableArrayLength"
      : "arrayLength";
  return `from.${name}(${least})`;
}

function valueText(shape: Shape, field: Field, type: Type, form: Form): string {
  if (type.kind === "array") throw new Error("arrays are read in loops");
  if (type.kind === "struct") {
    const read = `read${shape.shapeOf(type.name).typeName}(from, version)`;
    if (!form.nullable) return read;
    // A presence byte; inside a tagged field Kafka writes it as a varint.
    return form.tagged ? `from.unsignedVarint() === 0 ? null : ${read}` : `from.int8() < 0 ? null : ${read}`;
  }
  const { scalar } = type;
  if (scalar === "int64" && saturated.has(`${shape.struct.name}.${field.name}`)) return "from.saturatedInt64()";
  if (scalar !== "string" && scalar !== "bytes" && scalar !== "records") return `from.${scalar}()`;
  const name = scalar === "string" ? "String" : "Bytes";
  const full = (form.compact ? "compact" : "") + (form.nullable ? "Nullable" : "") + name;
  return `from.${full.charAt(0).toLowerCase()}${full.slice(1)}()`;
}

/** Reads the tagged fields that we know and skips the others. A tag that a version lacks is unknown in it. */
function tagsText(shape: Shape): string {
  const cases: string[] = [];
  for (const field of shape.struct.fields) {
    if (!everTagged(shape, field)) continue;
    const one = segments(shape.range, (version) => {
      const form = formIn(shape, field, version);
      return form?.tagged ? "tagged" : "";
    }).filter((segment) => segment.text !== "");
    const [segment, ...more] = one;
    if (segment === undefined || more.length > 0) throw new Error(`${field.name}: tagged, untagged and tagged again`);
    const flexibleRange = { min: Math.max(shape.range.min, shape.flexible?.min ?? 0), max: shape.range.max };
    const when = condition(segment, flexibleRange, null);
    const lacking = when === "" ? "" : `if (!(${when})) { from.skip(size); break; }\n`;
    cases.push(`case ${field.tag}: {\n${lacking}${taggedText(shape, field, segment.min)}\nbreak;\n}`);
  }
  if (cases.length === 0) return "from.skipTags();";
  return (
    "for (let tags = from.unsignedVarint(); tags > 0; tags--) {\n" +
    "const tag = from.unsignedVarint();\nconst size = from.unsignedVarint();\n" +
    `switch (tag) {\n${cases.join("\n")}\ndefault: from.skip(size);\n}\n}`
  );
}

function taggedText(shape: Shape, field: Field, version: number): string {
  const local = localName(field);
  const form = formIn(shape, field, version) as Form;
  if (field.type.kind !== "array") return `${local} = ${valueText(shape, field, field.type, form)};`;
  const push = valueText(shape, field, field.type.element, elementForm(form));
  const count = countText(shape, field, form);
  if (!form.nullable) return `${local} = [];\nfor (let left = ${count}; left > 0; left--) ${local}.push(${push});`;
  return (
    `const count = ${count};\n${local} = count < 0 ? null : [];\n` +
    `for (let left = count; left > 0; left--) ${local}!.push(${push});`
  );
}

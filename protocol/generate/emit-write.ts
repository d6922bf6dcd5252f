/** The writing half of a structure: one statement per field in wire order, then the tagged fields by tag. */
import { elementForm, everTagged } from "./emit-read.ts";
import type { Field, Type } from "./read.ts";
import { includes } from "./read.ts";
import type { Form, Segment, Shape } from "./wire.ts";
import { condition, everNullable, formIn, isDefault, segments } from "./wire.ts";

export function emitWrite(shape: Shape): string {
  const lines: string[] = [];
  for (const field of shape.struct.fields) {
    emitField(shape, field, lines);
    if (refusesLoss(shape, field)) emitLoss(shape, field, lines);
  }
  const tags = segments(shape.range, (version) => (includes(shape.flexible, version) ? tagsText(shape) : ""));
  emitPerVersion(shape, tags, lines);
  const body = lines.join("\n");
  const flag = /\bflexible\b/.test(body) ? `const flexible = version >= ${shape.flexible?.min};\n` : "";
  const parameter = /\bversion\b/.test(flag + body) ? "version" : "_version";
  const value = /\bvalue\b/.test(body) ? "value" : "_value";
  return (
    `export function write${shape.typeName}(to: Writer, ${value}: ${shape.typeName}, ${parameter}: number): void {\n` +
    `${flag}${body}\n}\n`
  );
}

/** Statements that differ by version. */
function emitPerVersion(shape: Shape, all: readonly Segment[], lines: string[]): void {
  const { range, flexible } = shape;
  const filled = all.filter((segment) => segment.text !== "");
  filled.sort((a, b) => b.min - a.min);
  for (const [at, segment] of filled.entries()) {
    const covered = filled.length === all.length && at === filled.length - 1 && at > 0;
    const when = covered ? "" : condition(segment, range, flexible);
    const prefix = (at > 0 ? "else " : "") + (when === "" ? "" : `if (${when}) `);
    const block = segment.text.includes(";\n") && prefix !== "" ? `{\n${segment.text}\n}` : segment.text;
    lines.push(prefix + block);
  }
}

function emitField(shape: Shape, field: Field, lines: string[]): void {
  const per = (textIn: (form: Form) => string): Segment[] =>
    segments(shape.range, (version) => {
      const form = formIn(shape, field, version);
      return form === null || form.tagged ? "" : textIn(form);
    });
  const access = `value.${field.name}`;
  if (field.type.kind !== "array") {
    emitPerVersion(
      shape,
      per((form) => valueText(shape, field, field.type, form, access)),
      lines,
    );
    return;
  }
  const { element } = field.type;
  const lengths = per((form) => lengthText(shape, field, form));
  const loops = per((form) => loopText(shape, field, element, form));
  const whole = loops.filter((segment) => segment.text !== "");
  const only = whole[0];
  // Where the loop is the same in all versions that have the field, length and loop share one condition.
  if (whole.length === 1 && only !== undefined && lengths.length > loops.length && loops.length > 1) {
    const inside: string[] = [];
    emitPerVersion({ ...shape, range: only }, clip(lengths, only), inside);
    lines.push(`if (${condition(only, shape.range, shape.flexible)}) {\n${inside.join("\n")}\n${only.text}\n}`);
    return;
  }
  if (lengths.length === loops.length) {
    emitPerVersion(
      shape,
      lengths.map((segment, at) => ({
        ...segment,
        text: segment.text === "" ? "" : `${segment.text}\n${loops[at]?.text}`,
      })),
      lines,
    );
    return;
  }
  emitPerVersion(shape, lengths, lines);
  emitPerVersion(shape, loops, lines);
}

function clip(all: readonly Segment[], range: Segment): Segment[] {
  return all.filter((segment) => segment.min >= range.min && segment.max <= range.max);
}

function lengthText(shape: Shape, field: Field, form: Form): string {
  const access = `value.${field.name}`;
  const length = form.nullable ? `${access}?.length ?? -1` : `${access}${everNullable(shape, field) ? "!" : ""}.length`;
  return `to.${form.compact ? "compactArrayLength" : "arrayLength"}(${length});`;
}

function loopText(shape: Shape, field: Field, element: Type, form: Form): string {
  const access = `value.${field.name}`;
  const list = everNullable(shape, field) ? `${access} ?? []` : access;
  return `for (const each of ${list}) ${valueText(shape, field, element, elementForm(form), "each")}`;
}

function valueText(shape: Shape, field: Field, type: Type, form: Form, access: string): string {
  if (type.kind === "array") return `${lengthText(shape, field, form)}\n${loopText(shape, field, type.element, form)}`;
  const sure = everNullable(shape, field) && access !== "each" && !form.nullable ? `${access}!` : access;
  if (type.kind === "struct") {
    const write = `write${shape.shapeOf(type.name).typeName}(to, ${sure}, version);`;
    if (!form.nullable) return write;
    const [absent, present] = form.tagged
      ? ["to.unsignedVarint(0);", "to.unsignedVarint(1);"]
      : ["to.int8(-1);", "to.int8(1);"];
    return `if (${access} === null) ${absent}\nelse {\n${present}\n${write}\n}`;
  }
  const { scalar } = type;
  if (scalar !== "string" && scalar !== "bytes" && scalar !== "records") return `to.${scalar}(${sure});`;
  const name = scalar === "string" ? "String" : "Bytes";
  const full = (form.compact ? "compact" : "") + (form.nullable ? "Nullable" : "") + name;
  return `to.${full.charAt(0).toLowerCase()}${full.slice(1)}(${sure});`;
}

/** Of what we send on our own account nothing may be lost on the way; a reply is cut to what its reader understands. */
function refusesLoss(shape: Shape, field: Field): boolean {
  return !field.ignorable && shape.owner.type !== "response" && shape.owner.type !== "header";
}

function emitLoss(shape: Shape, field: Field, lines: string[]): void {
  const lacking = segments(shape.range, (version) => (formIn(shape, field, version) === null ? "lacking" : ""));
  for (const segment of lacking) {
    if (segment.text === "") continue;
    const when = condition(segment, shape.range, shape.flexible);
    const lost = negate(isDefault(shape, field, `value.${field.name}`));
    lines.push(
      `if (${when === "" ? "" : `${when} && `}${lost}) to.unsupported("${shape.typeName}.${field.name}", version);`,
    );
  }
}

export function negate(test: string): string {
  if (/^![\w.]+$/.test(test)) return test.slice(1);
  if (/^[\w.]+$/.test(test)) return `!${test}`;
  if (test.includes("&&") || test.includes("?.")) return `!(${test})`;
  return test.replace(" === ", " !== ");
}

function tagsText(shape: Shape): string {
  const fields = shape.struct.fields.filter((field) => everTagged(shape, field));
  if (fields.length === 0) return "to.noTags();";
  fields.sort((a, b) => (a.tag as number) - (b.tag as number));
  const flexibleRange = { min: Math.max(shape.range.min, shape.flexible?.min ?? 0), max: shape.range.max };
  const lines: string[] = [];
  const counts: string[] = [];
  const writes: string[] = [];
  for (const field of fields) {
    const flag = `has${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}`;
    const segment = segments(flexibleRange, (version) => (formIn(shape, field, version)?.tagged ? "tagged" : "")).find(
      (each) => each.text !== "",
    ) as Segment;
    const when = condition(segment, flexibleRange, null);
    const differs = negate(isDefault(shape, field, `value.${field.name}`));
    lines.push(`const ${flag} = ${when === "" ? "" : `${when} && `}${differs};`);
    counts.push(`${flag} ? 1 : 0`);
    const form = formIn(shape, field, segment.min) as Form;
    const text = valueText(shape, field, field.type, form, `value.${field.name}`);
    writes.push(`if (${flag}) {\nconst mark = to.openTag(${field.tag});\n${text}\nto.closeTag(mark);\n}`);
  }
  return [
    ...lines,
    `to.unsignedVarint(${counts.length === 1 ? counts[0] : counts.map((each) => `(${each})`).join(" + ")});`,
    ...writes,
  ].join("\n");
}

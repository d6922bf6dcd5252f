/**
 * What the codecs refuse, for every API and record schema in every version: null where there is none, lengths that the
 * bytes do not bear out, truncated and damaged bytes, and values that a version cannot carry.
 */
import { describe, expect, test } from "bun:test";
import { DecodeError } from "../bytes/decode-error.ts";
import { Reader } from "../bytes/reader.ts";
import { KafkaError } from "../errors.ts";
import { cachedSources, differences } from "../generate/main.ts";
import { readSources } from "../generate/plan.ts";
import { includes } from "../generate/read.ts";
import { formIn } from "../generate/wire.ts";
import { allMessages } from "../generated/all-messages.ts";
import { allRecords } from "../generated/all-records.ts";
import { available } from "./available.ts";
import { encode, filled, type Place, withLength, withNullElement } from "./fields.ts";
import type { Subject } from "./subjects.ts";
import { subjectsOf } from "./subjects.ts";
import { Dice, make, type Plain, standard } from "./values.ts";

const SEED = 4_031;
const mandatory = process.env.CI === "true";
const sources = cachedSources();
const ready = available("rules of the codecs", { "Kafka's jars": sources !== null }, mandatory);
const subjects = ready ? subjectsOf(readSources(sources ?? [])) : [];

function eachVersion(visit: (subject: Subject, version: number) => void): void {
  for (const subject of subjects) {
    for (let version = subject.versions[0]; version <= subject.versions[1]; version++) visit(subject, version);
  }
}

function isLengthed({ field, form, inTag }: Place): boolean {
  const { type } = field;
  const lengthed = type.kind === "array" || (type.kind === "scalar" && /string|bytes|records/.test(type.scalar));
  return lengthed && form !== null && !inTag;
}

function isListOfText({ field: { type } }: Place): boolean {
  return type.kind === "array" && type.element.kind === "scalar" && type.element.scalar === "string";
}

/** "decoded", or the error's name. Whatever else happens, only a DecodeError may come. */
function outcome(read: (from: Reader) => unknown, bytes: Uint8Array): string {
  try {
    read(new Reader(bytes));
    return "decoded";
  } catch (error) {
    if (error instanceof DecodeError) return "DecodeError";
    throw error;
  }
}

describe.skipIf(!ready)("for every schema and version", () => {
  test("the committed code is what the generator makes of Kafka's definitions", () => {
    expect(differences(sources ?? [])).toEqual([]);
  });

  test("null is refused exactly where the field is not nullable", () => {
    let count = 0;
    const trouble: string[] = [];
    eachVersion((subject, version) => {
      const { value, places } = filled(subject, version, SEED);
      for (const place of places.filter(isLengthed)) {
        const bytes = withLength(subject, value, version, place, -1);
        const wanted = place.form?.nullable ? "decoded" : "DecodeError";
        const found = outcome((from) => subject.read(from, version), bytes);
        if (found !== wanted) trouble.push(`${subject.definition.name} v${version} ${place.field.name}: ${found}`);
        count++;
        if (!isListOfText(place)) continue;
        const holed = withNullElement(subject, value, version, place);
        if (outcome((from) => subject.read(from, version), holed) === "decoded") trouble.push(`${place.field.name}[0]`);
      }
    });
    expect(trouble).toEqual([]);
    expect(count).toBeGreaterThan(2500);
  });

  test("ten million elements announced in a few bytes cost neither time nor memory", () => {
    let count = 0;
    const heapBefore = process.memoryUsage().rss;
    const start = performance.now();
    eachVersion((subject, version) => {
      const { value, places } = filled(subject, version, SEED);
      for (const place of places.filter(isLengthed)) {
        const width = place.form?.compact || place.field.type.kind === "array" ? 10_000_000 : 0x7fff;
        const bytes = withLength(subject, value, version, place, width);
        expect(outcome((from) => subject.read(from, version), bytes)).toBe("DecodeError");
        count++;
      }
    });
    expect(count).toBeGreaterThan(2500);
    expect((performance.now() - start) / count).toBeLessThan(2);
    expect(process.memoryUsage().rss - heapBefore).toBeLessThan(256 * 1024 * 1024);
  });

  test("a tag that the version does not know is skipped, also where another version knows it", () => {
    let count = 0;
    eachVersion((subject, version) => {
      const { shape } = subject;
      if (!includes(shape.flexible, version)) return;
      const value = make(shape, { dice: new Dice(SEED), mode: "default", version, seen: new Set() });
      const bytes = encode(subject, value, version); // all at default: the last byte says "no tags"
      const known = shape.struct.fields.filter((field) => formIn(shape, field, version)?.tagged);
      for (const tag of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 127]) {
        if (known.some((field) => field.tag === tag)) continue;
        const from = new Reader(Buffer.concat([bytes.subarray(0, -1), Uint8Array.of(1, tag, 3, 0xff, 0xff, 0xff)]));
        const back = subject.read(from, version);
        expect(from.remaining).toBe(0);
        expect(Bun.deepEquals(back, value)).toBe(true);
        count++;
      }
    });
    expect(count).toBeGreaterThan(4000);
  });

  test("every truncation is refused", () => {
    eachVersion((subject, version) => {
      const { value } = filled(subject, version, SEED);
      const bytes = encode(subject, value, version);
      const step = Math.max(1, Math.floor(bytes.length / 64));
      for (let length = 0; length < bytes.length; length += step) {
        expect(outcome((from) => subject.read(from, version), bytes.slice(0, length))).toBe("DecodeError");
      }
    });
  });

  test("damaged bytes are decoded or refused, never anything else", () => {
    const dice = new Dice(SEED);
    const found = { decoded: 0, DecodeError: 0 };
    eachVersion((subject, version) => {
      const bytes = encode(subject, filled(subject, version, SEED).value, version);
      if (bytes.length === 0) return;
      for (let round = 0; round < 40; round++) {
        const damaged = bytes.slice();
        for (let hits = 1 + dice.below(3); hits > 0; hits--) {
          damaged[dice.below(damaged.length)] = dice.of([0, 1, 0x7f, 0x80, 0xff, dice.below(256)]);
        }
        found[outcome((from) => subject.read(from, version), damaged) as keyof typeof found]++;
      }
    });
    expect(found.decoded).toBeGreaterThan(1000);
    expect(found.DecodeError).toBeGreaterThan(1000);
  });

  test("a request or record refuses to lose a field; a response or an ignorable field is cut to the version", () => {
    const found = { refused: 0, cut: 0 };
    eachVersion((subject, version) => {
      const { value, places } = filled(subject, version, SEED);
      const { type } = subject.definition;
      const bytes = encode(subject, value, version);
      for (const { field, form, holder, shape } of places) {
        if (form !== null) continue;
        holder[field.name] = different(field.name, standard(shape, field));
        const mustRefuse = !field.ignorable && type !== "response" && type !== "header";
        const write = () => encode(subject, value, version);
        if (mustRefuse) expect(write).toThrow(KafkaError);
        else expect(Bun.deepEquals(write(), bytes)).toBe(true);
        found[mustRefuse ? "refused" : "cut"]++;
        holder[field.name] = standard(shape, field);
      }
    });
    expect(found.refused).toBeGreaterThan(100);
    expect(found.cut).toBeGreaterThan(100);
  });
});

/** Any other value of the same kind; what it holds is never written. */
function different(name: string, value: unknown): unknown {
  if (value === null) return name;
  if (typeof value === "number") return Number.isFinite(value) ? value + 1 : 5;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return value === "other" ? "" : "other";
  if (value instanceof Uint8Array) return new Uint8Array(1);
  if (Array.isArray(value)) return [{}];
  const [[first, inner] = ["", 0]] = Object.entries(value as Plain);
  return { ...(value as Plain), [first]: different(first, inner) };
}

test("random bytes are decoded or refused by every API and record, never anything else", () => {
  const dice = new Dice(SEED);
  const found = { decoded: 0, DecodeError: 0 };
  const read = (versions: readonly [number, number], codec: (from: Reader, version: number) => unknown) => {
    for (let version = versions[0]; version <= versions[1]; version++) {
      for (let round = 0; round < 60; round++) {
        const small = round % 2 === 0;
        const bytes = Uint8Array.from({ length: dice.below(200) }, () => dice.below(small ? 4 : 256));
        found[outcome((from) => codec(from, version), bytes) as keyof typeof found]++;
      }
    }
  };
  for (const message of allMessages) {
    read(message.versions, message.readRequest);
    read(message.versions, message.readResponse);
  }
  for (const record of allRecords) read(record.versions, record.read);
  expect(found.decoded).toBeGreaterThan(1000);
  expect(found.DecodeError).toBeGreaterThan(1000);
});

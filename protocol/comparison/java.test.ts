/**
 * Every API and record schema in every version against Kafka's own classes: the same values give the same bytes, and
 * the bytes the same values, both ways. Needs Java and the jars that `npm run fetch-schemas` brings; says so where
 * they are not.
 */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Reader } from "../bytes/reader.ts";
import { errors } from "../errors.ts";
import { requestHeaderVersion, responseHeaderVersion } from "../frame.ts";
import { cachedSources, libsDirectory } from "../generate/main.ts";
import { readSources } from "../generate/plan.ts";
import { formIn, type Shape } from "../generate/wire.ts";
import { allMessages } from "../generated/all-messages.ts";
import { available } from "./available.ts";
import { encode } from "./fields.ts";
import type { Subject } from "./subjects.ts";
import { subjectsOf } from "./subjects.ts";
import { Dice, kindsWanted, make, modes, type Plain, toJson } from "./values.ts";

const SEED = 20_260_617;

const sources = cachedSources();
const needs = {
  "Kafka's jars": sources !== null,
  Java: Bun.which("java") !== null,
};
const ready = available("comparison with Kafka's classes", needs, process.env.CI === "true");

interface Case {
  readonly subject: Subject;
  readonly version: number;
  readonly value: Plain;
  readonly bytes: Uint8Array;
}

/** Every mode once, then random values until each kind of field has been seen; the coverage test says if that fails. */
function makeCases(subjects: readonly Subject[], seen: Set<string>): Case[] {
  const dice = new Dice(SEED);
  const cases: Case[] = [];
  for (const subject of subjects) {
    for (let version = subject.versions[0]; version <= subject.versions[1]; version++) {
      const wanted = new Set<string>();
      wantedOf(subject.shape, version, wanted);
      for (let at = 0; at < modes.length || (at < 200 && !wanted.isSubsetOf(seen)); at++) {
        const mode = modes[at] ?? "random";
        const value = make(subject.shape, { dice, mode, version, seen });
        cases.push({ subject, version, value, bytes: encode(subject, value, version) });
      }
    }
  }
  return cases;
}

function line({ subject, version, value, bytes }: Case): string {
  const hex = Buffer.from(bytes).toString("hex");
  return [subject.javaClass, version, hex, toJson(subject.shape, value, version)].join("\t");
}

/** What a test wants to have seen, for every field of every structure reachable in the version. */
function wantedOf(shape: Shape, version: number, wanted: Set<string>): void {
  for (const field of shape.struct.fields) {
    const form = formIn(shape, field, version);
    if (form === null) continue;
    const where = `${shape.owner.name} ${shape.struct.name}.${field.name} v${version}`;
    for (const kind of kindsWanted(shape, field, form)) wanted.add(`${where} ${kind}`);
    const type = field.type.kind === "array" ? field.type.element : field.type;
    if (type.kind === "struct") wantedOf(shape.shapeOf(type.name), version, wanted);
  }
}

const directory = ready ? mkdtempSync(join(tmpdir(), "odradek-oracle-")) : "";
afterAll(() => {
  if (directory !== "") rmSync(directory, { recursive: true, force: true });
});

/** The oracle's answers: facts first, then one line per case. */
function ask(lines: readonly string[]): string[] {
  const path = join(directory, "cases");
  writeFileSync(path, lines.map((each) => `${each}\n`).join(""));
  const options = ["-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", join(libsDirectory, "*")];
  const oracle = join(import.meta.dirname, "Oracle.java");
  const run = Bun.spawnSync(["java", ...options, oracle, path], { stdout: "pipe", stderr: "pipe" });
  if (run.exitCode !== 0) throw new Error(`the oracle failed: ${run.stderr.toString()}`);
  return run.stdout.toString().trimEnd().split("\n");
}

describe.skipIf(!ready)("Kafka's own classes", () => {
  const subjects = ready ? subjectsOf(readSources(sources ?? [])) : [];
  const seen = new Set<string>();
  const cases = makeCases(subjects, seen);

  // Canaries: the oracle must see a wrong byte, a missing byte and a wrong value, or its "same" is worth nothing.
  const [first] = cases.filter((each) => each.bytes.length > 8 && each.subject.definition.name === "HeartbeatRequest");
  const wrong: string[] = [];
  if (first !== undefined) {
    const flipped = first.bytes.slice();
    flipped[5] = (flipped[5] as number) ^ 1;
    const otherValue = { ...first.value, generationId: 77 };
    wrong.push(line({ ...first, bytes: flipped }), line({ ...first, bytes: first.bytes.subarray(1) }));
    wrong.push(line({ ...first, value: otherValue }));
  }
  const answers = ready ? ask([...cases.map(line), ...wrong]) : [];
  const facts = answers.filter((each) => each.startsWith("error\t") || each.startsWith("api\t"));
  const verdicts = answers.slice(facts.length);

  test("agree on every value, byte for byte, both ways", () => {
    const trouble = cases.flatMap(({ subject, version }, at) => {
      const verdict = verdicts[at] ?? "no answer";
      return verdict === "same" ? [] : [`${subject.definition.name} v${version}: ${verdict}`];
    });
    console.log(`${subjects.length} schemas, ${cases.length} values, ${seen.size} kinds of field, seed ${SEED}`);
    expect(trouble.map((each) => each.slice(0, 2000)).slice(0, 10)).toEqual([]);
    expect(subjects.length).toBeGreaterThan(250);
  });

  test("see what is wrong: a changed byte, a missing byte, another value", () => {
    const found = verdicts.slice(cases.length);
    expect(found.length).toBe(3);
    for (const verdict of found) expect(verdict).not.toBe("same");
  });

  test("our reader gives back every value that was written", () => {
    for (const { subject, version, value, bytes } of cases) {
      const from = new Reader(bytes);
      const back = subject.read(from, version);
      if (from.remaining !== 0 || !Bun.deepEquals(back, value)) {
        expect({ name: subject.definition.name, version, remaining: from.remaining, back }).toEqual({
          name: subject.definition.name,
          version,
          remaining: 0,
          back: value,
        });
      }
    }
  });

  test("every field of every version was full, null, empty, long and extreme where it can be", () => {
    const wanted = new Set<string>();
    for (const { shape, versions } of subjects) {
      for (let version = versions[0]; version <= versions[1]; version++) wantedOf(shape, version, wanted);
    }
    console.log(`${wanted.size} kinds of field wanted`);
    expect([...wanted].filter((each) => !seen.has(each)).slice(0, 20)).toEqual([]);
    expect(wanted.size).toBeGreaterThan(10_000);
  });

  test("the error table is Kafka's", () => {
    const theirs = facts.filter((each) => each.startsWith("error\t")).map((each) => each.split("\t").slice(1));
    const ours = Object.entries(errors).map(([name, { code, retriable, message }]) => {
      return [name, String(code), String(retriable), message ?? ""];
    });
    expect(ours).toEqual(theirs);
  });

  test("keys, versions, listeners and header versions are Kafka's", () => {
    const theirs = facts.filter((each) => each.startsWith("api\t")).map((each) => each.split("\t").slice(1));
    const ours = allMessages.map((message) => {
      const [min, max] = message.versions;
      let headers = "";
      for (let version = min; version <= max; version++) {
        headers += `${requestHeaderVersion(message, version)}${responseHeaderVersion(message, version)}`;
      }
      const unstable = String(message.latestVersionUnstable);
      return [message.name, String(message.key), String(min), String(max), unstable, message.listeners, headers];
    });
    const sorted = (list: string | readonly string[]): string =>
      (typeof list === "string" ? list.split(",") : [...list]).sort().join();
    expect(ours.map((row) => row.with(5, sorted(row[5] as string[])))).toEqual(
      theirs.map((row) => row.with(5, sorted(row[5] as string))),
    );
  });
});

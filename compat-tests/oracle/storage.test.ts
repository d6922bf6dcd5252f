/**
 * `odradek storage` beside Apache's `kafka-storage`: the same arguments to both, and what they print, their exit codes
 * and every byte of the directories compared. Random ids and times are taken over from Apache's files first.
 */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { uuidToBytes } from "../../base/uuid.ts";
import * as batch from "../../protocol/records/batch.ts";
import { storage } from "../../src/cli/storage.ts";
import { machinePorts } from "../../src/runtime/ports.ts";
import { startFormattedBy } from "../lib/brokers.ts";
import { available, jars, temporary } from "../lib/place.ts";
import type { Finished } from "../lib/process.ts";
import { ScriptHost } from "../lib/script-host.ts";
import { cases, files, nodeProperties } from "./storage-cases.ts";

setDefaultTimeout(60_000);

const have = available("kafka-storage of Apache Kafka 4.3.1", jars("4.3.1") !== null);
const place = temporary("storage");
const folders = { apache: join(place.path, "apache"), odradek: join(place.path, "odradek") };
const host = have ? new ScriptHost() : null;

afterAll(async () => {
  await host?.stop();
  place.remove();
});

type Side = keyof typeof folders;

/** Its words for one side; a `{new}` node has the number of the case. */
function wordsFor(side: Side, words: readonly string[], index: number): string[] {
  const folder = folders[side];
  return words.map((word) => {
    const name = /^\{(\w+)\}$/.exec(word)?.[1];
    if (name === undefined) return word;
    const path = join(folder, name === "new" ? `new-${index}.properties` : `${name}.properties`);
    const content = name === "new" ? nodeProperties(`{dir}/new-${index}`) : (files[name] as string);
    if (!existsSync(path)) writeFileSync(path, content.replaceAll("{dir}", folder));
    return path;
  });
}

/**
 * Paths, ids and salts are each side's own; Java's stack traces and the wrapping of its lines are no part of it. Of two
 * directories it is chance which Apache formats first: a hash of their paths.
 */
function plain(side: Side, text: string): string {
  const lines = text.split("\n");
  const formatted = lines.filter((line) => line.startsWith("Formatting ")).sort();
  const others = lines.filter((line) => !line.startsWith("Formatting "));
  return [...others, ...formatted]
    .join("\n")
    .replaceAll(folders[side], "{dir}")
    .replace(/^Exception in thread "main" /gm, "")
    .replace(/^[\w.]+(Exception|Error): /gm, "")
    .replace(/^(\tat |Caused by: |\t\.\.\. ).*\n/gm, "")
    .replace(/directory\.id=[\w-]{22}/g, "directory.id={id}")
    .replace(/^[\w-]{22}\n$/, "{id}\n")
    .replace(/(name='drawn-salt', mechanism=1, ).*?(iterations)/g, "$1$2")
    .replace(/[ \n]+/g, " ")
    .trim();
}

/** In the JVM that runs many, the sentence of a refusal is printed a second time, as the reason of the exit. */
function once(text: string): string {
  const lines = text.split("\n");
  const half = lines.length >> 1;
  return lines.slice(0, half).join() === lines.slice(half, -1).join() ? lines.slice(0, half).join("\n") : text;
}

/** In this process: the start of another takes longer than what is compared. */
async function ours(argv: readonly string[]): Promise<Finished> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const { disk, clock, random } = machinePorts(() => ({ debug() {}, info() {}, warn() {}, error() {} }));
  const terminal = {
    workingDirectory: folders.odradek,
    print: (text: string) => void stdout.push(text),
    printError: (text: string) => void stderr.push(text),
  };
  const exitCode = await storage({ command: "storage", argv }, { disk, clock, random, terminal });
  return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
}

const said = (side: Side, { exitCode, stdout, stderr }: Finished) => ({
  exitCode,
  stdout: plain(side, stdout),
  stderr: plain(side, side === "apache" ? once(stderr) : stderr),
});

describe.skipIf(!have)("odradek storage", () => {
  mkdirSync(folders.apache);
  mkdirSync(folders.odradek);

  test.each(cases.map((words, index) => [words.join(" "), words, index] as const))("%s", async (_, words, index) => {
    const theirs = await (host as ScriptHost).run("kafka-storage", wordsFor("apache", words, index));
    expect(said("odradek", await ours(wordsFor("odradek", words, index)))).toEqual(said("apache", theirs));
  });

  test("the directories that both have formatted hold the same files with the same bytes", () => {
    const paths = tree(folders.apache);
    expect(tree(folders.odradek)).toEqual(paths);
    expect(paths.length).toBeGreaterThan(60);
    for (const path of paths) {
      const [our, their] = [folders.odradek, folders.apache].map((folder) => content(folder, path));
      expect(`${path} ${our}`).toBe(`${path} ${their}`);
    }
  });
});

describe.skipIf(!have)("a directory", () => {
  test("formatted by odradek storage is one that Apache Kafka starts on, and Odradek after it", async () => {
    const apache = await startFormattedBy("odradek", "apache");
    try {
      await apache.stop();
      const odradek = await apache.succeededBy("odradek");
      expect(await odradek.stop()).toBe(0);
    } finally {
      await apache.dispose();
    }
  });

  test("formatted by Apache's kafka-storage is one that Odradek starts on as it is", async () => {
    const odradek = await startFormattedBy("apache", "odradek");
    try {
      expect(odradek.output()).not.toContain("Formatted");
      expect(await odradek.stop()).toBe(0);
    } finally {
      await odradek.dispose();
    }
  });
});

/** What the tools have written, without the settings that they were given. */
function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath !== folder)
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const GIVEN_ID = "JEXY6aqzQY-32P5TStzaFg";

/** Without comments, times and drawn ids. */
function content(folder: string, path: string): string {
  const bytes = new Uint8Array(readFileSync(join(folder, path)));
  if (!path.endsWith("meta.properties")) return withoutTimes(bytes, drawnId(folder, path));
  return Buffer.from(bytes)
    .toString()
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => (line.startsWith("directory.id=") && !line.endsWith(GIVEN_ID) ? "directory.id={id}" : line))
    .join("\n");
}

/** Of the directory that the file lies in; null where the id was given. */
function drawnId(folder: string, path: string): Uint8Array | null {
  const [home] = path.split(/\/(?:__cluster_metadata-0|bootstrap)/);
  const properties = readFileSync(join(folder, home as string, "meta.properties"), "utf8");
  const id = /^directory\.id=(.*)$/m.exec(properties)?.[1] as string;
  const bytes = new Uint8Array(16);
  return id !== GIVEN_ID && uuidToBytes(id, bytes) ? bytes : null;
}

const CRC_AT = 17;
const TIMES_AT = 27;
const TIMES_BYTES = 16;

/** Times, the checksums over them, and drawn ids become zeros. */
function withoutTimes(bytes: Uint8Array, id: Uint8Array | null): string {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += batch.sizeBytes(bytes, at)) {
    expect(batch.isValid(bytes, at)).toBe(true);
    const time = view.getBigInt64(at + TIMES_AT);
    bytes.fill(0, at + CRC_AT, at + CRC_AT + 4);
    bytes.fill(0, at + TIMES_AT, at + TIMES_AT + TIMES_BYTES);
    // The first record of a snapshot says how old its content is: in that of offset 0, the time of the format.
    for (let found = at; found + 8 <= at + batch.sizeBytes(bytes, at); found++) {
      const value = view.getBigInt64(found);
      if (value > time - 60_000n && value <= time) bytes.fill(0, found, found + 8);
    }
  }
  const where = id === null ? -1 : Buffer.from(bytes).indexOf(id);
  if (where >= 0) bytes.fill(0, where, where + 16);
  if (Buffer.from(bytes).includes("drawn-salt")) return "keys that no two runs have in common";
  return Buffer.from(bytes).toString("base64");
}

/**
 * The house rules that a linter does not know: who may import whom, what only `src/runtime/` may name, and how long a
 * file may be. Run as a test (`tools/tidy.test.ts`). Think before adding an arrow to the table.
 */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Folder → the folders (or single files, without `.ts`) it may import. A folder may always import itself. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  protocol: ["base"],
  storage: ["base", "protocol/bytes", "protocol/records", "protocol/errors"],
  "src/config": ["base", "protocol"],
  "src/raft": ["base"],
  "src/raft/driver": ["base", "protocol", "storage", "src/raft"],
  "src/metadata": ["base", "protocol", "src/config"],
  "src/partition": ["base", "protocol", "src/config", "storage", "src/metadata/image"],
  "src/coordinator": ["base", "protocol", "src/metadata/image"],
  "src/groups": ["base", "protocol", "src/metadata/image", "src/coordinator"],
  "src/txn": ["base", "protocol", "src/metadata/image", "src/coordinator"],
  "src/share": ["base", "protocol", "src/metadata/image", "src/coordinator"],
  "src/security": ["base", "protocol", "src/config", "src/metadata/image"],
  "src/quota": ["base", "protocol", "src/config", "src/metadata/image"],
  "src/peer": ["base", "protocol", "src/security"],
  "src/apis": [
    ...["base", "protocol", "storage", "src/config", "src/metadata", "src/partition", "src/coordinator", "src/groups"],
    ...["src/txn", "src/share", "src/security", "src/quota", "src/peer"],
  ],
  "src/lifecycle": ["base", "protocol", "src/config", "src/metadata", "src/partition", "src/peer"],
  "src/server": ["base", "protocol", "src/apis", "src/security", "src/quota"],
  // Looks on, and changes nothing.
  "src/http": ["base", "storage", "src/metadata/image", "src/partition", "src/apis", "src/broker"],
  "src/runtime": ["base"],
  "src/cli": [
    ...["base", "protocol", "storage", "src/config", "src/raft", "src/metadata", "src/security", "src/broker"],
    "src/runtime",
  ],
  "src/broker": [
    "src/broker",
    ...["base", "protocol", "storage", "src/config", "src/raft", "src/metadata", "src/partition", "src/coordinator"],
    ...["src/groups", "src/txn", "src/apis", "src/lifecycle", "src/server", "src/security", "src/quota", "src/peer"],
  ],
  // The whole node, behind doors of its own.
  "src/sim": [
    ...["base", "protocol", "storage", "src/config", "src/raft", "src/metadata", "src/partition", "src/coordinator"],
    ...["src/groups", "src/apis", "src/lifecycle", "src/server", "src/broker", "src/security", "src/quota", "src/peer"],
    "src/cli/verify",
  ],
  "src/main": ["base", "src/cli", "src/config", "src/runtime", "src/broker", "src/http"],
};

/** Names of the world outside: only `src/runtime/` may use them, through the doors of base/ports.ts. */
export const bannedOutsideRuntime: readonly RegExp[] = [
  /\bDate\b/,
  /\bperformance\./,
  /\bMath\.random\b/,
  /\bset(Timeout|Interval|Immediate)\b/,
  /\bqueueMicrotask\b/,
  /\bprocess\b[.[]/,
  /\bBun\b[.[]/,
  /\bglobalThis\b/,
  /(from|import|import\(|require\() ?"(node:|bun(:|"))/,
  /(from|import|import\(|require\() ?"(fs|net|tls|dgram|dns|https?|http2|os|timers|worker_threads|child_process|crypto)["/]/,
  /\bcrypto\./,
  /(await|return|void|=|\() ?fetch\(/,
  /\b(WebSocket|EventSource|XMLHttpRequest|BroadcastChannel|SharedArrayBuffer)\b/,
  /\bnew Worker\b/,
  /\bWeakRef\b/,
  /\bFinalizationRegistry\b/,
  /\blocaleCompare\b/,
];

/**
 * Pure functions of the platform (zlib, hashes) may be named here (DESIGN: "five doors"), and the simulator's one way
 * to
 * let promises settle: it turns the platform's loop into a function call, which is what makes a seed a history.
 */
const platformAllowed: readonly RegExp[] = [
  /^protocol\/records\/codecs\.ts$/,
  /^src\/security\//,
  /^src\/sim\/microtasks\.ts$/,
];

export const fileLinesMax = 500;
export const lineColumnsMax = 120;

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

/** Source files of the house: neither tests nor what is generated. */
export function isHouse(file: string): boolean {
  return (
    /^(base|protocol|storage|src)\//.test(file) &&
    file.endsWith(".ts") &&
    !file.endsWith(".test.ts") &&
    !file.startsWith("protocol/generated/") &&
    !file.startsWith("protocol/generate/") &&
    !file.includes("/testing/")
  );
}

export function findingsOf(file: string, text: string): Finding[] {
  const findings: Finding[] = [];
  const lines = text.split("\n");
  const report = (line: number, rule: string) => findings.push({ file, line, rule });
  if (lines.length > fileLinesMax + 1) report(lines.length, `more than ${fileLinesMax} lines: split by subject`);
  lines.forEach((line, index) => {
    if (widthOf(line) > lineColumnsMax) report(index + 1, `wider than ${lineColumnsMax} columns`);
    if (/\b(FIX{1}ME|X{3}|TO{1}DO)\b/.test(line)) report(index + 1, "unfinished work belongs in an issue");
  });
  if (!isHouse(file)) return findings;
  if (!/^(\/\*\*|\/\/|#!)/.test(text)) report(1, "no header comment that says what the file is for");
  lines.forEach((line, index) => {
    const code = withoutComment(line);
    for (const banned of bannedIn(file)) if (banned.test(code)) report(index + 1, `names ${banned.source}`);
  });
  for (const [target, line] of importsOf(file, lines)) {
    if (!isAllowed(file, target)) report(line, `may not import ${target}`);
  }
  return findings;
}

/** A text for people is not broken to fit: only what stands around it counts. */
function widthOf(line: string): number {
  return line.length <= lineColumnsMax ? line.length : line.replace(/"[^"]*"|`[^`]*`/g, '""').length;
}

function bannedIn(file: string): readonly RegExp[] {
  if (file.startsWith("src/runtime/") || file === "src/main.ts") return [];
  return platformAllowed.some((allowed) => allowed.test(file)) ? [] : bannedOutsideRuntime;
}

function withoutComment(line: string): string {
  if (/^\s*(\*|\/\*|\/\/)/.test(line)) return "";
  return line.replace(/\s\/\/.*$/, "").replace(/(?<!(from|import|import\(|require\() ?)"[^"]*"|`[^`]*`/g, '""');
}

function importsOf(file: string, lines: readonly string[]): [target: string, line: number][] {
  const imports: [string, number][] = [];
  lines.forEach((line, index) => {
    const path = /(?:from|import\() ?"(\.[^"]+)"/.exec(line)?.[1];
    if (path !== undefined) imports.push([relative(".", join(dirname(file), path)), index + 1]);
  });
  return imports;
}

function isAllowed(file: string, target: string): boolean {
  const own = ownerOf(file);
  if (own === null) return true;
  const rule = mayImport[own] ?? [];
  const home = own.replace(/\/[^/]+$/, "");
  const inside = own === file.replace(/\.ts$/, "") ? rule : [own, ...rule];
  return (
    inside.some((folder) => target === `${folder}.ts` || target.startsWith(`${folder}/`)) ||
    (mayImport[home] !== undefined && own !== home && own !== "src" && target.startsWith(`${home}/`))
  );
}

/** The most specific row of the table that covers the file; null for files the table does not speak of. */
function ownerOf(file: string): string | null {
  let best: string | null = null;
  for (const folder of Object.keys(mayImport)) {
    const covers = file === `${folder}.ts` || file.startsWith(`${folder}/`);
    if (covers && (best === null || folder.length > best.length)) best = folder;
  }
  return best;
}

export function trackedFiles(): string[] {
  const listing = Bun.spawnSync(["git", "ls-files", "*.ts", "*.mjs"]).stdout.toString();
  return listing.split("\n").filter((file) => file !== "" && !file.startsWith("protocol/generated/"));
}

export function tidy(files: readonly string[] = trackedFiles()): Finding[] {
  return files.flatMap((file) => findingsOf(file, readFileSync(file, "utf8")));
}

if (import.meta.main) {
  const findings = tidy();
  for (const { file, line, rule } of findings) console.log(`${file}:${line} ${rule}`);
  process.exit(findings.length === 0 ? 0 : 1);
}

/**
 * `npm run generate`: writes `protocol/generated/` from the message definitions inside Kafka's released jars, which
 * `npm run fetch-schemas` puts into the cache. `--check` writes nothing and fails where the committed output differs.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Source } from "./plan.ts";
import { plan, readSources } from "./plan.ts";
import { entriesOf } from "./zip.ts";

/** The release that the generated code, the error table and the tests speak of. */
export const RELEASE = "4.3.1";

const root = join(import.meta.dirname, "../..");
/** Apache's jars, as they come from Maven: the definitions are in them, and tests ask their classes. */
export const libsDirectory = join(root, ".cache/jars", RELEASE);
/** The last file that a download writes. */
export const libsComplete = join(libsDirectory, ".complete");
const generated = join(root, "protocol/generated");

/** The jars that carry definitions. */
const definedIn = [
  "kafka-clients",
  "kafka-metadata",
  "kafka-group-coordinator",
  "kafka-transaction-coordinator",
  "kafka-share-coordinator",
  "kafka-raft",
  "kafka-storage",
];

/** The definitions in the cached jars; null where these have not been fetched. */
export function cachedSources(): Source[] | null {
  if (!existsSync(libsComplete)) return null;
  const sources: Source[] = [];
  for (const artifact of definedIn) {
    for (const entry of entriesOf(readFileSync(join(libsDirectory, `${artifact}-${RELEASE}.jar`)))) {
      if (!/^(common\/)?(message|metadata)\/\w+\.json$/.test(entry.name)) continue;
      sources.push({ artifact, path: entry.name, text: new TextDecoder().decode(entry.read()) });
    }
  }
  return sources;
}

function filesUnder(directory: string, ending: string): string[] {
  try {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
      .sort();
  } catch {
    return [];
  }
}

/** The paths below `protocol/generated/` that differ from what the definitions give. */
export function differences(sources: readonly Source[]): string[] {
  const wanted = new Map(plan(readSources(sources), RELEASE).map((file) => [file.path, file.text]));
  const found = filesUnder(generated, ".ts");
  const stale = found.filter((path) => readFileSync(join(generated, path), "utf8") !== wanted.get(path));
  const missing = [...wanted.keys()].filter((path) => !found.includes(path));
  return [...stale, ...missing].sort();
}

function main(check: boolean): number {
  const sources = cachedSources();
  if (sources === null) {
    console.error("Kafka's jars are not in the cache: npm run fetch-schemas brings them.");
    return 1;
  }
  if (check) {
    const differing = differences(sources);
    if (differing.length === 0) return 0;
    console.error(`protocol/generated differs from its definitions:\n${differing.join("\n")}`);
    return 1;
  }
  const files = plan(readSources(sources), RELEASE);
  rmSync(generated, { recursive: true, force: true });
  for (const file of files) {
    mkdirSync(dirname(join(generated, file.path)), { recursive: true });
    writeFileSync(join(generated, file.path), file.text);
  }
  const bytes = files.reduce((sum, file) => sum + file.text.length, 0);
  console.log(`${files.length} files, ${(bytes / 1024).toFixed(0)} KiB, from ${sources.length} definitions`);
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.includes("--check"));

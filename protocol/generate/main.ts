/**
 * `npm run generate`: writes `protocol/generated/` from the message definitions that `tools/fetch-schemas.ts` put into
 * the cache. `--check` writes nothing and fails where the committed output differs.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Source } from "./plan.ts";
import { plan, readSources } from "./plan.ts";

/** The release that the generated code, the error table and the tests speak of. */
export const RELEASE = "4.3.1";

const root = join(import.meta.dirname, "../..");
export const schemasDirectory = join(root, ".cache", `kafka-${RELEASE}`, "schemas");
export const libsDirectory = join(root, ".cache", `kafka-${RELEASE}`, "libs");
const generated = join(root, "protocol/generated");

/** The definitions in the cache; null where they have not been fetched. */
export function cachedSources(): Source[] | null {
  const sources: Source[] = [];
  for (const path of filesUnder(schemasDirectory, ".json")) {
    const [artifact, ...rest] = path.split("/");
    const text = readFileSync(join(schemasDirectory, path), "utf8");
    sources.push({ artifact: artifact as string, path: rest.join("/"), text });
  }
  return sources.length === 0 ? null : sources;
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
    console.error("No message definitions in .cache: run tools/fetch-schemas.ts first.");
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

/**
 * Writes the documents that come from tables: docs/generated/{apis,config,errors}.md and docs/compatibility.md.
 * `--check` writes nothing and fails where a committed document is not what the tables say.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { apisDocument } from "./docs/apis.ts";
import { compatibilityDocument } from "./docs/compatibility.ts";
import { configDocument } from "./docs/config.ts";
import { errorsDocument } from "./docs/errors.ts";

const root = join(import.meta.dirname, "..");

/** Path → content, both from the tables alone. */
export const documents: ReadonlyMap<string, () => string> = new Map([
  ["docs/generated/apis.md", apisDocument],
  ["docs/generated/config.md", configDocument],
  ["docs/generated/errors.md", errorsDocument],
  ["docs/compatibility.md", compatibilityDocument],
]);

/** The documents that are not what the tables say. */
export function staleDocuments(): string[] {
  return [...documents].filter(([path, content]) => committed(path) !== content()).map(([path]) => path);
}

function committed(path: string): string | null {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function main(args: readonly string[]): number {
  const stale = staleDocuments();
  if (args.includes("--check")) {
    for (const path of stale) console.error(`${path} is not what the tables say: npm run docs`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const path of stale) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, (documents.get(path) as () => string)());
    console.log(`wrote ${path}`);
  }
  return 0;
}

if (import.meta.main) process.exit(main(process.argv.slice(2)));

/** What this machine has for the compatibility tests: Java and the jars, Python clients, kcat. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dir, "../..");
export const cache = join(root, ".cache");
/** Under CI everything must be there: what is missing is a failure, not a skip. */
export const mustRun = process.env.CI === "true";

export function temporary(label: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `odradek-${label}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const has = (command: string): boolean => Bun.which(command) !== null;

/** The folder of Apache's jars of that set (see jars.ts), or null where Java or Maven's download is missing. */
export function jars(set: string): string | null {
  const folder = join(cache, "jars", set);
  return has("java") && existsSync(join(folder, ".complete")) ? folder : null;
}

/**
 * True where the requirement holds. Where it does not, the caller skips and this says so once; under CI it fails.
 */
export function available(what: string, holds: boolean): boolean {
  if (holds) return true;
  if (mustRun) throw new Error(`${what} is required under CI=true: run npm run compat:setup`);
  console.log(`NOT RUN: ${what} is not here (npm run compat:setup installs it)`);
  return false;
}

export function folder(...parts: string[]): string {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  return path;
}

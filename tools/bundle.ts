/**
 * What a package is started from: the sources in one file with its bytecode beside it, which takes half the time of
 * loading them one by one. Made when a package is packed (`npm pack`) and when the bench starts; a checkout is always
 * run from its sources (bin/odradek.mjs), so what is bundled is never older than what is written.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");

/** The path of the program, one level below the root. @throws where the sources do not bundle */
export function bundle(): string {
  const outdir = join(root, "dist");
  rmSync(outdir, { recursive: true, force: true });
  const how = ["--target=bun", "--format=cjs", "--bytecode", "--packages=external", `--outdir=${outdir}`];
  const command = [process.execPath, "build", ...how, join(root, "src/main.ts")];
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: root });
  if (exitCode !== 0) throw new Error(`bun build: ${stdout}${stderr}`);
  return join(outdir, "main.js");
}

if (import.meta.main) bundle();

/**
 * From plain Node to the pinned Bun inside the npm packages. Its install script moves the binary from the platform's
 * package into the package `bun`; newer versions of npm run no install scripts, and then it is still where it was.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Of this package: a checkout, or node_modules/odradek of somebody. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** The path of Bun. A checkout without node_modules gets them first. */
export function findBun() {
  let bun = lookForBun();
  if (bun === null && isCheckout()) {
    installPackages();
    bun = lookForBun();
  }
  if (bun === null) fail(`Bun for ${process.platform} on ${process.arch} is not among the installed packages.`);
  return bun;
}

/** Runs it in place of this process: same input and output, signals passed on, same exit. */
export function become(command, args, options = {}) {
  const child = spawn(command, args, { stdio: "inherit", ...options });
  const passOn = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, passOn);
  child.on("error", (cause) => fail(`${command} does not start: ${cause.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of signals) process.off(each, passOn);
    process.kill(process.pid, signal);
  });
}

/** The program: in a package all in one file (tools/bundle.ts), in a checkout always its sources as they are now. */
export function findProgram() {
  const bundle = join(root, "dist", "main.js");
  return !isCheckout() && existsSync(bundle) ? bundle : join(root, "src", "main.ts");
}

function lookForBun() {
  const fromHere = createRequire(import.meta.url);
  const bunPackage = packageFolder(fromHere, "bun");
  if (bunPackage === null) return null;
  // The platform's packages are seen from the one that depends on them: true of every way to lay out node_modules.
  const fromBun = createRequire(join(bunPackage, "package.json"));
  const folders = packageNames().map((name) => packageFolder(fromBun, name));
  const name = process.platform === "win32" ? "bun.exe" : "bun";
  const binaries = folders.filter((folder) => folder !== null).map((folder) => join(folder, "bin", name));
  return [...binaries, join(bunPackage, "bin", "bun.exe")].find(isBinary) ?? null;
}

function packageFolder(require, name) {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return null; // not installed: of another platform
  }
}

/** Where the install script has not run, a script of a few lines that says so is in the binary's place. */
function isBinary(path) {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000;
}

function packageNames() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  const name = `@oven/bun-${platform}-${arch}`;
  if (platform !== "linux") return [name];
  // Older versions of npm install both C libraries' packages.
  const loader = process.arch === "arm64" ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2";
  return existsSync(loader) ? [name, `${name}-musl`] : [`${name}-musl`, name];
}

function isCheckout() {
  return existsSync(join(root, "package-lock.json"));
}

function installPackages() {
  console.error("Installing Odradek's packages (npm ci), once…");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: root, stdio: ["ignore", "ignore", "inherit"] };
  const isScript = npm !== undefined && /npm-cli\.c?js$/.test(npm);
  const { status, error } = isScript
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (error !== undefined) fail(`npm does not start: ${error.message}`);
  if (status !== 0) fail("npm ci failed: see the lines above.");
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

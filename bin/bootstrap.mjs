/**
 * From plain Node to the pinned Bun inside the npm packages. npm 11 does not run the install script that would put it
 * on the path, but the binary in the platform's own package works all the same.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
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

function lookForBun() {
  for (const name of packageNames()) {
    try {
      // Seen from the package `bun`, which depends on them: true of every way to lay out node_modules.
      const fromBun = createRequire(createRequire(import.meta.url).resolve("bun/package.json"));
      const folder = dirname(fromBun.resolve(`${name}/package.json`));
      const binary = join(folder, "bin", process.platform === "win32" ? "bun.exe" : "bun");
      if (existsSync(binary)) return binary;
    } catch {
      // not installed: of another platform
    }
  }
  return null;
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

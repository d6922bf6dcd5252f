/** What npm publishes, installed in an empty folder, is the whole broker. Needs the registry or npm's cache. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const folder = mkdtempSync(join(tmpdir(), "odradek-package-"));
const consumer = join(folder, "consumer");

function npm(cwd: string, ...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["npm", ...args], { cwd, stdout: "ignore", stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`npm ${args.join(" ")}: ${stderr}`);
}

beforeAll(() => {
  mkdirSync(consumer);
  npm(root, "pack", "--pack-destination", folder);
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  npm(consumer, "install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, archive as string));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("it holds no tests and nothing for development only", () => {
  const files = readdirSync(join(consumer, "node_modules", "odradek"), { recursive: true }).map(String);
  expect(files.filter((file) => /\.test\.ts$|^tools|^compat-tests|^bench|^src\/sim/.test(file))).toEqual([]);
  expect(readdirSync(join(consumer, "node_modules"))).not.toContain("typescript");
});

test("it is started from one file, which names nothing of where it was made", () => {
  const program = readFileSync(join(consumer, "node_modules", "odradek", "dist", "main.js"), "utf8");
  expect(program).toContain("@bytecode");
  expect(program).not.toContain(root);
});

test("npx odradek start serves", async () => {
  const listeners = "listeners=PLAINTEXT://localhost:0,CONTROLLER://localhost:0";
  const started = Bun.spawn(["npx", "odradek", "start", "--override", listeners], {
    cwd: consumer,
    stdout: "pipe",
    stderr: "ignore",
  });
  let printed = "";
  for await (const chunk of started.stdout) {
    printed += new TextDecoder().decode(chunk);
    if (/try it .*\n/.test(printed)) break;
  }
  started.kill("SIGTERM");
  await started.exited;
  expect(printed).toContain("is ready: node 1 of cluster");
  expect(readdirSync(consumer)).toContain("data");
}, 30_000);

/**
 * `npm test`: every check of the project in turn, and one closing line that counts them all. Arguments choose lanes:
 * `npm test -- unit`. What a machine lacks (Java, Python, kcat) is named and not counted; under CI=true it must be
 * there.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

interface Lane {
  readonly name: string;
  run(): Count | Promise<Count>;
}

const root = join(import.meta.dir, "..");

/** One command that either holds or does not. */
function check(name: string, command: readonly string[]): Lane {
  return {
    name,
    run: () => {
      const holds = Bun.spawnSync([...command], { cwd: root, stdout: "inherit", stderr: "inherit" }).exitCode === 0;
      return { passed: holds ? 1 : 0, failed: holds ? 0 : 1, skipped: 0 };
    },
  };
}

/** A run of `bun test`, counted from its own report. */
function tests(name: string, paths: readonly string[]): Lane {
  return {
    name,
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), "odradek-report-"));
      const file = join(folder, "report.xml");
      const command = [process.execPath, "test", "--timeout=120000", "--reporter=junit", `--reporter-outfile=${file}`];
      const child = Bun.spawn([...command, ...paths], { cwd: root, stdout: "inherit", stderr: "pipe" });
      const failures = new Failures(name);
      for await (const chunk of child.stderr) {
        process.stderr.write(chunk);
        failures.read(chunk);
      }
      const exitCode = await child.exited;
      const count = existsSync(file) ? countOf(readFileSync(file, "utf8")) : { passed: 0, failed: 0, skipped: 0 };
      rmSync(folder, { recursive: true });
      // A file that fails to load is in no report: the exit code still tells.
      if (exitCode !== 0 && count.failed === 0) count.failed = 1;
      if (count.failed > 0) told.push(...failures.texts);
      return count;
    },
  };
}

/**
 * What `bun test` says of the tests that failed: said again at the end, where whoever reads a long run looks first. It
 * prints a failure's text above the line with its name.
 */
class Failures {
  readonly texts: string[] = [];
  private readonly lane: string;
  private readonly decoder = new TextDecoder();
  private tail = "";
  private lines: string[] = [];
  /** It names the failed tests once more below its counts. */
  private isOver = false;

  constructor(lane: string) {
    this.lane = lane;
  }

  read(chunk: Uint8Array): void {
    const lines = (this.tail + this.decoder.decode(chunk, { stream: true })).split("\n");
    this.tail = lines.pop() ?? "";
    for (const line of lines) {
      this.isOver ||= summary.test(line);
      if (this.isOver) return;
      const end = endOfTest.exec(line);
      if (end?.[1] === "fail") this.texts.push(`── ${this.lane}\n${this.lines.join("\n")}\n${line}`);
      if (end !== null) this.lines = [];
      else if (this.lines.push(line) > LINES_OF_A_FAILURE) this.lines.shift();
    }
  }
}

const LINES_OF_A_FAILURE = 40;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal.
const endOfTest = /^(?:\x1b\[[\d;]*m)*\((pass|fail|skip|todo)\)/;
const summary = /^\d+ tests? failed:$/;
const told: string[] = [];

function countOf(report: string): Count {
  const top = /<testsuites [^>]*>/.exec(report)?.[0] ?? "";
  const attribute = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(top)?.[1] ?? 0);
  const failed = attribute("failures") + attribute("errors");
  const skipped = attribute("skipped");
  return { passed: attribute("tests") - failed - skipped, failed, skipped };
}

/** Each folder of compat-tests that holds tests is a lane of its own, so that one broken client hides no other. */
function compatLanes(): Lane[] {
  const home = join(root, "compat-tests");
  return readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules" && entry.name !== "lib")
    .map((entry) => tests(`compat ${entry.name}`, [`./compat-tests/${entry.name}/`]));
}

const lanes: Lane[] = [
  check("format and lint", ["node_modules/.bin/biome", "ci", "."]),
  check("types", ["node_modules/.bin/tsc", "--noEmit"]),
  check("types of compat-tests", ["node_modules/.bin/tsc", "--noEmit", "-p", "compat-tests"]),
  tests("unit", ["./base/", "./protocol/", "./storage/", "./src/", "./bin/", "./tools/", "./bench/"]),
  ...compatLanes(),
];

const wanted = process.argv.slice(2);
const chosen = lanes.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const total: Count = { passed: 0, failed: 0, skipped: 0 };
const rows: string[] = [];
if (!existsSync(join(root, "compat-tests/node_modules"))) {
  const npm = ["npm", "ci", "--ignore-scripts", "--silent"];
  if (Bun.spawnSync(npm, { cwd: join(root, "compat-tests") }).exitCode !== 0)
    console.log("no npm clients: npm ci failed");
}
for (const { name, run } of chosen) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const count = await run();
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const skipped = count.skipped === 0 ? "" : `, ${count.skipped} not run`;
  rows.push(`${name.padEnd(28)} ${count.passed} passed, ${count.failed} failed${skipped} (${seconds} s)`);
}
for (const text of told) console.log(`\n${text}`);
console.log(`\n${rows.join("\n")}\n`);
const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/**
 * `npm run bench -- [ROW…] [--full] [--rounds N] [--minutes N] [--write]`: side-by-side measurements, both systems in
 * one run, in turn. Without a row the headline ones, in ten minutes; a name is also the beginning of one. `--write`
 * keeps what was found in bench/results/ and puts its tables into README.md and docs/performance.md; `--tables` does
 * only that, from what was kept. `--gate` instead holds the hot paths to their budget of allocations, `--profile` says
 * where their time goes.
 */
import { cpus, loadavg } from "node:os";
import { jars } from "../compat-tests/lib/place.ts";
import { run } from "../compat-tests/lib/process.ts";
import { gate } from "./gate.ts";
import { latencyRows } from "./latency-rows.ts";
import { loadRows } from "./load-rows.ts";
import { profileRows } from "./profile.ts";
import { rowTable, summary } from "./report.ts";
import { keep, type Run, writeTables } from "./results.ts";
import type { Measured, Row } from "./row.ts";
import { BenchRun } from "./run.ts";
import { scaleRows } from "./scale-rows.ts";
import { stockRows } from "./stock-rows.ts";
import { storageRows } from "./storage-rows.ts";

const rows: readonly Row[] = [...loadRows, ...latencyRows, ...stockRows, ...scaleRows, ...storageRows];
const ROUNDS = 3;
/** The rest of ten minutes is for starting and stopping. */
const HEADLINE_MINUTES = 9;
const withValue = ["--rounds", "--minutes"];

function optionOf(args: readonly string[], name: string, otherwise: number): number {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : Number(args[at + 1]);
}

const namesIn = (args: readonly string[]): string[] =>
  args.filter((arg, index) => !arg.startsWith("--") && !withValue.includes(args[index - 1] ?? ""));

function chosen(args: readonly string[]): { rows: readonly Row[]; isHeadline: boolean } {
  const names = namesIn(args);
  for (const name of names) {
    if (!rows.some((row) => row.name.startsWith(name))) throw new Error(`there is no row ${name}`);
  }
  if (names.length > 0) {
    return { rows: rows.filter((row) => names.some((name) => row.name.startsWith(name))), isHeadline: false };
  }
  if (args.includes("--full")) return { rows, isHeadline: false };
  return { rows: rows.filter(({ headline }) => headline), isHeadline: true };
}

const round2 = (value: number) => Math.round(value * 100) / 100;
const loadNow = () => round2(loadavg()[0] as number);

async function about(args: readonly string[]): Promise<Omit<Run, "load">> {
  const { stdout: commit } = await run(["git", "rev-parse", "--short", "HEAD"], { cwd: import.meta.dir });
  const java = /version "([^"]+)"/.exec((await run(["java", "-version"])).stderr)?.[1] ?? "unknown";
  return {
    command: ["npm run bench", ...(args.length === 0 ? [] : ["--", ...args])].join(" "),
    commit: commit.trim(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`,
    versions: `Apache Kafka 4.3.1 on Java ${java}, Odradek on Bun ${Bun.version}`,
    date: new Date().toISOString().slice(0, 10),
  };
}

async function main(args: readonly string[]): Promise<void> {
  if (jars("4.3.1") === null) throw new Error("Apache Kafka 4.3.1 is not here: npm run compat:setup");
  const { rows: wanted, isHeadline } = chosen(args);
  const minutes = optionOf(args, "--minutes", isHeadline ? HEADLINE_MINUTES : Number.POSITIVE_INFINITY);
  const facts = await about(args);
  const loadBefore = loadNow();
  console.log(Object.values(facts).join("; "));
  if (loadBefore > cpus().length / 2)
    console.log(`This machine is busy (load average ${loadBefore}): not for quoting.`);
  const found: Measured[] = [];
  const order = rows.map(({ name }) => name);
  const bench = new BenchRun(
    {
      rounds: optionOf(args, "--rounds", ROUNDS),
      seconds: minutes * 60,
      done: (measured) => {
        found.push(measured);
        for (const line of rowTable(measured)) console.log(line);
        if (args.includes("--write")) keep({ ...facts, load: [loadBefore, loadNow()] }, found, order);
      },
    },
    wanted,
  );
  const interrupted = async () => {
    await bench.dispose();
    process.exit(1);
  };
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  await bench.all(wanted);
  console.log("");
  for (const line of summary(found)) console.log(line);
  if (args.includes("--write")) console.log(`\n${writeTables().join("\n")}`);
  const failures = found.filter(({ failure }) => failure !== null);
  for (const { row, failure } of failures) console.error(`${row.name} ended early: ${failure}`);
  process.exit(failures.length > 0 ? 1 : 0);
}

const args = process.argv.slice(2);
if (args.includes("--gate")) process.exit((await gate(args)) ? 0 : 1);
if (args.includes("--profile")) {
  await profileRows(rows, namesIn(args));
  process.exit(0);
}
if (args.includes("--tables")) console.log(writeTables().join("\n"));
else await main(args);

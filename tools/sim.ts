/**
 * The simulator from the command line: `npm run sim -- --seeds N [--from S]`, `--seed S [--trace] [--without a,b]`,
 * `--mutants [--seeds N] [--write]`; each with `--cluster` for worlds of several nodes, or with `--raft` for a quorum
 * alone. A seed that fails is shrunk to the faults it needs and printed with the command that replays it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterMutants } from "../src/sim/cluster/mutants.ts";
import type { ClusterFault } from "../src/sim/cluster/plan.ts";
import { type Change, type Mutant, mutants } from "../src/sim/mutants.ts";
import type { FaultKind } from "../src/sim/plan.ts";
import { raftMutants } from "../src/sim/raft/mutants.ts";
import type { RaftFault } from "../src/sim/raft/plan.ts";
import { writePlantedBugs } from "./planted-bugs.ts";

type Fault = FaultKind | ClusterFault | RaftFault;

interface RunResult {
  readonly seed: number;
  readonly hash: string;
  readonly violation: string | null;
  readonly faults: readonly Fault[];
  readonly counts: object;
  readonly simulatedMs: number;
}

interface RunOptions {
  readonly seed: number;
  readonly without: ReadonlySet<never>;
  readonly print?: (line: string) => void;
}

/** What can be simulated. The code is loaded when it is needed: a planted bug comes first. */
interface Kind {
  readonly flag: string;
  readonly mutants: readonly Mutant[];
  readonly run: (options: RunOptions) => Promise<RunResult>;
}

const node: Kind = {
  flag: "",
  mutants,
  run: async (options) => (await import("../src/sim/simulation.ts")).runSeed(options),
};
const cluster: Kind = {
  flag: "--cluster",
  mutants: clusterMutants,
  run: async (options) => (await import("../src/sim/cluster/simulation.ts")).runClusterSeed(options),
};
const raft: Kind = {
  flag: "--raft",
  mutants: raftMutants,
  run: async (options) => (await import("../src/sim/raft/raft-simulation.ts")).runRaftSeed(options),
};

const root = join(import.meta.dir, "..");
/** As many seeds as a planted bug may take to be found. */
const MUTANT_SEEDS = 2_000;
const PROGRESS_EVERY_MS = 5_000;

interface Options {
  readonly kind: Kind;
  readonly seed: number | null;
  readonly from: number;
  readonly seeds: number | null;
  readonly trace: boolean;
  readonly without: ReadonlySet<Fault>;
  readonly mutants: boolean;
  readonly mutant: string | null;
  /** The table of the planted bugs goes into the documentation. */
  readonly write: boolean;
}

function parseOptions(args: readonly string[]): Options {
  const value = (name: string): string | null => {
    const at = args.indexOf(name);
    return at < 0 ? null : (args[at + 1] ?? null);
  };
  const number = (name: string): number | null => (value(name) === null ? null : Number(value(name)));
  return {
    kind: [cluster, raft].find(({ flag }) => args.includes(flag)) ?? node,
    seed: number("--seed"),
    from: number("--from") ?? 1,
    seeds: number("--seeds"),
    trace: args.includes("--trace"),
    without: new Set((value("--without") ?? "").split(",").filter((kind) => kind !== "") as Fault[]),
    mutants: args.includes("--mutants"),
    mutant: value("--mutant"),
    write: args.includes("--write"),
  };
}

/** Changes the text of one file as it is loaded; nothing of the simulator may have been loaded before. */
function plant({ name, also, ...change }: Mutant): void {
  plantChange(name, change);
  if (also !== undefined) plantChange(`${name}, also`, also);
}

function plantChange(name: string, { file, find, replace }: Change): void {
  const path = join(root, file);
  Bun.plugin({
    name,
    setup(build) {
      const filter = new RegExp(`${file.replaceAll(/[.]/g, "\\.")}$`);
      build.onLoad({ filter }, (loaded) => {
        const text = readFileSync(loaded.path, "utf8");
        if (loaded.path !== path) return { contents: text, loader: "ts" };
        if (text.split(find).length !== 2) throw new Error(`${name}: ${file} does not hold its text once`);
        return { contents: text.replace(find, () => replace), loader: "ts" };
      });
    },
  });
}

/** What a promise that nobody watches rejects with fails the seed, as it would end the process. */
const unheard: unknown[] = [];
process.on("unhandledRejection", (failure) => {
  // Thrown into the code of a host that is gone.
  if (failure instanceof Error && failure.name === "HostGone") return;
  unheard.push(failure);
});

async function runOne(
  seed: number,
  kind: Kind,
  without: ReadonlySet<Fault> = new Set(),
  trace = false,
): Promise<RunResult> {
  const print = trace ? { print: (line: string) => console.log(line) } : {};
  const result = await kind.run({ seed, without: without as ReadonlySet<never>, ...print });
  await new Promise<void>((resolve) => setImmediate(resolve));
  const [failure] = unheard.splice(0);
  if (failure === undefined || result.violation !== null) return result;
  const detail = failure instanceof Error ? failure.stack : String(failure);
  return { ...result, violation: `no promise fails unheard: ${detail}` };
}

const invariantOf = (violation: string | null): string | null => violation?.split(":")[0] ?? null;

async function report(failed: RunResult, { kind, without }: Options): Promise<void> {
  const { seed, violation, faults } = failed;
  console.log(`\nseed ${seed} FAILED: ${violation}`);
  const { shrinkFaults } = await import("../src/sim/shrink.ts");
  const shrunk = await shrinkFaults(faults, async (less) => {
    const again = await runOne(seed, kind, new Set([...without, ...less]));
    return invariantOf(again.violation) === invariantOf(violation);
  });
  const left = [...without, ...shrunk.without].join(",");
  console.log(`  needs: ${shrunk.needed.join(", ") || "no fault at all"}`);
  const flags = [kind.flag, `--seed ${seed} --trace`, left === "" ? "" : `--without ${left}`];
  console.log(`  replay: npm run sim -- ${flags.filter((flag) => flag !== "").join(" ")}\n`);
}

class Totals {
  readonly counts = new Map<string, number>();
  simulatedMs = 0;
  seeds = 0;
  failed = 0;
  /** Of all histories so far: the same seeds give the same one, wherever they run. */
  private readonly histories = new Bun.CryptoHasher("md5");
  private readonly startedMs = performance.now();

  add({ counts, simulatedMs, violation, hash }: RunResult): void {
    this.histories.update(hash);
    for (const [name, count] of Object.entries(counts as Record<string, number>)) {
      this.counts.set(name, (this.counts.get(name) ?? 0) + count);
    }
    this.simulatedMs += simulatedMs;
    this.seeds++;
    if (violation !== null) this.failed++;
  }

  line(): string {
    const realMs = performance.now() - this.startedMs;
    const cpuMs = process.cpuUsage().user / 1000;
    const hours = (this.simulatedMs / 3_600_000).toFixed(2);
    const rate = (this.seeds / (realMs / 1000)).toFixed(1);
    const speed = `${rate} seeds/s, ${Math.round(this.simulatedMs / realMs)}x real time`;
    const perCpu = `${Math.round(this.simulatedMs / cpuMs)}x CPU time`;
    return `${this.seeds} seeds, ${this.failed} failed; ${hours} simulated hours, ${speed}, ${perCpu}`;
  }

  table(): string {
    const histories: readonly (readonly [string, string | number])[] = [
      ["histories", `${this.histories.copy().digest("hex").slice(0, 16)} (Bun ${Bun.version})`],
    ];
    return [...histories, ...this.counts].map(([name, count]) => `  ${name.padEnd(16)} ${count}`).join("\n");
  }
}

async function runSeeds(options: Options): Promise<number> {
  const { from, seeds, kind, without } = options;
  const totals = new Totals();
  let saidMs = performance.now();
  for (let seed = from; seed < from + (seeds ?? 100); seed++) {
    const result = await runOne(seed, kind, without);
    totals.add(result);
    if (result.violation !== null) await report(result, options);
    if (performance.now() - saidMs < PROGRESS_EVERY_MS) continue;
    saidMs = performance.now();
    console.log(`seed ${seed}: ${totals.line()}`);
  }
  console.log(`\n${totals.line()}\n${totals.table()}`);
  return totals.failed === 0 ? 0 : 1;
}

async function runSingle(seed: number, { kind, trace, without }: Options): Promise<number> {
  const result = await runOne(seed, kind, without, trace);
  console.log(`seed ${seed}, hash ${result.hash}: ${result.violation ?? "holds"}`);
  console.log(`faults: ${result.faults.join(", ") || "none"}`);
  const totals = new Totals();
  totals.add(result);
  console.log(totals.table());
  return result.violation === null ? 0 : 1;
}

/** The seeds one after the other, until one finds the bug. */
async function runMutant(name: string, { kind, from, seeds }: Options): Promise<number> {
  const mutant = kind.mutants.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`There is no mutant "${name}"`);
  plant(mutant);
  for (let seed = from; seed < from + (seeds ?? MUTANT_SEEDS); seed++) {
    const { violation } = await runOne(seed, kind);
    if (violation === null) continue;
    console.log(JSON.stringify({ seed, violation: violation.split("\n")[0] }));
    return 0;
  }
  return 1;
}

/** Each in a process of its own, because what it changes is loaded once. */
async function runMutants({ kind, from, seeds, write }: Options): Promise<number> {
  const rows: (readonly [name: string, seed: number | null, violation: string])[] = [];
  for (const { name } of kind.mutants) {
    const limits = ["--from", String(from), "--seeds", String(seeds ?? MUTANT_SEEDS)];
    const args = [...(kind.flag === "" ? [] : [kind.flag]), "--mutant", name, ...limits];
    const started = performance.now();
    const child = Bun.spawnSync([process.execPath, import.meta.path, ...args], { cwd: root, stderr: "inherit" });
    const text = child.stdout.toString().trim().split("\n").at(-1) ?? "";
    const found = child.exitCode === 0 ? (JSON.parse(text) as { seed: number; violation: string }) : null;
    rows.push([name, found?.seed ?? null, found?.violation ?? ""]);
    const seconds = `${((performance.now() - started) / 1000).toFixed(0)} s`.padStart(6);
    const how =
      found === null ? "NOT FOUND" : `seed ${String(found.seed).padStart(4)}  ${found.violation.slice(0, 90)}`;
    console.log(`${name.padEnd(52)} ${seconds}  ${how}`);
  }
  const missed = rows.filter(([, seed]) => seed === null).length;
  console.log(`\n${rows.length - missed} of ${rows.length} planted bugs found`);
  if (write) await writePlantedBugs(join(root, "docs/simulator.md"), kind.flag, rows);
  return missed === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.mutants) return runMutants(options);
  if (options.mutant !== null) return runMutant(options.mutant, options);
  if (options.seed !== null) return runSingle(options.seed, options);
  return runSeeds(options);
}

if (import.meta.main) process.exit(await main());

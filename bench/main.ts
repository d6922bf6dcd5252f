/**
 * `npm run bench -- [ROW…] [--full] [--rounds N] [--save NAME]`: side-by-side measurements, both systems in one run, in
 * turn. Without a row the headline ones; a name is also the beginning of one. `--gate` instead holds the hot paths to
 * their budget of allocations.
 */
import { cpus, loadavg } from "node:os";
import { startApache, startOdradek } from "../compat-tests/lib/brokers.ts";
import { jars } from "../compat-tests/lib/place.ts";
import { run } from "../compat-tests/lib/process.ts";
import { gate } from "./gate.ts";
import { latencyRows } from "./latency-rows.ts";
import { loadRows } from "./load-rows.ts";
import { rowTable, summary, writeResults } from "./report.ts";
import type { Figures, Measured, OwnRow, Row, SharedRow } from "./row.ts";
import { scaleRows } from "./scale-rows.ts";
import { stockRows } from "./stock-rows.ts";
import { storageRows } from "./storage-rows.ts";
import { odradekSettings, type Subject, type SyncMode, startSink, startSubjects } from "./subject.ts";

const rows: readonly Row[] = [...scaleRows, ...loadRows, ...latencyRows, ...stockRows, ...storageRows];

function optionOf(args: readonly string[], name: string): string | null {
  const at = args.indexOf(name);
  return at < 0 ? null : (args[at + 1] ?? null);
}

function chosen(args: readonly string[]): readonly Row[] {
  const values = ["--rounds", "--save"].map((name) => args.indexOf(name) + 1).filter((at) => at > 0);
  const names = args.filter((arg, index) => !arg.startsWith("--") && !values.includes(index));
  if (names.length > 0) return rows.filter((row) => names.some((name) => row.name.startsWith(name)));
  return args.includes("--full") ? rows : rows.filter(({ headline }) => headline);
}

async function measureShared(subjects: readonly Subject[], row: SharedRow, rounds: number): Promise<Measured> {
  const bySubject = new Map<string, Figures[]>(subjects.map(({ label }) => [label, []]));
  const sink = row.withSink === true ? await startSink() : null;
  const all = sink === null ? subjects : [...subjects, sink.subject];
  if (sink !== null) bySubject.set(sink.subject.label, []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, subject] of all.entries()) {
      bySubject.get(subject.label)?.push(await row.measure(subject, `${row.name}-${i}-${round}`));
    }
  }
  sink?.dispose();
  return { row, bySubject };
}

async function measureOwn(row: OwnRow, rounds: number): Promise<Measured> {
  const apache: Figures[] = [];
  const odradek: Figures[] = [];
  const once = async (start: () => ReturnType<typeof startApache>): Promise<Figures> => {
    let current = await start();
    try {
      return await row.measureOwn(current, (restarted) => {
        current = restarted;
      });
    } finally {
      await current.dispose();
    }
  };
  const settings = odradekSettings(row.sync);
  for (let round = 0; round < rounds; round++) {
    apache.push(await once(() => startApache({ asInProduction: true })));
    odradek.push(await once(() => startOdradek({ settings })));
  }
  const bySubject = new Map([
    ["Apache", apache],
    ["Odradek", odradek],
  ]);
  return { row, bySubject };
}

async function measureAll(wanted: readonly Row[], rounds: number): Promise<Measured[]> {
  const found: Measured[] = [];
  const done = (measured: Measured) => {
    found.push(measured);
    for (const line of rowTable(measured)) console.log(line);
  };
  const roundsOf = ({ roundsMax = rounds }: Row) => Math.min(rounds, roundsMax);
  for (const row of wanted) if ("measureOwn" in row) done(await measureOwn(row, roundsOf(row)));
  for (const sync of ["page cache", "synced"] satisfies SyncMode[]) {
    const shared = wanted.filter((row): row is SharedRow => "measure" in row && row.sync === sync);
    if (shared.length === 0) continue;
    const subjects = await startSubjects(sync);
    try {
      for (const row of shared) done(await measureShared(subjects.all, row, roundsOf(row)));
    } finally {
      await subjects.dispose();
    }
  }
  return found;
}

async function commitHash(): Promise<string> {
  const { stdout } = await run(["git", "rev-parse", "--short", "HEAD"], { cwd: import.meta.dir });
  return stdout.trim();
}

async function main(args: readonly string[]): Promise<void> {
  if (jars("4.3.1") === null) throw new Error("Apache Kafka 4.3.1 is not here: npm run compat:setup");
  const rounds = Number(optionOf(args, "--rounds") ?? 3);
  const loadBefore = loadavg()[0] as number;
  const java = (await run(["java", "-version"])).stderr.split("\n")[0] ?? "";
  const about = {
    command: `npm run bench -- ${args.join(" ")}`.replace(/ -- $/, ""),
    commit: await commitHash(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`,
    versions: `Apache Kafka 4.3.1, ${java}, Bun ${Bun.version}`,
    date: new Date().toISOString().slice(0, 10),
    rounds,
  };
  console.log(Object.values(about).join("; "));
  const found = await measureAll(chosen(args), rounds);
  console.log("");
  for (const line of summary(found)) console.log(line);
  const round2 = (value: number) => Math.round(value * 100) / 100;
  const load = [round2(loadBefore), round2(loadavg()[0] as number)] as const;
  const name = optionOf(args, "--save") ?? "latest";
  console.log(`\n${writeResults(name, { ...about, load }, found)}`);
}

const args = process.argv.slice(2);
if (args.includes("--gate")) process.exit((await gate(args)) ? 0 : 1);
await main(args);
process.exit(0);

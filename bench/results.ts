/**
 * bench/results/: of each row the last run that was kept (`--write`), as JSON for programs, a table and a plot; and the
 * tables in README.md and docs/performance.md, which stand between two marks.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plot } from "./plot.ts";
import { rowTable, shortSummary, summary } from "./report.ts";
import type { Figures, Measured, RowFacts } from "./row.ts";

export interface Run {
  readonly command: string;
  readonly commit: string;
  readonly machine: string;
  readonly versions: string;
  readonly date: string;
  /** Load average of the last minute, at the beginning and at the end: this machine may have had other work. */
  readonly load: readonly [number, number];
}

interface Kept extends RowFacts {
  readonly run: Run;
  readonly failure: string | null;
  readonly subjects: Readonly<Record<string, readonly Figures[]>>;
}

const root = join(import.meta.dir, "..");
const folder = join(import.meta.dir, "results");
const store = join(folder, "results.json");

const keptOf = (run: Run, { row, bySubject, failure }: Measured): Kept => {
  const { name, title, headline, sync, columns } = row;
  return { name, title, headline, sync, columns, run, failure, subjects: Object.fromEntries(bySubject) };
};

const measuredOf = ({ run: _, failure, subjects, ...row }: Kept): Measured => ({
  row,
  failure,
  bySubject: new Map(Object.entries(subjects)),
});

const kept = (): Kept[] =>
  existsSync(store) ? (JSON.parse(readFileSync(store, "utf8")) as { rows: Kept[] }).rows : [];

/** The rows of this run in place of older ones; `order` names all that there are. */
export function keep(run: Run, found: readonly Measured[], order: readonly string[]): void {
  const byName = new Map(kept().map((row) => [row.name, row]));
  for (const measured of found) byName.set(measured.row.name, keptOf(run, measured));
  const rows = order.flatMap((name) => byName.get(name) ?? []);
  mkdirSync(folder, { recursive: true });
  writeFileSync(store, `${JSON.stringify({ rows }, null, 1)}\n`);
}

/** Everything that follows from results.json. */
export function writeTables(): string[] {
  const rows = kept();
  const all = rows.map(measuredOf);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "results.svg"), plot(all));
  const head = ["# What was measured\n", ...runsOf(rows)];
  const details = [...head, "", ...summary(all), ...all.flatMap(rowTable)];
  writeFileSync(join(folder, "results.md"), `${details.join("\n")}\n`);
  const headline = rows.filter((row) => row.headline);
  const written = [
    insert("README.md", [...shortSummary(headline.map(measuredOf)), "", ...runsOf(headline)]),
    insert("docs/performance.md", [...summary(all), "", ...runsOf(rows)]),
  ];
  return [join(folder, "results.md"), ...written.filter((path) => path !== null)];
}

/** One line for each run that a row comes from. */
function runsOf(rows: readonly Kept[]): string[] {
  const byRun = new Map<string, { run: Run; names: string[] }>();
  for (const { run, name } of rows) {
    const key = JSON.stringify(run);
    const entry = byRun.get(key) ?? { run, names: [] };
    entry.names.push(name);
    byRun.set(key, entry);
  }
  return [...byRun.values()].map(({ run, names }) => {
    const which = byRun.size === 1 ? "" : ` (${names.join(", ")})`;
    const where = `${run.machine}; ${run.versions}; load average ${run.load.join(" → ")}`;
    return `\`${run.command}\` on ${run.date} at commit ${run.commit}: ${where}${which}.`;
  });
}

/** Null where the document has no marks. */
function insert(path: string, lines: readonly string[]): string | null {
  const file = join(root, path);
  if (!existsSync(file)) return null;
  const text = readFileSync(file, "utf8");
  const marked = /(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/;
  if (!marked.test(text)) return null;
  writeFileSync(
    file,
    text.replace(marked, (_, open, close) => `${open}\n${lines.join("\n")}\n\n${close}`),
  );
  return file;
}

/** What a run found, as markdown for people, JSON for programs, and a plot. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Spread, spreadOf, text } from "./measure.ts";
import type { Column, Measured } from "./row.ts";

export interface Run {
  readonly command: string;
  readonly commit: string;
  readonly machine: string;
  readonly versions: string;
  readonly date: string;
  readonly rounds: number;
  /** Load average of the last minute, at the beginning and at the end: this machine may have had other work. */
  readonly load: readonly [number, number];
}

export interface Compared {
  readonly column: Column;
  readonly bySubject: ReadonlyMap<string, Spread>;
  /** Odradek ÷ the other, of one round. */
  readonly ratios: ReadonlyMap<string, Spread>;
  /** Null where the column has no aim. */
  readonly met: boolean | null;
}

const OURS = "Odradek";

export function compare({ bySubject }: Measured, column: Column): Compared {
  const figures = new Map<string, number[]>();
  for (const [label, rounds] of bySubject) {
    figures.set(
      label,
      rounds.map((round) => round[column.key] ?? Number.NaN),
    );
  }
  const ours = figures.get(OURS) ?? [];
  const ratios = new Map<string, Spread>();
  for (const [label, theirs] of figures) {
    if (label !== OURS) ratios.set(label, spreadOf(ours.map((figure, i) => figure / (theirs[i] ?? Number.NaN))));
  }
  const spreads = new Map([...figures].map(([label, values]) => [label, spreadOf(values)]));
  return { column, bySubject: spreads, ratios, met: isMet(column, spreads, ratios) };
}

function isMet({ aim, against = "Apache" }: Column, own: Compared["bySubject"], ratios: Compared["ratios"]) {
  if (aim === undefined) return null;
  const value = (against === "itself" ? own.get(OURS) : ratios.get(against))?.median;
  if (value === undefined) return null;
  return "atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost;
}

export function aimText({ aim, against }: Column): string {
  if (aim === undefined) return "";
  const bound = "atLeast" in aim ? `≥ ${short(aim.atLeast)}` : `≤ ${short(aim.atMost)}`;
  return against === undefined ? bound : `${bound} (${against})`;
}

const short = (value: number) =>
  value >= 0.1 || value === 0 ? String(Math.round(value * 100) / 100) : `1/${Math.round(1 / value)}`;

/** All columns of one row. */
export function rowTable(measured: Measured): string[] {
  const labels = [...measured.bySubject.keys()];
  const others = labels.filter((label) => label !== OURS);
  const rounds = measured.bySubject.get(OURS)?.length ?? 0;
  const heading = ["", ...labels, ...others.map((label) => `÷ ${label}`), "aim", ""];
  const { row } = measured;
  const lines = [`\n### \`${row.name}\`: ${row.title}\n`, `Sync: ${row.sync}. ${rounds} rounds.\n`];
  lines.push(`| ${heading.join(" | ")} |`, `|${"---|".repeat(heading.length)}`);
  for (const column of row.columns) {
    const { bySubject, ratios, met } = compare(measured, column);
    const cells = [column.title, ...labels.map((label) => cell(bySubject.get(label)))];
    cells.push(...others.map((label) => cell(ratios.get(label))), aimText(column), verdict(met));
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return lines;
}

const cell = (spread: Spread | undefined) => (spread === undefined || Number.isNaN(spread.median) ? "" : text(spread));
const verdict = (met: boolean | null) => (met === null ? "" : met ? "met" : "**missed**");

/** One line per aim. */
export function summary(all: readonly Measured[]): string[] {
  const lines = ["| row | figure | Apache | Odradek | ratio, median (min–max) | aim | |", `|${"---|".repeat(7)}`];
  for (const measured of all) {
    for (const column of measured.row.columns) {
      if (column.aim === undefined) continue;
      const { bySubject, ratios, met } = compare(measured, column);
      const against = column.against === undefined || column.against === "itself" ? "Apache" : column.against;
      const value = column.against === "itself" ? bySubject.get(OURS) : ratios.get(against);
      const figures = [bySubject.get(against), bySubject.get(OURS), value].map(cell);
      lines.push(`| ${[measured.row.title, column.title, ...figures, aimText(column), verdict(met)].join(" | ")} |`);
    }
  }
  return lines;
}

/** Writes `NAME.md`, `NAME.json` and `NAME.svg` into bench/results/. */
export function writeResults(name: string, run: Run, all: readonly Measured[]): string {
  const folder = join(import.meta.dir, "results");
  mkdirSync(folder, { recursive: true });
  const head = [
    `# Measured with \`${run.command}\`\n`,
    `${run.date}, commit ${run.commit}. ${run.versions}. ${run.machine}.`,
    `${run.rounds} rounds, both in turn; median (minimum–maximum). Load average ${run.load.join(" → ")}.\n`,
  ];
  const body = [...summary(all), ...all.flatMap(rowTable)];
  writeFileSync(join(folder, `${name}.md`), `${[...head, ...body].join("\n")}\n`);
  const rows = all.map(({ row, bySubject }) => {
    const { name: key, title, sync, columns } = row;
    return { name: key, title, sync, columns, subjects: Object.fromEntries(bySubject) };
  });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ ...run, rows }, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.svg`), plot(all));
  return join(folder, `${name}.md`);
}

const WIDTH = 900;
const LINE = 22;
const LABELS = 470;
const escaped = (value: string) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** How many times better, on a logarithmic scale: a bar from 1 to the median, a line from minimum to maximum. */
function plot(all: readonly Measured[]): string {
  const bars = all.flatMap((measured) =>
    measured.row.columns.flatMap((column) => {
      const { aim, against } = column;
      if (aim === undefined || against === "itself") return [];
      const { ratios, met } = compare(measured, column);
      const ratio = ratios.get(against ?? "Apache");
      if (ratio === undefined || Number.isNaN(ratio.median)) return [];
      const better = (value: number) => ("atLeast" in aim ? value : 1 / value);
      return [
        {
          title: `${measured.row.name}: ${column.title}`,
          met,
          values: [ratio.min, ratio.median, ratio.max].map(better),
        },
      ];
    }),
  );
  const x = (value: number) => LABELS + 90 + Math.max(-80, Math.min(320, 75 * Math.log2(value)));
  const lines = bars.map(({ title, met, values: [from, middle, to] }, i) => {
    const y = 50 + i * LINE;
    const [one, at] = [x(1), x(middle as number)];
    const colour = met === false ? "#c2553d" : "#3d7ac2";
    return [
      `<text x="${LABELS}" y="${y + 12}" text-anchor="end">${escaped(title)}</text>`,
      `<rect x="${Math.min(one, at)}" y="${y}" width="${Math.abs(at - one)}" height="14" fill="${colour}"/>`,
      `<line x1="${x(from as number)}" x2="${x(to as number)}" y1="${y + 7}" y2="${y + 7}" stroke="#222"/>`,
      `<text x="${WIDTH - 4}" y="${y + 12}" text-anchor="end">${(middle as number).toFixed(2)}×</text>`,
    ].join("");
  });
  const height = 60 + bars.length * LINE;
  const axis = [0.5, 1, 2, 4, 8, 16].map(
    (value) =>
      `<line x1="${x(value)}" x2="${x(value)}" y1="40" y2="${height}" stroke="#ddd"/><text x="${x(value)}" y="36" text-anchor="middle">${value}×</text>`,
  );
  const title = `<text x="8" y="18" font-weight="bold">Times better than Apache Kafka 4.3.1 (or the limit named); red misses its aim</text>`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`;
  return `${open}<rect width="100%" height="100%" fill="#fff"/>${title}${axis.join("")}${lines.join("\n")}</svg>\n`;
}

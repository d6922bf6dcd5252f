/** What was measured, as tables for people. */
import { type Spread, spreadOf, text } from "./measure.ts";
import type { Column, Figures, Measured } from "./row.ts";

export interface Compared {
  readonly column: Column;
  readonly bySubject: ReadonlyMap<string, Spread>;
  /** Odradek ÷ the other, of one round. */
  readonly ratios: ReadonlyMap<string, Spread>;
  /** Null where the column has no aim, or nothing was measured. */
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
  if (value === undefined || Number.isNaN(value)) return null;
  return "atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost;
}

export function aimText({ aim, against }: Column): string {
  if (aim === undefined) return "";
  const bound = "atLeast" in aim ? `≥ ${short(aim.atLeast)}` : `≤ ${short(aim.atMost)}`;
  if (against === undefined) return bound;
  return against === "itself" ? `${bound}, by itself` : `${bound} × ${against}`;
}

const short = (value: number) =>
  value >= 0.1 || value === 0 ? String(Math.round(value * 100) / 100) : `1/${Math.round(1 / value)}`;

/** All columns of one row. */
export function rowTable(measured: Measured): string[] {
  const labels = [...measured.bySubject.keys()];
  const others = labels.filter((label) => label !== OURS);
  const rounds = measured.bySubject.get(OURS)?.length ?? 0;
  const heading = ["", ...labels, ...others.map((label) => `÷ ${label}`), "aim", ""];
  const { row, failure } = measured;
  const lines = [`\n### \`${row.name}\`: ${row.title}\n`, `Sync: ${row.sync}. ${rounds} rounds.\n`];
  if (failure !== null) lines.push(`Ended early: ${failure.split("\n")[0]}\n`);
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

/** One line per aim, with those that nothing was measured for. */
export function summary(all: readonly Measured[]): string[] {
  const lines = ["| row | sync | figure | Apache | Odradek | ratio | aim | | floor |", `|${"---|".repeat(9)}`];
  for (const measured of all) {
    for (const column of measured.row.columns) {
      if (column.aim === undefined) continue;
      const { bySubject, ratios, met } = compare(measured, column);
      const against = column.against === undefined || column.against === "itself" ? "Apache" : column.against;
      const ratio = column.against === "itself" ? undefined : ratios.get(against);
      const figures = [bySubject.get(against), bySubject.get(OURS), ratio].map(cell);
      const { title, sync } = measured.row;
      const state = met === null ? "not measured" : verdict(met);
      lines.push(
        `| ${[title, sync, column.title, ...figures, aimText(column), state, floorOf(measured, column, against)].join(" | ")} |`,
      );
    }
  }
  return lines;
}

/** What the least that does the same on Bun reaches, beside the one that Odradek is compared with, or by itself. */
function floorOf({ bySubject }: Measured, column: Column, against: string): string {
  const { key } = column;
  const limit = ["floor", "relay", "mapped"].find((label) => bySubject.has(label));
  const floor = limit === undefined ? [] : (bySubject.get(limit) as readonly Figures[]);
  if (column.against === "itself" && floor.length > 0) return cell(spreadOf(floor.map((round) => round[key] ?? NaN)));
  const other = bySubject.get(against) ?? [];
  const ratios = floor.map((round, i) => (round[key] ?? Number.NaN) / (other[i]?.[key] ?? Number.NaN));
  return cell(ratios.length === 0 ? undefined : spreadOf(ratios));
}

/** What the README says: medians only. */
export function shortSummary(all: readonly Measured[]): string[] {
  const lines = ["| | | Apache | Odradek | ratio |", "|---|---|--:|--:|--:|"];
  for (const measured of all) {
    let { title } = measured.row;
    for (const column of measured.row.columns) {
      if (column.aim === undefined) continue;
      const against = column.against ?? "Apache";
      const { bySubject, ratios } = compare(measured, column);
      const values = [bySubject.get(against), bySubject.get(OURS), ratios.get(against)].map(median);
      const other = against === "Apache" ? "" : ` (${against})`;
      lines.push(`| ${title} | ${column.title} | ${values[0]}${other} | ${values[1]} | ${values[2]} |`);
      title = "";
    }
  }
  return lines;
}

function median(spread: Spread | undefined): string {
  if (spread === undefined || Number.isNaN(spread.median)) return "";
  const { median: value } = spread;
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en");
  return text({ min: value, median: value, max: value }).split(" ")[0] as string;
}

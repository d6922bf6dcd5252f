/** What topics and groups inherit from the broker, and how several broker settings make one value. */
import type { AnyRow } from "./row.ts";
import { groupConfigs, topicConfigs } from "./table.ts";
import { defaultValue, type Parsed } from "./value.ts";

type Values = ReadonlyMap<string, Parsed>;

function of(values: Values, name: string): Parsed {
  return values.get(name) ?? { value: null, text: null };
}

function fromNumber(value: number): Parsed {
  return { value, text: String(value) };
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

type Source = readonly [name: string, unitMs: number];

/** Topic settings with more than one source at the broker, the strongest first, each with its unit in milliseconds. */
const combined: ReadonlyMap<string, readonly Source[]> = new Map([
  [
    "segment.ms",
    [
      ["log.roll.ms", 1],
      ["log.roll.hours", HOUR_MS],
    ],
  ],
  [
    "segment.jitter.ms",
    [
      ["log.roll.jitter.ms", 1],
      ["log.roll.jitter.hours", HOUR_MS],
    ],
  ],
  [
    "flush.ms",
    [
      ["log.flush.interval.ms", 1],
      ["log.flush.scheduler.interval.ms", 1],
    ],
  ],
  [
    "retention.ms",
    [
      ["log.retention.ms", 1],
      ["log.retention.minutes", MINUTE_MS],
      ["log.retention.hours", HOUR_MS],
    ],
  ],
]);

function sourcesOf(row: AnyRow & { readonly broker?: string }): readonly Source[] {
  return combined.get(row.name) ?? (row.broker === undefined ? [] : [[row.broker, 1]]);
}

function fromSources(values: Values, row: AnyRow): Parsed | null {
  for (const [name, unitMs] of sourcesOf(row)) {
    const parsed = of(values, name);
    if (parsed.value === null) continue;
    const found = unitMs === 1 ? parsed : fromNumber((parsed.value as number) * unitMs);
    const forEver = row.name === "retention.ms" && (found.value as number) < 0;
    return forEver ? fromNumber(-1) : found;
  }
  return null;
}

/** The text that one level of the broker's settings gives a topic, in the topic's unit; null where it gives none. */
export function inheritedText(level: ReadonlyMap<string, string>, row: AnyRow): string | null {
  for (const [name, unitMs] of sourcesOf(row)) {
    const text = level.get(name);
    if (text !== undefined) return unitMs === 1 ? text : String(Number(text.trim()) * unitMs);
  }
  return null;
}

/** The value of every topic setting for a topic without own ones. */
export function topicDefaults(values: Values): Values {
  return inherited(topicConfigs.values(), values);
}

/** The value of every group setting for a group without own ones. */
export function groupDefaults(values: Values): Values {
  return inherited(groupConfigs.values(), values);
}

function inherited(rows: Iterable<AnyRow>, values: Values): Values {
  const defaults = new Map<string, Parsed>();
  for (const row of rows) defaults.set(row.name, fromSources(values, row) ?? defaultValue(row));
  return defaults;
}

/**
 * The assignment intervals may be set while the bounds lie elsewhere: what was set is then taken to the nearer bound.
 */
export function clampToBounds(values: Map<string, Parsed>, texts: ReadonlyMap<string, string>): void {
  for (const kind of ["consumer", "share", "streams"]) {
    const name = `group.${kind}.assignment.interval.ms`;
    if (!texts.has(name)) continue;
    const value = of(values, name).value as number;
    const min = of(values, `group.${kind}.min.assignment.interval.ms`).value as number;
    const max = of(values, `group.${kind}.max.assignment.interval.ms`).value as number;
    if (value < min) values.set(name, fromNumber(min));
    else if (value > max) values.set(name, fromNumber(max));
  }
}

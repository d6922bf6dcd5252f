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

/** The first of the settings that is set, each with the length of its unit in milliseconds. */
function firstSet(values: Values, ...units: readonly (readonly [name: string, unitMs: number])[]): Parsed {
  for (const [name, unitMs] of units) {
    const parsed = of(values, name);
    if (parsed.value !== null) return unitMs === 1 ? parsed : fromNumber((parsed.value as number) * unitMs);
  }
  return { value: null, text: null };
}

/** The broker settings that are more than one name for a topic's value. */
function combined(values: Values, topicName: string): Parsed | null {
  switch (topicName) {
    case "segment.ms":
      return firstSet(values, ["log.roll.ms", 1], ["log.roll.hours", HOUR_MS]);
    case "segment.jitter.ms":
      return firstSet(values, ["log.roll.jitter.ms", 1], ["log.roll.jitter.hours", HOUR_MS]);
    case "flush.ms":
      return firstSet(values, ["log.flush.interval.ms", 1], ["log.flush.scheduler.interval.ms", 1]);
    case "retention.ms": {
      const retention = firstSet(
        values,
        ["log.retention.ms", 1],
        ["log.retention.minutes", MINUTE_MS],
        ["log.retention.hours", HOUR_MS],
      );
      return (retention.value as number) < 0 ? fromNumber(-1) : retention;
    }
    default:
      return null;
  }
}

/** The value of every topic setting for a topic without own ones. */
export function topicDefaults(values: Values): Values {
  return inherited(topicConfigs.values(), values, (name) => combined(values, name));
}

/** The value of every group setting for a group without own ones. */
export function groupDefaults(values: Values): Values {
  return inherited(groupConfigs.values(), values, () => null);
}

function inherited(
  rows: Iterable<AnyRow & { readonly broker?: string }>,
  values: Values,
  special: (name: string) => Parsed | null,
): Values {
  const defaults = new Map<string, Parsed>();
  for (const row of rows) {
    const fromBroker = row.broker === undefined ? undefined : (special(row.name) ?? values.get(row.broker));
    defaults.set(row.name, fromBroker ?? defaultValue(row));
  }
  return defaults;
}

/** The assignment intervals may be set while the bounds lie elsewhere: what was set is then taken to the nearer bound. */
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

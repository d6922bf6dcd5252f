/**
 * The table against Apache's own definitions: testdata/config-def.json is what ConfigDump.java (beside it) prints of
 * the
 * release's classes. Where Java and the jars are, the file itself is compared with a fresh dump.
 */
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { available } from "../../protocol/comparison/available.ts";
import type { AnyRow, BrokerRow, GroupRow, TopicRow } from "./row.ts";
import { clientMetricsRows } from "./rows/client-metrics.ts";
import { groupLevelRows } from "./rows/group-level.ts";
import { ownRows } from "./rows/own.ts";
import { topicRows } from "./rows/topic.ts";
import { apacheRows, documentation } from "./table.ts";
import { defaultValue } from "./value.ts";

interface Fact {
  name: string;
  type: string;
  default?: string | null;
  valid?: string;
  emptyAllowed?: boolean;
  nullAllowed?: boolean;
  importance: string;
  dynamic?: string;
  internal?: true;
}

interface Facts {
  broker: Fact[];
  brokerQuota: Fact[];
  topic: Fact[];
  group: Fact[];
  clientMetrics: Fact[];
  topicSynonyms: Record<string, string>;
  groupSynonyms: Record<string, string | null>;
}

const factsPath = join(import.meta.dirname, "testdata/config-def.json");
const facts = JSON.parse(readFileSync(factsPath, "utf8")) as Facts;
const brokerRows: readonly BrokerRow[] = apacheRows;

/** Validators in the words of Apache's `toString`. */
function valid(row: AnyRow): string | undefined {
  if (row.valid === "gzip-level") return "[1,...,9] or -1";
  if (row.valid === "throttled-replicas") return "[partitionId]:[brokerId],[partitionId]:[brokerId],...";
  if (row.valid === "offset-reset") return "[latest, earliest, by_duration:PnDTnHnMn.nS]";
  if (row.valid === "non-null") return "non-null string";
  if (row.valid === "non-empty") return "non-empty string";
  if (row.valid === "voters" || row.valid === "bootstrap-servers") return "non-empty list";
  if (row.oneOf !== undefined) return `${row.anyCase ? "(case insensitive) " : ""}[${row.oneOf.join(", ")}]`;
  if (row.max !== undefined) return `[${row.min},...,${row.max}]`;
  if (row.min !== undefined) return `[${row.min},...]`;
  return row.distinct ? "" : undefined;
}

function factOf(row: AnyRow): Fact {
  const rule = valid(row);
  return {
    name: row.name,
    type: row.type,
    ...(row.default === undefined ? {} : { default: defaultValue(row).text }),
    ...(rule === undefined ? {} : { valid: rule }),
    ...(row.distinct ? { emptyAllowed: row.emptyAllowed ?? true } : {}),
    importance: row.importance,
    ...("dynamic" in row ? { dynamic: row.dynamic } : {}),
    ...(row.internal ? { internal: true as const } : {}),
  };
}

/** nullAllowed says only whether the default may be null, which the default shows. */
const comparable = (of: readonly Fact[]): Fact[] =>
  of.map(({ nullAllowed: _, ...fact }) => fact).toSorted((a, b) => (a.name < b.name ? -1 : 1));

test.each([
  ["broker", brokerRows, [...facts.broker, ...facts.brokerQuota]],
  ["topic", topicRows, facts.topic],
  ["group", groupLevelRows, facts.group],
  ["client metrics", clientMetricsRows, facts.clientMetrics],
] as [string, readonly AnyRow[], Fact[]][])("the %s settings are Apache's, fact by fact", (_, rows, expected) => {
  expect(comparable(rows.map(factOf))).toEqual(comparable(expected));
});

test("topics and groups inherit from the settings that Apache names", () => {
  const topics = (topicRows as readonly TopicRow[]).flatMap(({ name, broker }) => (broker ? [[name, broker]] : []));
  expect(Object.fromEntries(topics)).toEqual(facts.topicSynonyms);
  const groups = (groupLevelRows as readonly GroupRow[]).map(({ name, broker }) => [name, broker ?? null]);
  expect(Object.fromEntries(groups)).toEqual(facts.groupSynonyms);
});

test("every row has one sentence of its own, and says what its status means", () => {
  for (const row of [...brokerRows, ...topicRows, ...groupLevelRows, ...clientMetricsRows, ...ownRows] as AnyRow[]) {
    expect(row.doc).toMatch(/^[A-Z].*\.$/);
    expect(documentation(row) === row.doc).toBe(row.status === "works");
  }
});

const jars = join(import.meta.dirname, "../../.cache/jars/4.3.1");
const needs = { jars: existsSync(join(jars, ".complete")), Java: Bun.which("java") !== null };

test.skipIf(!available("comparison with Kafka's ConfigDef", needs, false))(
  "the facts are what the release's classes say",
  async () => {
    const dump = Bun.spawn(["java", "-cp", `${jars}/*`, join(import.meta.dirname, "testdata/ConfigDump.java")], {
      stdout: "pipe",
      stderr: "ignore",
    });
    expect(JSON.parse(await new Response(dump.stdout).text())).toEqual(facts);
  },
  60_000,
);

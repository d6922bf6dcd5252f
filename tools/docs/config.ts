/** docs/generated/config.md: every setting, by level and name. */
import type { AnyRow } from "../../src/config/row.ts";
import { clientMetricsRows } from "../../src/config/rows/client-metrics.ts";
import { groupLevelRows } from "../../src/config/rows/group-level.ts";
import { ownRows } from "../../src/config/rows/own.ts";
import { topicRows } from "../../src/config/rows/topic.ts";
import { apacheRows } from "../../src/config/table.ts";
import { defaultValue } from "../../src/config/value.ts";
import { code, page, table } from "./markdown.ts";

function shownDefault(row: AnyRow): string {
  if (row.default === undefined) return "(required)";
  const { text } = defaultValue(row);
  return text === null ? "(not set)" : text === "" ? "(empty)" : code(text);
}

function bounds(row: AnyRow): string {
  if (row.oneOf !== undefined) return row.oneOf.join(", ");
  const { min, max } = row;
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min === undefined ? "" : `${min} or more`;
}

function cells(row: AnyRow): string[] {
  const dynamic = "dynamic" in row ? [row.dynamic] : [];
  return [code(row.name), row.type, shownDefault(row), bounds(row), ...dynamic, row.status, row.doc];
}

function section(title: string, text: string, rows: readonly AnyRow[], dynamic: boolean): string {
  const head = ["Name", "Type", "Default", "Values", ...(dynamic ? ["Changes"] : []), "Status", "Meaning"];
  const sorted = rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return `## ${title}\n\n${text}\n\n${table(head, sorted.map(cells))}`;
}

export function configDocument(): string {
  return page(
    "# Settings",
    "Names, types, defaults and bounds are Apache Kafka 4.3.1's. *Status*: **works**: the code reads it and a test shows " +
      "it; **accepted**: taken, stored and shown, without effect so far; **refused**: another value than the default is " +
      "an error. *Changes*: while the node runs, for one broker by its id (per-broker) or also for all at once " +
      "(cluster-wide); read-only needs a restart.",
    section("Broker", "In the file, on the command line, or with `kafka-configs`.", apacheRows, true),
    section("Odradek's own", "DescribeConfigs lists these only when they are asked for by name.", ownRows, true),
    section("Topic", "A topic without a value of its own takes the broker's.", topicRows, false),
    section("Group", "A group without a value of its own takes the broker's.", groupLevelRows, false),
    section("Client metrics", "Of one subscription.", clientMetricsRows, false),
  );
}

/**
 * Every setting, one row per name: types, parsing, DescribeConfigs, AlterConfigs, `--help` and the docs derive from it.
 * The rows lie in `rows/`, by subject; this file joins them.
 */
import type { AnyRow, BrokerRow, ValueOf } from "./row.ts";
import { clientMetricsRows } from "./rows/client-metrics.ts";
import { controllerRows } from "./rows/controller.ts";
import { groupRows } from "./rows/group.ts";
import { groupLevelRows } from "./rows/group-level.ts";
import { logRows } from "./rows/log.ts";
import { networkRows } from "./rows/network.ts";
import { nodeRows } from "./rows/node.ts";
import { ownRows } from "./rows/own.ts";
import { remoteRows } from "./rows/remote.ts";
import { replicationRows } from "./rows/replication.ts";
import { securityRows } from "./rows/security.ts";
import { shareRows } from "./rows/share.ts";
import { topicRows } from "./rows/topic.ts";
import { transactionRows } from "./rows/transaction.ts";

/** Settings that Apache's broker has too. */
export const apacheRows = [
  ...nodeRows,
  ...networkRows,
  ...logRows,
  ...replicationRows,
  ...controllerRows,
  ...groupRows,
  ...shareRows,
  ...transactionRows,
  ...remoteRows,
  ...securityRows,
] as const;

type AnyBrokerRow = (typeof apacheRows)[number] | (typeof ownRows)[number];
type AnyTopicRow = (typeof topicRows)[number];
type AnyGroupRow = (typeof groupLevelRows)[number];

/** The name of a broker setting: `"log.segment.bytes"`. */
export type ConfigName = AnyBrokerRow["name"];
export type TopicConfigName = AnyTopicRow["name"];
export type GroupConfigName = AnyGroupRow["name"];

export type ConfigValueOf<N extends ConfigName> = ValueOf<Extract<AnyBrokerRow, { readonly name: N }>>;
export type TopicConfigValueOf<N extends TopicConfigName> = ValueOf<Extract<AnyTopicRow, { readonly name: N }>>;
export type GroupConfigValueOf<N extends GroupConfigName> = ValueOf<Extract<AnyGroupRow, { readonly name: N }>>;

function byName<R extends AnyRow>(rows: readonly R[]): ReadonlyMap<string, R> {
  return new Map(rows.map((row) => [row.name, row]));
}

export const brokerConfigs: ReadonlyMap<string, BrokerRow> = byName<BrokerRow>([...apacheRows, ...ownRows]);
export const topicConfigs = byName<AnyTopicRow>(topicRows);
export const groupConfigs = byName<AnyGroupRow>(groupLevelRows);
export const clientMetricsConfigs = byName(clientMetricsRows);

export function isOwn(name: string): boolean {
  return name.startsWith("odradek.");
}

/** What DescribeConfigs and the docs say of a row. */
export function documentation(row: AnyRow): string {
  if (row.status === "accepted") return `${row.doc} Accepted for compatibility; Odradek does not act on it yet.`;
  if (row.status === "refused") return `${row.doc} Another value than the default is refused.`;
  return row.doc;
}

/** Settings of one client metrics subscription. Facts: Apache Kafka 4.3.1; sentences: ours. */
import type { ClientMetricsRow } from "../row.ts";

// biome-ignore format: the facts of a row on one line, the sentence on the next
export const clientMetricsRows = [
  { name: "interval.ms", type: "int", default: 300_000, importance: "medium", status: "accepted",
    doc: "How often matching clients push their metrics, in milliseconds." },
  { name: "match", type: "list", default: "", distinct: true, importance: "medium", status: "accepted",
    doc: "Which clients push metrics, as name=pattern pairs; empty means all." },
  { name: "metrics", type: "list", default: "", distinct: true, importance: "medium", status: "accepted",
    doc: "The metrics that are asked for, by prefix; empty means none, '*' all." },
] as const satisfies readonly ClientMetricsRow[];

/** Settings that only Odradek has. DescribeConfigs lists them only when they are asked for by name. */
import type { BrokerRow } from "../row.ts";

// biome-ignore format: the facts of a row on one line, the sentence on the next
export const ownRows = [
  { name: "odradek.flush.before.ack", type: "boolean", default: true, importance: "high", dynamic: "read-only",
    status: "works",
    doc: "Whether a record counts as written only once it is on the device; false is Apache's rule, the page cache." },
  { name: "odradek.log.level", type: "string", default: "info", oneOf: ["debug", "info", "warn", "error", "silent"],
    importance: "medium", dynamic: "cluster-wide", status: "works",
    doc: "The least severe lines that the node prints." },
] as const satisfies readonly BrokerRow[];

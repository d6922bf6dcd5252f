/** Settings that only Odradek has. DescribeConfigs lists them only when they are asked for by name. */
import type { BrokerRow } from "../row.ts";

// biome-ignore format: the facts of a row on one line, the sentence on the next
export const ownRows = [
  { name: "odradek.disk.reserve.bytes", type: "long", default: 134217728, min: 0, importance: "high",
    dynamic: "cluster-wide", status: "works",
    doc: "The part of each log directory's disk that records may not take, at most a twentieth of it: where no more is free, producers are refused and retry." },
  { name: "odradek.flush.before.ack", type: "boolean", default: true, importance: "high", dynamic: "read-only",
    status: "works",
    doc: "Whether a record counts as written only once it is on the device; false is Apache's rule, the page cache." },
  { name: "odradek.log.level", type: "string", default: "info", oneOf: ["debug", "info", "warn", "error", "silent"],
    importance: "medium", dynamic: "cluster-wide", status: "works",
    doc: "The least severe lines that the node prints." },
  { name: "odradek.metrics.listener", type: "string", default: "", importance: "medium",
    dynamic: "read-only", status: "works",
    doc: "Where Prometheus reads the node's metrics (http://HOST:PORT/metrics), as HOST:PORT; port 0 takes a free one, no host every address. Empty: nowhere. There is no authentication." },
  { name: "odradek.on.corruption", type: "string", default: "partition", oneOf: ["partition", "directory"],
    importance: "medium", dynamic: "cluster-wide", status: "works",
    doc: "What goes out of service where a log holds what was not written: 'partition' is the reads that would serve it, or at a start the partition; 'directory' its whole log directory, as if the disk had failed, so that other replicas lead." },
  { name: "odradek.recovery.point.bytes", type: "long", default: 268435456, min: 1, importance: "medium",
    dynamic: "cluster-wide", status: "works",
    doc: "Once so many bytes of closed segments are on the device, the recovery points of their log directory are written at once, not only every log.flush.offset.checkpoint.interval.ms: what a start after a crash has to read is bounded, however fast was written." },
] as const satisfies readonly BrokerRow[];

/**
 * What Apache's scripts are asked to print, in order, against both brokers. A later step may build on an earlier one,
 * so
 * the order matters. Names stand for themselves; `{file:…}` becomes a file of the run's own directory.
 */
import type { Script } from "../lib/tools.ts";

export interface Step {
  readonly script: Script;
  readonly args: readonly string[];
  /** Lines for standard input. */
  readonly input?: string;
  /** Use --bootstrap-controller instead of --bootstrap-server. */
  readonly controller?: boolean;
}

const topics = (...args: string[]): Step => ({ script: "kafka-topics", args });
const configs = (...args: string[]): Step => ({ script: "kafka-configs", args });
const groups = (...args: string[]): Step => ({ script: "kafka-consumer-groups", args });
const offsets = (...args: string[]): Step => ({ script: "kafka-get-offsets", args });
const produce = (topic: string, input: string): Step => ({
  script: "kafka-console-producer",
  args: ["--topic", topic, "--command-property", "acks=all"],
  input,
});
const consume = (topic: string, ...args: string[]): Step => ({
  script: "kafka-console-consumer",
  args: ["--topic", topic, "--timeout-ms", "15000", ...args],
});

const lines = (count: number, prefix = "line") => Array.from({ length: count }, (_, i) => `${prefix} ${i}\n`).join("");
const compact = ["--config", "cleanup.policy=compact", "--config", "retention.ms=1000"];

export const steps: readonly Step[] = [
  topics("--list"),
  topics("--create", "--topic", "plain"),
  topics("--create", "--topic", "wide", "--partitions", "4", "--replication-factor", "1", ...compact),
  topics("--create", "--topic", "plain"),
  topics("--create", "--topic", "plain", "--if-not-exists"),
  topics("--create", "--topic", "a.b"),
  topics("--create", "--topic", "a_b"),
  topics("--create", "--topic", "no/slash"),
  topics("--create", "--topic", "x".repeat(250)),
  topics("--create", "--topic", ".."),
  topics("--create", "--topic", "many", "--replication-factor", "3"),
  topics("--create", "--topic", "none", "--partitions", "0"),
  topics("--create", "--topic", "bad", "--config", "retention.ms=abc"),
  topics("--create", "--topic", "bad", "--config", "no.such.config=1"),
  topics("--create", "--topic", "bad", "--config", "cleanup.policy=shred"),
  topics("--create", "--topic", "bad", "--config", "segment.bytes=1"),
  topics("--create", "--topic", "assigned", "--replica-assignment", "1,1"),
  topics("--create", "--topic", "assigned-wrong", "--replica-assignment", "1,9"),
  topics("--create", "--topic", "__proto__"),
  topics("--list"),
  topics("--list", "--exclude-internal"),
  topics("--describe", "--topic", "plain"),
  topics("--describe", "--topic", "wide"),
  topics("--describe", "--topic", "missing"),
  topics("--describe", "--topics-with-overrides"),
  topics("--describe", "--under-replicated-partitions"),
  topics("--describe", "--unavailable-partitions"),
  topics("--alter", "--topic", "wide", "--partitions", "6"),
  topics("--alter", "--topic", "wide", "--partitions", "6"),
  topics("--alter", "--topic", "wide", "--partitions", "2"),
  topics("--alter", "--topic", "missing", "--partitions", "2"),
  topics("--describe", "--topic", "wide"),
  topics("--delete", "--topic", "missing"),
  topics("--delete", "--topic", "assigned"),
  topics("--list"),

  configs("--describe", "--entity-type", "topics", "--entity-name", "plain"),
  configs("--describe", "--entity-type", "topics", "--entity-name", "wide"),
  configs("--describe", "--entity-type", "topics", "--entity-name", "wide", "--all"),
  configs("--describe", "--entity-type", "topics", "--entity-name", "missing"),
  configs("--alter", "--entity-type", "topics", "--entity-name", "plain", "--add-config", "retention.ms=86400000"),
  configs("--alter", "--entity-type", "topics", "--entity-name", "plain", "--add-config", "max.message.bytes=-5"),
  configs("--alter", "--entity-type", "topics", "--entity-name", "plain", "--add-config", "nonsense=1"),
  configs("--alter", "--entity-type", "topics", "--entity-name", "missing", "--add-config", "retention.ms=1"),
  configs("--describe", "--entity-type", "topics", "--entity-name", "plain"),
  configs("--alter", "--entity-type", "topics", "--entity-name", "plain", "--delete-config", "retention.ms"),
  configs("--describe", "--entity-type", "topics", "--entity-name", "plain"),
  configs("--describe", "--entity-type", "topics"),
  configs("--describe", "--entity-type", "brokers", "--entity-name", "1"),
  configs("--describe", "--entity-type", "brokers", "--entity-default"),
  configs("--alter", "--entity-type", "brokers", "--entity-default", "--add-config", "log.retention.ms=90000000"),
  configs("--alter", "--entity-type", "brokers", "--entity-name", "1", "--add-config", "log.cleaner.threads=2"),
  configs("--alter", "--entity-type", "brokers", "--entity-name", "1", "--add-config", "log.dirs=/nowhere"),
  configs("--alter", "--entity-type", "brokers", "--entity-name", "1", "--add-config", "log.cleaner.threads=none"),
  configs("--describe", "--entity-type", "brokers", "--entity-default"),
  configs("--describe", "--entity-type", "brokers", "--entity-name", "1"),
  configs("--describe", "--entity-type", "brokers", "--entity-name", "1", "--all"),
  configs("--alter", "--entity-type", "brokers", "--entity-default", "--delete-config", "log.retention.ms"),
  configs("--describe", "--entity-type", "brokers", "--entity-default"),

  produce("plain", lines(100)),
  consume("plain", "--from-beginning", "--max-messages", "100", "--group", "readers"),
  consume("plain", "--partition", "0", "--offset", "90", "--max-messages", "10"),
  produce("wide", ""),
  offsets("--topic", "plain"),
  offsets("--topic", "plain", "--time", "-2"),
  offsets("--topic", "wide", "--time", "-3"),
  offsets("--topic", "plain", "--time", "-4"),
  offsets("--topic", "plain", "--time", "-5"),
  offsets("--topic", "plain", "--time", "0"),
  offsets("--topic", "wide"),
  offsets("--topic-partitions", "plain:0,wide:2-4"),
  offsets("--topic", "missing"),
  offsets(),

  groups("--list"),
  groups("--list", "--state"),
  groups("--list", "--type"),
  groups("--describe", "--group", "readers"),
  groups("--describe", "--group", "readers", "--members"),
  groups("--describe", "--group", "readers", "--state"),
  groups("--describe", "--group", "readers", "--offsets", "--verbose"),
  groups("--describe", "--group", "missing"),
  groups("--describe", "--all-groups"),
  groups("--reset-offsets", "--group", "readers", "--topic", "plain", "--to-offset", "40", "--dry-run"),
  groups("--reset-offsets", "--group", "readers", "--topic", "plain", "--to-offset", "40", "--execute"),
  groups("--reset-offsets", "--group", "readers", "--topic", "plain", "--to-earliest", "--execute"),
  groups("--reset-offsets", "--group", "readers", "--topic", "plain", "--shift-by", "1000", "--execute"),
  groups("--reset-offsets", "--group", "readers", "--all-topics", "--to-offset", "50", "--execute"),
  groups("--reset-offsets", "--group", "fresh", "--topic", "wide", "--to-latest", "--execute"),
  groups("--describe", "--group", "readers"),
  groups("--describe", "--group", "fresh"),
  groups("--delete-offsets", "--group", "readers", "--topic", "plain"),
  groups("--delete-offsets", "--group", "readers", "--topic", "missing"),
  groups("--delete", "--group", "readers"),
  groups("--delete", "--group", "missing"),
  groups("--delete", "--all-groups"),
  groups("--list"),
  { script: "kafka-groups", args: ["--list"] },

  {
    script: "kafka-delete-records",
    args: ["--offset-json-file", '{file:{"partitions":[{"topic":"plain","partition":0,"offset":30}],"version":1}}'],
  },
  {
    script: "kafka-delete-records",
    args: ["--offset-json-file", '{file:{"partitions":[{"topic":"plain","partition":0,"offset":3000}],"version":1}}'],
  },
  offsets("--topic", "plain", "--time", "-2"),
  consume("plain", "--from-beginning", "--max-messages", "70"),

  { script: "kafka-log-dirs", args: ["--describe", "--topic-list", "plain,wide"] },
  { script: "kafka-log-dirs", args: ["--describe", "--broker-list", "1,7"] },
  { script: "kafka-broker-api-versions", args: [] },
  { script: "kafka-metadata-quorum", args: ["describe", "--status"] },
  { script: "kafka-metadata-quorum", args: ["describe", "--replication"] },
  { script: "kafka-metadata-quorum", args: ["describe", "--status"], controller: true },
  { script: "kafka-cluster", args: ["cluster-id"] },
  { script: "kafka-cluster", args: ["list-endpoints"] },
  { script: "kafka-cluster", args: ["unregister", "--id", "7"] },
  { script: "kafka-features", args: ["describe"] },
  { script: "kafka-features", args: ["upgrade", "--feature", "metadata.version=99"] },
  { script: "kafka-features", args: ["downgrade", "--feature", "transaction.version=1", "--dry-run"] },
  { script: "kafka-leader-election", args: ["--election-type", "preferred", "--all-topic-partitions"] },
  { script: "kafka-leader-election", args: ["--election-type", "unclean", "--topic", "plain", "--partition", "0"] },
];

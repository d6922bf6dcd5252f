/**
 * docs/compatibility.md: what works as in Apache Kafka and what does not, from the registry, the settings and the
 * lists.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnyRow } from "../../src/config/row.ts";
import { groupLevelRows } from "../../src/config/rows/group-level.ts";
import { topicRows } from "../../src/config/rows/topic.ts";
import { apacheRows } from "../../src/config/table.ts";
import { apiRows } from "./apis.ts";
import { code, page, table } from "./markdown.ts";

/** Lists of known differences: title → reason. They may only shrink. */
const lists: readonly (readonly [what: string, path: string])[] = [
  ["Raw requests, answers compared field by field", "compat-tests/oracle/raw.known.json"],
  ["Apache's scripts, printed lines compared", "compat-tests/oracle/scripts.known.json"],
];

function known(path: string): Record<string, string> {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../..", path), "utf8"));
}

function missingApis(): string {
  const missing = apiRows().filter((row) => row[3] === "no");
  return table(
    ["Key", "API", "Versions in Kafka"],
    missing.map(([key = "", name = "", versions = ""]) => [key, name, versions]),
  );
}

function statusRow(level: string, rows: readonly AnyRow[]): string[] {
  const count = (status: AnyRow["status"]) => String(rows.filter((row) => row.status === status).length);
  return [level, count("works"), count("accepted"), count("refused")];
}

function differences(): string {
  return lists
    .map(([what, path]) => {
      const entries = Object.entries(known(path));
      if (entries.length === 0) return `${what}: no known difference.`;
      return `${what}:\n\n${table(["Case", "Reason"], entries)}`;
    })
    .join("\n\n");
}

const metrics =
  "Without a JVM there is no JMX: `kafka-jmx` finds nothing to talk to, `metric.reporters` and its relatives are accepted and " +
  "start nothing. In its place `odradek.metrics.listener` opens `/metrics` for Prometheus: gauges of replicas, logs, log " +
  "directories, the controller and raft, named as the JMX exporter's example for Kafka names Apache's " +
  "(`compat-tests/oracle/metrics.test.ts`), and what only Odradek counts (`odradek_log_*`). Not there yet: rates and times " +
  "of requests (BrokerTopicMetrics, RequestMetrics), of groups and of quotas. While a node starts the answer is 503.";

/** Where the other answer is the safer one, and no client can tell but by what it does not lose. */
const purposes = [
  "## Leader elections",
  "On purpose otherwise, each beside a running Apache in `compat-tests/oracle/cases/brokers.ts`: a replica that is moved away leaves the eligible leader replicas (KIP-966) too. Apache's stays in " +
    "them, and a partition whose last eligible replica is none any more gets no leader before an unclean election. A last known leader " +
    "whose disk was lost is not elected: Apache's controller would, and the others would give up what they have. A broker " +
    "whose id another registration took while it slept, or that is unregistered while it runs, registers again; Apache's is refused until it is restarted (`compat-tests/cluster/identity.test.ts`).",
  "## Groups",
  "On purpose otherwise: a coordinator that has just been elected answers what only reads (offsets, descriptions, lists) with " +
    "COORDINATOR_LOAD_IN_PROGRESS until all that it loaded is known to be committed. Apache's answers from its high " +
    "watermark, which may lie before a commit that the last coordinator has acknowledged.",
] as const;

export function compatibilityDocument(): string {
  const refused = (apacheRows as readonly AnyRow[]).filter((row) => row.status === "refused");
  return page(
    "# Compatibility",
    "Apache Kafka 4.3.1 is the reference. This page comes from the registry of APIs, the table of settings and the lists " +
      "of known differences that the compatibility tests keep; those lists may only shrink.",
    "## APIs that are not there yet",
    "They are not advertised in ApiVersions, so clients do not try them. Of the others, every stable version " +
      "is spoken: see [generated/apis.md](generated/apis.md).",
    missingApis(),
    "## Settings",
    table(
      ["Level", "Works", "Accepted, no effect yet", "Refused"],
      [statusRow("Broker", apacheRows), statusRow("Topic", topicRows), statusRow("Group", groupLevelRows)],
    ),
    "Each with its default and status: [generated/config.md](generated/config.md). Refused, because they would promise " +
      `what is not there: ${refused.map((row) => code(row.name)).join(", ")}.`,
    "`flush.ms` is kept to by a timer of each log; Apache looks for logs that are due every " +
      "`log.flush.scheduler.interval.ms`, which by default is never. With `odradek.flush.before.ack=false` a consumer may see a " +
      "record while its producer still waits for the sync that `flush.messages` demands; Apache's sees it after the sync.",
    "## Stored, without effect yet",
    "Client quotas (AlterClientQuotas) and SCRAM credentials (AlterUserScramCredentials) are checked, stored in the " +
      "metadata log and described as Apache does it. Nothing is held to a quota yet, and nobody is authenticated by a " +
      "credential. The quota of an address wants a literal address: host names are not resolved.",
    "## Known differences",
    differences(),
    "## Compaction",
    "The same directory compacted by both gives the same segments, indexes and checkpoint, three times over " +
      "(`compat-tests/oracle/compaction.test.ts`); recompressed batches hold the same records in other bytes, as each codec's " +
      "library makes them. On purpose otherwise:",
    [
      "- A batch whose checksum does not hold is never written again: its partition is left alone until the next start.",
      "- A transaction that was aborted before the part being compacted does not hide the keys of the producer's next one. " +
        "As its source reads, Apache's does where the map of keys is full within a segment, and a deleted record can come back.",
      "- A batch of the first two formats that must stay although its records go becomes an empty one; Apache gives up " +
        "compacting the partition.",
      "- What is compacted is on the device first, and a full disk makes compaction wait instead of taking the directory " +
        "offline.",
      "- Keys are told apart by a keyed hash of 128 bits instead of MD5, in the same memory.",
      "- `log.cleaner.threads` only divides the memory: one log is compacted at a time, in slices of two milliseconds.",
    ].join("\n"),
    ...purposes,
    "## Kept, but not served",
    "Transactions with their state, share groups, groups of the consumer protocol, ACLs, SCRAM credentials, delegation " +
      "tokens and quotas that an Apache directory holds stay as they are: each kind is named at the start, read_committed " +
      "consumers stop at a transaction that is open, as with Apache, and a Kafka broker that opens the directory again " +
      "goes on with all of it (`compat-tests/directory/kept.test.ts`).",
    "## Clusters with Apache's nodes",
    "Of 4.3.1 in every role, and of 4.0.1 and 4.2.0 as brokers of our controllers and as controllers of our brokers, at the " +
      "features that they know (`compat-tests/mixed`). In a quorum that changes (KIP-853), too, either kind leads, adds and " +
      "removes voters of the other, and makes static voters dynamic (`npm run mixed -- --voters`). One of our controllers " +
      "joins by itself (`controller.quorum.auto.join.enable`) also where a release before 4.2 leads.",
    "## Metrics",
    metrics,
    "## Listeners",
    "Only PLAINTEXT so far: a listener that asks for SSL or SASL is refused at the start, with a message.",
  );
}

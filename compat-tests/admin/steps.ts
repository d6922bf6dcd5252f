/**
 * What administrators do to a cluster of one controller (node 1) and three brokers (2, 3, 4), in order; a later step
 * may build on an earlier one. `{file:…}` becomes a file.
 */
import type { Script } from "../lib/tools.ts";

export interface Run {
  readonly script: Script;
  readonly args: readonly string[];
  readonly input?: string;
  /** With --bootstrap-controller instead of --bootstrap-server. */
  readonly controller?: boolean;
  /** Runs again until it prints this: for what happens a moment later. The last answer is compared. */
  readonly until?: RegExp;
  /** What Apache prints must have this: a copy that was too quick, for one, would show nothing. */
  readonly shows?: RegExp;
  /** Only for preparation, or for what is compared by a later step. */
  readonly quiet?: boolean;
}

/** Something that happens to a node. */
export interface Happening {
  readonly node: number;
  readonly what: "stop" | "kill" | "start";
}

export type Step = Run | Happening;

const run = (script: Script, args: readonly string[], more: Partial<Run> = {}): Run => ({ script, args, ...more });
const topics = (args: string, more?: Partial<Run>): Run => run("kafka-topics", args.split(" "), more);
const configs = (args: string, more?: Partial<Run>): Run => run("kafka-configs", args.split(" "), more);
const elect = (args: string, more?: Partial<Run>): Run => run("kafka-leader-election", args.split(" "), more);
const atController = { controller: true };
/** One record of 1,000 bytes a line. */
const bulk = (lines: number) => `${"x".repeat(1_000)}\n`.repeat(lines);
const fill = (topic: string, lines: number): Run =>
  run("kafka-console-producer", ["--topic", topic, "--command-property", "acks=all"], {
    input: bulk(lines),
    quiet: true,
  });

type Moves = Readonly<Record<string, readonly (readonly number[])[]>>;

function plan(moves: Moves): string {
  const partitions = Object.entries(moves).flatMap(([topic, replicas]) =>
    replicas.map((each, partition) => ({ topic, partition, replicas: each })),
  );
  return `{file:${JSON.stringify({ version: 1, partitions })}}`;
}

const reassign = (verb: string, moves: Moves, args: readonly string[] = [], more?: Partial<Run>): Run =>
  run("kafka-reassign-partitions", [verb, "--reassignment-json-file", plan(moves), ...args], more);

const there = { moved: [[3, 4]] };
const reassignments: readonly Step[] = [
  topics("--create --topic moved --replica-assignment 2:3,2:3"),
  fill("moved", 8_000),
  run("kafka-reassign-partitions", [
    ...["--generate", "--broker-list", "4"],
    ...["--topics-to-move-json-file", `{file:${JSON.stringify({ version: 1, topics: [{ topic: "single" }] })}}`],
  ]),
  topics("--create --topic single --replica-assignment 2"),
  run("kafka-reassign-partitions", [
    ...["--generate", "--broker-list", "4"],
    ...["--topics-to-move-json-file", `{file:${JSON.stringify({ version: 1, topics: [{ topic: "single" }] })}}`],
  ]),
  run("kafka-reassign-partitions", ["--list"]),
  reassign("--verify", there),
  reassign("--execute", { moved: [[3, 9]] }),
  reassign("--execute", { gone: [[3]] }),
  reassign("--execute", { moved: [[3, 3]] }),
  reassign("--execute", { moved: [[3]] }, ["--disallow-replication-factor-change"]),
  reassign("--execute", there, ["--throttle", "1000"]),
  run("kafka-reassign-partitions", ["--list"], { shows: /moved-0/ }),
  run("kafka-reassign-partitions", ["--list"], atController),
  reassign("--verify", there, [], { shows: /still in progress/ }),
  reassign("--execute", there),
  configs("--describe --entity-type topics --entity-name moved"),
  configs("--describe --entity-type brokers --entity-name 2"),
  configs("--describe --entity-type brokers --entity-name 4"),
  topics("--describe --topic moved", { shows: /Adding Replicas: 4/ }),
  topics("--describe --under-replicated-partitions"),
  reassign("--execute", there, ["--additional", "--throttle", "2000"], { shows: /Successfully started/ }),
  reassign("--cancel", there, [], { shows: /Successfully cancelled/ }),
  reassign("--cancel", there),
  topics("--describe --topic moved"),
  configs("--describe --entity-type topics --entity-name moved"),
  configs("--describe --entity-type brokers --entity-name 4"),
  reassign("--execute", there, ["--throttle", "100000000"]),
  reassign("--verify", there, [], { until: /is completed[\s\S]*Clearing topic-level/ }),
  topics("--describe --topic moved"),
  configs("--describe --entity-type topics --entity-name moved"),
  configs("--describe --entity-type brokers --entity-name 2"),
  reassign("--execute", { moved: [[4, 3], [2]] }),
  reassign("--verify", { moved: [[4, 3], [2]] }, ["--preserve-throttles"], {
    until: /moved-0 is completed[\s\S]*moved-1 is completed/,
  }),
  topics("--describe --topic moved"),
];

const elections: readonly Step[] = [
  elect("--election-type preferred --topic moved --partition 0"),
  topics("--describe --topic moved"),
  elect("--election-type preferred --topic moved --partition 0"),
  elect("--election-type preferred --topic moved --partition 7"),
  elect("--election-type preferred --topic gone --partition 0"),
  elect("--election-type unclean --topic moved --partition 0"),
  topics("--create --topic pair --replica-assignment 3:4 --config min.insync.replicas=1"),
  fill("pair", 10),
  { node: 3, what: "stop" },
  topics("--describe --topic pair", { until: /Isr: 4\t/ }),
  elect("--election-type preferred --topic pair --partition 0"),
  { node: 4, what: "stop" },
  topics("--describe --topic pair", { until: /Leader: none/ }),
  topics("--describe --unavailable-partitions"),
  elect("--election-type unclean --topic pair --partition 0"),
  { node: 3, what: "start" },
  topics("--describe --topic pair"),
  elect("--election-type unclean --topic pair --partition 0"),
  topics("--describe --topic pair"),
  { node: 4, what: "start" },
  topics("--describe --topic pair", { until: /Isr: 3,4|Isr: 4,3/ }),
];

/** Replicas that left below min.insync.replicas stay eligible, unless they died (KIP-966). */
const eligible: readonly Step[] = [
  topics("--create --topic eligible --replica-assignment 2:3:4 --config min.insync.replicas=3"),
  topics("--describe --topic eligible", { until: /Isr: 2,3,4/ }),
  { node: 3, what: "stop" },
  topics("--describe --topic eligible", { until: /Isr: 2,4\tElr: 3/, shows: /Elr: 3/ }),
  topics("--describe --under-min-isr-partitions"),
  { node: 4, what: "kill" },
  topics("--describe --topic eligible", { until: /Isr: 2\tElr: 3,4/, shows: /Isr: 2\tElr: 3,4/ }),
  { node: 4, what: "start" },
  { node: 3, what: "start" },
  topics("--describe --topic eligible", { until: /Elr: \t/, shows: /Elr: \t/, quiet: true }),
  topics("--describe --under-min-isr-partitions", { until: /^\s*$/ }),
];

const both = "--entity-type users --entity-name alice --entity-type clients --entity-name app";
const kept: readonly Step[] = [
  configs("--describe --entity-type users"),
  configs(
    "--alter --entity-type users --entity-name alice --add-config producer_byte_rate=1024,consumer_byte_rate=2048",
  ),
  configs(
    "--alter --entity-type users --entity-name alice --add-config SCRAM-SHA-256=[iterations=8192,password=secret]",
  ),
  configs("--alter --entity-type users --entity-name bob --add-config SCRAM-SHA-512=[password=secret]", atController),
  configs("--alter --entity-type users --entity-default --add-config request_percentage=50.5"),
  configs("--alter --entity-type clients --entity-name app --add-config producer_byte_rate=10"),
  configs(`--alter ${both} --add-config consumer_byte_rate=7`),
  configs("--alter --entity-type ips --entity-name 127.0.0.1 --add-config connection_creation_rate=100"),
  configs("--alter --entity-type users --entity-name alice --add-config nonsense=1"),
  configs("--alter --entity-type users --entity-name alice --add-config producer_byte_rate=-1"),
  configs("--alter --entity-type users --entity-name alice --add-config SCRAM-SHA-256=[iterations=1,password=secret]"),
  configs("--describe --entity-type users --entity-name alice"),
  configs("--describe --entity-type users --entity-name bob"),
  configs("--describe --entity-type users --entity-default"),
  configs(`--describe ${both}`),
  configs("--describe --entity-type clients"),
  configs("--describe --entity-type ips"),
  configs("--describe --entity-type ips --entity-name 127.0.0.1"),
  configs("--alter --entity-type users --entity-name alice --delete-config SCRAM-SHA-256,consumer_byte_rate"),
  configs("--alter --entity-type users --entity-name alice --delete-config SCRAM-SHA-512"),
  configs("--describe --entity-type users --entity-name alice"),
  configs("--describe --entity-type users", atController),
];

const controllers: readonly Step[] = [
  configs("--describe --entity-type brokers --entity-name 1", atController),
  configs("--describe --entity-type brokers --entity-default", atController),
  configs("--describe --entity-type topics --entity-name moved", atController),
  configs("--alter --entity-type brokers --entity-name 1 --add-config log.cleaner.threads=2", atController),
  configs(
    "--alter --entity-type brokers --entity-default --add-config unclean.leader.election.enable=true",
    atController,
  ),
  configs("--alter --entity-type topics --entity-name moved --add-config retention.ms=1000", atController),
  configs("--describe --entity-type brokers --entity-name 1", atController),
  configs("--describe --entity-type brokers --entity-default"),
  configs(
    "--alter --entity-type brokers --entity-default --delete-config unclean.leader.election.enable",
    atController,
  ),
  configs("--alter --entity-type brokers --entity-default --add-config min.insync.replicas=1"),
  configs("--alter --entity-type brokers --entity-name 2 --add-config min.insync.replicas=1"),
  configs("--alter --entity-type brokers --entity-default --delete-config min.insync.replicas"),
  run("kafka-cluster", ["cluster-id"], atController),
  run("kafka-cluster", ["list-endpoints"], atController),
  run("kafka-cluster", ["list-endpoints", "--include-fenced-brokers"], atController),
  run("kafka-cluster", ["list-endpoints", "--include-fenced-brokers"]),
  run("kafka-metadata-quorum", ["describe", "--status"], atController),
  run("kafka-metadata-quorum", ["describe", "--replication"], atController),
  run("kafka-metadata-quorum", ["describe", "--replication"]),
  run("kafka-features", ["describe"], atController),
  run("kafka-features", ["describe"]),
  run("kafka-features", ["downgrade", "--feature", "group.version=0"], atController),
  run("kafka-features", ["upgrade", "--feature", "group.version=1", "--dry-run"], atController),
  run("kafka-features", ["upgrade", "--feature", "group.version=1"]),
  topics("--list", atController),
  { node: 4, what: "stop" },
  run("kafka-cluster", ["list-endpoints", "--include-fenced-brokers"], { until: /\b4\b.*\bfenced/ }),
  run("kafka-cluster", ["unregister", "--id", "4"]),
  run("kafka-cluster", ["unregister", "--id", "4"], atController),
  run("kafka-cluster", ["list-endpoints", "--include-fenced-brokers"]),
  topics("--describe --topic moved"),
];

export const steps: readonly Step[] = [...reassignments, ...elections, ...eligible, ...kept, ...controllers];

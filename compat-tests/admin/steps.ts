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
const features = (args: string, more?: Partial<Run>): Run => run("kafka-features", args.split(" "), more);
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

const file = (content: object) => `{file:${JSON.stringify({ version: 1, ...content })}}`;

/** `directories`: of each replica of each partition; "any" leaves it to the broker. */
function plan(moves: Moves, directories: readonly (readonly string[])[] = []): string {
  const partitions = Object.entries(moves).flatMap(([topic, replicas]) =>
    replicas.map((each, partition) => ({ topic, partition, replicas: each, log_dirs: directories[partition] })),
  );
  return file({ partitions });
}

const reassign = (verb: string, moves: Moves, args: readonly string[] = [], more?: Partial<Run>): Run =>
  run("kafka-reassign-partitions", [verb, "--reassignment-json-file", plan(moves), ...args], more);

const there = { moved: [[3, 4]] };
const reassignments: readonly Step[] = [
  topics("--create --topic moved --replica-assignment 2:3,2:3"),
  fill("moved", 8_000),
  run("kafka-reassign-partitions", [
    ...["--generate", "--broker-list", "4"],
    ...["--topics-to-move-json-file", file({ topics: [{ topic: "single" }] })],
  ]),
  topics("--create --topic single --replica-assignment 2"),
  run("kafka-reassign-partitions", [
    ...["--generate", "--broker-list", "4"],
    ...["--topics-to-move-json-file", file({ topics: [{ topic: "single" }] })],
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

/** Of `spread`: a replica on node 3 and one on node 2 in that directory of theirs; the others where the broker likes. */
const inDirectory = (
  name: string,
  moves: Moves["spread"] = [
    [3, 2],
    [2, 3],
  ],
) =>
  plan({ spread: moves }, [
    [`<data 3${name}>`, "any"],
    [`<data 2${name}>`, "any"],
  ]);
const place = (verb: string, where: string, args: readonly string[] = [], more?: Partial<Run>): Run =>
  run("kafka-reassign-partitions", [verb, "--reassignment-json-file", where, ...args], more);
const throttled = (rate: string) => ["--throttle", rate, "--replica-alter-log-dirs-throttle", rate];
const logDirs = (args: string) => run("kafka-log-dirs", ["--describe", ...args.split(" ")]);

const first = inDirectory("", [
  [3, 4],
  [2, 4],
]);
const second = inDirectory("b");
const directories: readonly Step[] = [
  topics("--create --topic spread --replica-assignment 3:4,2:4"),
  fill("spread", 8_000),
  // Brokers choose a directory as they like, at first.
  place("--execute", first, [], { quiet: true }),
  place("--verify", first, [], { until: /spread-1-2 completed[\s\S]*spread-0-3 completed/ }),
  place("--verify", second),
  place("--execute", second, throttled("1000"), { shows: /moving log directory to <data 2b> for replica spread-1/ }),
  configs("--describe --entity-type brokers --entity-name 2"),
  configs("--describe --entity-type brokers --entity-name 4"),
  configs("--describe --entity-type topics --entity-name spread"),
  place("--verify", second, [], { shows: /replica spread-0-3 is still in progress/ }),
  place("--execute", second, ["--additional", ...throttled("100000000")]),
  configs("--describe --entity-type brokers --entity-name 3"),
  place("--verify", second, [], { until: /Clearing topic-level/, shows: /replica spread-0-3 completed/ }),
  place("--verify", second),
  configs("--describe --entity-type brokers --entity-name 3"),
  configs("--describe --entity-type topics --entity-name spread"),
  logDirs("--topic-list spread --broker-list 3"),
  logDirs("--topic-list spread --broker-list 3,9"),
  place("--execute", plan({ spread: [[3, 2]] }, [["/nowhere", "any"]])),
  place("--execute", plan({ spread: [[3, 2]] }, [["any"]])),
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
  elect("--election-type preferred --all-topic-partitions"),
  elect("--election-type unclean --all-topic-partitions"),
  run("kafka-leader-election", [
    ...["--election-type", "preferred", "--path-to-json-file"],
    file({ partitions: ["moved", "moved", "gone"].map((topic, partition) => ({ topic, partition })) }),
  ]),
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
  configs("--describe --entity-type brokers", atController),
  configs("--describe --entity-type brokers --entity-name 1 --all", atController),
  configs("--describe --entity-type groups", atController),
  configs("--alter --entity-type groups --entity-name g --add-config consumer.session.timeout.ms=46000", atController),
  configs("--describe --entity-type groups --entity-name g"),
  configs("--alter --entity-type client-metrics --entity-name m --add-config interval.ms=1000", atController),
  configs("--describe --entity-type client-metrics"),
  configs("--alter --entity-type topics --entity-name moved --add-config min.insync.replicas=0", atController),
  configs("--alter --entity-type topics --entity-name gone --add-config retention.ms=1", atController),
  configs("--alter --entity-type brokers --entity-name 2 --add-config log.retention.ms=1", atController),
  configs("--alter --entity-type brokers --entity-name 1 --add-config broker.id=7", atController),
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
  features("version-mapping"),
  features("feature-dependencies --feature transaction.version=2"),
  features("disable --feature share.version", { shows: /share.version was disabled/ }),
  features("disable --feature kraft.version"),
  features("disable --feature metadata.version"),
  features("disable --feature nonsense"),
  features("downgrade --metadata 4.2", atController),
  features("downgrade --metadata 3.3 --unsafe"),
  features("downgrade --release-version 4.2 --dry-run"),
  features("downgrade --feature eligible.leader.replicas.version=0", { shows: /was downgraded to 0/ }),
  features("upgrade --feature eligible.leader.replicas.version=1", atController),
  features("upgrade --feature kraft.version=1"),
  features("upgrade --feature share.version=1", { shows: /was upgraded to 1/ }),
  features("describe", { shows: /share.version.*FinalizedVersionLevel: 1/ }),
  run("kafka-metadata-quorum", ["describe", "--replication", "--human-readable"]),
  run("kafka-metadata-quorum", ["add-controller"]),
  run("kafka-metadata-quorum", [
    ...["remove-controller", "--controller-id", "1", "--controller-directory-id", "AAAAAAAAAAAAAAAAAAAAAQ"],
  ]),
  topics("--list", atController),
  { node: 4, what: "stop" },
  run("kafka-cluster", ["list-endpoints", "--include-fenced-brokers"], { until: /\b4\b.*\bfenced/ }),
  run("kafka-cluster", ["unregister", "--id", "4"]),
  run("kafka-cluster", ["unregister", "--id", "4"], atController),
  run("kafka-cluster", ["list-endpoints", "--include-fenced-brokers"]),
  topics("--describe --topic moved"),
  topics("--create --topic three --replication-factor 4"),
  topics("--alter --topic moved --partitions 3 --replica-assignment 4:3,2,2:9"),
  topics("--alter --topic moved --partitions 3 --replica-assignment 4:3,2,2:3"),
  topics("--describe --at-min-isr-partitions"),
];

export const steps: readonly Step[] = [
  ...reassignments,
  ...directories,
  ...elections,
  ...eligible,
  ...kept,
  ...controllers,
];

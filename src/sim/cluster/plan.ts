/**
 * What a seed draws for a world of several nodes: who votes and who stores, how the quorum was formatted, replication
 * factors and the guarantees asked for, odd settings and time-outs, which faults there are at all and how often.
 */
import { Dice } from "../dice.ts";
import { checkpointsEvery, drawProducer, type ProducerPlan, type TopicPlan, type Workload } from "../plan.ts";
import { type DirectedKind, directedKinds } from "./directed.ts";

/** Kind of fault → mean time between two of them in an ordinary world, all nodes together. */
const meanMs = {
  processCrash: 6_000,
  powerCut: 6_000,
  /** Of all nodes at once. */
  blackout: 12_000,
  crashInTurn: 6_000,
  powerCutInTurn: 6_000,
  powerCutInSync: 6_000,
  /** Whoever leads the metadata quorum. */
  controllerCrash: 8_000,
  cleanStop: 9_000,
  /** One node after the other. */
  rollingRestart: 15_000,
  pause: 6_000,
  /** Whoever leads something sleeps through its session. */
  zombie: 8_000,
  wallJump: 7_000,
  drift: 10_000,
  cut: 1_500,
  cutHalf: 2_000,
  /** Between some of the nodes, of one of the shapes. */
  split: 5_000,
  /** Between one node and another, in one direction. */
  oneWay: 4_000,
  clientPartition: 6_000,
  slowReader: 3_000,
  clientCrash: 6_000,
  syncStall: 4_000,
  syncFailure: 15_000,
  wipe: 6_000,
  staleLeader: 1_500,
  lateProposal: 1_500,
  laggingVoter: 1_500,
  refusal: 1_500,
  /** A voter is added or taken out (KIP-853). */
  voterChange: 1_500,
  /** Whoever leads the topic whose replicas may lead although they lack records ends, with little else in sync. */
  uncleanElection: 3_000,
  /** One of several log directories of a broker fails. */
  directoryFailure: 4_000,
  /** A replica is to move into another log directory of its broker. */
  directoryMove: 800,
  /** A bit or a sector of one replica changes while its node is down. */
  damage: 2_000,
} as const satisfies Record<DirectedKind, number> & Record<string, number>;

export type ClusterFault = keyof typeof meanMs;
export const clusterFaults = Object.keys(meanMs) as ClusterFault[];

/**
 * With page-cache semantics one power cut destroys a copy of which the controller does not know before the node is
 * back; if it fences the other replicas meanwhile, what they alone hold is lost, as it is with Apache. So such a world
 * has either nothing that takes memory, or power cuts and nothing that takes sessions.
 */
const unsafeWithoutFlush: Record<"memory" | "sessions", readonly ClusterFault[]> = {
  memory: [
    "powerCut",
    "blackout",
    "powerCutInTurn",
    "powerCutInSync",
    "syncFailure",
    "wipe",
    "directoryFailure",
    "damage",
  ],
  sessions: clusterFaults.filter(
    (kind) => !["powerCut", "wallJump", "drift", "cut", "clientPartition", "clientCrash"].includes(kind),
  ),
};

/** A directed situation takes memory only from who has left those in sync, and has the world for itself. */
function unsafe(dice: Dice, directed: DirectedKind | null): readonly ClusterFault[] {
  const drawn = unsafeWithoutFlush[dice.chance(0.5) ? "memory" : "sessions"];
  return directed === null ? drawn : clusterFaults.filter((kind) => kind !== directed);
}

export interface NodePlan {
  readonly id: number;
  readonly roles: "broker,controller" | "broker" | "controller";
}

export interface ClusterPlan extends Workload {
  readonly nodes: readonly NodePlan[];
  /** The voters are in the log (KIP-853), not in everyone's settings. */
  readonly dynamicQuorum: boolean;
  /** `controller.quorum.auto.join.enable` */
  readonly autoJoin: boolean;
  /** So many controllers are formatted as voters; the others have to join. */
  readonly firstVoters: number;
  readonly replicationFactor: number;
  readonly minInsync: number;
  /** `odradek.flush.before.ack`; without it a power cut takes what was not synced. */
  readonly flushes: boolean;
  /** Eligible leader replicas (KIP-966) are on. */
  readonly elr: boolean;
  /** How many log directories a broker has. */
  readonly directories: number;
  readonly settings: readonly (readonly [string, string])[];
  readonly faults: ReadonlyMap<ClusterFault, number>;
  /** How long the cluster has to form before faults come. */
  readonly calmMs: number;
  /** How long a node that has ended stays down, on average. */
  readonly downMeanMs: number;
  readonly endsCleanly: boolean;
  /** Replicas are moved to other brokers, leaders to the first replicas. */
  readonly moves: boolean;
}

/** On the first topic of some worlds. */
export const UNCLEAN = "unclean.leader.election.enable";

/** The same draws whatever is left out of the faults, so that shrinking changes nothing else. */
export function drawClusterPlan(seed: number, without: ReadonlySet<ClusterFault> = new Set()): ClusterPlan {
  const dice = new Dice(seed, "cluster plan");
  const directed = drawDirected(seed);
  const nodes = directed === null ? drawNodes(dice) : drawCast(dice, directed);
  const brokers = nodes.filter(({ roles }) => roles !== "controller").length;
  const drawnFactor = Math.min(brokers, dice.pick(directed === null ? [1, 2, 2, 3, 3, 3, 3] : [2, 3, 3]));
  // In a directed situation the leader goes on without the follower.
  const drawnMinimum = Math.min(drawnFactor - (directed === null ? 0 : 1), dice.pick([1, 2, 2]));
  const flushes = dice.chance(directed === "lateProposal" ? 0.5 : 0.75);
  const faults = drawFaults(seed, directed);
  if (!flushes) for (const kind of unsafe(dice, directed)) faults.delete(kind);
  for (const kind of without) faults.delete(kind);
  // One copy is spared: others are in sync, or eligible.
  const isSpared = faults.has("damage");
  const replicationFactor = isSpared ? Math.max(2, drawnFactor) : drawnFactor;
  const minInsync = isSpared ? 2 : drawnMinimum;
  if (replicationFactor === 1) faults.delete("uncleanElection");
  const topics = drawTopics(dice, replicationFactor, directed !== null);
  if (faults.has("uncleanElection")) topics[0]?.configs.push({ name: UNCLEAN, value: "true" });
  const hasSeveral = faults.has("directoryFailure") || faults.has("directoryMove");
  const directories = hasSeveral ? new Dice(seed, "log directories").between(2, 3) : 1;
  const moves = dice.chance(0.4);
  const dynamicQuorum = dice.chance(0.5);
  if (!dynamicQuorum) faults.delete("voterChange");
  const joining = new Dice(seed, "auto join");
  const autoJoin = faults.has("voterChange") && joining.chance(0.5);
  const controllers = nodes.filter(({ roles }) => roles !== "broker").length;
  const firstVoters = autoJoin && joining.chance(0.5) ? joining.between(1, controllers) : controllers;
  return {
    seed,
    nodes,
    replicationFactor,
    minInsync,
    flushes,
    faults,
    topics,
    directories,
    dynamicQuorum,
    autoJoin,
    firstVoters,
    elr: dice.chance(0.7) || isSpared,
    faultsMs: directed === null ? dice.between(3_000, 10_000) : dice.between(6_000, 12_000),
    settings: [
      ...drawSettings(dice, replicationFactor, minInsync, flushes),
      // With 20 ms, which is Apache's default, what is done while nobody leads is hardly anything but asking who does.
      ["controller.quorum.retry.backoff.ms", String(new Dice(seed, "retry backoff").pick([20, 100, 100, 100]))],
      ...(directed === null ? [] : settingsOfScenes(dice, directed)),
    ],
    network: {
      delayMeanMs: dice.pick([0.1, 0.5, 3, 15]),
      cutsMax: dice.pick([0, 0, 0, 2]),
      windowBytes: dice.pick([8_192, 65_536, 1 << 20]),
    },
    disk: { capacityBytes: Infinity, syncMeanMs: dice.pick([0.3, 2, 10]) },
    producers: Array.from({ length: dice.between(1, 3) }, () => acksAllMostly(dice, topics)),
    readers: dice.below(3),
    readEveryMs: dice.pick([50, 200]),
    groups: Array.from({ length: dice.below(2) }, () => dice.between(1, 3)),
    churnEveryMs: dice.pick(moves ? [400, 1_200] : [1_000, 3_000, 20_000]),
    deletesRecords: dice.chance(0.2),
    calmMs: dice.pick([0, 2_500, 3_500]),
    downMeanMs: dice.pick([100, 700, 700, 4_000]),
    endsCleanly: dice.chance(0.4),
    moves,
  };
}

/** Combined nodes mostly; or controllers of their own, and one to four brokers. */
function drawNodes(dice: Dice): NodePlan[] {
  if (dice.chance(0.7)) {
    const count = dice.pick([2, 3, 3, 3, 3, 4, 5]);
    const voters = Math.min(count, dice.pick([3, 3, 3, 5]));
    return Array.from({ length: count }, (_, n) => ({ id: n + 1, roles: n < voters ? "broker,controller" : "broker" }));
  }
  const voters = dice.pick([1, 3, 3]);
  const brokers = dice.between(2, 4);
  return [
    ...Array.from({ length: brokers }, (_, n) => ({ id: n + 1, roles: "broker" as const })),
    ...Array.from({ length: voters }, (_, n) => ({ id: 100 + n, roles: "controller" as const })),
  ];
}

/** In some worlds one of the directed situations comes again and again, with little else. */
function drawDirected(seed: number): DirectedKind | null {
  const dice = new Dice(seed, "directed");
  return dice.chance(0.3) ? dice.pick(directedKinds) : null;
}

/**
 * Of the brokers and the controllers apart, or of combined nodes (null): what is kept from a leader that votes too can
 * hardly be committed.
 */
const casts: Record<DirectedKind, readonly (readonly [brokers: number, voters: number] | null)[]> = {
  staleLeader: [
    [3, 1],
    [3, 1],
    [3, 3],
  ],
  lateProposal: [null, [3, 1], [3, 1], [3, 3]],
  laggingVoter: [null, [2, 3]],
  refusal: [null, [2, 1]],
};

function drawCast(dice: Dice, kind: DirectedKind): NodePlan[] {
  const drawn = dice.pick(casts[kind]);
  if (drawn === null) return Array.from({ length: 3 }, (_, n) => ({ id: n + 1, roles: "broker,controller" }));
  const [brokers, voters] = drawn;
  return [
    ...Array.from({ length: brokers }, (_, n) => ({ id: n + 1, roles: "broker" as const })),
    ...Array.from({ length: voters }, (_, n) => ({ id: 100 + n, roles: "controller" as const })),
  ];
}

/** The steps of a situation wait for these times. */
function settingsOfScenes(dice: Dice, kind: DirectedKind): (readonly [string, string])[] {
  return [
    ["broker.session.timeout.ms", String(dice.pick([2_000, 6_000]))],
    ["broker.heartbeat.interval.ms", "200"],
    ["replica.lag.time.max.ms", "500"],
    // Who comes back takes a while to have everything.
    ...(kind === "lateProposal" ? [["replica.fetch.max.bytes", "300"] as const] : []),
  ];
}

/** Faults that are there in so many worlds, however much goes wrong in them. */
const operations: Partial<Record<ClusterFault, number>> = {
  voterChange: 0.3,
  uncleanElection: 0.15,
  directoryFailure: 0.15,
  directoryMove: 0.15,
  damage: 0.15,
};
/** What worlds had not yet when the first seeds of clusters were run: without it those are as they were. */
export const laterFaults = new Set(Object.keys(operations) as ClusterFault[]);

/** In some worlds nothing else keeps a broker from telling that a directory has failed. */
export const besideDirectories: readonly ClusterFault[] = [
  ...(["directoryFailure", "directoryMove", "wallJump", "drift", "clientPartition", "clientCrash"] as const),
];

function drawFaults(seed: number, directed: DirectedKind | null): Map<ClusterFault, number> {
  const share = new Dice(seed, "share of faults").pick(directed === null ? [0, 0.1, 0.2, 0.35, 0.6] : [0, 0, 0.1]);
  const faults = new Map<ClusterFault, number>();
  for (const kind of clusterFaults) {
    const dice = new Dice(seed, `faults of kind ${kind}`);
    const chance = operations[kind] ?? (kind === "wipe" ? share / 2 : share);
    const [wanted, factor] = [dice.chance(chance), dice.pick([0.2, 0.4, 0.7, 1.5])];
    if (wanted && (directed === null || operations[kind] === undefined)) faults.set(kind, meanMs[kind] * factor);
  }
  if (directed !== null) faults.set(directed, meanMs[directed] * 0.3);
  const isAlone = faults.has("directoryFailure") && new Dice(seed, "directories alone").chance(0.4);
  if (isAlone) for (const kind of clusterFaults) if (!besideDirectories.includes(kind)) faults.delete(kind);
  return faults;
}

function acksAllMostly(dice: Dice, topics: readonly TopicPlan[]): ProducerPlan {
  const drawn = drawProducer(dice, topics);
  const everyMs = dice.pick([20, 60, 200]);
  return dice.chance(0.6) ? { ...drawn, everyMs, acks: -1 } : { ...drawn, everyMs };
}

function drawTopics(dice: Dice, replicationFactor: number, few: boolean) {
  return Array.from({ length: few ? 1 : dice.between(1, 2) }, (_, n) => {
    const configs = [
      { name: "internal.segment.bytes", value: String(dice.pick([1 << 10, 1 << 12, 1 << 14, 1 << 16])) },
    ];
    if (dice.chance(0.1)) configs.push({ name: "retention.bytes", value: String(dice.pick([2_000, 20_000])) });
    if (dice.chance(0.1)) configs.push({ name: "message.timestamp.type", value: "LogAppendTime" });
    return { name: `topic-${n}`, partitions: few ? 1 : dice.between(1, 3), replicationFactor, configs };
  });
}

function drawSettings(
  dice: Dice,
  replicationFactor: number,
  minInsync: number,
  flushes: boolean,
): (readonly [string, string])[] {
  const pick = (name: string, ...values: (number | string)[]) => [name, String(dice.pick(values))] as const;
  return [
    ["min.insync.replicas", String(minInsync)],
    ["odradek.flush.before.ack", String(flushes)],
    ["default.replication.factor", String(replicationFactor)],
    ["offsets.topic.replication.factor", String(replicationFactor)],
    ["offsets.topic.num.partitions", String(dice.between(1, 2))],
    pick("group.initial.rebalance.delay.ms", 0, 300),
    pick("broker.session.timeout.ms", 1_000, 2_000, 2_000, 6_000),
    pick("broker.heartbeat.interval.ms", 200, 400),
    pick("replica.lag.time.max.ms", 500, 2_000, 10_000),
    pick("replica.fetch.wait.max.ms", 150, 500),
    pick("replica.fetch.backoff.ms", 50, 1_000),
    pick("replica.fetch.max.bytes", 300, 5_000, 1_048_576),
    pick("replica.fetch.response.max.bytes", 1_000, 10_485_760),
    pick("controller.quorum.fetch.timeout.ms", 1_200, 2_000), // a fetch may be held for 500 ms
    pick("controller.quorum.election.timeout.ms", 300, 1_000),
    pick("controller.quorum.election.backoff.max.ms", 100, 1_000),
    pick("controller.quorum.fetch.max.bytes", 400, 1_048_576),
    pick("controller.quorum.fetch.snapshot.max.bytes", 200, 1_048_576),
    pick("controller.socket.timeout.ms", 2_000, 10_000),
    pick("log.index.interval.bytes", 97, 4_096),
    pick("log.retention.check.interval.ms", 1_000, 300_000),
    pick("log.segment.delete.delay.ms", 0, 60_000),
    ...checkpointsEvery(dice.pick([200, 5_000])),
    pick("metadata.max.idle.interval.ms", 500, 0),
    pick("metadata.log.max.record.bytes.between.snapshots", 500, 5_000, 20_971_520),
    pick("metadata.log.max.snapshot.interval.ms", 0, 3_000, 3_600_000),
    pick("metadata.max.retention.bytes", 2_000, 104_857_600),
    pick("max.incremental.fetch.session.cache.slots", 0, 2, 1_000),
    pick("leader.imbalance.check.interval.seconds", 1, 300),
    pick(
      "replica.selector.class",
      "org.apache.kafka.common.replica.LeaderSelector",
      "org.apache.kafka.common.replica.RackAwareReplicaSelector",
    ),
  ];
}

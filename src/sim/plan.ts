/**
 * What a seed draws before anything runs: which faults exist in this world at all, how often they come, the odd
 * settings, the topics and the clients (swarm testing: what a run leaves out matters as much as what it has).
 */
import { Dice } from "./dice.ts";
import type { DiskOptions } from "./disk.ts";
import type { NetworkSettings } from "./network.ts";

/** Kind of fault → mean time between two of them in an ordinary world. */
const meanMs = {
  processCrash: 7_000,
  powerCut: 7_000,
  /** The process ends between two operations of one turn. */
  crashInTurn: 6_000,
  powerCutInTurn: 6_000,
  cleanStop: 10_000,
  /** A clean stop, and then the power goes. */
  cleanStopAndPowerCut: 12_000,
  pause: 5_000,
  wallJump: 7_000,
  drift: 10_000,
  cut: 2_000,
  cutHalf: 2_000,
  partition: 6_000,
  slowReader: 3_000,
  clientCrash: 6_000,
  syncStall: 4_000,
  syncFailure: 12_000,
  writeFailure: 12_000,
  readFailure: 12_000,
  full: 12_000,
  indexFlip: 7_000,
  indexLoss: 10_000,
  wipe: 30_000,
  /** The power goes while a sync is under way. */
  powerCutInSync: 4_000,
  snapshotLoss: 8_000,
  /** Of a record that has been synced; put back as the world heals. */
  recordFlip: 8_000,
  /** The process ends, and the power goes soon after the next one serves. */
  crashAndPowerCut: 8_000,
} as const;

export type FaultKind = keyof typeof meanMs;
export const faultKinds = Object.keys(meanMs) as FaultKind[];

export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  /** 1 where it is not given. */
  readonly replicationFactor?: number;
  readonly configs: readonly { readonly name: string; readonly value: string }[];
}

export interface ProducerPlan {
  readonly topic: string;
  readonly acks: -1 | 0 | 1;
  readonly idempotent: boolean;
  /** Sends again what may not have arrived. */
  readonly retries: boolean;
  readonly inFlightMax: number;
  readonly everyMs: number;
  readonly recordsMax: number;
  readonly recordBytesMax: number;
}

/** Of any world, with one node or several. */
export interface Workload {
  readonly seed: number;
  /** How long faults come; then the world heals. */
  readonly faultsMs: number;
  readonly topics: readonly TopicPlan[];
  readonly network: NetworkSettings;
  readonly disk: DiskOptions;
  readonly producers: readonly ProducerPlan[];
  readonly readers: number;
  /** Of each reader, on average. */
  readonly readEveryMs: number;
  /** Members of each group. */
  readonly groups: readonly number[];
  readonly churnEveryMs: number;
  readonly deletesRecords: boolean;
}

export interface Plan extends Workload {
  readonly settings: readonly (readonly [string, string])[];
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** A clean stop, a power cut and one more look at everything follow. */
  readonly endsCleanly: boolean;
}

/** The same draws whatever is left out of the faults, so that shrinking changes nothing else. */
export function drawPlan(seed: number, without: ReadonlySet<FaultKind> = new Set()): Plan {
  const dice = new Dice(seed, "plan");
  const topics = drawTopics(dice);
  const faults = drawFaults(new Dice(seed, "plan of faults"));
  for (const kind of without) faults.delete(kind);
  return {
    seed,
    faultsMs: dice.pick([2, 3, 4, 6, 8, 20]) * 1000,
    settings: drawSettings(dice),
    topics,
    network: {
      delayMeanMs: dice.pick([0.1, 0.5, 3, 20]),
      cutsMax: dice.pick([0, 0, 1, 3]),
      windowBytes: dice.pick([700, 8_192, 65_536, 1 << 20]),
    },
    disk: { capacityBytes: Infinity, syncMeanMs: dice.pick([0.3, 2, 10, 40]) },
    faults,
    producers: Array.from({ length: dice.between(1, 4) }, () => drawProducer(dice, topics)),
    readers: dice.below(3),
    readEveryMs: 30,
    groups: Array.from({ length: dice.below(3) }, () => dice.between(1, 3)),
    churnEveryMs: dice.pick([500, 2_000, 8_000]),
    deletesRecords: dice.chance(0.3),
    endsCleanly: dice.chance(0.4),
  };
}

function drawFaults(dice: Dice): Map<FaultKind, number> {
  const share = dice.pick([0, 0.15, 0.3, 0.6]);
  const faults = new Map<FaultKind, number>();
  for (const kind of faultKinds) {
    const [wanted, factor] = [dice.chance(kind === "wipe" ? share / 4 : share), dice.pick([0.2, 0.6, 1, 3])];
    if (wanted) faults.set(kind, meanMs[kind] * factor);
  }
  return faults;
}

/** All three and the first of them, so that one setting of a world says how much of what its disks know is written. */
export function checkpointsEvery(periodMs: number): (readonly [string, string])[] {
  const of = ["log.flush.offset", "log.flush.start.offset", "replica.high.watermark"];
  const every = of.map((name) => [`${name}.checkpoint.interval.ms`, String(periodMs)] as const);
  return [...every, ["log.initial.task.delay.ms", String(periodMs)]];
}

function drawSettings(dice: Dice): (readonly [string, string])[] {
  const pick = (name: string, ...values: number[]) => [name, String(dice.pick(values))] as const;
  return [
    ["offsets.topic.num.partitions", String(dice.between(1, 3))],
    pick("group.initial.rebalance.delay.ms", 0, 300, 1_000),
    pick("log.index.interval.bytes", 0, 1, 97, 512, 4_096),
    pick("log.index.size.max.bytes", 256, 4_096, 1 << 20, 10 << 20),
    pick("log.retention.check.interval.ms", 500, 5_000, 300_000),
    pick("log.segment.delete.delay.ms", 0, 1_000, 60_000),
    ...checkpointsEvery(dice.pick([200, 2_000, 60_000])),
    pick("log.flush.scheduler.interval.ms", 1_000),
    pick("num.recovery.threads.per.data.dir", 1, 4),
    pick("metadata.max.idle.interval.ms", 100, 500, 0),
    pick("metadata.log.max.record.bytes.between.snapshots", 300, 3_000, 20_971_520),
    pick("metadata.log.max.snapshot.interval.ms", 0, 5_000, 3_600_000),
    pick("metadata.max.retention.bytes", 2_000, 104_857_600),
    pick("broker.heartbeat.interval.ms", 500, 2_000),
    pick("max.incremental.fetch.session.cache.slots", 0, 1, 1_000),
  ];
}

function drawTopics(dice: Dice): TopicPlan[] {
  return Array.from({ length: dice.between(1, 2) }, (_, n) => {
    const configs = [
      { name: "internal.segment.bytes", value: String(dice.pick([1 << 10, 1 << 12, 1 << 14, 1 << 16])) },
    ];
    if (dice.chance(0.2)) configs.push({ name: "segment.ms", value: String(dice.pick([200, 2_000])) });
    if (dice.chance(0.2)) configs.push({ name: "retention.bytes", value: String(dice.pick([2_000, 20_000])) });
    if (dice.chance(0.1)) configs.push({ name: "flush.messages", value: String(dice.pick([1, 5])) });
    if (dice.chance(0.1)) configs.push({ name: "flush.ms", value: String(dice.pick([1, 50])) });
    if (dice.chance(0.2)) configs.push({ name: "message.timestamp.type", value: "LogAppendTime" });
    if (dice.chance(0.1)) configs.push({ name: "preallocate", value: "true" });
    return { name: `topic-${n}`, partitions: dice.between(1, 3), configs };
  });
}

export function drawProducer(dice: Dice, topics: readonly TopicPlan[]): ProducerPlan {
  const idempotent = dice.chance(0.5);
  return {
    topic: dice.pick(topics).name,
    acks: idempotent ? -1 : dice.pick([-1, -1, 1, 1, 0] as const),
    idempotent,
    retries: idempotent || dice.chance(0.5),
    inFlightMax: dice.pick([1, 2, 5]),
    everyMs: dice.pick([10, 40, 100, 400]),
    recordsMax: dice.pick([1, 3, 10]),
    recordBytesMax: dice.pick([10, 60, 300]),
  };
}

/** What a seed draws for a quorum: its size, its odd settings, and which faults exist in this history at all. */
import { Dice } from "../dice.ts";

/** Kind of fault → mean time between two of them. */
const meanMs = {
  processCrash: 1_000,
  powerCut: 1_000,
  /** Between two operations of one turn. */
  powerCutInTurn: 800,
  powerCutInSync: 700,
  /** All at once: what only memory held is gone everywhere. */
  powerCutOfAll: 2_000,
  cleanStop: 1_200,
  pause: 1_000,
  wallJump: 2_000,
  syncStall: 1_000,
  /** One node hears nobody, or nobody hears it. */
  isolate: 1_000,
  isolateOneWay: 1_000,
  /** The leader of the moment, after so many more messages. */
  isolateLeader: 800,
  split: 1_000,
  loss: 1_000,
  double: 1_000,
  slow: 1_000,
  snapshot: 300,
  /** A voter's disk is replaced: it comes back as another replica. */
  wipe: 2_000,
} as const;

/** What an operator does to the voters, while the rest goes wrong; only where they are in the log. */
const changeMs = {
  addVoter: 300,
  removeVoter: 600,
  /** A node starts again with its listener at another port. */
  moveVoter: 1_000,
  /** A voter tells of itself under a directory that is not its own, or none tells that it is one. */
  mistakenUpdate: 700,
} as const;

type Timed = keyof typeof meanMs;
export type VoterChange = keyof typeof changeMs;
export type RaftFault = Timed | VoterChange | "figure8";
export const raftFaults = Object.keys(meanMs) as Timed[];
export const voterChanges = Object.keys(changeMs) as VoterChange[];

export interface RaftPlan {
  readonly seed: number;
  readonly voters: number;
  readonly observers: number;
  /** 1: voters are in the log and known by their directories. */
  readonly kraftVersion: 0 | 1;
  readonly faultsMs: number;
  /** Mean times. figure8: that of the Raft paper, again and again, where a leader has records of an older epoch. */
  readonly faults: ReadonlyMap<RaftFault, number>;
  /** At the end one follower is alone for a while, and must not disturb anybody when it comes back. */
  readonly rejoins: boolean;
  readonly appendEveryMs: number;
  readonly recordBytesMax: number;
  readonly delayMeanMs: number;
  readonly syncMeanMs: number;
  readonly settings: {
    readonly electionTimeoutMs: number;
    readonly fetchTimeoutMs: number;
    readonly electionBackoffMaxMs: number;
    readonly fetchMaxBytes: number;
    readonly fetchSnapshotMaxBytes: number;
    readonly segmentBytes: number;
    readonly retentionBytes: number;
    readonly autoJoin: boolean;
  };
}

export function drawRaftPlan(seed: number, without: ReadonlySet<RaftFault> = new Set()): RaftPlan {
  const dice = new Dice(seed, "raft plan");
  const figure8 = dice.chance(0.06);
  const voters = figure8 ? dice.pick([3, 3, 5]) : dice.pick([1, 2, 3, 3, 3, 4, 5, 5]);
  const kraftVersion = dice.pick([0, 1] as const);
  const faults = figure8 ? new Map<RaftFault, number>() : drawFaults(new Dice(seed, "raft faults"));
  if (kraftVersion === 0) faults.delete("wipe"); // without directory ids nobody notices, as with Apache
  if (figure8) faults.set("figure8", 0);
  const operator = new Dice(seed, "raft operator");
  const changes = kraftVersion === 1 && !figure8 && operator.chance(0.5);
  if (changes) drawChanges(operator, faults);
  for (const kind of without) faults.delete(kind);
  const recordBytesMax = dice.pick([10, 60, 400]);
  const syncMeanMs = figure8 ? 2 : dice.pick([0.2, 2, 10, 30]);
  const rejoins = voters >= 3 && !figure8 && dice.chance(0.06);
  return {
    ...{ seed, voters, kraftVersion, faults, rejoins },
    observers: figure8 ? 0 : changes ? Math.min(operator.between(1, 3), 6 - voters) : dice.pick([0, 0, 1, 2]),
    faultsMs: figure8 ? 7_000 : changes ? operator.pick([700, 1_500, 3_000]) : dice.pick([400, 700, 1_000, 3_000]),
    appendEveryMs: dice.pick([20, 60, 200]),
    recordBytesMax,
    delayMeanMs: dice.pick([0.2, 1, 5]),
    syncMeanMs,
    settings: {
      // An election waits for two disks, one after the other.
      electionTimeoutMs: syncMeanMs >= 10 ? 500 : figure8 ? 100 : dice.pick([100, 200, 500]),
      // A leader holds a fetch for 500 ms: with little more than that, messages that are late end its epoch.
      fetchTimeoutMs: figure8 ? 550 : rejoins ? 1_500 : dice.pick([550, 700, 1_500]),
      electionBackoffMaxMs: dice.pick([50, 200, 500]),
      fetchMaxBytes: figure8 ? dice.pick([1, 1, 200]) : dice.pick([1, 300, 1_048_576]),
      fetchSnapshotMaxBytes: dice.pick([1, 50, 1_048_576]),
      // The largest batch must fit: the records of one, or the voters.
      segmentBytes: dice.pick([recordBytesMax < 100 ? 1_000 : 2_500, 20_000]),
      retentionBytes: dice.pick([500, 3_000, 1_048_576]),
      autoJoin: changes && operator.chance(0.3),
    },
  };
}

function drawFaults(dice: Dice): Map<RaftFault, number> {
  const share = dice.pick([0, 0.15, 0.3, 0.5]);
  const faults = new Map<RaftFault, number>();
  for (const kind of raftFaults) {
    const [wanted, factor] = [dice.chance(share), dice.pick([0.3, 0.6, 1, 2])];
    if (wanted) faults.set(kind, meanMs[kind] * factor);
  }
  return faults;
}

function drawChanges(dice: Dice, faults: Map<RaftFault, number>): void {
  for (const kind of voterChanges) {
    const [wanted, factor] = [dice.chance(kind === "addVoter" ? 1 : 0.6), dice.pick([0.5, 1, 2])];
    if (wanted) faults.set(kind, changeMs[kind] * factor);
  }
  if (dice.chance(0.3)) faults.set("wipe", meanMs.wipe * 0.5);
}

/**
 * What goes wrong in a cluster, when, and with whom. The fault atlas is here: no fault destroys the last copy of what
 * has been acknowledged, so whatever is lost is lost by a bug.
 */
import type { Dice } from "../dice.ts";
import type { Mortal } from "../faults.ts";
import type { Ending } from "../node.ts";
import { type Cluster, type ClusterNode, isBroker, isVoter } from "./cluster.ts";
import { DamagedReplicas } from "./damaged-replicas.ts";
import { Directed, isDirected } from "./directed.ts";
import { Directories } from "./directories.ts";
import { type ClusterFault, clusterFaults } from "./plan.ts";
import { Splits } from "./splits.ts";
import { VoterChanges } from "./voters.ts";

const isUpOrNoBroker = ({ node, plan }: ClusterNode): boolean => node.isUp || !isBroker(plan);
/** Until all brokers are up, a disk is lost a little later. */
const WIPE_TRIES = 50;
const WIPE_AGAIN_MS = 50;

export class ClusterFaultStream {
  private readonly cluster: Cluster;
  private readonly mortals: readonly Mortal[];
  private readonly wipe: (member: ClusterNode) => void;
  private readonly splits: Splits;
  private readonly directed: Directed;
  readonly voters: VoterChanges;
  readonly directories: Directories;
  readonly damaged: DamagedReplicas;
  private votesLost = 0;
  /** Node → its broker epoch when its disk was lost. */
  private readonly lostDisks = new Map<number, number>();

  constructor(cluster: Cluster, mortals: readonly Mortal[], wipe: (member: ClusterNode) => void) {
    this.cluster = cluster;
    this.mortals = mortals;
    this.wipe = wipe;
    this.splits = new Splits(cluster);
    this.voters = new VoterChanges(cluster);
    this.directories = new Directories(cluster);
    this.damaged = new DamagedReplicas(
      cluster,
      (member) => this.isSpare(member),
      (member) => this.loses(member),
    );
    this.directed = new Directed(cluster, this.splits, (member, ending) => this.crash(member, ending));
  }

  start(): void {
    const { world, plan } = this.cluster;
    for (const kind of clusterFaults) {
      const everyMs = plan.faults.get(kind);
      if (everyMs !== undefined) this.next(kind, world.dice(`fault ${kind}`), everyMs);
    }
  }

  /** Everything that is wrong for a while is right again. */
  heal(): void {
    const { cluster } = this;
    cluster.healed = true;
    this.splits.heal();
    for (const end of cluster.network.connections) end.slownessMs = 0;
    for (const { node, weather, operator } of cluster.members) {
      weather.clear();
      node.wall.drift = 0;
      const { current } = node;
      if (current?.life.paused) cluster.world.resume(current.life);
      if (current !== null) {
        current.disk.operationsLeft = Infinity;
        current.disk.syncsLeft = Infinity;
      }
      operator.start();
    }
  }

  private next(kind: ClusterFault, dice: Dice, everyMs: number): void {
    const { cluster } = this;
    cluster.world.at(50 + dice.exponential(everyMs), () => {
      if (cluster.healed) return;
      cluster.counts.faults++;
      this.strike(kind, dice);
      this.next(kind, dice, everyMs);
    });
  }

  private strike(kind: ClusterFault, dice: Dice): void {
    const { members, plan } = this.cluster;
    const member = dice.pick(members);
    const { operator, weather, node } = member;
    if (kind === "processCrash") this.crash(member, "process");
    else if (kind === "powerCut") this.crash(member, "power");
    else if (kind === "blackout") this.blackout(dice);
    else if (kind === "crashInTurn") this.soon(member, () => operator.crashSoon("process", dice.between(0, 120)));
    else if (kind === "powerCutInTurn") this.soon(member, () => operator.crashSoon("power", dice.between(0, 120)));
    else if (kind === "powerCutInSync") this.soon(member, () => operator.powerCutInSync(dice.between(0, 20)));
    else if (kind === "controllerCrash") this.crashController(dice.chance(0.5) && plan.flushes ? "power" : "process");
    else if (kind === "cleanStop") this.stop(member, dice.chance(0.5));
    else if (kind === "rollingRestart") this.rollingRestart(dice.between(200, 2_000));
    else if (kind === "pause") this.pause(member, dice.between(50, 8_000));
    else if (kind === "zombie") this.pauseLeader(dice);
    else if (kind === "syncStall") weather.stall();
    else if (kind === "syncFailure") this.soon(member, () => weather.failSyncs());
    else if (kind === "wipe") this.loseDisk(dice.shuffled(members));
    else if (kind === "voterChange") this.voters.strike(dice);
    else if (kind === "directoryFailure") this.soon(member, () => this.directories.fail(member, dice));
    else if (kind === "damage") this.damaged.strike(dice);
    else if (kind === "directoryMove") this.directories.move(dice);
    else if (kind === "uncleanElection") this.endUncleanly(dice);
    else if (kind === "drift") node.wall.drift = (dice.unit() - 0.5) * 0.1;
    else if (kind === "wallJump") node.wall.offsetMs += (dice.unit() - 0.5) * dice.pick([2_000, 60_000, 7_200_000]);
    else if (kind === "clientCrash") {
      if (this.mortals.length > 0) dice.pick(this.mortals).crash();
    } else if (isDirected(kind)) this.directed.play(kind, dice);
    else this.strikeNetwork(kind, dice);
  }

  private strikeNetwork(kind: ClusterFault, dice: Dice): void {
    const { cluster } = this;
    if (kind === "split") this.splits.split(dice);
    if (kind === "oneWay") this.splits.oneWay(dice);
    if (kind === "clientPartition") this.splits.partitionClients(dice);
    const ends = [...cluster.network.connections];
    if (ends.length === 0) return;
    if (kind === "cut") dice.pick(ends).cut();
    if (kind === "cutHalf") dice.pick(ends).cutHalf(dice.exponential(3_000));
    if (kind !== "slowReader") return;
    const end = dice.pick(ends);
    end.slownessMs = dice.between(20, 2_000);
    cluster.world.at(dice.between(500, 6_000), () => {
      end.slownessMs = 0;
    });
  }

  /** A leader of the topic that may lose records is apart from its followers, and ends while they are out of sync. */
  private endUncleanly(dice: Dice): void {
    const { members, observer, plan, world } = this.cluster;
    const { name = "" } = plan.topics[0] ?? {};
    const partitions = [...(observer?.newestImage().topicsByName.get(name)?.partitions.values() ?? [])];
    if (partitions.length === 0) return;
    const { leader, replicas } = dice.pick(partitions);
    const led = members.find((each) => each.plan.id === leader);
    if (led === undefined) return;
    const followers = members.filter((each) => each !== led && replicas.includes(each.plan.id));
    const aloneMs = dice.between(300, 4_000);
    const hosts = followers.map(({ node }) => node.host);
    const end = this.splits.apart([led.node.host], hosts, "both", aloneMs + 200);
    world.at(aloneMs, () => {
      if (this.cluster.healed) return;
      this.crash(led, "process");
      end();
    });
  }

  /**
   * With page-cache semantics a power cut destroys a copy. While a lost disk is filled again every end counts as one:
   * the controller believes no replica that ended without a clean stop (KIP-966).
   */
  private crash(member: ClusterNode, ending: Ending): void {
    const { flushes } = this.cluster.plan;
    if (this.isUnprotected(member)) return;
    const isHarmless = !this.isRefilling && (flushes || ending === "process");
    if (isHarmless || this.holdsNoLastCopy(member)) member.operator.crash(ending);
  }

  private stop(member: ClusterNode, thenPowerCut: boolean): void {
    if (!this.isUnprotected(member)) member.operator.stop(thenPowerCut);
  }

  /**
   * Without eligible leader replicas (KIP-966), or with min.insync.replicas at 1, where nobody is eligible who is not
   * in sync, a lost disk whose broker is still taken for alive may be left in sync alone, and lead, when another one
   * ends: also one that is not in sync as far as is committed, because a proposal that is under way may say otherwise.
   */
  private isUnprotected({ plan }: ClusterNode): boolean {
    return this.isRefilling && !this.hasEligible && isBroker(plan);
  }

  private get hasEligible(): boolean {
    const { elr, minInsync } = this.cluster.plan;
    return elr && minInsync > 1;
  }

  /** Where nobody else is eligible, who is in sync may be left alone so by the sessions of the others. */
  private mayLoseData({ plan: { id } }: ClusterNode): boolean {
    const topics = [...(this.cluster.observer?.newestImage().topicsById.values() ?? [])];
    const isInSync = topics.some(({ partitions }) => [...partitions.values()].some(({ isr }) => isr.includes(id)));
    return this.hasEligible || !isInSync;
  }

  /** When it will strike nobody knows yet: it could be the last copy. */
  private soon(member: ClusterNode, strike: () => void): void {
    if (!this.isRefilling || !isBroker(member.plan)) strike();
  }

  /** Some copy is not there, or not sound. */
  private get isRefilling(): boolean {
    return this.isFilling || this.damaged.any;
  }

  /** A disk was lost, or a replica, and what was on it is not yet there again. */
  private get isFilling(): boolean {
    const image = this.cluster.observer?.newestImage();
    const isBack = (id: number): boolean =>
      [...(image?.topicsById.values() ?? [])].every(({ partitions }) =>
        [...partitions.values()].every(({ replicas, isr }) => !replicas.includes(id) || isr.includes(id)),
      );
    for (const [id, brokerEpoch] of this.lostDisks) {
      if ((image?.brokers.get(id)?.epoch ?? -1) > brokerEpoch && isBack(id)) this.lostDisks.delete(id);
    }
    return this.lostDisks.size > 0;
  }

  private blackout(dice: Dice): void {
    const { members } = this.cluster;
    if (this.isRefilling) return;
    for (const { operator } of members) if (dice.chance(0.9)) operator.crash("power");
  }

  private crashController(ending: Ending): void {
    const { members } = this.cluster;
    const leader = members.find(({ plan, node }) => node.current?.broker?.services.quorum().leaderId === plan.id);
    if (leader === undefined) return;
    this.crash(leader, ending);
  }

  private rollingRestart(everyMs: number): void {
    const { members, world } = this.cluster;
    members.forEach((member, n) => {
      world.at(n * everyMs, () => {
        if (!this.cluster.healed) this.stop(member, false);
      });
    });
  }

  private pause({ node }: ClusterNode, forMs: number): void {
    const { world } = this.cluster;
    const life = node.current?.life;
    if (life === undefined || life.paused) return;
    world.note(`${life.name} is paused for ${forMs}`);
    world.pause(life);
    world.at(forMs, () => {
      if (life.paused) world.resume(life);
    });
  }

  private pauseLeader(dice: Dice): void {
    const { members } = this.cluster;
    const leading = members.filter(({ node }) => {
      const replicas = node.current?.broker?.services.replicas.all() ?? [];
      return [...replicas].some(({ isLeader }) => isLeader);
    });
    if (leading.length > 0) this.pause(dice.pick(leading), dice.between(1_000, 12_000));
  }

  /** Data: another replica holds what was promised. Votes: only a quorum that knows voters by their disks (KIP-853). */
  private loseDisk(inOrder: readonly ClusterNode[], tries = WIPE_TRIES): void {
    const { world, healed } = this.cluster;
    if (healed) return;
    const member = this.mayBeWiped(inOrder);
    if (member === undefined) {
      if (tries > 1) world.at(WIPE_AGAIN_MS, () => this.loseDisk(inOrder, tries - 1));
      return;
    }
    if (isVoter(member.plan)) this.votesLost++;
    this.loses(member);
    this.wipe(member);
  }

  /** What is on its disk, or some of it: only others have it, until it is back in sync in its next life. */
  private loses({ plan: { id } }: ClusterNode): void {
    this.lostDisks.set(id, this.cluster.observer?.newestImage().brokers.get(id)?.epoch ?? -1);
  }

  private mayBeWiped(inOrder: readonly ClusterNode[]): ClusterNode | undefined {
    const { plan, members } = this.cluster;
    const voters = members.filter((each) => isVoter(each.plan));
    const mayLoseVote = plan.dynamicQuorum && voters.length >= 3 && this.votesLost === 0;
    const isSpareVote = (each: ClusterNode): boolean =>
      plan.faults.has("voterChange") ? this.voters.canLose(each) : mayLoseVote;
    if (this.damaged.any) return undefined;
    return inOrder.find(
      (each) => isUpOrNoBroker(each) && (!isVoter(each.plan) || isSpareVote(each)) && this.isSpare(each),
    );
  }

  /** All the others are well, and have what it has. */
  private isSpare(member: ClusterNode): boolean {
    const { members, healed } = this.cluster;
    const isWell = ({ node: { current } }: ClusterNode): boolean =>
      current === null ||
      (current.disk.failures === 0 && current.disk.operationsLeft === Infinity && current.disk.syncsLeft === Infinity);
    if (!members.every(isWell) || this.isFilling) return false;
    // Who ended uncleanly and has not registered since will be taken for one more that has lost what it had.
    if (!members.every((each) => each === member || isUpOrNoBroker(each))) return false;
    return (healed || this.mayLoseData(member)) && this.holdsNoLastCopy(member);
  }

  /** Whether some other node that may be elected holds all that was promised of each partition here. */
  private holdsNoLastCopy({ plan: { id } }: ClusterNode): boolean {
    const { observer, members } = this.cluster;
    if (observer === null) return true;
    observer.look();
    const image = observer.newestImage();
    for (const topic of image.topicsById.values()) {
      const models = this.cluster.topics.get(topic.name)?.partitions;
      for (const [index, partition] of topic.partitions) {
        if (!partition.replicas.includes(id)) continue;
        if (observer.lossesOf(topic, index)?.isOpen === true) return false;
        const promised = Math.max(observer.committedOf(topic.id, index), models?.[index]?.highWatermark ?? 0);
        const isHeld = members.some((member) => {
          const { plan: other, node } = member;
          if (other.id === id || !partition.isr.includes(other.id) || !node.isUp || this.damaged.has(member))
            return false;
          const replica = node.current?.broker?.services.replicas.getById(topic.id, index);
          return replica !== undefined && replica.heldOffset >= promised;
        });
        if (!isHeld) return false;
      }
    }
    return true;
  }
}

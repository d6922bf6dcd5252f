/**
 * Situations that chance alone hardly brings, each of them what some rule of replication is there for: a leader that
 * does not know the latest metadata, proposals that arrive late, a voter that was away when the leader dies, a live
 * process whose listeners refuse for a moment. How long each step lasts is drawn.
 */
import type { PartitionRegistration } from "../../metadata/image.ts";
import type { Dice } from "../dice.ts";
import type { End } from "../network.ts";
import type { Ending } from "../node.ts";
import { type Cluster, type ClusterNode, isBroker, isVoter } from "./cluster.ts";
import type { Splits } from "./splits.ts";

export const directedKinds = ["staleLeader", "lateProposal", "laggingVoter", "refusal"] as const;
export type DirectedKind = (typeof directedKinds)[number];

export const isDirected = (kind: string): kind is DirectedKind => directedKinds.some((each) => each === kind);

/** The step ends sooner, or the situation does not come about. */
const PATIENCE_MS = 12_000;
const FOREVER_MS = 30_000;
/** A node that has lost all is back. */
const SOON_MS = 100;
/** Shorter than the controller waits between two looks at a process that may be gone. */
const REFUSAL_MAX_MS = 28;
/** So that no two of them are what two looks see: that is how a process that is gone looks. */
const REFUSALS_APART_MS = 1_000;

type Crash = (member: ClusterNode, ending: Ending) => void;

/** A partition whose leader, and one of whose followers, is not the controller. */
interface Cast {
  readonly topicId: string;
  readonly index: number;
  readonly leader: ClusterNode;
  readonly follower: ClusterNode;
  readonly controller: ClusterNode;
}

export class Directed {
  private readonly cluster: Cluster;
  private readonly splits: Splits;
  private readonly crash: Crash;
  private playing = false;
  private nextRefusalMs = 0;

  constructor(cluster: Cluster, splits: Splits, crash: Crash) {
    this.cluster = cluster;
    this.splits = splits;
    // A scene that is under way when the world heals does nothing more.
    this.crash = (member, ending) => (cluster.healed ? undefined : crash(member, ending));
  }

  /** One at a time. */
  play(kind: DirectedKind, dice: Dice): void {
    if (this.playing || this.cluster.healed) return;
    this.playing = true;
    this.cluster.world.note(`${kind} begins`);
    void this.scene(kind, dice).then(() => {
      this.cluster.world.note(`${kind} ends`);
      this.playing = false;
    });
  }

  private async scene(kind: DirectedKind, dice: Dice): Promise<void> {
    if (kind === "laggingVoter") return this.laggingVoter(dice);
    const cast = this.cast(dice);
    if (cast === null) return;
    const { leader, follower, controller } = cast;
    const nodes = `${leader.plan.id} leads, ${follower.plan.id} follows, ${controller.plan.id} is the controller`;
    this.cluster.world.note(`${kind}: of ${cast.topicId} ${cast.index} ${nodes}`);
    if (kind === "staleLeader") await this.staleLeader(cast, dice);
    if (kind === "lateProposal") await this.lateProposal(cast, dice);
    if (kind === "refusal") this.refusal(cast, dice);
  }

  /**
   * The leader has not heard that a follower is fenced, which comes back to it: it proposes what the controller must
   * refuse.
   */
  private async staleLeader(cast: Cast, dice: Dice): Promise<void> {
    const { leader, follower, controller } = cast;
    const heal = await this.lag(cast);
    await this.sleep(100);
    const silent = this.apart(follower, controller);
    const sessionMs = Number(new Map(this.cluster.plan.settings).get("broker.session.timeout.ms"));
    await this.sleep(sessionMs - dice.between(400, 700));
    const deaf = this.splits.apart([controller.node.host], [leader.node.host], "out", FOREVER_MS);
    await this.until(() => this.isFenced(follower) === true, 1_500);
    heal();
    await this.sleep(dice.between(100, 800));
    deaf();
    silent();
  }

  /**
   * The leader proposes that a follower joins, on a connection on which that arrives much later. Meanwhile the follower
   * is in (it was proposed again) and out; or another leads; or it has lost what it had, in a life of its own.
   */
  private async lateProposal(cast: Cast, dice: Dice): Promise<void> {
    const { world, plan } = this.cluster;
    const { follower, controller } = cast;
    // Who has lost a disk has a new directory, and with it the partition a new epoch: nothing would be left to check.
    const then = dice.pick(plan.flushes ? (["lags", "moves"] as const) : (["lags", "moves", "forgets"] as const));
    const heal = await this.lag(cast);
    const channels = this.channels(cast);
    world.note(`it ${then}; ${channels.length} channels are late`);
    const lateMs = then === "forgets" ? dice.between(800, 1_400) : dice.between(1_500, 8_000);
    for (const end of channels) end.peer.latenessMs = lateMs;
    heal();
    if (!(await this.until(() => this.isCounted(cast), 2_000))) return;
    const arrivesMs = world.nowMs + lateMs;
    world.note(`proposed; it arrives at ${arrivesMs}`);
    await this.sleep(1 + dice.unit() * 3);
    let end = (): void => {};
    if (then === "forgets") {
      follower.operator.downMeanMs = SOON_MS;
      // The controller knows that it is gone, and lets it register at once.
      for (const each of this.connections(follower, controller)) each.cut();
      this.crash(follower, "power");
      end = this.apart(cast.leader, follower);
    } else {
      for (const end of channels) if (end.isOpen) end.cutHalf(FOREVER_MS);
      if (!(await this.until(() => this.isInSync(cast), 3_000))) return;
    }
    if (then === "moves") end = await this.moveLeader(cast);
    if (then === "lags") end = await this.lag(cast);
    await this.sleep(arrivesMs - world.nowMs + dice.between(100, 1_000));
    for (const end of channels) if (end.isOpen) end.peer.latenessMs = 0;
    end();
  }

  /** The leader is fenced and comes back, the follower does not follow the new one. */
  private async moveLeader(cast: Cast): Promise<() => void> {
    const { leader, follower, controller } = cast;
    const end = this.apart(leader, controller);
    const led = (): ClusterNode | undefined => {
      return this.cluster.members.find(({ plan }) => plan.id === this.partition(cast)?.leader);
    };
    await this.until(() => led() !== undefined && led() !== leader);
    const next = led();
    if (next === undefined || next === follower || next === controller) return end;
    const lags = this.apart(follower, next);
    end();
    await this.until(() => !this.isInSync(cast) && this.isFenced(leader) === false);
    return lags;
  }

  /** One voter misses what the others agree on; then the leader dies, and that voter is back before all others. */
  private async laggingVoter(dice: Dice): Promise<void> {
    const controller = this.controller();
    const voters = this.cluster.members.filter(({ plan }) => isVoter(plan));
    const others = voters.filter((voter) => voter !== controller);
    if (controller === undefined || others.length < 2) return;
    const lagging = dice.pick(others);
    const hosts = voters.filter((voter) => voter !== lagging).map(({ node }) => node.host);
    const heal = this.splits.apart([lagging.node.host], hosts, "both", FOREVER_MS);
    await this.sleep(dice.between(200, 2_500));
    this.crash(controller, dice.chance(0.5) && this.cluster.plan.flushes ? "power" : "process");
    await this.sleep(dice.unit() * 30);
    heal();
  }

  /** The connection of a broker's heartbeats breaks, and for a moment nobody can connect to it. */
  private refusal({ leader, controller }: Cast, dice: Dice): void {
    const { network, world } = this.cluster;
    if (world.nowMs < this.nextRefusalMs) return;
    this.nextRefusalMs = world.nowMs + REFUSALS_APART_MS;
    for (const end of this.connections(leader, controller)) end.cut();
    network.refuse(leader.node.host, dice.between(5, REFUSAL_MAX_MS));
  }

  /** The follower leaves those in sync, and the leader has heard so. */
  private async lag(cast: Cast): Promise<() => void> {
    const heal = this.apart(cast.leader, cast.follower);
    await this.until(() => !this.isInSync(cast) && !this.isCounted(cast));
    return heal;
  }

  private cast(dice: Dice): Cast | null {
    const { members, observer } = this.cluster;
    const controller = this.controller();
    if (controller === undefined || observer === null) return null;
    const brokers = members.filter((member) => isBroker(member.plan) && member !== controller && member.node.isUp);
    const casts: Cast[] = [];
    for (const { name } of this.cluster.plan.topics) {
      const topic = observer.newestImage().topicsByName.get(name);
      if (topic === undefined) continue;
      const { id: topicId, partitions } = topic;
      for (const [index, { leader: leaderId, isr }] of partitions) {
        const leader = brokers.find(({ plan }) => plan.id === leaderId);
        const follower = brokers.find((member) => member !== leader && isr.includes(member.plan.id));
        if (leader !== undefined && follower !== undefined)
          casts.push({ topicId, index, leader, follower, controller });
      }
    }
    return casts.length === 0 ? null : dice.pick(casts);
  }

  private controller(): ClusterNode | undefined {
    return this.cluster.members.find(
      ({ plan, node }) => node.current?.broker?.services.quorum().leaderId === plan.id && node.current.life.acts,
    );
  }

  private partition({ topicId, index }: Cast): PartitionRegistration | undefined {
    return this.cluster.observer?.newestImage().topicsById.get(topicId)?.partitions.get(index);
  }

  private isInSync(cast: Cast): boolean {
    return this.partition(cast)?.isr.includes(cast.follower.plan.id) !== false;
  }

  private isFenced({ plan }: ClusterNode): boolean | undefined {
    return this.cluster.observer?.newestImage().brokers.get(plan.id)?.fenced;
  }

  /** The leader counts on the follower: it is in sync, or proposed. */
  private isCounted({ topicId, index, leader, follower }: Cast): boolean {
    const replica = leader.node.current?.broker?.services.replicas.getById(topicId, index);
    return replica?.followers?.maximalIsr.includes(follower.plan.id) === true;
  }

  /** What the leader asks of the controller goes over these. */
  private channels({ leader, controller }: Cast): End[] {
    return this.connections(leader, controller).filter(({ greeting }) => greeting.includes("controller-"));
  }

  private connections(from: ClusterNode, to: ClusterNode): End[] {
    const { connections } = this.cluster.network;
    return [...connections].filter(
      ({ local, remote }) => local.host === from.node.host && remote.host === to.node.host,
    );
  }

  private apart(one: ClusterNode, other: ClusterNode): () => void {
    return this.splits.apart([one.node.host], [other.node.host], "both", FOREVER_MS);
  }

  private async sleep(forMs: number): Promise<void> {
    if (forMs > 0) await this.cluster.world.sleep(forMs);
  }

  /** Whether it came to hold. */
  private async until(holds: () => boolean, patienceMs = PATIENCE_MS): Promise<boolean> {
    const { world } = this.cluster;
    const giveUpMs = world.nowMs + patienceMs;
    while (!this.cluster.healed && world.nowMs < giveUpMs) {
      if (holds()) return true;
      await world.sleep(1);
    }
    return false;
  }
}

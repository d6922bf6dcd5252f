/**
 * One seed of a cluster: its nodes, its clients, everything that can go wrong, and then the proof: first safety while
 * faults come, then the world heals and the cluster must come to rest with all replicas in sync and the same, then all
 * that was promised is read back, also after every node has ended at once.
 */
import { verifyStopped } from "../disk-check.ts";
import { DiskWeather } from "../disk-faults.ts";
import type { Mortal } from "../faults.ts";
import { GroupModel } from "../group-model.ts";
import { SimMember } from "../member.ts";
import { Network } from "../network.ts";
import { type Incarnation, type NodeEvents, SimNode } from "../node.ts";
import { Operator } from "../operator.ts";
import { SimProducer } from "../producer.ts";
import { readBack } from "../read-back.ts";
import { SimReader } from "../reader.ts";
import type { Counts } from "../scenario.ts";
import { isStable } from "../simulation.ts";
import { World } from "../world.ts";
import { ClusterAdmin } from "./admin.ts";
import { Cluster, type ClusterNode, hostOf, NodeWatch } from "./cluster.ts";
import { ClusterFaultStream } from "./faults.ts";
import { formatNode, settingsOf } from "./format.ts";
import { Observer } from "./observer.ts";
import { type ClusterFault, type ClusterPlan, drawClusterPlan, type NodePlan } from "./plan.ts";
import { checkMetadataLogs, checkReplicas, unrest } from "./replicas-check.ts";

export interface ClusterRunOptions {
  readonly seed: number;
  readonly without?: ReadonlySet<ClusterFault>;
  readonly print?: (line: string) => void;
}

export interface ClusterRunResult {
  readonly seed: number;
  readonly hash: string;
  readonly violation: string | null;
  readonly faults: readonly ClusterFault[];
  readonly counts: Counts;
  readonly simulatedMs: number;
  readonly events: number;
}

/** How long progress may take once nothing is wrong any more. */
const PROGRESS_MS = 120_000;

export function runClusterSeed(options: ClusterRunOptions): ClusterRunResult {
  const plan = drawClusterPlan(options.seed, options.without);
  const world = new World(options.seed, options.print ?? null);
  const simulation = new ClusterSimulation(world, plan);
  simulation.run();
  return {
    seed: options.seed,
    hash: world.trace.hash,
    violation: world.violation?.message ?? null,
    faults: [...plan.faults.keys()],
    counts: simulation.cluster.counts,
    simulatedMs: world.nowMs,
    events: world.trace.events,
  };
}

class ClusterSimulation {
  readonly cluster: Cluster;
  private readonly world: World;
  private readonly plan: ClusterPlan;
  private readonly observer: Observer;
  private readonly disks = new Map<number, number>();
  private readonly faults: ClusterFaultStream;
  private readonly admin: ClusterAdmin;
  private readonly producers: SimProducer[];
  private readonly readers: SimReader[];
  private readonly groups: readonly (readonly SimMember[])[];

  constructor(world: World, plan: ClusterPlan) {
    this.world = world;
    this.plan = plan;
    const network = new Network(world, plan.network);
    const watches: NodeWatch[] = [];
    const members = plan.nodes.map((node) => this.member(network, node, watches));
    const cluster = new Cluster(world, network, members, plan);
    this.cluster = cluster;
    this.observer = new Observer(cluster);
    cluster.observer = this.observer;
    watches.forEach((watch, n) => {
      const { operator, weather } = members[n] as ClusterNode;
      watch.joins(cluster);
      operator.attach(watch, weather);
    });
    this.admin = new ClusterAdmin(cluster);
    this.producers = plan.producers.map((each, n) => new SimProducer(cluster, each, `producer-${n}`));
    this.readers = Array.from({ length: plan.readers }, (_, n) => new SimReader(cluster, `reader-${n}`));
    this.groups = plan.groups.map((size, n) => {
      const model = new GroupModel(world, `group-${n}`);
      return Array.from({ length: size }, (_, m) => new SimMember(cluster, model, `member-${n}-${m}`));
    });
    const mortals: Mortal[] = [...this.producers, ...this.groups.flat()];
    this.faults = new ClusterFaultStream(cluster, mortals, (member) => this.loseDisk(member));
  }

  private member(network: Network, plan: NodePlan, watches: NodeWatch[]): ClusterNode {
    const { world } = this;
    const operator = new Operator();
    operator.downMeanMs = this.plan.downMeanMs;
    const weather = new DiskWeather(world, world.dice(`weather ${plan.id}`));
    this.disks.set(plan.id, 1);
    const node = new SimNode(
      world,
      network,
      {
        host: hostOf(plan.id),
        disk: this.plan.disk,
        settings: settingsOf(this.plan, plan),
        prepare: (ports) => formatNode(this.plan, plan, this.disks.get(plan.id) ?? 1, ports),
      },
      this.events(plan, operator),
    );
    node.disk.faults = weather;
    watches.push(new NodeWatch(plan.id, node));
    return { plan, node, operator, weather };
  }

  private events({ id }: NodePlan, operator: Operator): NodeEvents {
    return {
      ready: () => {
        operator.ready();
        this.observer.serves(id);
      },
      failed: (incarnation: Incarnation, failure: unknown) => operator.failed(incarnation, failure),
      doomed: (incarnation: Incarnation) => operator.doomed(incarnation),
      logged: (message: string) => {
        operator.logged(message);
        const epoch = /^Became the active controller of epoch (\d+)/.exec(message)?.[1];
        if (epoch !== undefined) this.observer.elected(id, Number(epoch));
        const gone = /^The process of broker (\d+) is gone/.exec(message)?.[1];
        if (gone !== undefined) this.observer.declaredGone(Number(gone));
        if (/ is truncated from /.test(message)) this.cluster.counts.truncations++;
      },
    };
  }

  /** A new empty disk; it is formatted, without a vote, when the node starts. */
  private loseDisk({ plan: { id }, node, operator }: ClusterNode): void {
    this.world.note(`node ${id} loses its disk`);
    if (node.current !== null) node.end("process");
    node.disk.replaced();
    this.disks.set(id, (this.disks.get(id) ?? 1) + 1);
    this.observer.diskLost(id);
    operator.startSoon();
  }

  run(): void {
    const { world, cluster, plan } = this;
    for (const { operator } of cluster.members) operator.start();
    this.observer.start();
    this.admin.start();
    for (const each of [...this.producers, ...this.readers]) each.start();
    for (const member of this.groups.flat()) member.start();
    world.run(plan.calmMs);
    this.faults.start();
    world.run(plan.calmMs + plan.faultsMs);
    if (world.violation !== null) return;
    world.note("the world heals");
    this.faults.heal();
    this.within("every node serves", () => cluster.members.every(({ node }) => node.isUp));
    this.within("topics exist", () => this.admin.isDone);
    this.within("G6 groups become stable", () => this.groups.every(isStable));
    cluster.windingDown = true;
    this.within("every producer comes to an end", () => this.producers.every((producer) => producer.isIdle));
    this.comeToRest();
    this.prove();
  }

  private comeToRest(): void {
    const { world, cluster } = this;
    if (world.violation !== null) return;
    world.run(world.nowMs + PROGRESS_MS, () => unrest(cluster) === null);
    const reason = unrest(cluster);
    if (reason !== null) world.fail("progress", `the cluster does not come to rest: ${reason}`);
    if (world.violation !== null) return;
    this.observer.look();
    checkReplicas(cluster);
    this.admin.checkCommitted(this.observer.newestImage());
    checkMetadataLogs(cluster);
  }

  /** Everything is read back; then once more after all nodes have ended, cleanly or not. */
  private prove(): void {
    const { world, cluster, plan } = this;
    this.readAll("checker");
    if (world.violation !== null) return;
    if (plan.endsCleanly) this.stopAll();
    else if (plan.flushes) for (const { operator } of cluster.members) operator.crash("power");
    else for (const { operator } of cluster.members) operator.crash("process");
    this.within("every node serves again", () => cluster.members.every(({ node }) => node.isUp));
    this.comeToRest();
    this.readAll("checker after the end");
  }

  private stopAll(): void {
    const { cluster } = this;
    for (const { operator } of cluster.members) operator.stopForGood();
    this.within("every node stops", () => cluster.members.every(({ node }) => node.current === null));
    for (const { node, operator } of cluster.members) {
      let done = false;
      void verifyStopped(this.world, node.disk).then(() => {
        done = true;
      });
      this.within("the files can be verified", () => done);
      operator.start();
    }
  }

  private readAll(name: string): void {
    if (this.world.violation !== null) return;
    let done = false;
    void readBack(this.cluster, name).then(() => {
      done = true;
    });
    this.within("everything can be read", () => done);
  }

  private within(what: string, holds: () => boolean): void {
    const { world } = this;
    if (world.violation !== null) return;
    world.run(world.nowMs + PROGRESS_MS, holds);
    if (!holds()) world.fail("progress", `${what} within ${PROGRESS_MS / 1000} s after the world has healed`);
  }
}

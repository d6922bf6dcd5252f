/**
 * One seed of a cluster: its nodes, its clients, everything that can go wrong, and then the proof: first safety while
 * faults come, then the world heals and the cluster must come to rest with all replicas in sync and the same, then all
 * that was promised is read back, also after every node has ended at once.
 */
import { DiskWeather } from "../disk-faults.ts";
import { Network } from "../network.ts";
import { type Incarnation, type NodeEvents, SimNode } from "../node.ts";
import { Operator } from "../operator.ts";
import {
  Clients,
  PROGRESS_MS,
  type RunOptions,
  type RunResult,
  readAll,
  runWorld,
  verifyFiles,
  within,
} from "../run.ts";
import type { World } from "../world.ts";
import { ClusterAdmin } from "./admin.ts";
import { Cluster, type ClusterNode, directoriesOf, hostOf, NodeWatch } from "./cluster.ts";
import { ClusterFaultStream } from "./faults.ts";
import { formatNode, settingsOf } from "./format.ts";
import { Observer } from "./observer.ts";
import { type ClusterFault, type ClusterPlan, drawClusterPlan, type NodePlan } from "./plan.ts";
import { checkMetadataLogs, checkReplicas, unrest } from "./replicas-check.ts";

/** How often a healed cluster is asked whether it has come to rest. */
const REST_EVERY_MS = 5;

export function runClusterSeed(options: RunOptions<ClusterFault>): RunResult<ClusterFault> {
  const plan = drawClusterPlan(options.seed, options.without);
  return runWorld(options, plan.faults.keys(), (world) => {
    const simulation = new ClusterSimulation(world, plan);
    simulation.run();
    return simulation.cluster.counts;
  });
}

class ClusterSimulation {
  readonly cluster: Cluster;
  private readonly world: World;
  private readonly plan: ClusterPlan;
  private readonly observer: Observer;
  private readonly disks = new Map<number, number>();
  private readonly faults: ClusterFaultStream;
  private readonly admin: ClusterAdmin;
  private readonly clients: Clients;

  constructor(world: World, plan: ClusterPlan) {
    this.world = world;
    this.plan = plan;
    const network = new Network(world, plan.network);
    const watches: NodeWatch[] = [];
    const members = plan.nodes.map((node) => this.member(network, node, watches));
    const cluster = new Cluster(world, network, members, plan, this.disks);
    this.cluster = cluster;
    this.observer = new Observer(cluster);
    cluster.observer = this.observer;
    watches.forEach((watch, n) => {
      const { operator, weather } = members[n] as ClusterNode;
      watch.joins(cluster);
      operator.attach(watch, weather);
    });
    this.admin = new ClusterAdmin(cluster);
    this.clients = new Clients(cluster);
    this.faults = new ClusterFaultStream(cluster, this.clients.mortals, (member) => this.loseDisk(member));
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
        directories: directoriesOf(this.plan, plan),
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
        if (/ is damaged at byte |is not what was written/.test(message)) this.cluster.counts.damageFound++;
        const offline = /^Log directory (\S+) is offline/.exec(message)?.[1];
        if (offline !== undefined) this.faults.directories.wentOffline(id, offline);
      },
    };
  }

  /** A new empty disk; it is formatted, without a vote, when the node starts. */
  private loseDisk({ plan: { id }, node, operator }: ClusterNode): void {
    this.world.note(`node ${id} loses its disk`);
    if (node.current !== null) node.end("process");
    node.disk.replaced();
    this.observer.diskLost(id);
    this.disks.set(id, (this.disks.get(id) ?? 1) + 1);
    operator.startSoon();
  }

  run(): void {
    const { world, cluster, plan, clients } = this;
    for (const { operator } of cluster.members) operator.start();
    this.observer.start();
    this.admin.start();
    clients.start();
    world.run(plan.calmMs);
    this.faults.start();
    world.run(plan.calmMs + plan.faultsMs);
    if (world.violation !== null) return;
    world.note("the world heals");
    this.faults.heal();
    within(world, "every damaged replica is repaired", () => !this.faults.damaged.any);
    within(world, "every node serves", () => cluster.members.every(({ node }) => node.isUp));
    if (plan.faults.has("voterChange")) this.restoreVoters();
    within(world, "topics exist", () => this.admin.isDone);
    within(world, "G6 groups become stable", () => clients.areStable);
    cluster.windingDown = true;
    within(world, "every producer comes to an end", () => clients.areIdle);
    this.comeToRest();
    this.prove();
  }

  private restoreVoters(): void {
    const { voters } = this.faults;
    void voters.settle();
    within(this.world, "every controller votes", () => voters.isSettled);
  }

  private comeToRest(): void {
    const { world, cluster } = this;
    if (world.violation !== null) return;
    const untilMs = world.nowMs + PROGRESS_MS;
    let reason = unrest(cluster);
    // Not after each event, as what costs less than one may be asked.
    while (reason !== null && world.violation === null && world.nowMs < untilMs) {
      world.run(world.nowMs + REST_EVERY_MS);
      reason = unrest(cluster);
    }
    if (reason !== null) world.fail("progress", `the cluster does not come to rest: ${reason}`);
    if (world.violation !== null) return;
    this.observer.look();
    world.check(() => checkReplicas(cluster));
    this.admin.checkCommitted(this.observer.newestImage());
    checkMetadataLogs(cluster);
  }

  /** Everything is read back; then once more after all nodes have ended, cleanly or not. */
  private prove(): void {
    const { world, cluster, plan } = this;
    readAll(cluster, "checker");
    if (world.violation !== null) return;
    if (plan.endsCleanly) this.stopAll();
    else if (plan.flushes) for (const { operator } of cluster.members) operator.crash("power");
    else for (const { operator } of cluster.members) operator.crash("process");
    within(world, "every node serves again", () => cluster.members.every(({ node }) => node.isUp));
    this.comeToRest();
    readAll(cluster, "checker after the end");
    for (const partition of cluster.partitions()) partition.judge();
  }

  private stopAll(): void {
    const { world, cluster } = this;
    for (const { operator } of cluster.members) operator.stopForGood();
    within(world, "every node stops", () => cluster.members.every(({ node }) => node.current === null));
    for (const { plan, node, operator } of cluster.members) {
      for (const path of cluster.directoriesOf(plan)) verifyFiles(world, node.disk, path);
      operator.start();
    }
  }
}

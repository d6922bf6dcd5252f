/** The world of several nodes as clients, faults and checkers share it. */
import { absoluteInt32, javaHash } from "../../../base/java-hash.ts";
import { type ErrorName, errorName } from "../../../protocol/errors.ts";
import type { DiskWeather } from "../disk-faults.ts";
import { epochOfBatch } from "../log-files.ts";
import type { SentBatch } from "../model.ts";
import type { Network } from "../network.ts";
import type { SimNode } from "../node.ts";
import type { Operated, Operator } from "../operator.ts";
import type { TopicPlan } from "../plan.ts";
import { type Counts, type LiveTopic, Scenario } from "../scenario.ts";
import type { WireClient } from "../wire.ts";
import type { World } from "../world.ts";
import { ClusterClient } from "./client.ts";
import type { Observer } from "./observer.ts";
import type { ClusterPlan, NodePlan } from "./plan.ts";

export interface ClusterNode {
  readonly plan: NodePlan;
  readonly node: SimNode;
  readonly operator: Operator;
  readonly weather: DiskWeather;
}

export const hostOf = (id: number): string => `10.0.0.${id}`;
/** Of the node's first disk, or of the one that took its place; of several log directories the one with this index. */
export const directoryIdOf = (id: number, disk: number, index = 0): string =>
  `Directory${String(id).padStart(4, "0")}${String(disk).padStart(4, "0")}${index}AAAA`.replace("0AAAA", "AAAAA");
/** The log directories of a node; the metadata log is in the first. */
export const directoriesOf = ({ directories }: Pick<ClusterPlan, "directories">, { roles }: NodePlan): string[] =>
  Array.from({ length: roles === "controller" ? 1 : directories }, (_, n) => (n === 0 ? "/data" : `/data${n + 1}`));
export const isBroker = ({ roles }: NodePlan): boolean => roles !== "controller";
export const isVoter = ({ roles }: NodePlan): boolean => roles !== "broker";

const OFFSETS_TOPIC = "__consumer_offsets";

export class Cluster extends Scenario {
  override readonly plan: ClusterPlan;
  readonly members: readonly ClusterNode[];
  observer: Observer | null = null;
  /** Node → the number of its present disk. */
  private readonly disks: ReadonlyMap<number, number>;

  constructor(
    world: World,
    network: Network,
    members: readonly ClusterNode[],
    plan: ClusterPlan,
    disks: ReadonlyMap<number, number>,
  ) {
    super(world, network, (members[0] as ClusterNode).node, plan);
    this.plan = plan;
    this.members = members;
    this.disks = disks;
  }

  /** The id of the node's present log directory, the one with this index. */
  directoryOf(nodeId: number, index = 0): string {
    return directoryIdOf(nodeId, this.disks.get(nodeId) ?? 1, index);
  }

  directoriesOf(node: NodePlan): string[] {
    return directoriesOf(this.plan, node);
  }

  /** Never twice the same: whoever leads next may have what it knows of producers from a snapshot. */
  override get lives(): number {
    return Number.NaN;
  }

  override client(name: string): WireClient {
    const bootstrap = this.members
      .filter(({ plan }) => isBroker(plan))
      .map(({ plan: { id }, node: { host } }) => ({ nodeId: id, host }));
    const client = new ClusterClient(this.world, this.network, name, this.nextClientHost(), bootstrap);
    if (name.startsWith("reader")) client.followerReads = 0.4;
    return client;
  }

  override topicCreated(plan: TopicPlan, id: string): void {
    super.topicCreated(plan, id);
    for (const [index, partition] of (this.topics.get(plan.name)?.partitions ?? []).entries()) {
      partition.softHolds = false;
      partition.losses = this.observer?.lossesOf({ name: plan.name, id }, index) ?? null;
    }
  }

  override acknowledged(topic: LiveTopic, index: number, batch: SentBatch, offset: number): void {
    this.observer?.newestImage();
    const losses = topic.partitions[index]?.losses;
    const epoch = losses?.any === true ? this.epochOf(topic, index, batch, offset) : null;
    super.acknowledged(topic, index, batch, offset, epoch);
    const isOwed = batch.acks === -1 && offset >= 0 && !losses?.isVoid(offset, batch.id, epoch);
    if (isOwed) this.observer?.holdings.acknowledged(topic, index, batch, offset);
  }

  /** The latest leader epoch in which any node has the batch. */
  private epochOf({ name }: LiveTopic, index: number, { id }: SentBatch, offset: number): number | null {
    const epochs = this.members.flatMap(({ plan, node }) =>
      this.directoriesOf(plan).map((path) => epochOfBatch(node.disk, `${path}/${name}-${index}`, offset, id) ?? -1),
    );
    const latest = Math.max(...epochs);
    return latest < 0 ? null : latest;
  }

  override leaderOf(topic: string, index: number): string {
    const partition = this.observer?.newestImage().topicsByName.get(topic)?.partitions.get(index);
    return partition === undefined ? "-1" : `${partition.leader} in epoch ${partition.leaderEpoch}`;
  }

  override coordinatorOf(group: string): string {
    const count = this.observer?.newestImage().topicsByName.get(OFFSETS_TOPIC)?.partitions.size ?? 1;
    return this.leaderOf(OFFSETS_TOPIC, absoluteInt32(javaHash(group)) % count);
  }

  override isLatest(client: WireClient, leader: string, leaderNow: string): boolean {
    return leader === leaderNow && leader.startsWith(`${client.askedNode} `);
  }

  /** No handler fails unexpectedly, unless a disk has. */
  override error(code: number, where: string): ErrorName {
    const name = errorName(code);
    const failures = this.members.reduce((sum, { node }) => sum + (node.current?.disk.failures ?? 0), 0);
    if (name === "UNKNOWN_SERVER_ERROR" && failures === 0) {
      this.world.fail("no handler fails unexpectedly", `${where} answered UNKNOWN_SERVER_ERROR`);
    }
    return name;
  }

  /** Another leader's log may begin elsewhere; that of one which ended uncleanly where its checkpoint says. */
  startsMayGoBack(): void {
    this.uncleanEnds++;
    for (const partition of this.partitions()) partition.uncleanEnd();
  }
}

/** What the operator of one node knows and tells: what one node loses is no loss to the cluster. */
export class NodeWatch implements Operated {
  readonly node: SimNode;
  private readonly id: number;
  private cluster: Cluster | null = null;

  constructor(id: number, node: SimNode) {
    this.id = id;
    this.node = node;
  }

  joins(cluster: Cluster): void {
    this.cluster = cluster;
  }

  get world(): World {
    return this.cluster?.world as World;
  }

  get counts(): Counts {
    return this.cluster?.counts as Counts;
  }

  get healed(): boolean {
    return this.cluster?.healed ?? false;
  }

  powerCut(): void {
    this.cluster?.startsMayGoBack();
    if (this.cluster?.plan.flushes === false) this.cluster.observer?.memoryLost(this.id);
  }

  processCrash(): void {
    this.cluster?.startsMayGoBack();
  }

  syncFailed(): void {}

  diskLost(): void {}
}

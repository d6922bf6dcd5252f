/** What the clients, faults and checkers of one run share. */
import { type ErrorName, errorName } from "../../protocol/errors.ts";
import { PartitionModel, type SentBatch } from "./model.ts";
import type { Network } from "./network.ts";
import type { SimNode } from "./node.ts";
import type { TopicPlan, Workload } from "./plan.ts";
import { WireClient } from "./wire.ts";
import type { World } from "./world.ts";

export interface LiveTopic {
  readonly name: string;
  readonly id: string;
  readonly partitions: readonly PartitionModel[];
}

/** What happened in a run, summed up over seeds. */
export interface Counts {
  starts: number;
  processCrashes: number;
  powerCuts: number;
  cleanStops: number;
  truncations: number;
  elections: number;
  faults: number;
  acknowledged: number;
  refused: number;
  indeterminate: number;
  recordsRead: number;
  commits: number;
  rebalances: number;
  adminChanges: number;
  /** Brokers that the controller has fenced because it knew their process to be gone. */
  declaredGone: number;
  /** Of which the cluster's observer knows. */
  uncleanElections: number;
  /** Log directories that failed while others of their node served. */
  directoriesOffline: number;
  /** Replicas that were asked to move into another directory of their node. */
  directoryMoves: number;
  /** In which a bit or a sector was changed. */
  replicasDamaged: number;
  /** Partitions that a start has not opened, and reads that were refused, because of damage. */
  damageFound: number;
}

export function noCounts(): Counts {
  return {
    ...{ starts: 0, processCrashes: 0, powerCuts: 0, cleanStops: 0, truncations: 0, elections: 0, faults: 0 },
    ...{ acknowledged: 0, refused: 0, indeterminate: 0, recordsRead: 0, commits: 0, rebalances: 0, adminChanges: 0 },
    ...{ declaredGone: 0, uncleanElections: 0, directoriesOffline: 0, directoryMoves: 0 },
    ...{ replicasDamaged: 0, damageFound: 0 },
  };
}

export class Scenario {
  readonly world: World;
  readonly network: Network;
  readonly node: SimNode;
  readonly plan: Workload;
  readonly topics = new Map<string, LiveTopic>();
  readonly counts: Counts = noCounts();
  /** Counts the ends of processes that were not clean. */
  uncleanEnds = 0;
  /** Counts the times that memory was lost, with all that was in it alone. */
  memoryLosses = 0;
  /** Goes up when the disk is lost with all that was promised. */
  era = 0;
  /** No more faults: from here on progress is owed. */
  healed = false;
  /** No new work from here on. */
  windingDown = false;
  private readonly listeners: (() => void)[] = [];
  /** Topics as they were before the disk was lost, by name. */
  private readonly former = new Map<string, LiveTopic>();
  private readonly producerIds = new Set<number>();
  private hosts = 0;

  constructor(world: World, network: Network, node: SimNode, plan: Workload) {
    this.world = world;
    this.network = network;
    this.node = node;
    this.plan = plan;
  }

  /** Changes whenever a broker starts: what was in its memory alone is forgotten. */
  get lives(): number {
    return this.node.incarnations;
  }

  client(name: string): WireClient {
    return new WireClient(this.world, this.network, name, this.nextClientHost(), this.node.host);
  }

  protected nextClientHost(): string {
    return `10.0.1.${++this.hosts}`;
  }

  /** Who leads the partition, in which epoch: a node that has been replaced may answer without knowing it. */
  leaderOf(_topic: string, _index: number): string {
    return "";
  }

  /** The same for the coordinator of a group. */
  coordinatorOf(_group: string): string {
    return "";
  }

  /** The node that the client asked last is the one named, so what it said is the latest. */
  isLatest(_client: WireClient, _leader: string, leaderNow: string): boolean {
    return leaderNow === _leader;
  }

  /** A producer got its answer. */
  acknowledged(
    { partitions }: LiveTopic,
    index: number,
    batch: SentBatch,
    offset: number,
    epoch?: number | null,
  ): void {
    this.counts.acknowledged++;
    partitions[index]?.acknowledged(batch, offset, epoch);
  }

  clientHosts(): string[] {
    return Array.from({ length: this.hosts }, (_, n) => `10.0.1.${n + 1}`);
  }

  topicCreated(plan: TopicPlan, id: string): void {
    const value = (name: string) => plan.configs.find((config) => config.name === name)?.value;
    const retains = value("retention.bytes") !== undefined;
    const deletes = retains || this.plan.deletesRecords;
    const stamps = value("message.timestamp.type") === "LogAppendTime";
    const partitions = Array.from(
      { length: plan.partitions },
      (_, n) => new PartitionModel(this.world, `${plan.name}-${n}`, { retains, stamps, deletes }),
    );
    const former = this.former.get(plan.name);
    for (const [n, partition] of partitions.entries()) {
      const before = former?.partitions[n];
      if (before !== undefined) partition.inherit(before);
    }
    this.topics.set(plan.name, { name: plan.name, id, partitions });
  }

  *partitions(): Generator<PartitionModel> {
    for (const { partitions } of this.topics.values()) yield* partitions;
  }

  /** Everything that was promised is void: tell those who remember. */
  diskLost(): void {
    this.era++;
    for (const topic of this.topics.values()) this.former.set(topic.name, topic);
    this.topics.clear();
    this.producerIds.clear();
    for (const listener of this.listeners) listener();
  }

  onDiskLost(listener: () => void): void {
    this.listeners.push(listener);
  }

  producerIdGiven(id: number): void {
    if (this.producerIds.has(id)) this.world.fail("R a producer id is given once", `${id} was given twice`);
    this.producerIds.add(id);
  }

  powerCut(): void {
    this.uncleanEnds++;
    this.memoryLosses++;
    for (const partition of this.partitions()) {
      partition.powerCut();
      partition.uncleanEnd();
    }
  }

  /** A sync failed: what was acknowledged before it was done is gone with the process. */
  syncFailed(): void {
    this.memoryLosses++;
    for (const partition of this.partitions()) partition.powerCut();
  }

  processCrash(): void {
    this.uncleanEnds++;
    for (const partition of this.partitions()) partition.uncleanEnd();
  }

  /** The error's name; the broker never answers UNKNOWN_SERVER_ERROR unless its disk has failed. */
  error(code: number, where: string): ErrorName {
    const name = errorName(code);
    if (name === "UNKNOWN_SERVER_ERROR" && (this.node.current?.disk.failures ?? 0) === 0) {
      this.world.fail("no handler fails unexpectedly", `${where} answered UNKNOWN_SERVER_ERROR`);
    }
    return name;
  }
}

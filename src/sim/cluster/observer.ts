/**
 * Looks into every node that runs, again and again, and holds what it sees against what must hold at any moment
 * (RELIABILITY: R1, R4, R5, I1-I3, I6, I7): of the quorum, of the committed metadata, and of each replica's log.
 */
import type { PartitionChangeRecord } from "../../../protocol/generated/records/metadata/partition-change-record.ts";
import type { EpochEntry } from "../../../storage/index.ts";
import {
  emptyImage,
  type MetadataImage,
  NO_LEADER,
  type PartitionRegistration,
  type TopicImage,
} from "../../metadata/image.ts";
import type { Replica } from "../../partition/replica.ts";
import type { SimDisk } from "../disk.ts";
import type { PartitionModel } from "../model.ts";
import type { Cluster, ClusterNode } from "./cluster.ts";
import { Holdings } from "./holdings.ts";
import { ImageHasher } from "./image-hash.ts";
import { UNCLEAN } from "./plan.ts";
import { changesBetween, UncleanElections, uncleanEpochs } from "./unclean.ts";

const EVERY_MS = 20;
/** What was found of a process may be told a little after another has taken its place. */
const STARTED_MS = 200;

/** What is known of one node, through all its lives on one disk. */
interface Known {
  raftEpoch: number;
  /** By partition: the highest high watermark that the node has shown, and the replica that showed it last. */
  readonly committed: Map<string, Shown>;
  /** Partitions that were moved away from it: what it has of them when they come back begins anew. */
  readonly movedAway: Set<string>;
}

interface Shown {
  readonly highWatermark: number;
  /** Of the log then, where an unclean election may come. */
  readonly epochs: readonly EpochEntry[];
  readonly replica: Replica;
}

/** What is known of one partition. */
interface PartitionHistory {
  /** Leader epoch → who led. */
  readonly leaders: Map<number, number>;
  /** Leader epoch → its leader has called everything below it committed. */
  readonly committed: Map<number, { readonly end: number; readonly epochs: readonly EpochEntry[] }>;
  readonly losses: UncleanElections | null;
  /** The high watermark while fewer than `min.insync.replicas` are in sync, and in which partition epoch. */
  frozen: { readonly partitionEpoch: number; readonly highWatermark: number } | null;
  /** That a leader has shown. */
  partitionEpoch: number;
}

export class Observer {
  readonly holdings: Holdings;
  private readonly cluster: Cluster;
  private readonly nodes = new Map<number, Known>();
  private readonly partitions = new Map<string, PartitionHistory>();
  private readonly controllers = new Map<number, number>();
  /** By partition. */
  private readonly losses = new Map<string, UncleanElections | null>();
  private readonly servesSince = new Map<number, number>();
  private newest: MetadataImage = emptyImage();
  /** Offset → what the image at it says. */
  private readonly images = new Map<number, number>();
  private readonly hashes = new WeakMap<MetadataImage, number>();
  private readonly hasher = new ImageHasher();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.holdings = new Holdings(cluster, this);
  }

  start(): void {
    this.cluster.world.at(EVERY_MS, () => {
      this.look();
      this.start();
    });
  }

  /** The latest committed metadata that any node has shown. */
  newestImage(): MetadataImage {
    for (const { node } of this.cluster.members) {
      const image = node.current?.broker?.services.image();
      if (image !== undefined && image.provenance.offset > this.newest.provenance.offset)
        this.advance(image, node.disk);
    }
    return this.newest;
  }

  /** A node's log says that it has become the active controller. */
  elected(nodeId: number, epoch: number): void {
    const other = this.controllers.get(epoch) ?? nodeId;
    if (other !== nodeId) this.fail("R1 an epoch has one leader", `epoch ${epoch}: ${other} and ${nodeId}`);
    this.controllers.set(epoch, nodeId);
  }

  /** The node has an empty disk: nothing that was seen of it binds it. */
  diskLost(nodeId: number): void {
    this.nodes.delete(nodeId);
    this.holdings.diskLost(nodeId);
  }

  /** Logs were deleted on its disk. */
  replicasLost(nodeId: number): void {
    this.nodes.get(nodeId)?.committed.clear();
    this.holdings.lost(nodeId);
  }

  /** What was not synced is gone, where nobody promised to sync. */
  memoryLost(nodeId: number): void {
    this.nodes.get(nodeId)?.committed.clear();
    this.holdings.lost(nodeId);
  }

  look(): void {
    let quorumEnd = 0;
    for (const member of this.cluster.members) quorumEnd = Math.max(quorumEnd, this.lookAt(member));
    this.holdings.look(this.newest, quorumEnd);
  }

  /** What unclean elections have taken of a partition; null where none are allowed (`unclean.leader.election.enable`). */
  lossesOf({ name, id }: Pick<TopicImage, "name" | "id">, index: number): UncleanElections | null {
    const key = `${id} ${index}`;
    let losses = this.losses.get(key);
    if (losses === undefined) {
      const configs = this.cluster.plan.topics.find((topic) => topic.name === name)?.configs ?? [];
      const mayLose = configs.some((config) => config.name === UNCLEAN && config.value === "true");
      losses = mayLose ? new UncleanElections() : null;
      this.losses.set(key, losses);
    }
    return losses;
  }

  committedOf(topicId: string, partition: number): number {
    return this.shownOf(topicId, partition)?.committed ?? 0;
  }

  /** What leaders have shown of a partition; null before the first. */
  shownOf(topicId: string, partition: number): { readonly partitionEpoch: number; readonly committed: number } | null {
    const history = this.partitions.get(`${topicId} ${partition}`);
    if (history === undefined) return null;
    return { partitionEpoch: history.partitionEpoch, committed: committedBefore(history, Infinity) };
  }

  /** The active controller says that the process is gone (ADR 0013): it may not say so of one that lives. */
  declaredGone(nodeId: number): void {
    const { cluster } = this;
    cluster.counts.declaredGone++;
    const node = cluster.members.find(({ plan }) => plan.id === nodeId)?.node;
    const servedMs = cluster.world.nowMs - (this.servesSince.get(nodeId) ?? Number.POSITIVE_INFINITY);
    if (node?.isUp !== true || servedMs < STARTED_MS) return;
    this.fail("nobody who lives is declared gone", `broker ${nodeId} serves since ${servedMs} ms`);
  }

  /** The node has started. */
  serves(nodeId: number): void {
    this.servesSince.set(nodeId, this.cluster.world.nowMs);
  }

  /** Returns what the node calls committed of the metadata. */
  private lookAt({ plan: { id }, node }: ClusterNode): number {
    const { current } = node;
    if (current?.broker == null || !current.life.acts) return 0;
    const { services } = current.broker;
    let known = this.nodes.get(id);
    if (known === undefined) {
      known = { raftEpoch: 0, committed: new Map(), movedAway: new Set() };
      this.nodes.set(id, known);
    }
    const { epoch, highWatermark } = services.quorum();
    if (epoch < known.raftEpoch) this.fail("R5 the epoch never goes back", `node ${id}: ${epoch}, ${known.raftEpoch}`);
    known.raftEpoch = epoch;
    this.checkImage(id, services.image(), node.disk);
    for (const replica of services.replicas.all()) this.checkReplica(id, known, replica);
    return highWatermark ?? 0;
  }

  /** R4: images at one offset say the same, on whichever node. */
  private checkImage(nodeId: number, image: MetadataImage, disk: SimDisk): void {
    const { offset } = image.provenance;
    if (offset < 0 || this.hashes.has(image)) return;
    const hash = this.hasher.hashOf(image);
    this.hashes.set(image, hash);
    const known = this.images.get(offset) ?? hash;
    if (known !== hash) this.fail("R4 images at an offset are the same", `offset ${offset} on node ${nodeId}`);
    this.images.set(offset, hash);
    if (offset > this.newest.provenance.offset) this.advance(image, disk);
  }

  private advance(image: MetadataImage, disk: SimDisk): void {
    const previous = this.newest;
    this.newest = image;
    if (previous.topicsById !== image.topicsById) {
      for (const topic of image.topicsById.values()) {
        const old = previous.topicsById.get(topic.id);
        if (old === topic) continue;
        for (const [index, partition] of topic.partitions) {
          const before = old?.partitions.get(index);
          this.checkChange(`${topic.name}-${index}`, before, partition);
          this.noteUnclean(topic, index, [before, partition], () =>
            changesBetween(disk, previous, image, topic.id, index),
          );
          for (const id of before?.replicas ?? []) {
            if (!partition.replicas.includes(id)) this.nodes.get(id)?.movedAway.add(`${topic.id} ${index}`);
          }
        }
      }
    }
    if (previous.topicsById === image.topicsById && previous.brokers === image.brokers) return;
    for (const topic of image.topicsById.values()) {
      for (const [index, partition] of topic.partitions) this.checkIsr(image, `${topic.name}-${index}`, partition);
    }
  }

  private noteUnclean(
    topic: TopicImage,
    index: number,
    [before, after]: readonly [PartitionRegistration | undefined, PartitionRegistration],
    changes: () => Iterable<PartitionChangeRecord>,
  ): void {
    const losses = this.lossesOf(topic, index);
    if (losses === null) return;
    for (const epoch of uncleanEpochs(before, after, changes)) {
      this.cluster.counts.uncleanElections++;
      losses.add(epoch);
      this.cluster.topics.get(topic.name)?.partitions[index]?.uncleanElection();
    }
  }

  /** I7: epochs only grow, and an ISR or a leader does not change without one. */
  private checkChange(name: string, before: PartitionRegistration | undefined, after: PartitionRegistration): void {
    if (before === undefined || before === after) return;
    if (after.leaderEpoch < before.leaderEpoch || after.partitionEpoch < before.partitionEpoch) {
      this.fail("I7 epochs never go back", `${name}: ${textOf(before)}, then ${textOf(after)}`);
    }
    const changed = `${before.isr}` !== `${after.isr}` || before.leader !== after.leader;
    if (changed && after.partitionEpoch === before.partitionEpoch) {
      this.fail("I7 a change has an epoch", `${name}: ${textOf(before)}, then ${textOf(after)}`);
    }
    if (before.leader === after.leader) return;
    this.cluster.startsMayGoBack();
    if (after.leader !== NO_LEADER && after.leaderEpoch === before.leaderEpoch) {
      this.fail("I7 a new leader has an epoch of its own", `${name}: ${textOf(before)}, then ${textOf(after)}`);
    }
  }

  /** I1, I2: who is in sync is a replica and up; who leads is in sync. */
  private checkIsr({ brokers }: MetadataImage, name: string, partition: PartitionRegistration): void {
    const { isr, leader, replicas } = partition;
    const stranger = isr.find((id) => !replicas.includes(id));
    if (stranger !== undefined) this.fail("I1 the ISR is of replicas", `${name}: ${textOf(partition)}`);
    if (leader !== NO_LEADER && !isr.includes(leader))
      this.fail("I2 a leader is in sync", `${name}: ${textOf(partition)}`);
    const down = isr.find((id) => brokers.get(id)?.fenced !== false);
    // Without ELR the last members of an ISR stay: they alone may lead again.
    if (down === undefined || (leader === NO_LEADER && isr.every((id) => brokers.get(id)?.fenced !== false))) return;
    this.fail("I1 nobody fenced is in sync", `${name}: ${down} in ${textOf(partition)}`);
  }

  private checkReplica(nodeId: number, known: Known, replica: Replica): void {
    const { log, leaderEpoch, isLeader } = replica;
    const key = `${replica.topicId} ${replica.partition}`;
    const { highWatermark, logEndOffset } = log;
    const committed = this.knownAsCommitted(known, key, replica);
    // One that joins late begins where the leader's log does: with a batch that may reach back behind that.
    const joins = logEndOffset === log.logStartOffset && !this.isInSync(nodeId, replica);
    if (logEndOffset < committed && !joins) {
      const detail = `${replica.name} on node ${nodeId} ends at ${logEndOffset}, it knew ${committed} as committed`;
      this.fail("I6 nothing committed is truncated", detail);
    }
    const epochs = this.losses.get(key) == null ? [] : [...log.epochs.entries()];
    known.committed.set(key, { highWatermark: Math.max(highWatermark, committed), epochs, replica });
    if (!isLeader) return;
    const losses = this.losses.get(key) ?? null;
    if (losses?.look(replica)) this.modelOf(replica)?.losesWhatIsVoid();
    let history = this.partitions.get(key);
    if (history === undefined) {
      history = { leaders: new Map(), committed: new Map(), losses, frozen: null, partitionEpoch: -1 };
      this.partitions.set(key, history);
    }
    if (!history.leaders.has(leaderEpoch)) this.newLeader(nodeId, replica, history);
    if (history.leaders.get(leaderEpoch) !== nodeId) {
      const detail = `${replica.name} epoch ${leaderEpoch}: ${history.leaders.get(leaderEpoch)} and ${nodeId}`;
      this.fail("I a leader epoch has one leader", detail);
    }
    const end = Math.max(history.committed.get(leaderEpoch)?.end ?? 0, highWatermark);
    history.committed.set(leaderEpoch, { end, epochs });
    history.partitionEpoch = Math.max(history.partitionEpoch, replica.role.partitionEpoch);
    this.checkFrozen(replica, history);
  }

  private modelOf({ topicId, partition }: Replica): PartitionModel | undefined {
    const name = this.newest.topicsById.get(topicId)?.name ?? "";
    return this.cluster.topics.get(name)?.partitions[partition];
  }

  private isInSync(nodeId: number, { topicId, partition }: Replica): boolean {
    return this.newest.topicsById.get(topicId)?.partitions.get(partition)?.isr.includes(nodeId) === true;
  }

  private knownAsCommitted({ committed, movedAway }: Known, key: string, replica: Replica): number {
    const before = committed.get(key);
    if (before === undefined || (before.replica !== replica && movedAway.delete(key))) return 0;
    return Math.min(before.highWatermark, this.losses.get(key)?.endOf(before.epochs) ?? Infinity);
  }

  /** I3: below `min.insync.replicas` nothing more is committed. */
  private checkFrozen({ name, role, minInsyncReplicas, highWatermark }: Replica, history: PartitionHistory): void {
    const { partitionEpoch, isr, replicas } = role;
    const { frozen } = history;
    if (frozen?.partitionEpoch === partitionEpoch && highWatermark > frozen.highWatermark) {
      const detail = `${name}: ${frozen.highWatermark}, then ${highWatermark} with ${isr} in sync of ${replicas}`;
      this.fail("I3 the high watermark stands still below min.insync.replicas", detail);
    }
    const isBelow = isr.length < Math.min(minInsyncReplicas, replicas.length);
    history.frozen = isBelow ? { partitionEpoch, highWatermark } : null;
  }

  /** I2: whoever is elected has everything that leaders before it have committed, though it learns of it late. */
  private newLeader(nodeId: number, { name, leaderEpoch, log }: Replica, history: PartitionHistory): void {
    history.leaders.set(leaderEpoch, nodeId);
    const committed = committedBefore(history, leaderEpoch);
    if (log.logEndOffset >= committed) return;
    const detail = `${name}: node ${nodeId} leads epoch ${leaderEpoch} with a log that ends at ${log.logEndOffset}`;
    this.fail("I2 a leader has all that is committed", `${detail}, ${committed} was committed`);
  }

  private fail(invariant: string, detail: string): void {
    this.cluster.world.fail(invariant, detail);
  }
}

/** Of what has been called committed, what is still owed. */
function committedBefore({ committed, losses }: PartitionHistory, leaderEpoch: number): number {
  let end = 0;
  for (const [epoch, { end: committedEnd, epochs }] of committed) {
    if (epoch < leaderEpoch) end = Math.max(end, Math.min(committedEnd, losses?.endOf(epochs) ?? Infinity));
  }
  return end;
}

export function textOf(partition: PartitionRegistration): string {
  const { leader, leaderEpoch, partitionEpoch, isr, elr, lastKnownElr, replicas } = partition;
  const last = lastKnownElr.length > 0 ? ` last ${lastKnownElr}` : "";
  return `leader ${leader} epoch ${leaderEpoch}/${partitionEpoch} isr ${isr} elr ${elr} of ${replicas}${last}`;
}

/**
 * Who holds what was promised, looked at directly in the logs and on the devices of the nodes, while it is promised and
 * not only once it is missed: what is acknowledged (I5), what everyone in sync has, what the quorum calls committed
 * (R6). A disk that was lost, or memory where nobody promised to sync, may have held it: the faults leave another copy.
 */
import type { MetadataImage, PartitionRegistration } from "../../metadata/image.ts";
import type { ReplicaKey } from "../../raft/state.ts";
import type { Dice } from "../dice.ts";
import { durableEnd, holdsBatch, votersOnDisk } from "../log-files.ts";
import type { SentBatch } from "../model.ts";
import type { LiveTopic } from "../scenario.ts";
import { type Cluster, type ClusterNode, directoryIdOf, isVoter } from "./cluster.ts";
import type { Observer } from "./observer.ts";

/** An acknowledgement reaches its client no later than this after it was given. */
const LATE_MS = 10_000;
const METADATA_LOG = "/data/__cluster_metadata-0";

interface Loss {
  readonly atMs: number;
  /** Of the node's registration then. */
  readonly brokerEpoch: number;
}

export class Holdings {
  private readonly cluster: Cluster;
  private readonly observer: Observer;
  private readonly dice: Dice;
  /** Node → when it last lost a disk or memory. */
  private readonly losses = new Map<number, Loss>();
  /** Directories that are gone, with all that was promised on them. */
  private readonly directoriesLost = new Set<string>();
  private quorumEnd = 0;

  constructor(cluster: Cluster, observer: Observer) {
    this.cluster = cluster;
    this.observer = observer;
    this.dice = cluster.world.dice("holdings");
  }

  lost(nodeId: number): void {
    const brokerEpoch = this.observer.newestImage().brokers.get(nodeId)?.epoch ?? -1;
    this.losses.set(nodeId, { atMs: this.cluster.world.nowMs, brokerEpoch });
  }

  diskLost(nodeId: number): void {
    this.lost(nodeId);
    this.directoriesLost.add(this.cluster.directoryOf(nodeId));
  }

  /** `quorumEnd`: what some node calls committed of the metadata. */
  look(image: MetadataImage, quorumEnd: number): void {
    for (const topic of image.topicsById.values()) {
      for (const [index, partition] of topic.partitions) {
        this.checkInSync(image, `${topic.name}-${index}`, topic.id, index, partition);
      }
    }
    this.checkQuorum(quorumEnd);
  }

  /** I5: an acknowledgement of all in sync is one of at least `min.insync.replicas`, each of which can lose power. */
  acknowledged({ name, id, partitions }: LiveTopic, index: number, batch: SentBatch, offset: number): void {
    const { cluster } = this;
    const { minInsync, flushes } = cluster.plan;
    const crc = partitions[index]?.stamps === true ? null : batch.crc;
    const end = offset + batch.count;
    const looks = this.dice.chance(0.1); // else a running node tells by itself, which costs less
    const holders = cluster.members.filter((member) => {
      const replica = runningReplica(member, id, index);
      if (replica !== undefined && !looks && replica.heldOffset >= end) return true;
      if (replica !== undefined && !looks && cluster.plan.directories === 1) return false;
      return cluster.directoriesOf(member.plan).some((path) => {
        return holdsBatch(member.node.disk, `${path}/${name}-${index}`, flushes, offset, crc);
      });
    });
    const mayHaveHeld = cluster.members.filter((member) => !holders.includes(member) && this.hasLost(member));
    if (holders.length + mayHaveHeld.length >= minInsync) return;
    const detail = `${batch.id} of ${name}-${index} at ${offset} on ${holders.map(({ plan }) => plan.id)}`;
    cluster.world.fail("I5 what is acknowledged is on min.insync.replicas", detail);
  }

  /** Who is in sync or eligible has all that any leader has called committed: whoever is elected loses nothing. */
  private checkInSync(
    { brokers }: MetadataImage,
    name: string,
    topicId: string,
    index: number,
    { isr, elr, partitionEpoch }: PartitionRegistration,
  ): void {
    // The leader may count on a smaller set already, of which no image has told.
    const shown = this.observer.shownOf(topicId, index);
    if (shown === null || shown.partitionEpoch > partitionEpoch) return;
    const { committed } = shown;
    for (const member of this.cluster.members) {
      const { id } = member.plan;
      if (!(isr.includes(id) || elr.includes(id)) || this.losses.get(id)?.brokerEpoch === brokers.get(id)?.epoch)
        continue;
      const held = runningReplica(member, topicId, index)?.heldOffset ?? committed;
      if (held >= committed || this.endOnDevices(member, name) >= committed) continue;
      const detail = `${name}: node ${id} has it up to ${held}, ${committed} was committed; in sync are ${isr}${elr.length > 0 ? `, eligible ${elr}` : ""}`;
      this.cluster.world.fail("I5 who may lead has all that is committed", detail);
    }
  }

  /** While a log changes its directory its tail is durable in the one that it leaves: a start takes the longer. */
  private endOnDevices({ plan, node }: ClusterNode, name: string): number {
    const paths = this.cluster.directoriesOf(plan);
    if (paths.length === 1) return 0;
    return Math.max(...paths.map((path) => durableEnd(node.disk, `${path}/${name}`)));
  }

  /** R6: a majority of the voters has on its devices what one of them calls committed. */
  private checkQuorum(committed: number): void {
    const { members, world } = this.cluster;
    if (committed <= this.quorumEnd) return;
    this.quorumEnd = committed;
    const holds = ({ id, directoryId }: ReplicaKey): boolean => {
      if (this.directoriesLost.has(directoryId)) return true;
      const node = members.find(({ plan }) => plan.id === id)?.node;
      return node !== undefined && durableEnd(node.disk, METADATA_LOG) >= committed;
    };
    // Any set that a leader may have counted on; a later one holds what an earlier one has committed.
    if (this.voterSets().some((voters) => voters.filter(holds).length > voters.length / 2)) return;
    const ends = members.map(({ plan, node }) => `${plan.id} up to ${durableEnd(node.disk, METADATA_LOG)}`);
    const detail = `${committed} is committed, it is durable on ${ends.join(", ")}`;
    world.fail("R6 what is committed is durable on a majority", detail);
  }

  private voterSets(): readonly (readonly ReplicaKey[])[] {
    const { members, plan } = this.cluster;
    // Of each disk the latest set, which may not be committed, and the one that was in force before it.
    if (plan.faults.has("voterChange")) {
      return members.flatMap(({ node }) => votersOnDisk(node.disk, METADATA_LOG).slice(-2));
    }
    return [plan.nodes.filter(isVoter).map(({ id }) => ({ id, directoryId: directoryIdOf(id, 1) }))];
  }

  private hasLost({ plan: { id } }: ClusterNode): boolean {
    const atMs = this.losses.get(id)?.atMs;
    return atMs !== undefined && this.cluster.world.nowMs - atMs < LATE_MS;
  }
}

/** Of a node whose disk is well: of the others nothing is asked. */
function runningReplica({ node }: ClusterNode, topicId: string, index: number) {
  const { current } = node;
  if (current?.broker == null || !current.life.acts || current.disk.failures > 0) return undefined;
  return current.broker.services.replicas.getById(topicId, index);
}

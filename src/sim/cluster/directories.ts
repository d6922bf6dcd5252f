/**
 * Brokers with several log directories (KIP-858): one of them fails while the others serve, until an operator restarts
 * the node; and an operator has replicas moved from one directory of their node into another (KIP-113).
 */
import { AlterReplicaLogDirs } from "../../../protocol/generated/alter-replica-log-dirs.ts";
import { NO_LEADER } from "../../metadata/image.ts";
import { Channel } from "../../peer/channel.ts";
import { SimClock } from "../clock.ts";
import type { Dice } from "../dice.ts";
import { PORT } from "../node.ts";
import { Life } from "../world.ts";
import { type Cluster, type ClusterNode, isBroker } from "./cluster.ts";
import { besideDirectories } from "./plan.ts";

const HOST = "10.0.2.2";
const ANSWER_MS = 5_000;
/** Where nothing else is in the way another replica leads after so long: several heartbeats, and a record's way. */
const FAILOVER_MS = 1_200;

export class Directories {
  private readonly cluster: Cluster;
  private readonly life = new Life("operator of directories");

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** The disk of one directory does not work for a while; the broker is done with it until its next start. */
  fail({ plan, weather }: ClusterNode, dice: Dice): void {
    const [metadata, ...others] = this.cluster.directoriesOf(plan) as [string, ...string[]];
    if (others.length === 0) return;
    const directory = dice.chance(0.15) ? metadata : dice.pick(others);
    this.cluster.world.note(`${directory} of node ${plan.id} fails`);
    weather.failBelow(directory, dice.between(100, 6_000));
  }

  /** The broker has found out. */
  wentOffline(nodeId: number, path: string): void {
    const { cluster } = this;
    cluster.counts.directoriesOffline++;
    const member = cluster.members.find(({ plan }) => plan.id === nodeId);
    const isQuiet = [...cluster.plan.faults.keys()].every((kind) => besideDirectories.includes(kind));
    if (member === undefined || !isQuiet) return;
    // A node all of whose directories have failed has ended, and may have taken the majority of the quorum along.
    const lives = cluster.members.map(({ node }) => node.current);
    cluster.world.at(FAILOVER_MS, () => {
      const areUp = cluster.members.every(({ node }, n) => node.isUp && node.current === lives[n]);
      if (areUp) this.checkMovedAway(member, path);
    });
  }

  private checkMovedAway({ plan }: ClusterNode, path: string): void {
    const { observer, world } = this.cluster;
    const { id } = plan;
    const lost = this.cluster.directoryOf(id, this.cluster.directoriesOf(plan).indexOf(path));
    for (const { name, partitions } of observer?.newestImage().topicsById.values() ?? []) {
      for (const [index, { leader, replicas, directories, isr }] of partitions) {
        const isThere = leader !== NO_LEADER && directories[replicas.indexOf(leader)] === lost;
        if (leader !== id || !isThere) continue;
        const detail = `${name}-${index}: node ${id} leads it from ${path}, which is offline; in sync are ${isr}`;
        world.fail("nobody leads from a directory that is offline", detail);
      }
    }
  }

  /** Some replica of some broker, into any of its directories. */
  move(dice: Dice): void {
    const { members, observer, topics } = this.cluster;
    const member = dice.pick(members.filter(({ plan }) => isBroker(plan)));
    const here = [...topics.values()].flatMap(({ name }) => {
      const partitions = [...(observer?.newestImage().topicsByName.get(name)?.partitions ?? [])];
      return partitions
        .filter(([, { replicas }]) => replicas.includes(member.plan.id))
        .map(([n]) => [name, n] as const);
    });
    if (here.length > 0) void this.ask(member, dice.pick(here), dice.pick(this.cluster.directoriesOf(member.plan)));
  }

  private async ask({ plan, node }: ClusterNode, [name, index]: readonly [string, number], path: string) {
    const { world, counts } = this.cluster;
    world.note(`${name}-${index} of node ${plan.id} is to move into ${path}`);
    const channel = this.channelTo(node.host);
    try {
      const request = { dirs: [{ path, topics: [{ name, partitions: [index] }] }] };
      const { results } = await channel.send(AlterReplicaLogDirs, request, null, { timeoutMs: ANSWER_MS });
      const error = this.cluster.error(results[0]?.partitions[0]?.errorCode ?? 0, "AlterReplicaLogDirs");
      world.note(`${name}-${index} of node ${plan.id} into ${path}: ${error}`);
      if (error === "NONE") counts.directoryMoves++;
    } catch {
      world.note("it does not answer");
    } finally {
      channel.close();
    }
  }

  private channelTo(host: string): Channel {
    const { world, network, members } = this.cluster;
    const random = world.dice(`operator of directories ${world.nowMs}`);
    const { wall } = (members[0] as ClusterNode).node;
    return new Channel({
      net: network.door(this.life, HOST),
      clock: new SimClock(world, this.life, wall, random),
      random,
      address: { host, port: PORT },
      clientId: "operator",
    });
  }
}

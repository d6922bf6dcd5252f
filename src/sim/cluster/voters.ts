/**
 * An operator who changes the voters of the quorum (KIP-853) while everything goes wrong, as with
 * `kafka-metadata-quorum`: takes some out, the leader too, adds them again, and puts a node whose disk was lost into its
 * own place. Whatever becomes of what was asked, every voter set that may be in force keeps a majority of voters whose
 * disks are there; so whoever gets stuck is stuck by a bug. Once the world has healed all controllers are to vote.
 */
import { code } from "../../../protocol/errors.ts";
import { AddRaftVoter } from "../../../protocol/generated/add-raft-voter.ts";
import { RemoveRaftVoter } from "../../../protocol/generated/remove-raft-voter.ts";
import { Channel } from "../../peer/channel.ts";
import type { ReplicaKey } from "../../raft/state.ts";
import { SimClock } from "../clock.ts";
import type { Dice } from "../dice.ts";
import { votersOnDisk } from "../log-files.ts";
import { PORT } from "../node.ts";
import { Life } from "../world.ts";
import { type Cluster, type ClusterNode, isVoter } from "./cluster.ts";
import { CLUSTER_ID } from "./format.ts";

const HOST = "10.0.2.1";
const METADATA_LOG = "/data/__cluster_metadata-0";
const AGAIN_MS = 100;
/** Requests that may still arrive; each doubles the sets that may come of them. */
const UNSURE_MAX = 4;

interface Change {
  readonly kind: "add" | "remove";
  readonly voter: ReplicaKey;
}

type Keys = readonly ReplicaKey[];

const isSame = (one: ReplicaKey, other: ReplicaKey): boolean =>
  one.id === other.id && one.directoryId === other.directoryId;
const has = (keys: Keys, key: ReplicaKey): boolean => keys.some((each) => isSame(each, key));

export class VoterChanges {
  private readonly cluster: Cluster;
  private readonly life = new Life("operator of the quorum");
  /** Asked for, and it is not known what came of it, or will. */
  private readonly unsure: Change[] = [];
  private busy = false;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** Rather what is to be repaired, or the leader. */
  strike(dice: Dice): void {
    const leader = this.leader();
    if (this.busy || this.cluster.healed || leader === undefined || this.unsure.length >= UNSURE_MAX) return;
    const present = votersKnownTo(leader);
    const missing = this.controllers.map((each) => this.keyOf(each)).filter((key) => !has(present, key));
    const lost = present.filter((key) => !this.isThere(key));
    const leading = present.filter(({ id }) => id === leader.plan.id);
    const change: Change =
      lost.length > 0 && dice.chance(0.6)
        ? { kind: "remove", voter: dice.pick(lost) }
        : missing.length > 0 && dice.chance(0.6)
          ? { kind: "add", voter: dice.pick(missing) }
          : { kind: "remove", voter: dice.pick(leading.length > 0 && dice.chance(0.3) ? leading : present) };
    if (!this.survives([...this.unsure, ...this.joining(), change], null)) return;
    const to = dice.chance(0.9) ? leader : dice.pick(this.controllers);
    void this.ask(to, change, dice.between(500, 4_000));
  }

  /** May its disk be lost? Also while somebody makes itself a voter. */
  canLose(member: ClusterNode): boolean {
    return this.survives([...this.unsure, ...this.joining()], this.keyOf(member));
  }

  /** Whoever is up and no voter may be one soon. */
  private joining(): Change[] {
    if (!this.cluster.plan.autoJoin) return [];
    return this.controllers.map((each) => ({ kind: "add", voter: this.keyOf(each) }));
  }

  /** All who are there are made voters, or become such by themselves, and nobody else stays one. */
  async settle(): Promise<void> {
    const { world, plan } = this.cluster;
    while (!plan.autoJoin && !this.isSettled) {
      const leader = this.leader();
      const present = leader === undefined ? [] : votersKnownTo(leader);
      const lost = present.find((key) => !this.isThere(key));
      const missing = this.controllers.map((each) => this.keyOf(each)).find((key) => !has(present, key));
      if (leader !== undefined && lost !== undefined) await this.ask(leader, { kind: "remove", voter: lost }, 5_000);
      else if (leader !== undefined && missing !== undefined) {
        await this.ask(leader, { kind: "add", voter: missing }, 5_000);
      }
      await world.sleep(AGAIN_MS);
    }
  }

  /** Every controller is a voter, and they all know it. */
  get isSettled(): boolean {
    const wanted = this.controllers.map((member) => this.keyOf(member));
    return this.controllers.every((member) => {
      const known = votersKnownTo(member);
      return known.length === wanted.length && wanted.every((key) => has(known, key));
    });
  }

  private get controllers(): readonly ClusterNode[] {
    return this.cluster.members.filter(({ plan }) => isVoter(plan));
  }

  private leader(): ClusterNode | undefined {
    return this.controllers.find(
      ({ plan, node }) => node.current?.life.acts && node.current.broker?.services.quorum().leaderId === plan.id,
    );
  }

  private keyOf({ plan: { id } }: ClusterNode): ReplicaKey {
    return { id, directoryId: this.cluster.directoryOf(id) };
  }

  private isThere(key: ReplicaKey): boolean {
    return this.cluster.directoryOf(key.id) === key.directoryId;
  }

  private async ask({ plan, node }: ClusterNode, change: Change, timeoutMs: number): Promise<void> {
    const { world, counts } = this.cluster;
    const { kind, voter } = change;
    world.note(`the operator asks ${plan.id} to ${kind} voter ${voter.id} ${voter.directoryId}`);
    this.busy = true;
    this.unsure.push(change);
    const channel = this.channelTo(node.host);
    const common = { clusterId: CLUSTER_ID, voterId: voter.id, voterDirectoryId: voter.directoryId };
    const host = this.controllers.find((each) => each.plan.id === voter.id)?.node.host ?? "";
    const listeners = [{ name: "CONTROLLER", host, port: PORT + 1 }];
    try {
      const { errorCode } = await (kind === "add"
        ? channel.send(AddRaftVoter, { ...common, timeoutMs, listeners, ackWhenCommitted: true }, null, { timeoutMs })
        : channel.send(RemoveRaftVoter, common, null, { timeoutMs }));
      world.note(`it answers ${errorCode}`);
      if (errorCode === code("NONE")) counts.adminChanges++;
      const mayHappen = errorCode === code("REQUEST_TIMED_OUT") || errorCode === code("NOT_LEADER_OR_FOLLOWER");
      if (!mayHappen) this.unsure.splice(this.unsure.indexOf(change), 1);
    } catch {
      world.note("it does not answer");
    } finally {
      channel.close();
      this.busy = false;
    }
  }

  private channelTo(host: string): Channel {
    const { world, network, members } = this.cluster;
    const random = world.dice(`operator of the quorum ${world.nowMs}`);
    const { wall } = (members[0] as ClusterNode).node;
    return new Channel({
      net: network.door(this.life, HOST),
      clock: new SimClock(world, this.life, wall, random),
      random,
      address: { host, port: PORT + 1 },
      clientId: "operator",
    });
  }

  private survives(changes: readonly Change[], lost: ReplicaKey | null): boolean {
    return this.setsInPlay().every((voters) =>
      outcomes(voters, changes).every((each) => {
        const there = each.filter((key) => this.isThere(key) && (lost === null || !isSame(key, lost)));
        return each.length > 0 && there.length > each.length / 2;
      }),
    );
  }

  /** Of each disk the latest set, which may not be committed, and the one that was in force before it. */
  private setsInPlay(): Keys[] {
    return this.controllers.flatMap(({ node }) => votersOnDisk(node.disk, METADATA_LOG).slice(-2));
  }
}

function votersKnownTo({ node }: ClusterNode): Keys {
  return node.current?.broker?.services.quorum().voters ?? [];
}

/** Each of the changes may happen or not. */
function outcomes(voters: Keys, [first, ...others]: readonly Change[]): Keys[] {
  if (first === undefined) return [voters];
  const { kind, voter } = first;
  const without = voters.filter((each) => !isSame(each, voter));
  const changed = kind === "remove" ? without : voters.some(({ id }) => id === voter.id) ? voters : [...voters, voter];
  // The last voter cannot be taken out.
  return [...outcomes(voters, others), ...(changed.length === 0 ? [] : outcomes(changed, others))];
}

/**
 * Media that change what was synced: a bit or a sector of one replica is not as it was written when its node starts
 * again. Others in sync have all of it. Nobody may be served what is wrong, nor copy it; and the repair that
 * docs/damage.md names makes the replica whole: its directory and the mark of a clean stop are deleted while the node
 * is down, and it fetches everything anew.
 */
import { CLEAN_SHUTDOWN_FILE } from "../../../storage/clean-shutdown.ts";
import { Damage } from "../damage.ts";
import type { Dice } from "../dice.ts";
import { type Cluster, type ClusterNode, isBroker } from "./cluster.ts";

/** Until all are up and in sync, it strikes a little later. */
const TRIES = 50;
const TRY_AGAIN_MS = 50;
const AGAIN_MS = 200;
const REPAIR_MEAN_MS = 2_000;

export class DamagedReplicas {
  private readonly cluster: Cluster;
  private readonly isSpare: (member: ClusterNode) => boolean;
  private readonly begunAnew: (member: ClusterNode) => void;
  /** Node → the directory of a partition that is damaged on it. */
  private readonly damaged = new Map<ClusterNode, string>();

  /** `isSpare`: the others have all that the node has, and it may end; `begunAnew`: they alone have some of it now. */
  constructor(cluster: Cluster, isSpare: (member: ClusterNode) => boolean, begunAnew: (member: ClusterNode) => void) {
    this.cluster = cluster;
    this.isSpare = isSpare;
    this.begunAnew = begunAnew;
  }

  /** What a node holds is not to be relied on. */
  has(member: ClusterNode): boolean {
    return this.damaged.has(member);
  }

  get any(): boolean {
    return this.damaged.size > 0;
  }

  /** One at a time: of each batch at most one copy is destroyed. */
  strike(dice: Dice, tries = TRIES): void {
    const { cluster } = this;
    const { members, world, healed } = cluster;
    if (this.any || healed) return;
    const member = dice.shuffled(members).find((each) => isBroker(each.plan) && this.isSpare(each));
    if (member === undefined) {
      if (tries > 1) world.at(TRY_AGAIN_MS, () => this.strike(dice, tries - 1));
      return;
    }
    member.operator.whileDown(() => {
      if (this.any || cluster.healed || !this.isSpare(member)) return;
      const damage = new Damage(cluster.world, member.node.disk, cluster.directoriesOf(member.plan));
      const directory = dice.chance(0.5) ? damage.flipRecord(dice) : damage.zeroSector(dice);
      if (directory === null) return;
      cluster.counts.replicasDamaged++;
      this.damaged.set(member, directory);
      cluster.observer?.holdings.lost(member.plan.id);
      cluster.world.at(dice.exponential(REPAIR_MEAN_MS), () => this.repair(member));
    });
  }

  /** Once the others have everything. */
  private repair(member: ClusterNode): void {
    const { world } = this.cluster;
    const directory = this.damaged.get(member);
    if (directory === undefined) return;
    const again = (): void => {
      world.at(AGAIN_MS, () => this.repair(member));
    };
    if (!this.isSpare(member)) {
      again();
      return;
    }
    member.operator.whileDown(() => {
      if (!this.isSpare(member)) {
        again();
        return;
      }
      const { disk } = member.node;
      world.note(`the operator deletes ${directory} of node ${member.plan.id}`);
      if (disk.info(directory) !== null) disk.erase(directory);
      for (const root of this.cluster.directoriesOf(member.plan)) {
        if (disk.info(`${root}/${CLEAN_SHUTDOWN_FILE}`) !== null) disk.erase(`${root}/${CLEAN_SHUTDOWN_FILE}`);
      }
      this.damaged.delete(member);
      this.cluster.observer?.replicasLost(member.plan.id);
      this.begunAnew(member);
    });
  }
}

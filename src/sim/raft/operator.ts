/** Adds, removes and moves voters, as an operator with `kafka-metadata-quorum` does, and sends what must be refused. */
import { AddRaftVoter } from "../../../protocol/generated/add-raft-voter.ts";
import { RemoveRaftVoter } from "../../../protocol/generated/remove-raft-voter.ts";
import { UpdateRaftVoter } from "../../../protocol/generated/update-raft-voter.ts";
import type { Message } from "../../../protocol/message.ts";
import type { RaftNetwork } from "../../raft/driver/host.ts";
import type { ReplicaKey, VoterSet } from "../../raft/state.ts";
import type { Dice } from "../dice.ts";
import { Life } from "../world.ts";
import type { VoterChange } from "./plan.ts";
import type { Quorum } from "./quorum.ts";
import type { Replica } from "./replica.ts";
import { has, isSame } from "./voter-checks.ts";

export class Operator {
  private readonly quorum: Quorum;
  private readonly network: RaftNetwork;
  /** Nothing falls any more. */
  healed = false;

  constructor(quorum: Quorum) {
    this.quorum = quorum;
    this.network = quorum.messages.door({ id: 0 }, new Life("operator"));
  }

  strike(kind: VoterChange, dice: Dice): void {
    if (kind === "moveVoter") this.move(dice);
    else if (kind === "mistakenUpdate") this.mistake(dice);
    else {
      const { leader } = this.quorum;
      if (kind === "addVoter") this.add(dice);
      else if (leader !== null && dice.chance(0.2)) this.removeAlone(leader, dice);
      else this.remove(dice);
      if (leader !== null && dice.chance(0.25)) this.fallAt(leader, dice.between(1, 12), dice);
    }
  }

  /** A leader that cannot tell anybody is to remove itself, and ends before it could. */
  private removeAlone(leader: Replica, dice: Dice): void {
    const { quorum } = this;
    quorum.isolate(leader);
    this.removeVoter(leader, leader);
    quorum.world.at(dice.exponential(100), () => {
      if (this.healed) return;
      quorum.crash(leader, dice.chance(0.3));
      quorum.connect();
    });
  }

  /** Who changes the voters ends in the middle of that, at times with its disk. */
  private fallAt(leader: Replica, messages: number, dice: Dice): void {
    const { quorum } = this;
    if (this.healed) return;
    const since = quorum.messages.count;
    if (messages > 0) quorum.world.at(0.2, () => this.fallAt(leader, messages + since - quorum.messages.count, dice));
    else if (dice.chance(0.3)) quorum.wipe(leader);
    else quorum.crash(leader, dice.chance(0.3));
  }

  private add(dice: Dice): void {
    const { replicas } = this.quorum;
    const others = replicas.filter((replica) => !has(this.voters, replica));
    const replica = dice.pick(others.length > 0 && dice.chance(0.95) ? others : replicas);
    this.addVoter(this.someone(dice), replica, dice.chance(0.5));
  }

  addVoter(to: Replica, { id, directoryId, endpoint }: Replica, ackWhenCommitted: boolean): void {
    const voter = { voterId: id, voterDirectoryId: directoryId, listeners: [endpoint] };
    this.ask(to, AddRaftVoter, { clusterId: "cluster", timeoutMs: 1_000, ackWhenCommitted, ...voter });
  }

  /** Rather one whose disk is lost, or the leader. */
  private remove(dice: Dice): void {
    const { quorum, voters } = this;
    const lost = voters.filter((voter) => !isSame(voter, quorum.replica(voter.id)));
    const leading = voters.filter(({ id }) => id === quorum.leader?.id);
    const wanted =
      lost.length > 0 && dice.chance(0.7) ? lost : leading.length > 0 && dice.chance(0.3) ? leading : voters;
    this.removeVoter(this.someone(dice), dice.pick(wanted));
  }

  removeVoter(to: Replica, { id, directoryId }: ReplicaKey): void {
    this.ask(to, RemoveRaftVoter, { clusterId: "cluster", voterId: id, voterDirectoryId: directoryId });
  }

  private move(dice: Dice): void {
    const { quorum } = this;
    const replica = dice.pick(quorum.replicas);
    if (!quorum.guard.canLose(replica, true)) return;
    quorum.crash(replica, false);
    replica.move();
  }

  /** Of a directory that the node has not, or of a node that is no voter. */
  private mistake(dice: Dice): void {
    const { quorum, voters } = this;
    const replica = dice.pick(quorum.replicas);
    const isKnown = has(voters, replica);
    this.ask(quorum.leader ?? replica, UpdateRaftVoter, {
      ...{ clusterId: "cluster", currentLeaderEpoch: quorum.leader?.epoch ?? 0, listeners: [replica.endpoint] },
      ...{ voterId: replica.id, voterDirectoryId: isKnown ? replica.otherDirectoryId : replica.directoryId },
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    });
  }

  /** As the leader knows them. */
  private get voters(): VoterSet {
    const { quorum } = this;
    return quorum.leader?.current?.driver?.describe().voters ?? quorum.checks.voters.latest.voters;
  }

  private someone(dice: Dice): Replica {
    const { leader, replicas } = this.quorum;
    return leader !== null && dice.chance(0.9) ? leader : dice.pick(replicas);
  }

  private ask<Request, Response>(
    { id, endpoint }: Replica,
    message: Message<Request, Response>,
    request: Request,
  ): void {
    this.quorum.world.note(`operator asks ${id}: ${message.name} ${JSON.stringify(request)}`);
    this.network.ask(endpoint, message, request).then(
      () => {},
      () => {}, // nobody is there, or no answer came
    );
  }
}

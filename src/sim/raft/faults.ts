/** What goes wrong in a quorum, when, and how: one independent stream of events per kind of fault in the plan. */
import type { Dice } from "../dice.ts";
import { Operator } from "./operator.ts";
import { type RaftFault, raftFaults, type VoterChange, voterChanges } from "./plan.ts";
import type { Quorum } from "./quorum.ts";
import type { Replica } from "./replica.ts";

export class RaftFaults {
  private readonly quorum: Quorum;
  private healed = false;
  private stalledUntilMs = 0;
  private readonly operator: Operator;

  constructor(quorum: Quorum) {
    this.quorum = quorum;
    this.operator = new Operator(quorum);
    const dice = quorum.world.dice("raft stalls");
    for (const { disk } of quorum.replicas) {
      disk.faults = {
        failure: () => null,
        stallMs: () => (quorum.world.nowMs < this.stalledUntilMs ? dice.exponential(150) : 0),
      };
    }
  }

  start(): void {
    const { world, plan } = this.quorum;
    for (const kind of [...raftFaults, ...voterChanges]) {
      const everyMs = plan.faults.get(kind);
      if (everyMs !== undefined) this.next(kind, world.dice(`raft fault ${kind}`), everyMs);
    }
  }

  heal(): void {
    const { quorum } = this;
    this.healed = true;
    this.operator.healed = true;
    this.stalledUntilMs = 0;
    quorum.connect();
    quorum.messages.lossRate = 0;
    quorum.messages.doubleRate = 0;
    quorum.messages.delayMeanMs = Math.min(quorum.plan.delayMeanMs, 1);
    for (const replica of quorum.replicas) {
      const { current } = replica;
      if (current === null) {
        quorum.start(replica);
        continue;
      }
      current.door.operationsLeft = Infinity;
      current.door.syncsLeft = Infinity;
      if (current.life.paused) quorum.world.resume(current.life);
    }
  }

  private next(kind: RaftFault, dice: Dice, everyMs: number): void {
    this.quorum.world.at(20 + dice.exponential(everyMs), () => {
      if (this.healed) return;
      this.strike(kind, dice);
      this.next(kind, dice, everyMs);
    });
  }

  private strike(kind: RaftFault, dice: Dice): void {
    const { quorum } = this;
    const replica = dice.pick(quorum.replicas);
    const forMs = dice.pick([50, 300, 1_000, 2_500]) * dice.unit();
    if (kind === "processCrash") quorum.crash(replica, false);
    else if (kind === "powerCut") quorum.crash(replica, true);
    else if (kind === "powerCutInTurn" && replica.current) replica.current.door.operationsLeft = dice.below(30);
    else if (kind === "powerCutInSync" && replica.current) replica.current.door.syncsLeft = dice.below(6);
    else if (kind === "powerCutOfAll") for (const each of quorum.replicas) quorum.crash(each, true);
    else if (kind === "cleanStop") replica.stop();
    else if (kind === "pause") this.pause(replica, forMs);
    else if (kind === "wallJump") replica.wall.offsetMs += (dice.unit() - 0.5) * dice.pick([2_000, 7_200_000]);
    else if (kind === "syncStall") this.stalledUntilMs = quorum.world.nowMs + forMs;
    else if (kind === "snapshot") replica.current?.snapshot();
    else if (kind === "wipe") quorum.wipe(replica);
    else if (isChange(kind)) this.operator.strike(kind, dice);
    else this.strikeMessages(kind, replica, forMs, dice);
  }

  private strikeMessages(kind: RaftFault, replica: Replica, forMs: number, dice: Dice): void {
    const { quorum } = this;
    const { messages, world, replicas } = quorum;
    if (kind === "isolate") quorum.isolate(replica);
    if (kind === "isolateOneWay") quorum.isolate(replica, dice.pick(["in", "out"] as const));
    if (kind === "isolateLeader") this.isolateLeaderAt(messages.count + dice.below(30));
    if (kind === "split") {
      const shuffled = dice.shuffled(replicas);
      const at = dice.below(shuffled.length + 1);
      quorum.separate(shuffled.slice(0, at), shuffled.slice(at));
    }
    if (kind === "loss") messages.lossRate = dice.unit() * 0.3;
    if (kind === "double") messages.doubleRate = dice.unit() * 0.3;
    if (kind === "slow") messages.delayMeanMs = dice.pick([20, 100]);
    world.at(forMs, () => {
      if (this.healed) return;
      if (kind === "loss") messages.lossRate = 0;
      else if (kind === "double") messages.doubleRate = 0;
      else if (kind === "slow") messages.delayMeanMs = quorum.plan.delayMeanMs;
      else quorum.connect();
    });
  }

  private isolateLeaderAt(count: number): void {
    const { quorum } = this;
    if (this.healed) return;
    if (quorum.messages.count < count) {
      quorum.world.at(1, () => this.isolateLeaderAt(count));
      return;
    }
    const { leader } = quorum;
    if (leader !== null) quorum.isolate(leader);
  }

  private pause(replica: Replica, forMs: number): void {
    const { world } = this.quorum;
    const life = replica.current?.life;
    if (life === undefined || life.paused) return;
    world.note(`${life.name} is paused`);
    world.pause(life);
    world.at(forMs, () => {
      if (life.paused) world.resume(life);
    });
  }
}

const isChange = (kind: RaftFault): kind is VoterChange => (voterChanges as readonly string[]).includes(kind);

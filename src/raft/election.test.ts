import { expect, test } from "bun:test";
import { assert } from "../../base/assert.ts";
import { Prng } from "../../base/prng.ts";
import { restore, step } from "./core.ts";
import type { Effect, Election, LogEnd, RaftEvent, RaftMessage, RaftState, ReplicaKey, Voter } from "./state.ts";

const directory = (id: number): string => `directory-of-node-${id}-..`;
const key = (id: number): ReplicaKey => ({ id, directoryId: directory(id) });
const voter = (id: number): Voter => ({ ...key(id), endpoints: [], kraftVersions: [0, 1] });

/** A replica whose effects are performed one at a time, so that a crash may come between any two. */
class Replica {
  state: RaftState;
  election: Election | null = null;
  /** What a crash keeps: what was appended and synced. */
  durable: LogEnd = { offset: 0, epoch: 0, durableOffset: 0 };
  pending: Effect[] = [];
  private readonly id: number;
  private readonly voters: Voter[];

  constructor(id: number, voters: number[]) {
    this.id = id;
    this.voters = voters.map(voter);
    this.state = this.restored();
  }

  private restored(): RaftState {
    return restore({
      self: key(this.id),
      endpoints: [],
      election: this.election,
      log: this.durable,
      voters: [{ offset: -1, value: this.voters }],
      kraftVersion: [{ offset: -1, value: 0 }],
    });
  }

  handle(event: RaftEvent): void {
    const next = step(this.state, event);
    this.state = next.state;
    this.pending.push(...next.effects);
  }

  crash(): void {
    this.pending = [];
    this.state = this.restored();
    this.handle({ type: "started" });
  }
}

class World {
  readonly random: Prng;
  readonly replicas: Map<number, Replica>;
  readonly wire: { readonly to: number; readonly message: RaftMessage }[] = [];
  /** By epoch: whom its leader's first effect made known. */
  readonly leaders = new Map<number, number>();
  /** By voter and epoch: for whom the vote was promised to another replica. */
  readonly votes = new Map<string, number>();

  constructor(seed: number, size: number) {
    this.random = new Prng(seed);
    const ids = Array.from({ length: size }, (_, n) => n + 1);
    this.replicas = new Map(ids.map((id) => [id, new Replica(id, ids)]));
    for (const replica of this.replicas.values()) replica.handle({ type: "started" });
  }

  step(): void {
    const ids = [...this.replicas.keys()];
    const replica = this.replicas.get(ids[this.random.below(ids.length)] as number) as Replica;
    const dice = this.random.below(100);
    if (dice < 50) this.perform(replica);
    else if (dice < 96) this.deliver();
    else if (dice < 99) replica.handle({ type: "electionTimeout" });
    else replica.crash();
  }

  private perform(replica: Replica): void {
    const effect = replica.pending.shift();
    const { id } = replica.state.self;
    switch (effect?.do) {
      case "persistElection":
        replica.election = effect.election;
        break;
      case "append": {
        const count = "control" in effect.entries ? effect.entries.control.length : effect.entries.records.length;
        const offset = effect.baseOffset + count;
        replica.durable = { offset, epoch: effect.epoch, durableOffset: offset };
        break;
      }
      case "leaderChanged":
        if (effect.leaderId === id) this.elected(effect.epoch, id);
        break;
      case "send":
        this.send(id, effect.to.id, effect.message);
        break;
    }
  }

  private elected(epoch: number, id: number): void {
    assert((this.leaders.get(epoch) ?? id) === id, `epoch ${epoch} has two leaders`);
    this.leaders.set(epoch, id);
  }

  private send(from: number, to: number, message: RaftMessage): void {
    if (message.type === "voteReply" && message.granted && !message.preVote) {
      const vote = `${from} in epoch ${message.epoch}`;
      assert((this.votes.get(vote) ?? to) === to, `${vote} voted twice`);
      this.votes.set(vote, to);
    }
    this.wire.push({ to, message });
  }

  /** Any message, now, never, or again later. */
  private deliver(): void {
    if (this.wire.length === 0) return;
    const at = this.random.below(this.wire.length);
    const { to, message } = this.wire[at] as (typeof this.wire)[number];
    const dice = this.random.below(10);
    if (dice > 0) this.wire.splice(at, 1);
    if (dice < 8) this.replicas.get(to)?.handle(message);
  }
}

test.each([1, 2, 3, 5])(
  "no epoch has two leaders and nobody votes twice, whatever is lost, late, doubled or cut off: %d voters",
  (size) => {
    let elections = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const world = new World(seed, size);
      for (let n = 0; n < 4_000; n++) world.step();
      elections += world.leaders.size;
    }
    expect(elections).toBeGreaterThan(50);
  },
);

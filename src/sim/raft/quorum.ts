/** The replicas of one quorum, the messages between them, and what can be done to them. */
import type { AddRaftVoterRequest } from "../../../protocol/generated/add-raft-voter.ts";
import type { FetchRequest } from "../../../protocol/generated/fetch.ts";
import type { RemoveRaftVoterRequest } from "../../../protocol/generated/remove-raft-voter.ts";
import type { World } from "../world.ts";
import { RaftChecks } from "./checks.ts";
import { Messages, NAMED } from "./messages.ts";
import type { RaftPlan } from "./plan.ts";
import { nodeAt, Replica, type ReplicaEvents, type Run } from "./replica.ts";
import { votersOfPlan } from "./voter-checks.ts";
import { VoterGuard } from "./voter-guard.ts";

const utf8 = new TextEncoder();

const voterRequests: ReadonlySet<string> = new Set(["AddRaftVoter", "RemoveRaftVoter", "UpdateRaftVoter"]);

/** What the three have in common. */
type VoterRequest = RemoveRaftVoterRequest & Partial<Pick<AddRaftVoterRequest, "listeners">>;

export interface RaftCounts {
  starts: number;
  crashes: number;
  powerCuts: number;
  elections: number;
  messages: number;
  appended: number;
  committed: number;
  snapshotsLoaded: number;
  voterChanges: number;
}

export class Quorum {
  readonly world: World;
  readonly plan: RaftPlan;
  readonly replicas: readonly Replica[];
  readonly messages: Messages;
  readonly checks: RaftChecks;
  readonly guard: VoterGuard;
  readonly counts: RaftCounts = {
    ...{
      starts: 0,
      crashes: 0,
      powerCuts: 0,
      elections: 0,
      messages: 0,
      appended: 0,
      committed: 0,
      snapshotsLoaded: 0,
      voterChanges: 0,
    },
  };
  /** Hears of every leader, once in its epoch. */
  onElected: (replica: Replica) => void = () => {};
  /** Who ends is started again, after a while. */
  restarts = true;
  private readonly dice;
  private values = 0;

  constructor(world: World, plan: RaftPlan) {
    this.world = world;
    this.plan = plan;
    this.dice = world.dice("quorum");
    this.checks = new RaftChecks(world, plan);
    this.messages = new Messages(world, plan.delayMeanMs, ({ port }) => this.replica(nodeAt(port)), {
      arrived: (to, name, request) => this.arrived(to, name, request),
      answered: (to, name, request, response) => {
        if (name === "Vote") this.checks.voted(to, request as never, response as never);
      },
      delivered: ({ id }) => {
        if (id > 0) world.afterThis(() => this.observe(this.replica(id)));
      },
    });
    const events: ReplicaEvents = {
      applied: (replica, batch, state) => this.checks.applied(replica, batch, state),
      wroteSnapshot: (replica) => void this.checks.voters.look(replica),
      loaded: () => {
        this.counts.snapshotsLoaded++;
      },
      started: (replica) => {
        this.counts.starts++;
        world.afterThis(() => this.observe(replica));
      },
      ended: (replica, power) => this.ended(replica, power),
    };
    const ids = Array.from({ length: plan.voters + plan.observers }, (_, n) => n + 1);
    this.replicas = ids.map((id) => new Replica(world, plan, id, events));
    for (const replica of this.replicas) replica.format(replica.id <= plan.voters ? votersOfPlan(plan) : []);
    this.guard = new VoterGuard(this.replicas, this.checks.voters);
  }

  replica(id: number): Replica {
    return this.replicas[id - 1] as Replica;
  }

  /** The one of the latest epoch. */
  get leader(): Replica | null {
    const leaders = this.replicas.filter(({ current }) => current?.leads === true);
    return leaders.sort((a, b) => b.epoch - a.epoch)[0] ?? null;
  }

  start(replica: Replica): void {
    const { plan } = this;
    const voters = votersOfPlan(plan);
    const bootstrap = (plan.kraftVersion === 0 ? voters : this.replicas).map(({ id }) => ({ host: NAMED, port: id }));
    replica.start(this.messages, plan.kraftVersion === 0 ? voters : [], bootstrap);
  }

  observe(replica: Replica): void {
    this.checks.observe(replica, this.onElected);
  }

  /** A request that would leave no majority that can be reached is lost on its way. */
  private arrived(to: Replica, name: string, request: unknown): Promise<unknown> | null {
    const current = to.current as Run;
    if (name === "Fetch") this.checks.voters.fetched(request as FetchRequest);
    if (!voterRequests.has(name)) return current.answer(name, request);
    const { voterId: id, voterDirectoryId: directoryId, listeners = [] } = request as VoterRequest;
    const endpoints = listeners.map(({ name, host, port }) => ({ name, host, port }));
    const voter = { id, directoryId, endpoints, kraftVersions: [0, 1] as const };
    const change =
      name === "UpdateRaftVoter" ? null : ({ kind: name === "AddRaftVoter" ? "add" : "remove", voter } as const);
    const isLost = change === null ? endpoints[0]?.port !== this.replica(id).port : !this.guard.permits(change);
    if (isLost) return null;
    const since = this.checks.voters.committed.length;
    const done = this.guard.begin(current.life, change);
    return current.answer(name, request).then((response) => {
      done();
      const { errorCode } = response as { errorCode: number };
      if (errorCode === 0) this.counts.voterChanges++;
      if (current.life.acts && change !== null) this.checks.voters.acknowledged(name, request, { errorCode }, since);
      return response;
    });
  }

  /** Each of those that think they lead gets a batch. */
  append(): void {
    for (const replica of this.replicas) this.appendTo(replica);
  }

  appendTo(replica: Replica): void {
    const { current } = replica;
    if (current?.driver == null || !current.leads || current.life.paused || !current.life.acts) return;
    const { plan, dice } = this;
    const records = Array.from({ length: dice.between(1, 3) }, () => {
      return utf8.encode(`${++this.values} ${"x".repeat(dice.below(plan.recordBytesMax))}`);
    });
    try {
      current.driver.append(current.driver.leader.epoch, records);
      this.counts.appended++;
    } catch {
      // it has heard of another epoch, and its effects are still to come; or its host is gone
    }
    this.observe(replica);
  }

  crash(replica: Replica, power: boolean): void {
    replica.end(power);
  }

  /** Another disk takes the place of its own, where what is left can go on. */
  wipe(replica: Replica): void {
    if (this.guard.canLose(replica)) replica.wipe();
  }

  /** Nothing passes between the two groups, or in one direction only. */
  separate(some: readonly Replica[], others: readonly Replica[], ways: "both" | "in" | "out" = "both"): void {
    for (const one of some) {
      for (const other of others) {
        if (ways !== "out") this.messages.cut.add(`${other.id} ${one.id}`);
        if (ways !== "in") this.messages.cut.add(`${one.id} ${other.id}`);
      }
    }
  }

  isolate(replica: Replica, ways: "both" | "in" | "out" = "both"): void {
    this.world.note(`isolate ${replica.id} ${ways}`);
    this.separate(
      [replica],
      this.replicas.filter((other) => other !== replica),
      ways,
    );
  }

  connect(): void {
    this.messages.cut.clear();
  }

  private ended(replica: Replica, power: boolean): void {
    this.checks.logMatching(replica);
    this.checks.voters.look(replica);
    this.counts.crashes++;
    if (power) this.counts.powerCuts++;
    if (!this.restarts) return;
    this.world.at(10 + this.dice.exponential(300), () => this.start(replica));
  }
}

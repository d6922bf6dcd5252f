/** A member of a classic group: joins, is given partitions, reads, commits, leaves, and tries what is forbidden. */
import { FindCoordinator } from "../../protocol/generated/find-coordinator.ts";
import { Heartbeat } from "../../protocol/generated/heartbeat.ts";
import { JoinGroup, type JoinGroupResponse } from "../../protocol/generated/join-group.ts";
import { LeaveGroup } from "../../protocol/generated/leave-group.ts";
import { OffsetCommit } from "../../protocol/generated/offset-commit.ts";
import { OffsetFetch } from "../../protocol/generated/offset-fetch.ts";
import { SyncGroup } from "../../protocol/generated/sync-group.ts";
import type { Dice } from "./dice.ts";
import { askOffset, EARLIEST, fetchFrom } from "./fetching.ts";
import type { GroupModel } from "./group-model.ts";
import type { LiveTopic, Scenario } from "./scenario.ts";
import type { WireClient } from "./wire.ts";

const ANSWER_MS = 15_000;
const utf8 = new TextEncoder();
const noUtf8 = new TextDecoder();

interface Plan {
  readonly round: string;
  /** How many members the generation has. */
  readonly members: number;
  readonly partitions: readonly string[];
}

/** The group does not go on as it was: join again. */
class Rejoin extends Error {
  override readonly name = "Rejoin";
}

export class SimMember {
  /** In a generation, with an assignment. */
  isStable = false;
  generation = -1;
  /** How many members the generation has. */
  generationSize = 0;
  /** It has ended without a word and does not come back. */
  isGone = false;
  private readonly scenario: Scenario;
  private readonly model: GroupModel;
  private readonly name: string;
  private readonly dice: Dice;
  private client: WireClient;
  /** Another connection of the same process. */
  private second: WireClient | null = null;
  private memberId = "";
  /** The generation that it belongs to, as far as it knows. */
  private joined: (JoinGroupResponse & { readonly era: number }) | null = null;
  private positions = new Map<string, number>();
  private run = 0;
  private rounds = 0;

  constructor(scenario: Scenario, model: GroupModel, name: string) {
    this.scenario = scenario;
    this.model = model;
    this.name = name;
    this.dice = scenario.world.dice(name);
    this.client = scenario.client(name);
  }

  start(): void {
    void this.live(this.run);
  }

  crash(): void {
    if (this.isGone) return;
    this.run++;
    this.isStable = false;
    const silently = this.dice.chance(0.5);
    for (const client of [this.client, this.second]) {
      if (client === null) continue;
      client.life.alive = false;
      this.scenario.network.ended(client.life, silently);
    }
    this.memberId = "";
    this.joined = null;
    this.second = null;
    this.isGone = this.dice.chance(0.25);
    if (this.isGone) return;
    this.client = this.scenario.client(this.name);
    this.start();
  }

  private async live(run: number): Promise<void> {
    while (run === this.run && !this.scenario.windingDown) {
      this.isStable = false;
      await this.client.sleep(this.dice.between(20, 400));
      try {
        await this.find();
        await this.belong();
      } catch (failure) {
        if (failure instanceof TypeError) throw failure;
        // Who only lost the connection goes on where it was; some begin anew.
        if (failure instanceof Rejoin || this.dice.chance(0.3)) this.joined = null;
      }
    }
  }

  private async find(): Promise<void> {
    const request = { key: this.model.name, keyType: 0, coordinatorKeys: [] };
    const reply = await this.client.call(FindCoordinator, 3, request, ANSWER_MS);
    if (reply.errorCode !== 0) throw new Rejoin(this.scenario.error(reply.errorCode, "FindCoordinator"));
  }

  private async belong(): Promise<void> {
    const { era } = this.scenario;
    if (this.joined?.era !== era) this.joined = { ...(await this.join()), era };
    const { joined } = this;
    if (joined.leader === joined.memberId && this.dice.chance(0.2)) void this.syncOnce(joined);
    const plan = await this.sync(joined, this.client);
    if (era !== this.scenario.era) return;
    this.generation = joined.generationId;
    this.generationSize = plan.members;
    this.model.assigned(joined.generationId, joined.memberId, plan.round, plan.partitions);
    this.scenario.counts.rebalances++;
    await this.fetchPositions(plan.partitions);
    this.isStable = true;
    while (!this.scenario.windingDown) {
      await this.client.sleep(this.dice.between(50, 800));
      if (this.dice.chance(0.02) && !this.scenario.healed) return this.leave();
      await this.beat();
      for (const partition of plan.partitions) await this.read(partition);
      if (this.dice.chance(0.5)) await this.commit(plan.partitions, this.generation);
      if (this.dice.chance(0.05)) await this.commitAsStranger(plan.partitions);
      if (this.dice.chance(0.1)) await this.fetchPositions(plan.partitions);
    }
  }

  private async join(): Promise<JoinGroupResponse> {
    const completedBefore = this.model.completed;
    const coordinator = this.scenario.coordinatorOf(this.model.name);
    const { era } = this.scenario;
    const request = {
      ...{ groupId: this.model.name, sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 8_000, memberId: this.memberId },
      ...{ groupInstanceId: null, protocolType: "consumer", reason: null },
      protocols: [{ name: "range", metadata: utf8.encode("{}") }],
    };
    for (;;) {
      const reply = await this.client.call(JoinGroup, 5, { ...request, memberId: this.memberId }, ANSWER_MS);
      const error = this.scenario.error(reply.errorCode, "JoinGroup");
      this.scenario.world.note(`${this.name} joins: ${error} ${reply.generationId} led by ${reply.leader}`);
      if (error === "MEMBER_ID_REQUIRED") {
        this.memberId = reply.memberId;
        continue;
      }
      if (error === "NONE") {
        this.memberId = reply.memberId;
        if (era === this.scenario.era && this.isLatest(coordinator))
          this.model.joined(reply.generationId, completedBefore);
        return reply;
      }
      this.refused(error);
    }
  }

  private isLatest(coordinator: string): boolean {
    return this.scenario.isLatest(this.client, coordinator, this.scenario.coordinatorOf(this.model.name));
  }

  /** A leader whose connection seems to be lost assigns again on another, differently; both requests may arrive. */
  private async syncOnce(joined: JoinGroupResponse & { readonly era: number }): Promise<void> {
    this.second ??= this.scenario.client(`${this.name} again`);
    try {
      const { round, partitions } = await this.sync(joined, this.second);
      if (joined.era === this.scenario.era) {
        this.model.assigned(joined.generationId, joined.memberId, round, partitions);
      }
    } catch (failure) {
      if (failure instanceof TypeError) throw failure;
    }
  }

  private async sync(joined: JoinGroupResponse, client: WireClient): Promise<Plan> {
    const isLeader = joined.leader === joined.memberId;
    const reply = await client.call(
      SyncGroup,
      3,
      {
        ...{ groupId: this.model.name, generationId: joined.generationId, memberId: joined.memberId },
        ...{ groupInstanceId: null, protocolType: null, protocolName: null },
        assignments: isLeader ? this.assignments(joined) : [],
      },
      ANSWER_MS,
    );
    const error = this.scenario.error(reply.errorCode, "SyncGroup");
    if (error !== "NONE") this.refused(error);
    const text = noUtf8.decode(reply.assignment);
    this.scenario.world.note(`${this.name} is assigned ${text} in ${joined.generationId}`);
    return text === "" ? { round: "", members: 0, partitions: [] } : (JSON.parse(text) as Plan);
  }

  private assignments({ members }: JoinGroupResponse) {
    const round = `${this.name} ${this.run} ${++this.rounds}`;
    const partitions = [...this.scenario.topics.values()].flatMap((topic) => {
      return topic.partitions.map((_, index) => `${topic.name} ${index}`);
    });
    return members.map(({ memberId }, n) => {
      const own = partitions.filter((_, at) => at % members.length === n);
      const plan: Plan = { round, members: members.length, partitions: own };
      return { memberId, assignment: utf8.encode(JSON.stringify(plan)) };
    });
  }

  private async beat(): Promise<void> {
    const { memberId, generation } = this;
    const request = { groupId: this.model.name, generationId: generation, memberId, groupInstanceId: null };
    const reply = await this.client.call(Heartbeat, 3, request, ANSWER_MS);
    const error = this.scenario.error(reply.errorCode, "Heartbeat");
    if (error !== "NONE") this.refused(error);
  }

  private async leave(): Promise<void> {
    const members = [{ memberId: this.memberId, groupInstanceId: null, reason: null }];
    await this.client.call(LeaveGroup, 4, { groupId: this.model.name, memberId: "", members }, ANSWER_MS);
    this.memberId = "";
    this.joined = null;
  }

  private async fetchPositions(partitions: readonly string[]): Promise<void> {
    if (partitions.length === 0) return;
    const { era } = this.scenario;
    const beganMs = this.scenario.world.nowMs;
    const topics = byTopic(partitions).map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
    const coordinator = this.scenario.coordinatorOf(this.model.name);
    const request = { groupId: this.model.name, topics, groups: [], requireStable: this.dice.chance(0.5) };
    const reply = await this.client.call(OffsetFetch, 7, request, ANSWER_MS);
    if (era !== this.scenario.era) throw new Rejoin("the disk was lost");
    if (reply.errorCode !== 0) this.refused(this.scenario.error(reply.errorCode, "OffsetFetch"));
    const isLatest = this.isLatest(coordinator);
    for (const topic of reply.topics) {
      for (const { partitionIndex, committedOffset, metadata, errorCode } of topic.partitions) {
        if (errorCode !== 0) continue;
        const key = `${topic.name} ${partitionIndex}`;
        this.model.fetched(key, metadata ?? "", committedOffset, isLatest ? beganMs : -1);
        if (committedOffset >= 0) this.positions.set(key, committedOffset);
      }
    }
  }

  private async read(partition: string): Promise<void> {
    const { scenario, client, dice } = this;
    const [topic, index] = this.place(partition);
    if (topic === undefined) return;
    const position = this.positions.get(partition) ?? (await askOffset(scenario, client, dice, topic, index, EARLIEST));
    if (position === null) return;
    const limits = { maxWaitMs: dice.pick([0, 50]), minBytes: 1, maxBytes: 20_000 };
    const { error, nextOffset } = await fetchFrom(scenario, client, dice, topic, index, position, limits);
    if (error === "OFFSET_OUT_OF_RANGE") this.positions.delete(partition);
    else this.positions.set(partition, nextOffset);
  }

  private async commit(partitions: readonly string[], generation: number): Promise<void> {
    const chosen = partitions.filter((partition) => this.positions.has(partition));
    if (chosen.length === 0) return;
    const { era } = this.scenario;
    const commits = new Map(
      chosen.map((key) => [key, this.model.commitBegins(key, this.positions.get(key) as number)] as const),
    );
    const topics = byTopic(chosen).map(([name, indexes]) => ({
      name,
      topicId: "AAAAAAAAAAAAAAAAAAAAAA",
      partitions: indexes.map((partitionIndex) => {
        const { offset, id } = commits.get(`${name} ${partitionIndex}`) as { offset: number; id: string };
        return { partitionIndex, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: id };
      }),
    }));
    const { memberId } = this;
    const identity = {
      groupId: this.model.name,
      generationIdOrMemberEpoch: generation,
      memberId,
      groupInstanceId: null,
    };
    const stale = generation < this.model.completed;
    const request = { ...identity, retentionTimeMs: -1, topics };
    const reply = await this.client.call(OffsetCommit, 8, request, ANSWER_MS).catch((failure: unknown) => {
      for (const commit of commits.values()) this.model.commitEnds(commit, "unknown");
      throw failure;
    });
    if (era !== this.scenario.era) throw new Rejoin("the disk was lost");
    let refusal = "NONE";
    for (const topic of reply.topics) {
      for (const { partitionIndex, errorCode } of topic.partitions) {
        const commit = commits.get(`${topic.name} ${partitionIndex}`);
        const error = this.scenario.error(errorCode, "OffsetCommit");
        if (commit === undefined) continue;
        this.model.commitEnds(commit, error === "NONE" ? "acknowledged" : certain.has(error) ? "refused" : "unknown");
        if (error !== "NONE") refusal = error;
        else if (stale) this.acceptedStale(generation);
        else this.scenario.counts.commits++;
      }
    }
    if (refusal !== "NONE" && generation === this.generation) this.refused(refusal);
  }

  /** As one who slept through a rebalance would: an older generation, or somebody else's name. */
  private commitAsStranger(partitions: readonly string[]): Promise<void> {
    return this.commit(partitions, this.generation - 1);
  }

  private acceptedStale(generation: number): void {
    const detail = `${this.model.name}: generation ${generation}, complete is ${this.model.completed}`;
    this.scenario.world.fail("G3 a commit of an old generation is refused", detail);
  }

  private refused(error: string): never {
    if (error === "UNKNOWN_MEMBER_ID" || error === "FENCED_INSTANCE_ID") this.memberId = "";
    throw new Rejoin(error);
  }

  private place(partition: string): [topic: LiveTopic | undefined, index: number] {
    const [name, index] = partition.split(" ") as [string, string];
    return [this.scenario.topics.get(name), Number(index)];
  }
}

/** Said before anything is written. */
const certain: ReadonlySet<string> = new Set(["ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS"]);

function byTopic(partitions: readonly string[]): [name: string, indexes: number[]][] {
  const topics = new Map<string, number[]>();
  for (const partition of partitions) {
    const [name, index] = partition.split(" ") as [string, string];
    topics.set(name, [...(topics.get(name) ?? []), Number(index)]);
  }
  return [...topics];
}

/** A group coordinator on a log in memory and a clock that the test moves, for tests. */
import { Prng } from "../../../base/prng.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { ZERO_UUID } from "../../../base/uuid.ts";
import { Writer } from "../../../protocol/bytes/writer.ts";
import { type ErrorName, errorName } from "../../../protocol/errors.ts";
import type { JoinGroupRequest, JoinGroupResponse } from "../../../protocol/generated/join-group.ts";
import type { LeaveGroupResponse } from "../../../protocol/generated/leave-group.ts";
import type { OffsetCommitRequest, OffsetCommitResponse } from "../../../protocol/generated/offset-commit.ts";
import type { OffsetFetchResponseGroup } from "../../../protocol/generated/offset-fetch.ts";
import type { SyncGroupRequest, SyncGroupResponse } from "../../../protocol/generated/sync-group.ts";
import { readRecords } from "../../../protocol/records/cursor.ts";
import { MemoryLog, MemoryLogger } from "../../coordinator/testing/memory-log.ts";
import { ClassicGroupCoordinator } from "../coordinator.ts";
import { type GroupRecord, readRecord } from "../records.ts";
import type { GroupSettings } from "../settings.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const settings = (): Mutable<GroupSettings> => ({
  sessionTimeoutMinMs: 6000,
  sessionTimeoutMaxMs: 1_800_000,
  membersMax: 2 ** 31 - 1,
  initialRebalanceDelayMs: 3000,
  metadataLengthMax: 4096,
  offsetsRetentionMs: 7 * 24 * 3600 * 1000,
  offsetsCheckIntervalMs: 600_000,
  commitTimeoutMs: 5000,
  loadBytes: 5_242_880,
  topicPartitions: 1,
  topicCodecId: 0,
});

const caller = (apiVersion: number) => ({ apiVersion, clientId: "client", clientHost: "10.0.0.1" });

/** A subscription of the consumer protocol, version 0. */
export function subscription(...topics: string[]): Uint8Array {
  const to = new Writer();
  to.int16(0);
  to.arrayLength(topics.length);
  for (const topic of topics) to.string(topic);
  to.nullableBytes(null);
  return to.finishBytes();
}

export class GroupWorld {
  readonly settings = settings();
  readonly clock = new FakeClock();
  readonly log = new MemoryLog();
  readonly logger = new MemoryLogger();
  readonly random: Prng;
  groups: ClassicGroupCoordinator;
  private epoch = 0;

  constructor(seed = 1) {
    this.random = new Prng(seed);
    this.groups = this.start();
  }

  /** A new coordinator over the same log, loaded. */
  async restart(): Promise<void> {
    this.groups.close();
    this.groups = this.start();
    await this.load();
  }

  async load(): Promise<void> {
    this.groups.onElection(0, this.epoch++);
    for (let i = 0; i < 50; i++) {
      await Promise.resolve();
      this.clock.advance(0);
    }
  }

  /** Ends the turn, commits what it wrote, and lets replies arrive. */
  async turn(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      this.clock.endTurn();
      this.log.commit();
      for (let j = 0; j < 10; j++) await Promise.resolve();
    }
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.turn();
  }

  /** Everything in the log that is a record of a group. */
  records(): GroupRecord[] {
    return this.log
      .batchesOf()
      .flatMap((bytes) => readRecords(bytes))
      .map(({ key, value }) => readRecord(key as Uint8Array, value));
  }

  // Requests, with defaults

  join(member: Partial<JoinGroupRequest> = {}, apiVersion = 9): Promise<JoinGroupResponse> {
    const request = {
      groupId: "g",
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      memberId: "",
      groupInstanceId: null,
      protocolType: "consumer",
      protocols: [{ name: "range", metadata: subscription("t") }],
      reason: null,
      ...member,
    };
    return Promise.resolve(this.groups.joinGroup(request, caller(apiVersion)));
  }

  sync(request: Partial<SyncGroupRequest>): Promise<SyncGroupResponse> {
    const whole = {
      groupId: "g",
      generationId: 1,
      memberId: "",
      groupInstanceId: null,
      protocolType: "consumer",
      protocolName: "range",
      assignments: [],
      ...request,
    };
    return Promise.resolve(this.groups.syncGroup(whole, caller(5)));
  }

  async heartbeat(memberId: string, generationId = 1, groupInstanceId: string | null = null): Promise<ErrorName> {
    const request = { groupId: "g", generationId, memberId, groupInstanceId };
    return errorName((await this.groups.heartbeat(request, caller(4))).errorCode);
  }

  leave(...members: { memberId?: string; groupInstanceId?: string | null }[]): Promise<LeaveGroupResponse> {
    const identities = members.map((member) => ({ memberId: "", groupInstanceId: null, reason: null, ...member }));
    return Promise.resolve(this.groups.leaveGroup({ groupId: "g", memberId: "", members: identities }, caller(5)));
  }

  commit(
    offsets: Record<string, number>,
    request: Partial<OffsetCommitRequest> = {},
    apiVersion = 9,
  ): Promise<OffsetCommitResponse> {
    const topics = Object.entries(offsets).map(([name, committedOffset]) => ({
      name,
      topicId: topicIdOf(name),
      partitions: [{ partitionIndex: 0, committedOffset, committedLeaderEpoch: 5, committedMetadata: "m" }],
    }));
    const whole = {
      groupId: "g",
      generationIdOrMemberEpoch: -1,
      memberId: "",
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics,
      ...request,
    };
    return Promise.resolve(this.groups.commitOffsets(whole, caller(apiVersion)));
  }

  /** Offsets by topic, of partition 0. */
  async fetch(topics: string[] | null = null, groupId = "g", requireStable = false): Promise<Record<string, number>> {
    const fetched = await this.fetchGroup(topics, groupId, requireStable);
    return Object.fromEntries(
      fetched.topics.map(({ name, partitions }) => [name, partitions[0]?.committedOffset ?? -2]),
    );
  }

  fetchGroup(topics: string[] | null, groupId = "g", requireStable = false): Promise<OffsetFetchResponseGroup> {
    const asked = topics?.map((name) => ({ name, topicId: ZERO_UUID, partitionIndexes: [0] })) ?? null;
    const group = { groupId, memberId: null, memberEpoch: -1, topics: asked };
    return Promise.resolve(this.groups.fetchOffsets(group, requireStable, caller(9)));
  }

  describe(groupId = "g", apiVersion = 6) {
    const described = this.groups.describeGroups([groupId], caller(apiVersion));
    return described[0]!;
  }

  // A group that is there

  /** A dynamic member's id, as KIP-394 hands it out. */
  async memberId(member: Partial<JoinGroupRequest> = {}): Promise<string> {
    const asked = this.join(member);
    await this.turn();
    return (await asked).memberId;
  }

  /** A stable group of so many dynamic members; the first one leads and assigned "part <i>". */
  async stable(count: number, member: Partial<JoinGroupRequest> = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) ids.push(await this.memberId(member));
    const joins = ids.map((memberId) => this.join({ ...member, memberId }));
    await this.pass(this.settings.initialRebalanceDelayMs);
    await this.pass(this.settings.initialRebalanceDelayMs);
    const [first] = await Promise.all(joins);
    const { leader, generationId } = first as JoinGroupResponse;
    await this.assign(ids, generationId, leader);
    return [leader, ...ids.filter((id) => id !== leader)];
  }

  async assign(ids: readonly string[], generationId: number, leader = ids[0] as string): Promise<void> {
    const assignments = ids.map((memberId, i) => ({ memberId, assignment: new TextEncoder().encode(`part ${i}`) }));
    const { protocolType } = this.describe();
    const syncs = ids.map((memberId) =>
      this.sync({ memberId, generationId, protocolType, assignments: memberId === leader ? assignments : [] }),
    );
    await this.turn();
    for (const synced of await Promise.all(syncs)) if (synced.errorCode !== 0) throw new Error("no assignment");
  }

  private start(): ClassicGroupCoordinator {
    const { clock, log, logger, random } = this;
    const groups = new ClassicGroupCoordinator({ settings: this.settings, writer: log, clock, logger, random });
    groups.onOffsetsTopic(1);
    return groups;
  }
}

/** A UUID that depends on the name alone. */
export const topicIdOf = (name: string): string => `${name}AAAAAAAAAAAAAAAAAAAAAA`.slice(0, 21).concat("A");

export async function groupWorld(): Promise<GroupWorld> {
  const world = new GroupWorld();
  await world.load();
  return world;
}

/** "PENDING" where the answer has not come. */
export async function now<T extends { errorCode: number }>(answer: Promise<T>): Promise<ErrorName | "PENDING"> {
  let error: ErrorName | "PENDING" = "PENDING";
  void answer.then(({ errorCode }) => {
    error = errorName(errorCode);
  });
  for (let i = 0; i < 5; i++) await Promise.resolve();
  return error;
}

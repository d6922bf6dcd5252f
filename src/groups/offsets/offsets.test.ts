import { beforeEach, describe, expect, test } from "bun:test";
import { ZERO_UUID } from "../../../base/uuid.ts";
import { errorName } from "../../../protocol/errors.ts";
import type { OffsetCommitRequest, OffsetCommitResponse } from "../../../protocol/generated/offset-commit.ts";
import { buildBatch, buildControlBatch } from "../../../protocol/records/builder.ts";
import { groupTombstone, offsetCommitRecord } from "../records.ts";
import { type GroupWorld, groupWorld, subscription, topicIdOf } from "../testing/world.ts";

let world: GroupWorld;
beforeEach(async () => {
  world = await groupWorld();
});

const errorsOf = (response: OffsetCommitResponse) =>
  response.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorName(errorCode)));
const day = 24 * 3600 * 1000;

async function committed(
  offsets: Record<string, number>,
  request: Partial<OffsetCommitRequest> = {},
  apiVersion = 9,
): Promise<string[]> {
  const answer = world.commit(offsets, request, apiVersion);
  await world.turn();
  return errorsOf(await answer);
}

describe("OffsetCommit", () => {
  test("without a group makes one that only commits", async () => {
    expect(await committed({ t: 5, u: 6 })).toEqual(["NONE", "NONE"]);
    expect(await world.fetch()).toEqual({ t: 5, u: 6 });
    expect(world.describe()).toMatchObject({ groupState: "Empty", protocolType: "" });
  });

  test("is seen once it is committed, by those who need stable offsets too", async () => {
    const answer = world.commit({ t: 5 });
    world.clock.endTurn();
    const stable = world.fetch(["t"], "g", true);
    expect(await world.fetch(["t"])).toEqual({ t: -1 });
    await world.turn();
    expect(errorsOf(await answer)).toEqual(["NONE"]);
    expect([await stable, await world.fetch(["t"])]).toEqual([{ t: 5 }, { t: 5 }]);
  });

  test("that cannot be stored changes nothing", async () => {
    await committed({ t: 5 });
    world.log.failure = "NOT_ENOUGH_REPLICAS";
    expect(await committed({ t: 6 })).toEqual(["COORDINATOR_NOT_AVAILABLE"]);
    world.log.failure = null;
    expect(await world.fetch(["t"], "g", true)).toEqual({ t: 5 });
  });

  test.each<[string, string, number, Partial<OffsetCommitRequest>, string]>([
    ["a generation of a group that is not there", "none", 9, { generationIdOrMemberEpoch: 1 }, "GROUP_ID_NOT_FOUND"],
    ["the same before v9", "none", 8, { generationIdOrMemberEpoch: 1 }, "ILLEGAL_GENERATION"],
    ["nobody in particular while there are members", "stable", 9, {}, "UNKNOWN_MEMBER_ID"],
    ["an unknown member", "stable", 9, { generationIdOrMemberEpoch: 1, memberId: "x" }, "UNKNOWN_MEMBER_ID"],
    ["an unknown instance", "stable", 9, { groupInstanceId: "i" }, "UNKNOWN_MEMBER_ID"],
    ["a member of another generation", "stable", 9, { generationIdOrMemberEpoch: 2 }, "ILLEGAL_GENERATION"],
    ["a member without its generation", "stable", 9, { generationIdOrMemberEpoch: -1 }, "ILLEGAL_GENERATION"],
    ["a member", "stable", 9, { generationIdOrMemberEpoch: 1 }, "NONE"],
    ["a member that waits for its assignment", "syncing", 9, { generationIdOrMemberEpoch: 1 }, "REBALANCE_IN_PROGRESS"],
    ["a member that is asked to rejoin", "joining", 9, { generationIdOrMemberEpoch: 1 }, "NONE"],
  ])("of %s", async (name, state, apiVersion, request, error) => {
    let memberId = "";
    if (state === "syncing") {
      memberId = await world.memberId();
      void world.join({ memberId });
      await world.pass(3000);
    } else if (state !== "none") {
      [memberId = ""] = await world.stable(1);
      if (state === "joining") void world.join({}, 3);
    }
    const asMember = name.startsWith("a member") ? { memberId } : {};
    expect(await committed({ t: 5 }, { ...asMember, ...request }, apiVersion)).toEqual([error]);
  });

  test("keeps the session of its member", async () => {
    const [memberId] = (await world.stable(1)) as [string];
    for (let i = 0; i < 3; i++) {
      await world.pass(8000);
      expect(await committed({ t: i }, { memberId, generationIdOrMemberEpoch: 1 })).toEqual(["NONE"]);
    }
    expect(world.describe().members).toHaveLength(1);
  });

  test("with metadata that is too long refuses that partition alone", async () => {
    world.settings.metadataLengthMax = 3;
    const partition = { partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1 };
    const topic = (name: string, committedMetadata: string | null) => ({
      name,
      topicId: ZERO_UUID,
      partitions: [{ ...partition, committedMetadata }],
    });
    const topics = [topic("long", "four"), topic("fits", "thr"), topic("none", null)];
    expect(await committed({}, { topics })).toEqual(["OFFSET_METADATA_TOO_LARGE", "NONE", "NONE"]);
    expect(await world.fetch()).toEqual({ fits: 1, none: 1 });
  });

  test("writes the record's version 4, with a retention time version 1", async () => {
    await committed({ t: 5 });
    await committed({ t: 6 }, { retentionTimeMs: 1000 }, 4);
    const nowMs = world.clock.nowMs();
    const value = {
      leaderEpoch: 5,
      metadata: "m",
      commitTimestamp: nowMs,
      expireTimestamp: -1,
      topicId: topicIdOf("t"),
    };
    const key = { group: "g", topic: "t", partition: 0 };
    expect(world.records()).toEqual([
      { type: "offset", key, value: { ...value, offset: 5 } },
      {
        type: "offset",
        key,
        value: { ...value, offset: 6, leaderEpoch: -1, expireTimestamp: nowMs + 1000, topicId: ZERO_UUID },
      },
    ]);
  });
});

describe("OffsetFetch", () => {
  test("of nothing committed is -1, of an unknown group too", async () => {
    await committed({ t: 5 });
    expect(await world.fetch(["t", "u"])).toEqual({ t: 5, u: -1 });
    expect(await world.fetch(["t"], "other")).toEqual({ t: -1 });
    expect(await world.fetch(null, "other")).toEqual({});
  });

  test("tells epoch and metadata", async () => {
    await committed({ t: 5 });
    const [topic] = (await world.fetchGroup(["t"])).topics;
    expect(topic?.partitions).toEqual([
      { partitionIndex: 0, committedOffset: 5, committedLeaderEpoch: 5, metadata: "m", errorCode: 0 },
    ]);
  });

  test("of another topic of the same name is -1", async () => {
    await committed({ t: 5 });
    const ask = async (topicId: string) => {
      const topics = [{ name: "t", topicId, partitionIndexes: [0] }];
      const group = { groupId: "g", memberId: null, memberEpoch: -1, topics };
      const answer = await world.groups.fetchOffsets(group, false, { apiVersion: 10, clientId: "", clientHost: "" });
      return answer.topics[0]?.partitions[0]?.committedOffset;
    };
    expect([await ask(topicIdOf("t")), await ask(topicIdOf("other")), await ask(ZERO_UUID)]).toEqual([5, -1, 5]);
  });
});

describe("offsets that go", () => {
  test("by OffsetDelete, where no member subscribes to the topic", async () => {
    const [memberId] = (await world.stable(1)) as [string];
    await committed({ t: 1, u: 2 }, { memberId, generationIdOrMemberEpoch: 1 });
    const topics = ["t", "u", "v"].map((name) => ({ name, partitions: [{ partitionIndex: 0 }] }));
    const answer = Promise.resolve(world.groups.deleteOffsets({ groupId: "g", topics }));
    await world.turn();
    const deleted = await answer;
    expect(deleted.topics.map(({ partitions }) => errorName(partitions[0]!.errorCode))).toEqual([
      "GROUP_SUBSCRIBED_TO_TOPIC",
      "NONE",
      "NONE",
    ]);
    expect(await world.fetch()).toEqual({ t: 1 });
  });

  test.each([
    ["an empty group id", "", "INVALID_GROUP_ID"],
    ["a group that is not there", "other", "GROUP_ID_NOT_FOUND"],
    ["a group of other members than consumers", "g", "NON_EMPTY_GROUP"],
  ])("not by OffsetDelete of %s", async (_, groupId, error) => {
    await world.stable(1, { protocolType: "connect" });
    const { errorCode } = await world.groups.deleteOffsets({ groupId, topics: [] });
    expect(errorName(errorCode)).toBe(error as never);
  });

  test("with their group, by DeleteGroups, and not while it has members", async () => {
    await committed({ t: 1, u: 2 });
    const [memberId] = (await world.stable(1, { groupId: "busy" }).catch(() => [""])) as [string];
    expect(memberId).toBeDefined();
    const answer = world.groups.deleteGroups(["g", "none"]);
    await world.turn();
    expect(await answer).toEqual([
      { groupId: "g", errorCode: 0 },
      { groupId: "none", errorCode: 69 },
    ]);
    expect(await world.fetch()).toEqual({});
    expect(world.describe().groupState).toBe("Dead");
    await world.restart();
    expect(world.describe().groupState).toBe("Dead");
  });

  test("not by DeleteGroups of a group with members", async () => {
    await world.stable(1);
    expect(await world.groups.deleteGroups(["g"])).toEqual([{ groupId: "g", errorCode: 68 }]);
  });

  test("with their topic, unless they are of another topic of that name", async () => {
    await committed({ t: 1, u: 2, v: 3 });
    world.groups.onTopicsDeleted([
      { id: topicIdOf("t"), name: "t" },
      { id: topicIdOf("another"), name: "u" },
    ]);
    await world.turn();
    expect(await world.fetch()).toEqual({ u: 2, v: 3 });
  });

  test("after the retention time since the commit, with the group that only commits", async () => {
    world.settings.offsetsRetentionMs = day;
    await committed({ t: 1 });
    await world.pass(day / 2);
    await committed({ u: 2 });
    await world.pass(day / 2);
    expect(await world.fetch()).toEqual({ u: 2 });
    await world.pass(day / 2);
    expect(await world.fetch()).toEqual({});
    expect(world.describe().groupState).toBe("Dead");
    await world.restart();
    expect(world.describe().groupState).toBe("Dead");
  });

  test("after the retention time since the group ran empty", async () => {
    world.settings.offsetsRetentionMs = day;
    const [memberId] = (await world.stable(1, { sessionTimeoutMs: 1_800_000 })) as [string];
    await committed({ t: 1 }, { memberId, generationIdOrMemberEpoch: 1 });
    for (let i = 0; i < 8 * 24; i++) {
      await world.pass(day / 96);
      await world.heartbeat(memberId);
    }
    expect(await world.fetch()).toEqual({ t: 1 });
    void world.leave({ memberId });
    await world.turn();
    await world.pass(day - 1);
    expect(await world.fetch()).toEqual({ t: 1 });
    await world.pass(600_000);
    expect(await world.fetch()).toEqual({});
    expect(world.describe().groupState).toBe("Dead");
  });

  test("in a stable group only of topics that nobody subscribes to any more", async () => {
    world.settings.offsetsRetentionMs = 1000;
    const member = { sessionTimeoutMs: 1_800_000, protocols: [{ name: "range", metadata: subscription("t") }] };
    const [memberId] = (await world.stable(1, member)) as [string];
    await committed({ t: 1, old: 2 }, { memberId, generationIdOrMemberEpoch: 1 });
    await world.pass(600_000);
    expect(await world.fetch()).toEqual({ t: 1 });
  });

  test("at their own time, where the commit had one", async () => {
    await committed({ t: 1 }, { retentionTimeMs: 1000 }, 4);
    await committed({ u: 2 });
    await world.pass(600_000);
    expect(await world.fetch()).toEqual({ u: 2 });
  });
});

describe("loading", () => {
  const offset = (n: number) => ({
    offset: n,
    leaderEpoch: -1,
    metadata: "",
    committedMs: 1,
    expiresMs: null,
    topicId: ZERO_UUID,
    recordOffset: -1,
  });
  const commitOf = (topic: string, n: number) => ({ timestamp: 1, ...offsetCommitRecord("g", topic, 0, offset(n)) });
  const transaction = { producerId: 7, producerEpoch: 0, isTransactional: true };
  const open = (topic: string, n: number) => buildBatch([commitOf(topic, n)], { ...transaction, baseSequence: 0 });
  const end = (type: "COMMIT" | "ABORT") => buildControlBatch(type, new Uint8Array(6), 2, transaction);

  test("offsets of an open transaction are unstable, and visible when it commits", async () => {
    world.log.put(buildBatch([commitOf("t", 1)]));
    world.log.put(open("t", 2));
    await world.restart();
    expect(await world.fetch(["t"])).toEqual({ t: 1 });
    const { topics } = await world.fetchGroup(["t"], "g", true);
    expect(errorName(topics[0]!.partitions[0]!.errorCode)).toBe("UNSTABLE_OFFSET_COMMIT");
    world.log.put(end("COMMIT"));
    await world.restart();
    expect(await world.fetch(["t"], "g", true)).toEqual({ t: 2 });
  });

  test("an aborted transaction leaves nothing, a later commit outside of one wins", async () => {
    for (const batch of [open("t", 1), end("ABORT"), open("u", 2), buildBatch([commitOf("u", 3)]), end("COMMIT")]) {
      world.log.put(batch);
    }
    await world.restart();
    expect(await world.fetch()).toEqual({ u: 3 });
  });

  test("records of other kinds of groups are kept, and named in one line each", async () => {
    const key = (type: number) => Uint8Array.of(0, type, 0, 1, 103);
    const value = Uint8Array.of(0, 0, 0, 0, 0, 0);
    world.log.put(buildBatch([3, 3, 11, 99].map((type) => ({ timestamp: 1, key: key(type), value }))));
    world.log.put(buildBatch([commitOf("t", 1)]));
    await world.restart();
    expect(await world.fetch()).toEqual({ t: 1 });
    const lines = world.logger.lines.filter((line) => line.includes("not served"));
    expect(lines.map((line) => /(\d+) group records of key type (\d+)/.exec(line)?.slice(1).join())).toEqual([
      "2,3",
      "1,11",
      "1,99",
    ]);
  });

  test("a record that does not parse leaves the partition unserved", async () => {
    world.log.put(buildBatch([{ timestamp: 1, key: Uint8Array.of(0, 1, 0, 9), value: Uint8Array.of(0, 4) }]));
    await world.restart();
    expect(errorName((await world.fetchGroup(["t"])).errorCode)).toBe("NOT_COORDINATOR");
  });

  test("Kafka 0.8's commits count too", async () => {
    const { key } = offsetCommitRecord("g", "t", 0, offset(1));
    const legacyKey = key.slice();
    legacyKey[1] = 0;
    const value = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    world.log.put(buildBatch([{ timestamp: 1, key: legacyKey, value }]));
    await world.restart();
    expect(await world.fetch()).toEqual({ t: 42 });
  });

  test("a tombstone of a group leaves its offsets: they have their own", async () => {
    world.log.put(buildBatch([commitOf("t", 1), { timestamp: 1, ...groupTombstone("g") }, commitOf("t", 2)]));
    await world.restart();
    expect(await world.fetch()).toEqual({ t: 2 });
  });
});

describe("ListGroups", () => {
  const list = (statesFilter: string[] = [], typesFilter: string[] = []) =>
    world.groups
      .listGroups({ statesFilter, typesFilter })
      .groups.map(({ groupId }) => groupId)
      .sort();

  test("filters by state and type, without regard to case", async () => {
    await committed({ t: 1 }, { groupId: "simple" });
    await world.stable(1);
    expect(list()).toEqual(["g", "simple"]);
    expect(list(["stable"])).toEqual(["g"]);
    expect(list([" EMPTY ", "Dead"])).toEqual(["simple"]);
    expect(list([], ["Classic"])).toEqual(["g", "simple"]);
    expect(list([], ["consumer"])).toEqual([]);
    expect(list([], ["nonsense"])).toEqual([]);
    expect(world.groups.listGroups({ statesFilter: ["stable"], typesFilter: [] }).groups).toEqual([
      { groupId: "g", protocolType: "consumer", groupState: "Stable", groupType: "classic" },
    ]);
  });
});

describe("DescribeGroups", () => {
  test("of a group that is not there: Dead, from v6 on an error", () => {
    expect(world.describe("none", 5)).toMatchObject({ errorCode: 0, groupState: "Dead", errorMessage: null });
    expect(world.describe("none", 6)).toMatchObject({ errorCode: 69, errorMessage: "Group none not found." });
  });

  test("shows members as they are, their metadata only while the group is stable", async () => {
    const [memberId] = (await world.stable(1)) as [string];
    const assignment = new TextEncoder().encode("part 0");
    expect(world.describe().members).toEqual([
      {
        memberId,
        groupInstanceId: null,
        clientId: "client",
        clientHost: "/10.0.0.1",
        memberMetadata: subscription("t"),
        memberAssignment: assignment,
      },
    ]);
    void world.join({}, 3);
    expect(world.describe().members[0]).toMatchObject({
      memberMetadata: new Uint8Array(0),
      memberAssignment: assignment,
    });
  });
});

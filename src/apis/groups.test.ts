/** The handlers of the group APIs: what they check and translate before and after the coordinator. */
import { beforeEach, describe, expect, test } from "bun:test";
import { ZERO_UUID } from "../../base/uuid.ts";
import { errorName, KafkaError } from "../../protocol/errors.ts";
import type { OffsetCommitRequest } from "../../protocol/generated/offset-commit.ts";
import { type GroupWorld, groupWorld, topicIdOf } from "../groups/testing/world.ts";
import { emptyImage, type MetadataImage, type PartitionRegistration } from "../metadata/image.ts";
import { offsetCommit } from "./08-offset-commit.ts";
import { offsetFetch } from "./09-offset-fetch.ts";
import { findCoordinator } from "./10-find-coordinator.ts";
import { joinGroup } from "./11-join-group.ts";
import { leaveGroup } from "./13-leave-group.ts";
import { syncGroup } from "./14-sync-group.ts";
import { describeGroups } from "./15-describe-groups.ts";
import { deleteGroups } from "./42-delete-groups.ts";
import { offsetDelete } from "./47-offset-delete.ts";
import type { Api, RequestContext } from "./api.ts";
import type { Services } from "./services.ts";

const ledBy = (leader: number): PartitionRegistration => ({
  replicas: [1],
  directories: [],
  isr: [1],
  removingReplicas: [],
  addingReplicas: [],
  elr: [],
  lastKnownElr: [],
  leader,
  leaderRecoveryState: 0,
  leaderEpoch: 0,
  partitionEpoch: 0,
});

function imageWith(topics: Record<string, number>, leader = 1, fenced = false): MetadataImage {
  const empty = emptyImage();
  let { topicsByName, topicsById } = empty;
  for (const [name, partitions] of Object.entries(topics)) {
    const ids = Array.from({ length: partitions }, (_, i) => [i, ledBy(leader)] as const);
    const topic = { name, id: topicIdOf(name), partitions: new Map(ids) };
    topicsByName = topicsByName.with(name, topic);
    topicsById = topicsById.with(topic.id, topic);
  }
  const broker = {
    id: 1,
    epoch: 1,
    incarnationId: ZERO_UUID,
    endpoints: new Map([["PLAINTEXT", { name: "PLAINTEXT", host: "here", port: 9092, securityProtocol: 0 }]]),
    features: new Map(),
    rack: null,
    fenced,
    inControlledShutdown: false,
    isMigratingZkBroker: false,
    directories: [],
    cordonedDirectories: null,
  };
  return { ...empty, topicsByName, topicsById, brokers: new Map([[1, broker]]) };
}

let world: GroupWorld;
let image: MetadataImage;
let created: string[];
let services: Services;
beforeEach(async () => {
  world = await groupWorld();
  image = imageWith({ t: 1, u: 2, __consumer_offsets: 1 });
  created = [];
  services = {
    groups: world.groups,
    image: () => image,
    autoTopics: { create: (name: string) => created.push(name) },
  } as unknown as Services;
});

async function ask<Request, Response>(api: Api<Request, Response>, request: Request, apiVersion: number) {
  const context = { apiVersion, clientId: "client", clientHost: "10.0.0.1", listener: "PLAINTEXT" };
  const answer = Promise.resolve(api.handle(services, request, context as RequestContext));
  await world.turn();
  return (await answer) as Response;
}

describe("OffsetCommit", () => {
  const partition = (partitionIndex: number) => ({
    partitionIndex,
    committedOffset: 7,
    committedLeaderEpoch: -1,
    committedMetadata: null,
  });
  const commit = async (topics: OffsetCommitRequest["topics"], apiVersion: number, more = {}) => {
    const request = {
      groupId: "g",
      generationIdOrMemberEpoch: -1,
      memberId: "",
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics,
      ...more,
    };
    const answer = await ask(offsetCommit, request, apiVersion);
    return answer.topics.map(({ name, topicId, partitions }) => [
      apiVersion >= 10 ? topicId : name,
      Object.fromEntries(partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorName(errorCode)])),
    ]);
  };

  test("refuses topics and partitions that are not there and commits the others", async () => {
    const topics = ["t", "none"].map((name) => ({
      name,
      topicId: ZERO_UUID,
      partitions: [partition(0), partition(1)],
    }));
    expect(await commit(topics, 9)).toEqual([
      ["t", { 1: "UNKNOWN_TOPIC_OR_PARTITION", 0: "NONE" }],
      ["none", { 0: "UNKNOWN_TOPIC_OR_PARTITION", 1: "UNKNOWN_TOPIC_OR_PARTITION" }],
    ]);
    expect(await world.fetch()).toEqual({ t: 7 });
  });

  test("v10 knows topics by id, and stores it", async () => {
    const topics = [topicIdOf("t"), topicIdOf("gone"), ZERO_UUID].map((topicId) => ({
      name: "",
      topicId,
      partitions: [partition(0)],
    }));
    expect(await commit(topics, 10)).toEqual([
      [topicIdOf("gone"), { 0: "UNKNOWN_TOPIC_ID" }],
      [ZERO_UUID, { 0: "UNKNOWN_TOPIC_ID" }],
      [topicIdOf("t"), { 0: "NONE" }],
    ]);
    expect(world.records()).toMatchObject([{ type: "offset", value: { topicId: topicIdOf("t") } }]);
  });

  test("refused as a whole by the coordinator still names every partition", async () => {
    const topics = [{ name: "u", topicId: ZERO_UUID, partitions: [partition(0), partition(1)] }];
    expect(await commit(topics, 9, { generationIdOrMemberEpoch: 3 })).toEqual([
      ["u", { 0: "GROUP_ID_NOT_FOUND", 1: "GROUP_ID_NOT_FOUND" }],
    ]);
  });
});

describe("OffsetFetch", () => {
  const topic = (name: string) => ({ name, topicId: ZERO_UUID, partitionIndexes: [0] });
  beforeEach(async () => {
    const answer = world.commit({ t: 5, deleted: 6 });
    await world.turn();
    await answer;
  });

  test("before v8 is about one group, and its answer is flat", async () => {
    const request = { groupId: "g", topics: [topic("t"), topic("u")], groups: [], requireStable: false };
    const answer = await ask(offsetFetch, request, 7);
    expect(answer.groups).toEqual([]);
    expect(answer.topics.map(({ name, partitions }) => [name, partitions[0]?.committedOffset])).toEqual([
      ["t", 5],
      ["u", -1],
    ]);
    const all = await ask(offsetFetch, { ...request, topics: null }, 2);
    expect(all.topics.map(({ name }) => name).sort()).toEqual(["deleted", "t"]);
  });

  test("v1 has an error for each partition, v2 one for the group", async () => {
    world.groups.onResignation(0, null);
    const request = { groupId: "g", topics: [topic("t")], groups: [], requireStable: false };
    const old = await ask(offsetFetch, request, 1);
    expect([old.errorCode, old.topics[0]?.partitions[0]?.errorCode]).toEqual([0, 16]);
    const newer = await ask(offsetFetch, request, 2);
    expect([newer.errorCode, newer.topics]).toEqual([16, []]);
  });

  test("v10 knows topics by id: those that are gone are refused, or left out of all", async () => {
    const group = (topics: { name: string; topicId: string; partitionIndexes: number[] }[] | null) => ({
      groupId: "g",
      topics: [],
      requireStable: true,
      groups: [{ groupId: "g", memberId: null, memberEpoch: -1, topics }],
    });
    const ids = [topicIdOf("gone"), topicIdOf("t")].map((topicId) => ({ ...topic(""), topicId }));
    const [named] = (await ask(offsetFetch, group(ids), 10)).groups;
    expect(named?.topics.map(({ topicId, partitions: [first] }) => [topicId, first?.committedOffset])).toEqual([
      [topicIdOf("t"), 5],
      [topicIdOf("gone"), -1],
    ]);
    expect(named?.topics[1]?.partitions[0]?.errorCode).toBe(100);
    const [all] = (await ask(offsetFetch, group(null), 10)).groups;
    expect(all?.topics.map(({ topicId }) => topicId)).toEqual([topicIdOf("t")]);
  });
});

describe("FindCoordinator", () => {
  const find = async (keyType: number, key: string, apiVersion: number) => {
    const many = apiVersion >= 4;
    const request = { key: many ? "" : key, keyType, coordinatorKeys: many ? [key] : [] };
    const answer = await ask(findCoordinator, request, apiVersion);
    const [first] = answer.coordinators;
    return first ?? answer;
  };

  test("names the leader of the group's partition", async () => {
    expect(await find(0, "g", 4)).toEqual({
      key: "g",
      nodeId: 1,
      host: "here",
      port: 9092,
      errorCode: 0,
      errorMessage: "",
    });
    expect(await find(0, "g", 1)).toMatchObject({ nodeId: 1, host: "here", errorCode: 0, errorMessage: "NONE" });
    expect(created).toEqual([]);
  });

  test("creates the offsets topic on first use", async () => {
    image = imageWith({});
    expect(await find(0, "g", 4)).toMatchObject({ nodeId: -1, host: "", port: -1, errorCode: 15 });
    expect(created).toEqual(["__consumer_offsets"]);
  });

  test.each([
    ["without a leader", () => imageWith({ __consumer_offsets: 1 }, -1)],
    ["whose leader is fenced", () => imageWith({ __consumer_offsets: 1 }, 1, true)],
  ])("of a partition %s is not available", async (_, made) => {
    image = made();
    expect(await find(0, "g", 4)).toMatchObject({ nodeId: -1, errorCode: 15 });
  });

  test("of a transaction or a share group is refused for good", async () => {
    expect(errorName((await find(1, "t", 4)).errorCode)).toBe("TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
    const key = `g:h:${topicIdOf("t")}:0`;
    expect(errorName((await find(2, key, 5)).errorCode)).toBe("INVALID_REQUEST");
    expect(errorName((await find(2, key, 6)).errorCode)).toBe("UNSUPPORTED_VERSION");
    for (const wrong of ["g", `g:${topicIdOf("t")}`, ` :${topicIdOf("t")}:0`, "g:x:0", `g:${topicIdOf("t")}:x`]) {
      expect(errorName((await find(2, wrong, 6)).errorCode)).toBe("INVALID_REQUEST");
    }
  });

  test("of a type of key that there is not refuses every key", async () => {
    const request = { key: "", keyType: 9, coordinatorKeys: ["a", "b"] };
    expect(() => ask(findCoordinator, request, 4)).toThrow(KafkaError);
    const refused = findCoordinator.refused(request, 42, null, 4);
    expect((refused as { coordinators: unknown[] }).coordinators).toHaveLength(2);
  });
});

describe("versions of the member APIs", () => {
  const member = {
    groupId: "g",
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: -1,
    memberId: "",
    groupInstanceId: null,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: new Uint8Array(0) }],
    reason: null,
  };

  test.each([
    [6, ""],
    [7, null],
  ])("JoinGroup v%d says %p where there is no protocol", async (version, protocolName) => {
    expect((await ask(joinGroup, member, version)).protocolName).toBe(protocolName);
  });

  test("JoinGroup with more than a thousand protocols is refused", async () => {
    const protocols = Array.from({ length: 1001 }, (_, i) => ({ name: `p${i}`, metadata: new Uint8Array(0) }));
    await expect(async () => ask(joinGroup, { ...member, protocols }, 5)).toThrow("protocols are incompatible");
  });

  test("JoinGroup v0 takes the session timeout for the rebalance timeout", async () => {
    const answer = ask(joinGroup, member, 0);
    await world.pass(3000);
    await answer;
    await world.assign([world.describe().members[0]!.memberId], 1);
    const [group] = world
      .records()
      .filter(({ type }) => type === "group")
      .slice(-1);
    expect(group).toMatchObject({ value: { members: [{ rebalanceTimeout: 10_000 }] } });
  });

  test("LeaveGroup before v3 has the error of its one member", async () => {
    await world.stable(1);
    const request = { groupId: "g", memberId: "x", members: [] };
    expect(await ask(leaveGroup, request, 2)).toEqual({ throttleTimeMs: 0, errorCode: 25, members: [] });
  });

  test("SyncGroup v5 must name the protocol", async () => {
    const request = {
      groupId: "g",
      generationId: 1,
      memberId: "x",
      groupInstanceId: null,
      protocolType: null,
      protocolName: "range",
      assignments: [],
    };
    expect(errorName((await ask(syncGroup, request, 5)).errorCode)).toBe("INCONSISTENT_GROUP_PROTOCOL");
    expect(errorName((await ask(syncGroup, request, 4)).errorCode)).toBe("UNKNOWN_MEMBER_ID");
  });
});

describe("administration", () => {
  test("DescribeGroups tells the authorized operations where asked, of groups that are there", async () => {
    await world.stable(1);
    const operations = async (groupId: string, includeAuthorizedOperations: boolean, version: number) => {
      const answer = await ask(describeGroups, { groups: [groupId], includeAuthorizedOperations }, version);
      return answer.groups[0]?.authorizedOperations;
    };
    expect(await operations("g", true, 6)).toBe(3400);
    expect(await operations("g", false, 6)).toBe(-0x8000_0000);
    expect(await operations("none", true, 6)).toBe(-0x8000_0000);
  });

  test("DeleteGroups answers a name given twice once", async () => {
    const answer = await ask(deleteGroups, { groupsNames: ["a", "a"] }, 2);
    expect(answer.results).toEqual([{ groupId: "a", errorCode: 69 }]);
  });

  test("OffsetDelete refuses partitions that are not there beside those it deletes", async () => {
    const committing = world.commit({ t: 5 });
    await world.turn();
    await committing;
    const partitions = [{ partitionIndex: 0 }, { partitionIndex: 4 }];
    const topics = ["t", "none"].map((name) => ({ name, partitions }));
    expect((await ask(offsetDelete, { groupId: "g", topics }, 0)).topics).toEqual([
      {
        name: "t",
        partitions: [
          { partitionIndex: 4, errorCode: 3 },
          { partitionIndex: 0, errorCode: 0 },
        ],
      },
      { name: "none", partitions: partitions.map((each) => ({ ...each, errorCode: 3 })) },
    ]);
    expect(await ask(offsetDelete, { groupId: "none", topics }, 0)).toEqual({
      errorCode: 69,
      throttleTimeMs: 0,
      topics: [],
    });
  });
});

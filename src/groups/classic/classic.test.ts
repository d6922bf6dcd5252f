import { beforeEach, describe, expect, test } from "bun:test";
import { type ErrorName, errorName } from "../../../protocol/errors.ts";
import type { JoinGroupRequest, JoinGroupResponse } from "../../../protocol/generated/join-group.ts";
import { type GroupWorld, groupWorld, now, subscription } from "../testing/world.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
let world: GroupWorld;
beforeEach(async () => {
  world = await groupWorld();
});

describe("JoinGroup", () => {
  test("gives a new member its id first (KIP-394), and a group comes into being", async () => {
    const asked = world.join();
    await world.turn();
    const answer = await asked;
    expect(errorName(answer.errorCode)).toBe("MEMBER_ID_REQUIRED");
    expect(answer.memberId).toMatch(/^client-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(world.describe()).toMatchObject({ groupState: "Empty", members: [], protocolType: "" });
    expect(world.records()).toHaveLength(1);
  });

  test("before v4 takes a new member at once", async () => {
    const joined = world.join({}, 3);
    await world.turn();
    expect(await now(joined)).toBe("PENDING");
    await world.pass(3000);
    expect(await joined).toMatchObject({ errorCode: 0, generationId: 1, protocolName: "range" });
  });

  test.each<[string, Partial<JoinGroupRequest>, string, string]>([
    ["an empty group id", { groupId: "" }, "INVALID_GROUP_ID", ""],
    ["a session timeout below the bounds", { sessionTimeoutMs: 5999 }, "INVALID_SESSION_TIMEOUT", ""],
    ["a session timeout above the bounds", { sessionTimeoutMs: 1_800_001 }, "INVALID_SESSION_TIMEOUT", ""],
    ["a member id in a group that is not there", { memberId: "x" }, "UNKNOWN_MEMBER_ID", "x"],
    ["no protocol", { protocols: [] }, "INCONSISTENT_GROUP_PROTOCOL", ""],
    ["no protocol type", { protocolType: "" }, "INCONSISTENT_GROUP_PROTOCOL", ""],
  ])("refuses %s", async (_, request, error, memberId) => {
    const asked = world.join(request);
    await world.turn();
    const answer = await asked;
    expect([errorName(answer.errorCode), answer.memberId]).toEqual([error, memberId]);
  });

  test.each<[string, Partial<JoinGroupRequest>, string]>([
    ["another protocol type", { protocolType: "connect" }, "INCONSISTENT_GROUP_PROTOCOL"],
    [
      "a protocol that not all support",
      { protocols: [{ name: "x", metadata: subscription() }] },
      "INCONSISTENT_GROUP_PROTOCOL",
    ],
    ["a member id nobody gave", { memberId: "nobody" }, "UNKNOWN_MEMBER_ID"],
    ["an instance id nobody has", { memberId: "nobody", groupInstanceId: "i" }, "UNKNOWN_MEMBER_ID"],
  ])("into a stable group refuses %s", async (_, request, error) => {
    await world.stable(2);
    expect(errorName((await world.join(request)).errorCode)).toBe(error as ErrorName);
  });

  test("of all members makes a generation with one leader, who alone learns of the others", async () => {
    const ids = [await world.memberId(), await world.memberId(), await world.memberId()];
    const joins = ids.map((memberId) => world.join({ memberId }));
    await world.pass(2999);
    expect(await now(joins[0]!)).toBe("PENDING");
    await world.pass(6001);
    const answers = await Promise.all(joins);
    expect(answers.map((a) => [a.generationId, a.leader, a.protocolName, a.protocolType] as unknown[])).toEqual(
      ids.map(() => [1, ids[0]!, "range", "consumer"]),
    );
    expect(answers.map((each) => each.members.map(({ memberId }) => memberId))).toEqual([ids, [], []]);
  });

  test("during the initial delay prolongs it, up to the rebalance timeout", async () => {
    const first = world.join({ rebalanceTimeoutMs: 8000 }, 3);
    for (let i = 0; i < 2; i++) {
      await world.pass(2000);
      void world.join({ rebalanceTimeoutMs: 8000 }, 3);
      await world.pass(1000);
      expect(await now(first)).toBe("PENDING");
    }
    await world.pass(1999); // 3000 + 3000, then what is left of 8000 - 3000
    expect(await now(first)).toBe("PENDING");
    await world.pass(1);
    expect((await first).members).toHaveLength(3);
  });

  test("picks the protocol that most members like best among those that all have", async () => {
    const likes = [
      ["range", "sticky"],
      ["sticky", "range"],
      ["own", "sticky", "range"],
    ];
    const joins = likes.map((names) =>
      world.join({ protocols: names.map((name) => ({ name, metadata: subscription("t") })) }, 3),
    );
    await world.pass(6000);
    expect((await joins[0])?.protocolName).toBe("sticky");
  });

  test("again with the same protocols gives a follower the generation, and the leader a rebalance", async () => {
    const [leader, follower] = (await world.stable(2)) as [string, string];
    expect(await world.join({ memberId: follower })).toMatchObject({ errorCode: 0, generationId: 1, members: [] });
    const rejoined = world.join({ memberId: leader });
    expect(await now(rejoined)).toBe("PENDING");
    expect(world.describe().groupState).toBe("PreparingRebalance");
    expect(await world.heartbeat(follower)).toBe("REBALANCE_IN_PROGRESS");
    const other = world.join({ memberId: follower });
    expect((await Promise.all([rejoined, other])).map((each) => each.generationId)).toEqual([2, 2]);
  });

  test("again with other metadata rebalances", async () => {
    const [, follower] = await world.stable(2);
    const changed = world.join({ memberId: follower!, protocols: [{ name: "range", metadata: subscription("u") }] });
    expect(await now(changed)).toBe("PENDING");
  });

  test("again before the assignment repeats the answer of the generation", async () => {
    const memberId = await world.memberId();
    const joined = world.join({ memberId });
    await world.pass(3000);
    const again = await world.join({ memberId });
    expect(again).toEqual(await joined);
    expect(again.members).toHaveLength(1);
  });

  test("finds a full group full, but not for its members", async () => {
    world.settings.membersMax = 2;
    const [leader] = await world.stable(2);
    expect(errorName((await world.join()).errorCode)).toBe("GROUP_MAX_SIZE_REACHED");
    expect(await now(world.join({ memberId: leader! }))).toBe("PENDING");
  });

  test("of a dynamic member that does not come back in time ends its membership", async () => {
    const [leader, follower] = (await world.stable(2)) as [string, string];
    const rejoined = world.join({ memberId: leader, rebalanceTimeoutMs: 60_000 });
    for (let i = 0; i < 12; i++) {
      await world.pass(5000);
      if (i < 11) expect(await world.heartbeat(follower)).toBe("REBALANCE_IN_PROGRESS");
    }
    expect((await rejoined).members.map(({ memberId }) => memberId)).toEqual([leader]);
    expect(await world.heartbeat(follower, 2)).toBe("UNKNOWN_MEMBER_ID");
  });

  test("makes another member the leader where the old one does not come back", async () => {
    const [, follower] = (await world.stable(2)) as [string, string];
    const changed = world.join({ memberId: follower, protocols: [{ name: "range", metadata: subscription("u") }] });
    await world.pass(10_000); // the leader's session
    expect((await changed).leader).toBe(follower);
  });

  test("whose client gave up does not hold the group back for ever", async () => {
    void world.join({}, 3);
    const alive = world.join({ rebalanceTimeoutMs: 600_000 }, 3);
    await world.pass(6000);
    await alive;
    expect(world.describe().members).toHaveLength(2);
    await world.pass(10_000); // neither heartbeats: both sessions end
    expect(world.describe().members).toHaveLength(0);
  });

  test("whose new group cannot be stored is refused, and there is no group", async () => {
    world.log.failure = "NOT_ENOUGH_REPLICAS";
    const joined = world.join({}, 3);
    await world.turn();
    expect(errorName((await joined).errorCode)).toBe("COORDINATOR_NOT_AVAILABLE");
    expect(world.describe().groupState).toBe("Dead");
  });
});

describe("SyncGroup", () => {
  async function joined(count: number): Promise<{ ids: string[]; answers: JoinGroupResponse[] }> {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) ids.push(await world.memberId());
    const joins = ids.map((memberId) => world.join({ memberId }));
    await world.pass(6000);
    return { ids, answers: await Promise.all(joins) };
  }

  test("waits for the leader's assignment, and that for its commit", async () => {
    const { ids } = await joined(2);
    const follower = world.sync({ memberId: ids[1]! });
    const assignment = new TextEncoder().encode("all");
    const leader = world.sync({ memberId: ids[0]!, assignments: [{ memberId: ids[1]!, assignment }] });
    world.clock.endTurn();
    expect([await now(follower), await now(leader)]).toEqual(["PENDING", "PENDING"]);
    expect(world.describe().groupState).toBe("CompletingRebalance");
    await world.turn();
    expect(text((await follower).assignment)).toBe("all");
    expect((await leader).assignment).toHaveLength(0);
    expect(world.describe()).toMatchObject({ groupState: "Stable", protocolData: "range", protocolType: "consumer" });
  });

  test.each<[string, Parameters<GroupWorld["sync"]>[0], string]>([
    ["an unknown group", { groupId: "other" }, "UNKNOWN_MEMBER_ID"],
    ["an empty group id", { groupId: "" }, "INVALID_GROUP_ID"],
    ["an unknown member", { memberId: "x" }, "UNKNOWN_MEMBER_ID"],
    ["an unknown instance", { groupInstanceId: "x" }, "UNKNOWN_MEMBER_ID"],
    ["another generation", { generationId: 2 }, "ILLEGAL_GENERATION"],
    ["another protocol", { protocolName: "sticky" }, "INCONSISTENT_GROUP_PROTOCOL"],
    ["another protocol type", { protocolType: "connect" }, "INCONSISTENT_GROUP_PROTOCOL"],
  ])("refuses %s", async (_, request, error) => {
    const { ids } = await joined(1);
    expect(await now(world.sync({ memberId: ids[0]!, ...request }))).toBe(error as never);
  });

  test("in a stable group repeats the assignment, in a rebalance asks to join", async () => {
    const [leader, follower] = (await world.stable(2)) as [string, string];
    expect(text((await world.sync({ memberId: follower })).assignment)).toBe("part 1");
    void world.join({ memberId: leader });
    expect(await now(world.sync({ memberId: follower }))).toBe("REBALANCE_IN_PROGRESS");
  });

  test("is answered with a rebalance when a member joins meanwhile", async () => {
    const { ids } = await joined(2);
    const waiting = world.sync({ memberId: ids[1]! });
    void world.join({}, 3);
    expect(await now(waiting)).toBe("REBALANCE_IN_PROGRESS");
  });

  test("that is missing after the rebalance timeout costs the membership", async () => {
    const { ids } = await joined(2);
    const waiting = world.sync({ memberId: ids[0]!, assignments: [] });
    await world.turn();
    expect(await now(waiting)).toBe("NONE");
    for (let i = 0; i < 12; i++) {
      await world.pass(5000);
      await world.heartbeat(ids[0]!);
      await world.heartbeat(ids[1]!);
    }
    expect(world.describe().members.map(({ memberId }) => memberId)).toEqual([ids[0]!]);
    expect(world.describe().groupState).toBe("PreparingRebalance");
  });

  test("whose assignment cannot be stored fails for all, and they join again", async () => {
    const { ids } = await joined(2);
    const follower = world.sync({ memberId: ids[1]! });
    world.log.failure = "NOT_ENOUGH_REPLICAS";
    const leader = world.sync({ memberId: ids[0]!, assignments: [] });
    await world.turn();
    const errors = [await now(follower), await now(leader)];
    expect(errors).toEqual(["COORDINATOR_NOT_AVAILABLE", "COORDINATOR_NOT_AVAILABLE"]);
    expect(world.describe().groupState).toBe("PreparingRebalance");
  });

  test("of a leader that assigns again, while the first assignment is being stored, changes nothing", async () => {
    const { ids } = await joined(1);
    const encode = (round: string) => [{ memberId: ids[0]!, assignment: new TextEncoder().encode(round) }];
    void world.sync({ memberId: ids[0]!, assignments: encode("first") });
    const again = world.sync({ memberId: ids[0]!, assignments: encode("second") });
    const before = world.records().length;
    await world.turn();
    expect(text((await again).assignment)).toBe("first");
    expect(world.records()).toHaveLength(before + 1); // nothing else may come back with the log
  });

  test("whose rebalance was overtaken stores an assignment that nobody gets", async () => {
    const { ids } = await joined(2);
    void world.sync({ memberId: ids[0]!, assignments: [] });
    void world.join({}, 3); // before the record is committed
    await world.turn();
    expect(world.describe().groupState).toBe("PreparingRebalance");
  });
});

describe("an assignment of an overtaken generation", () => {
  test("does not reach the next one, although that waits for its own", async () => {
    const ids = [await world.memberId(), await world.memberId()];
    const joins = ids.map((memberId) => world.join({ memberId }));
    await world.pass(6000);
    await Promise.all(joins);
    void world.sync({ memberId: ids[0]!, assignments: [{ memberId: ids[1]!, assignment: Uint8Array.of(1) }] });
    world.clock.endTurn(); // written, not committed
    const changed = { protocols: [{ name: "range", metadata: subscription("u") }] };
    const rejoins = ids.map((memberId) => world.join({ memberId, ...changed }));
    expect((await Promise.all(rejoins)).map(({ generationId }) => generationId)).toEqual([2, 2]);
    const waiting = world.sync({ memberId: ids[1]!, generationId: 2 });
    await world.turn();
    expect(await now(waiting)).toBe("PENDING");
    expect(world.describe().groupState).toBe("CompletingRebalance");
  });
});

describe("Heartbeat", () => {
  test.each<[string, [string, number, string | null], string]>([
    ["an unknown member", ["x", 1, null], "UNKNOWN_MEMBER_ID"],
    ["an unknown instance", ["x", 1, "i"], "UNKNOWN_MEMBER_ID"],
    ["an unknown member in an old generation", ["x", 0, null], "UNKNOWN_MEMBER_ID"],
  ])("of %s", async (_, [memberId, generation, instance], error) => {
    await world.stable(1);
    expect(await world.heartbeat(memberId, generation, instance)).toBe(error as never);
  });

  test("keeps the session; without it the member is out and the group rebalances", async () => {
    const [leader, follower] = (await world.stable(2)) as [string, string];
    await world.pass(6000);
    expect([await world.heartbeat(leader), await world.heartbeat(follower)]).toEqual(["NONE", "NONE"]);
    await world.pass(9999);
    expect(await world.heartbeat(leader)).toBe("NONE");
    await world.pass(1);
    expect(await world.heartbeat(leader)).toBe("REBALANCE_IN_PROGRESS");
    expect(world.describe().members.map(({ memberId }) => memberId)).toEqual([leader]);
  });

  test("of another generation", async () => {
    const [leader] = await world.stable(1);
    expect(await world.heartbeat(leader!, 2)).toBe("ILLEGAL_GENERATION");
    expect(await world.heartbeat(leader!, 0)).toBe("ILLEGAL_GENERATION");
  });

  test("is believed while the group is being loaded", async () => {
    await world.stable(1);
    world.groups.onResignation(0, 99);
    expect(await world.heartbeat("x")).toBe("NOT_COORDINATOR");
    world.groups.onElection(0, 100);
    expect(await world.heartbeat("x")).toBe("NONE");
    expect(await now(world.sync({ memberId: "x" }))).toBe("COORDINATOR_LOAD_IN_PROGRESS");
  });
});

describe("LeaveGroup", () => {
  test("of a member rebalances those who stay", async () => {
    const [leader, follower] = (await world.stable(2)) as [string, string];
    const left = await world.leave({ memberId: follower });
    expect(left).toMatchObject({ errorCode: 0, members: [{ memberId: follower, errorCode: 0 }] });
    expect(await world.heartbeat(leader)).toBe("REBALANCE_IN_PROGRESS");
  });

  test("of the last member leaves an empty group, which is stored", async () => {
    const [leader] = await world.stable(1);
    const left = world.leave({ memberId: leader! });
    await world.turn();
    expect((await left).errorCode).toBe(0);
    expect(world.describe()).toMatchObject({ groupState: "Empty", members: [], protocolType: "consumer" });
    await world.restart();
    expect(world.describe()).toMatchObject({ groupState: "Empty", members: [], protocolType: "consumer" });
  });

  test("gives each member an error of its own", async () => {
    const pending = await world.memberId();
    const [leader] = await world.stable(1);
    const left = world.leave({ memberId: "x" }, { memberId: pending }, { groupInstanceId: "i" }, { memberId: leader! });
    await world.turn();
    expect((await left).members.map(({ errorCode }) => errorName(errorCode))).toEqual([
      "UNKNOWN_MEMBER_ID",
      "NONE",
      "UNKNOWN_MEMBER_ID",
      "NONE",
    ]);
  });

  test("of a group that is not there is the members' error", async () => {
    expect(await world.leave({ memberId: "x" })).toMatchObject({ errorCode: 0, members: [{ errorCode: 25 }] });
  });

  test("answers the JoinGroup that still waits", async () => {
    const memberId = await world.memberId();
    const joined = world.join({ memberId });
    void world.leave({ memberId });
    expect(await now(joined)).toBe("UNKNOWN_MEMBER_ID");
  });
});

describe("a static member", () => {
  const member = { groupInstanceId: "i", protocols: [{ name: "range", metadata: subscription("t") }] };
  async function stableStatic(): Promise<string> {
    const joined = world.join(member);
    await world.pass(3000);
    const { memberId } = await joined;
    await world.assign([memberId], 1);
    return memberId;
  }

  test("has its id at once, with the instance id in it", async () => {
    expect(await stableStatic()).toStartWith("i-");
  });

  test("that restarts takes its place without a rebalance, and its predecessor is fenced", async () => {
    const before = await stableStatic();
    const back = world.join(member);
    await world.turn();
    const answer = await back;
    expect(answer).toMatchObject({ errorCode: 0, generationId: 1, leader: answer.memberId, skipAssignment: true });
    expect(answer.memberId).not.toBe(before);
    expect(answer.members).toHaveLength(1);
    expect(await world.heartbeat(before, 1, "i")).toBe("FENCED_INSTANCE_ID");
    expect(await world.heartbeat(before)).toBe("UNKNOWN_MEMBER_ID");
    expect(await world.heartbeat(answer.memberId, 1, "i")).toBe("NONE");
    expect(text((await world.sync({ memberId: answer.memberId })).assignment)).toBe("part 0");
    await world.restart();
    expect(world.describe().members).toMatchObject([{ memberId: answer.memberId, groupInstanceId: "i" }]);
  });

  test("before v9 learns that its predecessor leads", async () => {
    const before = await stableStatic();
    const back = world.join(member, 8);
    await world.turn();
    expect(await back).toMatchObject({ errorCode: 0, leader: before, skipAssignment: false, members: [] });
  });

  test("that brings another protocol rebalances", async () => {
    await stableStatic();
    const back = world.join({
      ...member,
      protocols: [{ name: "sticky", metadata: subscription("t") }, ...member.protocols],
    });
    await world.turn();
    expect(await back).toMatchObject({ errorCode: 0, generationId: 2, protocolName: "sticky" });
  });

  test("whose return cannot be stored keeps its old id", async () => {
    const before = await stableStatic();
    world.log.failure = "NOT_ENOUGH_REPLICAS";
    const back = world.join(member);
    await world.turn();
    const answer = await back;
    expect([errorName(answer.errorCode), answer.memberId, answer.leader]).toEqual([
      "COORDINATOR_NOT_AVAILABLE",
      "",
      before,
    ]);
    expect(await world.heartbeat(before, 1, "i")).toBe("NONE");
  });

  test("waits for its predecessor's JoinGroup no longer: that one is fenced", async () => {
    const first = world.join(member);
    const second = world.join(member);
    expect(await now(first)).toBe("FENCED_INSTANCE_ID");
    await world.pass(3000);
    expect(await now(second)).toBe("NONE");
  });

  test("keeps its place through a rebalance until its session ends", async () => {
    const memberId = await stableStatic();
    const other = world.join({ rebalanceTimeoutMs: 60_000 }, 3);
    await world.pass(9000);
    await world.heartbeat(memberId, 1, "i");
    await world.pass(9000);
    expect(await now(other)).toBe("PENDING");
    await world.pass(1000);
    expect((await other).members).toHaveLength(1);
  });

  test("is removed by its instance id alone", async () => {
    await stableStatic();
    const left = world.leave({ groupInstanceId: "i" });
    await world.turn();
    expect((await left).members).toEqual([{ memberId: "", groupInstanceId: "i", errorCode: 0 }]);
    expect(world.describe().members).toEqual([]);
  });
});

describe("a restarted coordinator", () => {
  test("has the stable group again, and its members go on", async () => {
    const [leader, follower] = (await world.stable(2)) as [string, string];
    const before = world.describe();
    await world.restart();
    expect(world.describe()).toEqual(before);
    expect(await world.heartbeat(leader)).toBe("NONE");
    expect(text((await world.sync({ memberId: follower })).assignment)).toBe("part 1");
  });

  test("waits for members for their session timeout", async () => {
    const [leader] = (await world.stable(2)) as [string, string];
    await world.restart();
    await world.pass(9999);
    expect(await world.heartbeat(leader)).toBe("NONE");
    await world.pass(1);
    expect(await world.heartbeat(leader)).toBe("REBALANCE_IN_PROGRESS");
  });

  test("rebalances a group that has become too large", async () => {
    const [leader] = await world.stable(3);
    world.settings.membersMax = 2;
    await world.restart();
    expect(await world.heartbeat(leader!)).toBe("REBALANCE_IN_PROGRESS");
  });

  test("answers what waited before", async () => {
    const memberId = await world.memberId();
    const joined = world.join({ memberId });
    world.groups.onResignation(0, 99);
    expect(await now(joined)).toBe("NOT_COORDINATOR");
  });
});

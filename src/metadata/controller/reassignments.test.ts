import { expect, test } from "bun:test";
import { code, errorName } from "../../../protocol/errors.ts";
import { applyRecords } from "../apply.ts";
import type { PartitionRegistration } from "../image.ts";
import { record } from "../records/record.ts";
import { after, call, clusterImage, controllerState, directoryOf, topic } from "../testing/controller-fixture.ts";
import { alterPartition } from "./alter-partition.ts";
import { alterReassignments } from "./reassignments.ts";
import type { ControllerState } from "./state.ts";
import { createTopics } from "./topics.ts";

const five = controllerState(clusterImage([1, 2, 3, 4, 5].map((id) => ({ id }))));

function withTopic(brokerIds: number[], configs: readonly { name: string; value: string }[] = []): ControllerState {
  const manual = { assignments: [{ partitionIndex: 0, brokerIds }], numPartitions: -1, replicationFactor: -1 };
  const topics = [topic("a", { ...manual, configs: [...configs] })];
  return after(five, createTopics(five, { topics, timeoutMs: 0, validateOnly: false }, call()));
}

const partition = ({ image }: ControllerState): PartitionRegistration =>
  image.topicsByName.get("a")?.partitions.get(0) as PartitionRegistration;

/** The state after it, and its error. */
function move(state: ControllerState, replicas: number[] | null, mayChangeFactor = true) {
  const topics = [{ name: "a", partitions: [{ partitionIndex: 0, replicas }] }];
  const done = alterReassignments(state, { timeoutMs: 0, allowReplicationFactorChange: mayChangeFactor, topics });
  const { errorCode = -1, errorMessage = null } = done.reply.responses[0]?.partitions[0] ?? {};
  return { state: after(state, done), error: errorName(errorCode), message: errorMessage, records: done.records };
}

/** The leader says who is in sync. */
function inSync(state: ControllerState, isr: number[]) {
  const { leader, leaderEpoch, partitionEpoch, leaderRecoveryState } = partition(state);
  const brokerEpoch = (id: number) => state.image.brokers.get(id)?.epoch as number;
  const request = {
    brokerId: leader,
    brokerEpoch: brokerEpoch(leader),
    topics: [
      {
        topicId: state.image.topicsByName.get("a")?.id as string,
        partitions: [
          {
            partitionIndex: 0,
            leaderEpoch,
            partitionEpoch,
            leaderRecoveryState,
            newIsr: [],
            newIsrWithEpochs: isr.map((brokerId) => ({ brokerId, brokerEpoch: brokerEpoch(brokerId) })),
          },
        ],
      },
    ],
  };
  const done = alterPartition(state, request, call(3));
  return { state: after(state, done), errorCode: done.reply.topics[0]?.partitions[0]?.errorCode };
}

test("replicas come first, those that go stay until all are in sync", () => {
  const moving = move(withTopic([1, 2]), [3, 4]);
  expect(moving.error).toBe("NONE");
  expect(partition(moving.state)).toMatchObject({
    replicas: [3, 4, 1, 2],
    addingReplicas: [3, 4],
    removingReplicas: [1, 2],
    isr: [1, 2],
    leader: 1,
    leaderEpoch: 0,
    directories: [3, 4, 1, 2].map((id) => directoryOf(id)),
  });
  const half = inSync(moving.state, [1, 2, 3]);
  expect(partition(half.state)).toMatchObject({ replicas: [3, 4, 1, 2], isr: [1, 2, 3], leader: 1 });
  const whole = inSync(half.state, [1, 2, 3, 4]);
  expect(whole.errorCode).toBe(code("NEW_LEADER_ELECTED"));
  expect(partition(whole.state)).toMatchObject({
    replicas: [3, 4],
    addingReplicas: [],
    removingReplicas: [],
    isr: [3, 4],
    leader: 3,
    leaderEpoch: 1,
    directories: [directoryOf(3), directoryOf(4)],
  });
});

test("a leader that stays hears of the end of the move, with a new leader epoch for those that went", () => {
  const { state } = move(withTopic([1, 2]), [1, 3]);
  const done = inSync(state, [1, 2, 3]);
  expect(done.errorCode).toBe(code("NONE"));
  expect(partition(done.state)).toMatchObject({ replicas: [1, 3], isr: [1, 3], leader: 1, leaderEpoch: 1 });
});

test("another order is there at once, and the leader stays", () => {
  const { state } = move(withTopic([1, 2, 3]), [3, 2, 1]);
  expect(partition(state)).toMatchObject({ replicas: [3, 2, 1], addingReplicas: [], leader: 1, leaderEpoch: 0 });
});

test("fewer replicas are there at once where all that stay are in sync, else when they are", () => {
  expect(partition(move(withTopic([1, 2, 3]), [2, 3]).state)).toMatchObject({
    replicas: [2, 3],
    isr: [2, 3],
    leader: 2,
    leaderEpoch: 1,
  });
  const { state } = inSync(withTopic([1, 2, 3]), [1, 2]);
  const waiting = move(state, [2, 3]);
  expect(partition(waiting.state)).toMatchObject({ replicas: [2, 3, 1], removingReplicas: [1], isr: [1, 2] });
});

test("a cancelled move leaves what was there", () => {
  const moving = inSync(move(withTopic([1, 2]), [3, 4]).state, [1, 2, 3]);
  const cancelled = move(moving.state, null);
  expect(cancelled.error).toBe("NONE");
  expect(partition(cancelled.state)).toMatchObject({
    replicas: [1, 2],
    addingReplicas: [],
    removingReplicas: [],
    isr: [1, 2],
    leader: 1,
    leaderEpoch: 1,
  });
});

test.each([
  ["false", "INVALID_REPLICA_ASSIGNMENT"],
  ["true", "NONE"],
])("a cancel that would lose records needs unclean.leader.election.enable (%s)", (value, error) => {
  const began = move(withTopic([1], [{ name: "unclean.leader.election.enable", value }]), [3, 4]).state;
  const { id: topicId } = began.image.topicsByName.get("a")!;
  const unchanged = { leader: 3, replicas: null, removingReplicas: null, addingReplicas: null, directories: null };
  const elr = { eligibleLeaderReplicas: null, lastKnownElr: null, leaderRecoveryState: -1 };
  const isr = record("PartitionChangeRecord", { partitionId: 0, topicId, isr: [3], ...unchanged, ...elr }, 2);
  const cancelled = move({ ...began, image: applyRecords(began.image, [isr]) }, null);
  expect(cancelled).toMatchObject({ error });
  if (error === "NONE") expect(partition(cancelled.state)).toMatchObject({ replicas: [1], isr: [1], leader: 1 });
  else expect(cancelled.message).toContain("would require an unclean leader election");
});

test.each<[string, Parameters<typeof move>[1], string, string | null]>([
  ["a broker that is not there", [1, 9], "INVALID_REPLICA_ASSIGNMENT", "includes broker 9, but no such broker"],
  ["the same broker twice", [1, 1], "INVALID_REPLICA_ASSIGNMENT", "includes the broker 1 more than once"],
  ["no replicas", [], "INVALID_REPLICA_ASSIGNMENT", "includes an empty replica list"],
  ["a cancel of nothing", null, "NO_REASSIGNMENT_IN_PROGRESS", null],
  ["another number of replicas", [1, 2, 3], "INVALID_REPLICATION_FACTOR", "is changed from 2 to 3"],
])("refused: %s", (_, replicas, error, message) => {
  const refused = move(withTopic([1, 2]), replicas, false);
  expect(refused).toMatchObject({ error, records: [] });
  if (message === null) expect(refused.message).toBeNull();
  else expect(refused.message).toContain(message);
});

test("the number of replicas is what it will be when the move under way is over", () => {
  const { state } = move(withTopic([1, 2]), [3, 4]);
  expect(move(state, [1, 2, 3], false).message).toBe("The replication factor is changed from 2 to 3");
  expect(move(state, [4, 5], false).error).toBe("NONE");
});

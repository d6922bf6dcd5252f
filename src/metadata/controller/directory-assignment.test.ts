import { expect, test } from "bun:test";
import { errorName } from "../../../protocol/errors.ts";
import { applyRecords } from "../apply.ts";
import { record } from "../records/record.ts";
import { after, call, clusterImage, controllerState, directoryOf, topic } from "../testing/controller-fixture.ts";
import { assignReplicasToDirs } from "./directory-assignment.ts";
import { createTopics } from "./topics.ts";

const UNASSIGNED = "AAAAAAAAAAAAAAAAAAAAAQ";
const [first, second] = [directoryOf(1), directoryOf(1, 1)];
const empty = controllerState(clusterImage([{ id: 1, directories: [first, second] }, { id: 2 }]));
const assignments = [{ partitionIndex: 0, brokerIds: [1, 2] }];
const request = { topics: [topic("a", { assignments, numPartitions: -1, replicationFactor: -1 })], timeoutMs: 0 };
const state = after(empty, createTopics(empty, { ...request, validateOnly: false }, call()));
const topicId = state.image.topicsByName.get("a")!.id;

function assign(id: string, brokerId = 1, partitionIndex = 0, of = topicId, brokerEpoch = 100 + brokerId) {
  const directories = [{ id, topics: [{ topicId: of, partitions: [{ partitionIndex }] }] }];
  return assignReplicasToDirs(state, { brokerId, brokerEpoch, directories });
}

test("the directory of a replica is recorded, and the others stay", () => {
  const before = state.image.topicsById.get(topicId)!.partitions.get(0)!;
  expect(before.directories).toEqual([UNASSIGNED, directoryOf(2)]);
  const { records, reply } = assign(second);
  expect(records.map(({ value }) => value)).toEqual([
    expect.objectContaining({ directories: [second, directoryOf(2)], isr: null, leader: -2 }),
  ]);
  expect(reply.directories[0]!.topics[0]!.partitions).toEqual([{ partitionIndex: 0, errorCode: 0 }]);
});

test("a directory that is already recorded changes nothing", () => {
  expect(assign(directoryOf(2), 2).records).toEqual([]);
});

test("a replica in a directory that is offline leaves the ISR and leads no more", () => {
  const next = after(state, assign(directoryOf(5)));
  expect(next.image.topicsById.get(topicId)!.partitions.get(0)).toMatchObject({
    directories: [directoryOf(5), directoryOf(2)],
    isr: [2],
    leader: 2,
  });
});

test("the last known leader, back on a disk that took the place of its own, is the last known leader no more", () => {
  const leaderless = { isr: [], leader: -1, eligibleLeaderReplicas: [], lastKnownElr: [1], leaderRecoveryState: -1 };
  const unmoved = { replicas: null, removingReplicas: null, addingReplicas: null };
  const lost = { partitionId: 0, topicId, directories: [directoryOf(7), directoryOf(2)], ...leaderless, ...unmoved };
  const image = applyRecords(state.image, [record("PartitionChangeRecord", lost)]);
  const directories = [{ id: second, topics: [{ topicId, partitions: [{ partitionIndex: 0 }] }] }];
  const { records } = assignReplicasToDirs({ ...state, image }, { brokerId: 1, brokerEpoch: 101, directories });
  expect(records.map(({ value }) => value)).toEqual([
    expect.objectContaining({ directories: [second, directoryOf(2)], isr: null, leader: -2, lastKnownElr: [] }),
  ]);
});

test.each([
  ["an unknown topic", () => assign(first, 1, 0, "zzzzzzzzzzzzzzzzzzzzzQ"), "UNKNOWN_TOPIC_ID"],
  ["an unknown partition", () => assign(first, 1, 7), "UNKNOWN_TOPIC_OR_PARTITION"],
] as const)("%s is answered as such", (_, ask, error) => {
  const { records, reply } = ask();
  expect(records).toEqual([]);
  expect(errorName(reply.directories[0]!.topics[0]!.partitions[0]!.errorCode)).toBe(error);
});

test("a broker of another epoch is refused", () => {
  expect(() => assign(first, 1, 0, topicId, 5)).toThrow("Expected broker epoch 101, but got broker epoch 5");
});

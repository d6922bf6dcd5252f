import { expect, test } from "bun:test";
import { errorName } from "../../../protocol/errors.ts";
import { applyRecords } from "../apply.ts";
import { record } from "../records/record.ts";
import { after, call, clusterImage, controllerState, topic } from "../testing/controller-fixture.ts";
import { electLeaders } from "./elections.ts";
import { createPartitions } from "./partitions.ts";
import { listReassignments } from "./reassignments.ts";
import { createTopics } from "./topics.ts";
import { unregisterBroker } from "./unregister-broker.ts";
import { updateFeatures } from "./update-features.ts";

const three = controllerState(clusterImage([{ id: 1 }, { id: 2 }, { id: 3 }]));
const on = (...brokerIds: number[]) => [{ partitionIndex: 0, brokerIds }];
const made = createTopics(
  three,
  {
    topics: [topic("a", { assignments: on(2, 1, 3), numPartitions: -1, replicationFactor: -1 }), topic("single")],
    timeoutMs: 0,
    validateOnly: false,
  },
  call(),
);
const state = after(three, made);
const topicId = state.image.topicsByName.get("a")!.id;
const leaderIs = (leader: number) =>
  applyRecords(state.image, [
    record(
      "PartitionChangeRecord",
      {
        partitionId: 0,
        topicId,
        isr: null,
        leader,
        replicas: null,
        removingReplicas: null,
        addingReplicas: null,
        leaderRecoveryState: -1,
        directories: null,
        eligibleLeaderReplicas: null,
        lastKnownElr: null,
      },
      2,
    ),
  ]);

function grow(name: string, count: number, assignments: number[][] | null = null) {
  const topics = [{ name, count, assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null }];
  return createPartitions(state, { topics, timeoutMs: 0, validateOnly: false }, call(3));
}

test("partitions are added behind the existing ones", () => {
  const { records, reply } = grow("single", 3);
  expect(reply.results).toEqual([{ name: "single", errorCode: 0, errorMessage: null }]);
  expect(records.map(({ value }) => (value as { partitionId: number }).partitionId)).toEqual([1, 2]);
});

test.each<[string, Parameters<typeof grow>, string, string | null]>([
  ["an unknown topic", ["missing", 2], "UNKNOWN_TOPIC_OR_PARTITION", null],
  ["the same count", ["single", 1], "INVALID_PARTITIONS", "Topic already has 1 partition(s)."],
  [
    "a smaller count",
    ["single", 0],
    "INVALID_PARTITIONS",
    "The topic single currently has 1 partition(s); 0 would not be an increase.",
  ],
  [
    "too few assignments",
    ["single", 3, [[1]]],
    "INVALID_REPLICA_ASSIGNMENT",
    "Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.",
  ],
  [
    "another factor",
    ["single", 2, [[1, 2]]],
    "INVALID_REPLICA_ASSIGNMENT",
    "The manual partition assignment includes a partition with 2 replica(s), but this is not consistent with " +
      "previous partitions, which have 1 replica(s).",
  ],
])("more partitions are refused: %s", (_, request, error, message) => {
  const { records, reply } = grow(...request);
  expect(records).toEqual([]);
  expect([errorName(reply.results[0]!.errorCode), reply.results[0]!.errorMessage]).toEqual([error, message]);
});

function elect(image: typeof state.image, electionType: number, partitions: number[] | null) {
  const topicPartitions = partitions === null ? null : [{ topic: "a", partitions }];
  return electLeaders({ ...state, image }, { electionType, topicPartitions, timeoutMs: 0 });
}

test("a preferred election moves the leader to the first replica", () => {
  const { records, reply } = elect(leaderIs(3), 0, [0]);
  expect(records.map(({ value }) => value)).toEqual([expect.objectContaining({ leader: 2, isr: null })]);
  expect(reply.replicaElectionResults).toEqual([
    { topic: "a", partitionResult: [{ partitionId: 0, errorCode: 0, errorMessage: null }] },
  ]);
});

test.each([
  ["the preferred replica leads already", state.image, 0, 0, "ELECTION_NOT_NEEDED"],
  ["there is a leader, so nothing unclean is needed", leaderIs(3), 1, 0, "ELECTION_NOT_NEEDED"],
  ["the partition does not exist", state.image, 0, 7, "UNKNOWN_TOPIC_OR_PARTITION"],
] as const)("no election where %s", (_, image, type, partition, error) => {
  const { records, reply } = elect(image, type, [partition]);
  expect(records).toEqual([]);
  expect(errorName(reply.replicaElectionResults[0]!.partitionResult[0]!.errorCode)).toBe(error);
});

test("an election of everything does not name what is well", () => {
  const { reply } = elect(leaderIs(3), 0, null);
  const named = reply.replicaElectionResults.map(({ topic: name, partitionResult }) => [name, partitionResult.length]);
  expect(named.toSorted()).toEqual([
    ["a", 1],
    ["single", 0],
  ]);
});

test("an unregistered broker leaves every ISR, leads nothing, and is gone", () => {
  const next = after(state, unregisterBroker(state, { brokerId: 2 }));
  expect(next.image.brokers.has(2)).toBe(false);
  expect(next.image.topicsById.get(topicId)!.partitions.get(0)).toMatchObject({ isr: [1, 3], leader: 1 });
  expect(() => unregisterBroker(next, { brokerId: 2 })).toThrow("Broker ID 2 is not currently registered");
});

test("reassignments are listed where replicas move", () => {
  const moving = applyRecords(state.image, [
    record(
      "PartitionChangeRecord",
      {
        partitionId: 0,
        topicId,
        isr: null,
        leader: -2,
        replicas: [2, 1, 3],
        removingReplicas: [3],
        addingReplicas: [],
        leaderRecoveryState: -1,
        directories: null,
        eligibleLeaderReplicas: null,
        lastKnownElr: null,
      },
      2,
    ),
  ]);
  const listed = [
    {
      name: "a",
      partitions: [{ partitionIndex: 0, replicas: [2, 1, 3], addingReplicas: [], removingReplicas: [3] }],
    },
  ];
  const named = (names: string[]) => names.map((name) => ({ name, partitionIndexes: [0] }));
  expect(listReassignments({ image: moving }, { timeoutMs: 0, topics: null }).reply.topics).toEqual(listed);
  expect(listReassignments({ image: moving }, { timeoutMs: 0, topics: named(["a", "x"]) }).reply.topics).toEqual(
    listed,
  );
  expect(listReassignments({ image: moving }, { timeoutMs: 0, topics: named(["single"]) }).reply.topics).toEqual([]);
});

function update(feature: string, maxVersionLevel: number, upgradeType = 1) {
  const featureUpdates = [{ feature, maxVersionLevel, allowDowngrade: false, upgradeType }];
  return updateFeatures(state, { timeoutMs: 0, featureUpdates, validateOnly: false }, call(1));
}

test("a feature is set by its record, and the reply of version 1 names it", () => {
  const { records, reply } = update("group.version", 0, 2);
  expect(records.map(({ value }) => value)).toEqual([{ name: "group.version", featureLevel: 0 }]);
  expect(reply.results).toEqual([{ feature: "group.version", errorCode: 0, errorMessage: "NONE" }]);
});

const allFailed = "The update failed for all features since the following feature had an error: ";
test.each<[string, Parameters<typeof update>, string]>([
  [
    "no feature",
    ["no.such.feature", 1],
    "Invalid update version 1 for feature no.such.feature. Local controller 1 does not support this feature.",
  ],
  [
    "too high",
    ["metadata.version", 99],
    "Invalid update version 99 for feature metadata.version. Local controller 1 only supports versions 7-30",
  ],
  [
    "down without saying so",
    ["transaction.version", 1],
    "Invalid update version 1 for feature transaction.version. Can't downgrade the version of this feature without " +
      "setting the upgrade type to either safe or unsafe downgrade.",
  ],
  [
    "a downgrade that loses metadata",
    ["metadata.version", 29, 2],
    "Unsupported metadata.version downgrade from 30 to 29. Refusing to perform the requested downgrade because it " +
      "might delete metadata information.",
  ],
  [
    "an unsafe downgrade",
    ["metadata.version", 29, 3],
    "Unsupported metadata.version downgrade from 30 to 29. Unsafe metadata downgrade is not supported in this version.",
  ],
  [
    "a negative level",
    ["group.version", -1, 2],
    "Invalid update version -1 for feature group.version. A feature version cannot be less than 0.",
  ],
  [
    "an upgrade type from the future",
    ["group.version", 1, 9],
    "Invalid update version 1 for feature group.version. The controller does not support the given upgrade type.",
  ],
])("features are refused: %s", (_, request, message) => {
  const { records, reply } = update(...request);
  expect(records).toEqual([]);
  expect(errorName(reply.errorCode)).toBe("INVALID_UPDATE_VERSION");
  expect(reply.errorMessage).toBe(allFailed + message);
});

test("kraft.version at the level in force writes a NoOp, as Kafka does", () => {
  expect(update("kraft.version", 1).records.map(({ type }) => type)).toEqual(["NoOpRecord"]);
});

test("eligible leader replicas begin with one min.insync.replicas for the cluster", () => {
  const before = applyRecords(state.image, [
    record("FeatureLevelRecord", { name: "eligible.leader.replicas.version", featureLevel: 0 }),
    record("ConfigRecord", { resourceType: 4, resourceName: "2", name: "min.insync.replicas", value: "2" }),
  ]);
  const featureUpdates = [
    { feature: "eligible.leader.replicas.version", maxVersionLevel: 1, allowDowngrade: false, upgradeType: 1 },
  ];
  const request = { timeoutMs: 0, featureUpdates, validateOnly: false };
  const { records } = updateFeatures({ ...state, image: before }, request, call(1));
  expect(records.map(({ value }) => value)).toEqual([
    { resourceType: 4, resourceName: "", name: "min.insync.replicas", value: "1" },
    { resourceType: 4, resourceName: "2", name: "min.insync.replicas", value: null },
    { name: "eligible.leader.replicas.version", featureLevel: 1 },
  ]);
});

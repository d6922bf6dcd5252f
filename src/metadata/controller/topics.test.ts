import { expect, test } from "bun:test";
import { code, type ErrorName, errorName } from "../../../protocol/errors.ts";
import type { CreatableTopic } from "../../../protocol/generated/create-topics.ts";
import { after, call, clusterImage, controllerState, directoryOf, topic } from "../testing/controller-fixture.ts";
import { deleteTopics } from "./topic-deletion.ts";
import { createTopics } from "./topics.ts";

const ZERO = "AAAAAAAAAAAAAAAAAAAAAA";
const one = controllerState(clusterImage([{ id: 1 }]));

function create(state: typeof one, topics: CreatableTopic[], validateOnly = false) {
  return createTopics(state, { topics, timeoutMs: 0, validateOnly }, call());
}

function outcome(state: typeof one, request: CreatableTopic) {
  const { errorCode, errorMessage } = create(state, [request]).reply.topics[0]!;
  return [errorName(errorCode), errorMessage];
}

test("a topic is its TopicRecord, then its configs, then its partitions, in one atomic batch", () => {
  const configs = [{ name: "retention.ms", value: "1000" }];
  const { records, reply, atomic } = create(one, [topic("alpha", { numPartitions: 2, configs })]);
  expect(atomic).toBe(true);
  expect(records.map(({ type, version }) => [type, version])).toEqual([
    ["TopicRecord", 0],
    ["ConfigRecord", 0],
    ["PartitionRecord", 2],
    ["PartitionRecord", 2],
  ]);
  expect(records[2]!.value).toEqual({
    partitionId: 0,
    topicId: reply.topics[0]!.topicId,
    replicas: [1],
    isr: [1],
    removingReplicas: [],
    addingReplicas: [],
    leader: 1,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: [directoryOf(1)],
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  });
  expect(reply.topics[0]).toMatchObject({ name: "alpha", errorCode: 0, numPartitions: 2, replicationFactor: 1 });
});

test("min.insync.replicas of a new topic clears its ELR too, as in Kafka", () => {
  const configs = [{ name: "min.insync.replicas", value: "1" }];
  const types = create(one, [topic("alpha", { configs })]).records.map(({ type }) => type);
  expect(types).toEqual(["TopicRecord", "ConfigRecord", "ClearElrRecord", "PartitionRecord"]);
});

test("validate-only answers the same and writes nothing", () => {
  const { records, reply } = create(one, [topic("alpha")], true);
  expect(records).toEqual([]);
  expect(reply.topics[0]).toMatchObject({ errorCode: 0, numPartitions: 1 });
});

test("-1 asks for the defaults of the controller", () => {
  const state = controllerState(one.image, { defaultPartitions: 3 });
  const { reply } = create(state, [topic("alpha", { numPartitions: -1, replicationFactor: -1 })]);
  expect(reply.topics[0]).toMatchObject({ numPartitions: 3, replicationFactor: 1 });
});

const assigned = (...brokers: number[][]) =>
  brokers.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }));

// The messages are those of Kafka 4.3.1: tools print them.
test.each<[string, CreatableTopic, ErrorName, string]>([
  ["empty", topic(""), "INVALID_TOPIC_EXCEPTION", "Topic name is invalid: the empty string is not allowed"],
  ["dots", topic(".."), "INVALID_TOPIC_EXCEPTION", "Topic name is invalid: '..' is not allowed"],
  [
    "a path",
    topic("../x"),
    "INVALID_TOPIC_EXCEPTION",
    "Topic name is invalid: '../x' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
  ],
  [
    "250 letters",
    topic("x".repeat(250)),
    "INVALID_TOPIC_EXCEPTION",
    `Topic name is invalid: the length of '${"x".repeat(250)}' is longer than the max allowed length 249`,
  ],
  [
    "too few brokers",
    topic("a", { replicationFactor: 2 }),
    "INVALID_REPLICATION_FACTOR",
    "Unable to replicate the partition 2 time(s): The target replication factor of 2 cannot be reached because only " +
      "1 broker(s) are registered or some brokers have all their log directories cordoned.",
  ],
  [
    "replication factor 0",
    topic("a", { replicationFactor: 0 }),
    "INVALID_REPLICATION_FACTOR",
    "Replication factor must be larger than 0, or -1 to use the default value.",
  ],
  [
    "no partitions",
    topic("a", { numPartitions: 0 }),
    "INVALID_PARTITIONS",
    "Number of partitions was set to an invalid non-positive value.",
  ],
  [
    "a null config",
    topic("a", { configs: [{ name: "retention.ms", value: null }] }),
    "INVALID_CONFIG",
    "Null value not supported for topic configs: retention.ms",
  ],
  [
    "an unknown config",
    topic("a", { configs: [{ name: "no.such", value: "1" }], replicationFactor: 7 }),
    "INVALID_CONFIG",
    "Unknown topic config name: no.such",
  ],
  [
    "an assignment and a factor",
    topic("a", { assignments: assigned([1]) }),
    "INVALID_REQUEST",
    "A manual partition assignment was specified, but replication factor was not set to -1.",
  ],
  [
    "an assignment and a count",
    topic("a", { assignments: assigned([1]), replicationFactor: -1 }),
    "INVALID_REQUEST",
    "A manual partition assignment was specified, but numPartitions was not set to -1.",
  ],
  [
    "an assignment to nobody",
    topic("a", { assignments: assigned([]), replicationFactor: -1, numPartitions: -1 }),
    "INVALID_REPLICA_ASSIGNMENT",
    "The manual partition assignment includes an empty replica list.",
  ],
  [
    "an assignment to a stranger",
    topic("a", { assignments: assigned([9]), replicationFactor: -1, numPartitions: -1 }),
    "INVALID_REPLICA_ASSIGNMENT",
    "The manual partition assignment includes broker 9, but no such broker is registered.",
  ],
  [
    "an assignment twice to one",
    topic("a", { assignments: assigned([1, 1]), replicationFactor: -1, numPartitions: -1 }),
    "INVALID_REPLICA_ASSIGNMENT",
    "The manual partition assignment includes the broker 1 more than once.",
  ],
  [
    "a gap between partitions",
    topic("a", {
      assignments: [
        { partitionIndex: 0, brokerIds: [1] },
        { partitionIndex: 2, brokerIds: [1] },
      ],
      replicationFactor: -1,
      numPartitions: -1,
    }),
    "INVALID_REPLICA_ASSIGNMENT",
    "partitions should be a consecutive 0-based integer sequence",
  ],
  [
    "a partition twice",
    topic("a", {
      assignments: [
        { partitionIndex: 0, brokerIds: [1] },
        { partitionIndex: 0, brokerIds: [1] },
      ],
      replicationFactor: -1,
      numPartitions: -1,
    }),
    "INVALID_REPLICA_ASSIGNMENT",
    "Found multiple manual partition assignments for partition 0",
  ],
])("refused: %s", (_, request, error, message) => {
  expect(outcome(one, request)).toEqual([error, message]);
  expect(create(one, [request]).records).toEqual([]);
});

test("an existing topic, and one that metrics could not tell from it, are refused", () => {
  const state = after(one, create(one, [topic("a.b")]));
  expect(outcome(state, topic("a.b"))).toEqual(["TOPIC_ALREADY_EXISTS", "Topic 'a.b' already exists."]);
  expect(outcome(state, topic("a_b"))).toEqual([
    "INVALID_TOPIC_EXCEPTION",
    "Topic 'a_b' collides with existing topic: a.b",
  ]);
  expect(outcome(state, topic("a-b"))[0]).toBe("NONE");
  const gone = after(state, deleteTopics(state, { topicNames: ["a.b"], timeoutMs: 0, topics: [] }, call(1)));
  expect(outcome(gone, topic("a_b"))[0]).toBe("NONE");
});

test("a name given twice, and the metadata topic, are refused after the others", () => {
  const { reply } = create(one, [topic("a"), topic("b"), topic("a"), topic("__cluster_metadata"), topic("a")]);
  expect(reply.topics.map(({ name, errorCode, errorMessage }) => [name, errorName(errorCode), errorMessage])).toEqual([
    ["b", "NONE", null],
    ["a", "INVALID_REQUEST", "Duplicate topic name."],
    ["__cluster_metadata", "INVALID_REQUEST", "Creation of internal topic __cluster_metadata is prohibited."],
  ]);
});

test("more than 10,000 partitions in one request refuse it whole", () => {
  expect(() => create(one, [topic("a", { numPartitions: 10_001 })])).toThrow(
    "Excessively large number of partitions per request.",
  );
});

test("a broker that is fenced or shutting down begins outside the ISR, and alone cannot have a partition", () => {
  const state = controllerState(clusterImage([{ id: 1 }, { id: 2, fenced: true }, { id: 3, shuttingDown: true }]));
  const manual = (...brokers: number[][]) =>
    topic("a", { assignments: assigned(...brokers), replicationFactor: -1, numPartitions: -1 });
  const { records } = create(state, [manual([2, 1])]);
  expect(records[1]!.value).toMatchObject({ replicas: [2, 1], isr: [1], leader: 1 });
  expect(outcome(state, manual([2, 3]))).toEqual([
    "INVALID_REPLICA_ASSIGNMENT",
    "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled shutdown.",
  ]);
  const fenced = controllerState(clusterImage([{ id: 2, fenced: true }]));
  expect(outcome(fenced, topic("a"))).toEqual([
    "INVALID_REPLICATION_FACTOR",
    "Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log " +
      "directories cordoned.",
  ]);
});

test("with several log directories the broker chooses one itself", () => {
  const state = controllerState(clusterImage([{ id: 1, directories: [directoryOf(1), directoryOf(1, 1)] }]));
  const { records } = create(state, [topic("a")]);
  expect(records[1]!.value).toMatchObject({ directories: ["AAAAAAAAAAAAAAAAAAAAAQ"] });
});

test("names such as __proto__ are names like any other", () => {
  const state = after(one, create(one, [topic("__proto__"), topic("constructor")]));
  expect([...state.image.topicsByName.keys()].sort()).toEqual(["__proto__", "constructor"]);
});

test("topics are deleted by name and by id; each is answered once", () => {
  const state = after(one, create(one, [topic("a"), topic("b"), topic("c")]));
  const id = (name: string) => state.image.topicsByName.get(name)!.id;
  const stranger = "zzzzzzzzzzzzzzzzzzzzzQ";
  const request = {
    topicNames: [],
    timeoutMs: 0,
    topics: [
      { name: "a", topicId: ZERO },
      { name: null, topicId: id("b") },
      { name: "missing", topicId: ZERO },
      { name: null, topicId: stranger },
      { name: null, topicId: ZERO },
      { name: "c", topicId: id("c") },
      { name: "twice", topicId: ZERO },
      { name: "twice", topicId: ZERO },
    ],
  };
  const { records, reply } = deleteTopics(state, request, call(6));
  const answers = reply.responses.map(({ name, topicId, errorCode }) => [name, topicId, errorName(errorCode)]);
  expect(answers.toSorted()).toEqual(
    [
      ["a", id("a"), "NONE"],
      ["b", id("b"), "NONE"],
      ["missing", ZERO, "UNKNOWN_TOPIC_OR_PARTITION"],
      [null, stranger, "UNKNOWN_TOPIC_ID"],
      [null, ZERO, "INVALID_REQUEST"],
      ["c", id("c"), "INVALID_REQUEST"],
      ["twice", ZERO, "INVALID_REQUEST"],
    ].toSorted(),
  );
  expect(records.map(({ value }) => value)).toEqual([{ topicId: id("b") }, { topicId: id("a") }]);
});

test("a name and the id it maps to are a contradiction, and nothing is deleted", () => {
  const state = after(one, create(one, [topic("a")]));
  const topicId = state.image.topicsByName.get("a")!.id;
  const topics = [
    { name: null, topicId },
    { name: "a", topicId: ZERO },
  ];
  const { records, reply } = deleteTopics(state, { topicNames: [], timeoutMs: 0, topics }, call(6));
  expect(records).toEqual([]);
  expect(reply.responses).toEqual([
    {
      name: "a",
      topicId,
      errorCode: code("INVALID_REQUEST"),
      errorMessage: "The provided topic name maps to an ID that was already supplied.",
    },
  ]);
});

test("where deletion is disabled, the answer depends on what the client can understand", () => {
  const state = controllerState(one.image, { topicDeletionEnabled: false });
  const request = { topicNames: ["a"], timeoutMs: 0, topics: [] };
  expect(() => deleteTopics(state, request, call(2))).toThrow("This version does not support topic deletion.");
  expect(() => deleteTopics(state, request, call(3))).toThrow("Topic deletion is disabled.");
});

test("a topic deleted takes its configs along, and its name can be taken again", () => {
  const configs = [{ name: "retention.ms", value: "1" }];
  const first = after(one, create(one, [topic("a", { configs })]));
  const gone = after(first, deleteTopics(first, { topicNames: ["a"], timeoutMs: 0, topics: [] }, call(1)));
  expect([...gone.image.configs.keys()]).not.toContain("2:a");
  const again = after(
    gone,
    createTopics(gone, { topics: [topic("a")], timeoutMs: 0, validateOnly: false }, call(7, 2)),
  );
  expect(again.image.topicsByName.get("a")!.id).not.toBe(first.image.topicsByName.get("a")!.id);
});

import { expect, test } from "bun:test";
import { ZERO_UUID } from "../../base/uuid.ts";
import { errorName } from "../../protocol/errors.ts";
import type { MetadataRequest } from "../../protocol/generated/metadata.ts";
import { applyRecords } from "../metadata/apply.ts";
import type { PartitionRegistration } from "../metadata/image.ts";
import { record } from "../metadata/records/record.ts";
import { clusterImage, directoryOf, type TestBroker } from "../metadata/testing/controller-fixture.ts";
import { metadata } from "./03-metadata.ts";
import type { Services } from "./services.ts";
import { DataPlane } from "./testing/data-plane.ts";

const ALPHA = "AlphaAlphaAlphaAlphaAA";

/** Brokers 1 (up) and 2 (fenced), and a topic of one partition on both. */
async function plane(
  overrides: readonly (readonly [string, string])[] = [],
  partition: Partial<PartitionRegistration> = {},
  brokers: readonly TestBroker[] = [
    { id: 1, rack: "r" },
    { id: 2, fenced: true },
  ],
) {
  const made = await DataPlane.open(overrides);
  const asked: string[] = [];
  const autoTopics = { create: (name: string) => asked.push(name) } as unknown as Services["autoTopics"];
  Object.assign(made.services, { autoTopics });
  made.image = applyRecords(clusterImage(brokers), [
    record("TopicRecord", { name: "alpha", topicId: ALPHA }),
    record(
      "PartitionRecord",
      {
        partitionId: 0,
        topicId: ALPHA,
        replicas: [1, 2],
        isr: [1],
        removingReplicas: [],
        addingReplicas: [],
        leader: 1,
        leaderRecoveryState: 0,
        leaderEpoch: 4,
        partitionEpoch: 9,
        directories: [directoryOf(1), directoryOf(2)],
        eligibleLeaderReplicas: null,
        lastKnownElr: null,
        ...(partition as object),
      },
      2,
    ),
  ]);
  return { ask: (request: Partial<MetadataRequest>, version?: number) => ask(made, request, version), asked };
}

function ask(made: DataPlane, request: Partial<MetadataRequest>, version?: number) {
  const whole = {
    topics: null,
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
    ...request,
  };
  return made.call(metadata, whole, version);
}

const named = (...names: string[]) => names.map((name) => ({ name, topicId: ZERO_UUID }));

test("only brokers that are up are named, and one of them stands for the controller", async () => {
  const { ask } = await plane();
  const reply = await ask({});
  expect(reply.brokers).toEqual([{ nodeId: 1, host: "localhost", port: 9093, rack: "r" }]);
  expect(reply.controllerId).toBe(1);
});

test("a topic shows its leader, its replicas, and which of them are offline", async () => {
  const { ask } = await plane();
  const [topic] = (await ask({})).topics;
  expect(topic).toMatchObject({ errorCode: 0, name: "alpha", topicId: ALPHA, isInternal: false });
  expect(topic!.partitions).toEqual([
    {
      errorCode: 0,
      partitionIndex: 0,
      leaderId: 1,
      leaderEpoch: 4,
      replicaNodes: [1, 2],
      isrNodes: [1],
      offlineReplicas: [2],
    },
  ]);
});

test("an empty list asks for all topics at version 0, and for none later", async () => {
  const { ask } = await plane();
  expect((await ask({ topics: [] }, 0)).topics.length).toBe(1);
  expect((await ask({ topics: [] }, 1)).topics.length).toBe(0);
});

test("version 0 leaves unreachable replicas out, with an error", async () => {
  const { ask } = await plane();
  const [partition] = (await ask({ topics: named("alpha") }, 0)).topics[0]!.partitions;
  expect(partition).toMatchObject({ replicaNodes: [1], isrNodes: [1], leaderId: 1 });
  expect(errorName(partition!.errorCode)).toBe("REPLICA_NOT_AVAILABLE");
});

test("a partition without a leader, and one whose leader lacks the listener, are not available", async () => {
  const none = await plane([], { leader: -1, isr: [] });
  const [partition] = (await none.ask({})).topics[0]!.partitions;
  expect([errorName(partition!.errorCode), partition!.leaderId]).toEqual(["LEADER_NOT_AVAILABLE", -1]);
});

test("a topic that is not there is created where both sides allow it, and asked for again", async () => {
  const { ask, asked } = await plane();
  const { topics } = await ask({ topics: named("beta", "alpha", "bad name") });
  expect(topics.map(({ name, errorCode }) => [name, errorName(errorCode)])).toEqual([
    ["alpha", "NONE"],
    ["beta", "UNKNOWN_TOPIC_OR_PARTITION"],
    ["bad name", "INVALID_TOPIC_EXCEPTION"],
  ]);
  expect(asked).toEqual(["beta"]);
});

test.each([
  ["the client forbids it", [], false],
  ["the broker forbids it", [["auto.create.topics.enable", "false"]], true],
] as const)("no topic is created where %s", async (_, overrides, allowAutoTopicCreation) => {
  const { ask, asked } = await plane(overrides);
  await ask({ topics: named("beta"), allowAutoTopicCreation });
  expect(asked).toEqual([]);
});

test("a topic can be asked for by its id from version 12 on", async () => {
  const { ask } = await plane();
  const stranger = "StrangerStrangerStranQ";
  const topics = [
    { name: null, topicId: ALPHA },
    { name: null, topicId: stranger },
  ];
  const reply = await ask({ topics }, 12);
  expect(reply.topics.map(({ name, topicId, errorCode }) => [name, topicId, errorName(errorCode)])).toEqual([
    ["alpha", ALPHA, "NONE"],
    [null, stranger, "UNKNOWN_TOPIC_ID"],
  ]);
  const older = await ask({ topics: [{ name: "alpha", topicId: ALPHA }] }, 10);
  expect(errorName(older.topics[0]!.errorCode)).toBe("INVALID_REQUEST");
  const neither = await ask({ topics: [{ name: null, topicId: ZERO_UUID }] }, 13);
  expect(errorName(neither.errorCode)).toBe("UNKNOWN_SERVER_ERROR");
});

test("authorized operations are shown to those who ask, where the version has them", async () => {
  const { ask } = await plane();
  const wants = { includeClusterAuthorizedOperations: true, includeTopicAuthorizedOperations: true };
  const all = await ask(wants, 8);
  expect(all.clusterAuthorizedOperations).toBe(8096);
  expect(all.topics[0]!.topicAuthorizedOperations).toBe(3576);
  expect((await ask({}, 8)).topics[0]!.topicAuthorizedOperations).toBe(-0x8000_0000);
});

import { expect, test } from "bun:test";
import { type ErrorName, errorName } from "../../../protocol/errors.ts";
import { applyRecords } from "../apply.ts";
import { partitionOf, RECOVERING } from "../image.ts";
import { record } from "../records/record.ts";
import { after, call, clusterImage, controllerState, type TestBroker, topic } from "../testing/controller-fixture.ts";
import { alterPartition } from "./alter-partition.ts";
import { createTopics } from "./topics.ts";

const brokers: TestBroker[] = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4, fenced: true }, { id: 5, shuttingDown: true }];
const assignments = [{ partitionIndex: 0, brokerIds: [1, 2, 3] }];
const empty = controllerState(clusterImage(brokers.slice(0, 3)));
const request = { topics: [topic("a", { assignments, numPartitions: -1, replicationFactor: -1 })], timeoutMs: 0 };
const created = after(empty, createTopics(empty, { ...request, validateOnly: false }, call()));
const state = { ...created, image: { ...created.image, brokers: clusterImage(brokers).brokers } };
const topicId = state.image.topicsByName.get("a")!.id;
const epochOf = (id: number) => 100 + id;
const inIsr = (ids: readonly number[]) => ids.map((id) => ({ brokerId: id, brokerEpoch: epochOf(id) }));

interface Proposal {
  readonly from?: number;
  readonly isr?: { brokerId: number; brokerEpoch: number }[];
  readonly leaderEpoch?: number;
  readonly partitionEpoch?: number;
  readonly partitionIndex?: number;
  readonly topicId?: string;
  readonly leaderRecoveryState?: number;
}

function propose(proposal: Proposal, of = state, version = 3) {
  const { from = 1, isr = inIsr([1, 2]), leaderEpoch = 0, partitionEpoch = 0, partitionIndex = 0 } = proposal;
  const partition = { partitionIndex, leaderEpoch, partitionEpoch, leaderRecoveryState: 0, ...proposal };
  const sent =
    version >= 3
      ? { ...partition, newIsr: [], newIsrWithEpochs: isr }
      : { ...partition, newIsr: isr.map(({ brokerId }) => brokerId), newIsrWithEpochs: [] };
  const topics = [{ topicId: proposal.topicId ?? topicId, partitions: [sent] }];
  const decided = alterPartition(of, { brokerId: from, brokerEpoch: epochOf(from), topics }, call(version));
  return { ...decided, answer: decided.reply.topics[0]!.partitions[0]! };
}

test.each([2, 3])("a smaller set of in-sync replicas is recorded and answered, in version %d", (version) => {
  const { records, answer } = propose({}, state, version);
  expect(records.length).toBe(1);
  const changed = partitionOf(applyRecords(state.image, records), "a", 0);
  expect(changed).toMatchObject({ isr: [1, 2], leader: 1, leaderEpoch: 0, partitionEpoch: 1 });
  expect(answer).toEqual({
    partitionIndex: 0,
    errorCode: 0,
    leaderId: 1,
    leaderEpoch: 0,
    isr: [1, 2],
    leaderRecoveryState: 0,
    partitionEpoch: 1,
  });
});

test("what is so already is granted without a record", () => {
  const { records, answer } = propose({ isr: inIsr([1, 2, 3]) });
  expect([records, errorName(answer.errorCode), answer.partitionEpoch]).toEqual([[], "NONE", 0]);
});

test.each([
  ["an unknown topic", { topicId: "zzzzzzzzzzzzzzzzzzzzzQ" }, "UNKNOWN_TOPIC_ID"],
  ["an unknown partition", { partitionIndex: 7 }, "UNKNOWN_TOPIC_OR_PARTITION"],
  ["a leader epoch that this controller does not know", { leaderEpoch: 1 }, "NOT_CONTROLLER"],
  ["a partition epoch that this controller does not know", { partitionEpoch: 1 }, "NOT_CONTROLLER"],
  ["an earlier leader epoch", { leaderEpoch: -1 }, "FENCED_LEADER_EPOCH"],
  ["a node that does not lead", { from: 2 }, "INVALID_REQUEST"],
  ["an earlier partition epoch", { partitionEpoch: -1 }, "INVALID_UPDATE_VERSION"],
  ["a node that is no replica", { isr: inIsr([1, 4]) }, "INVALID_REQUEST"],
  ["a replica named twice", { isr: inIsr([1, 2, 2]) }, "INVALID_REQUEST"],
  ["a set without the leader", { isr: inIsr([2, 3]) }, "INVALID_REQUEST"],
  ["an empty set", { isr: [] }, "INVALID_REQUEST"],
  ["a recovery that was over", { isr: inIsr([1]), leaderRecoveryState: RECOVERING }, "INVALID_REQUEST"],
  ["a replica of an earlier life", { isr: [...inIsr([1]), { brokerId: 2, brokerEpoch: 7 }] }, "INELIGIBLE_REPLICA"],
] satisfies [string, Proposal, ErrorName][])("%s is refused", (_, proposal, error) => {
  const { records, answer } = propose(proposal);
  expect([records, errorName(answer.errorCode)]).toEqual([[], error]);
});

test.each([
  ["fenced", 4],
  ["shutting down", 5],
])("a replica that is %s does not join (KIP-841)", (_, id) => {
  const replicas = [1, 2, id];
  const change = { topicId, partitionId: 0, replicas, isr: [1, 2], directories: null, leader: -2 };
  const none = { removingReplicas: null, addingReplicas: null, eligibleLeaderReplicas: null, lastKnownElr: null };
  const moved = record("PartitionChangeRecord", { ...change, ...none, leaderRecoveryState: -1 }, 0);
  const of = { ...state, image: applyRecords(state.image, [moved]) };
  const { answer } = propose({ isr: inIsr(replicas), partitionEpoch: 1 }, of);
  expect(errorName(answer.errorCode)).toBe("INELIGIBLE_REPLICA");
});

test("a replica that has not told its epoch may stay", () => {
  const { answer } = propose({ isr: [...inIsr([1]), { brokerId: 2, brokerEpoch: -1 }] });
  expect([errorName(answer.errorCode), answer.isr]).toEqual(["NONE", [1, 2]]);
});

test("below min.insync.replicas those who leave stay eligible to lead (KIP-966)", () => {
  const config = record("ConfigRecord", {
    resourceType: 2,
    resourceName: "a",
    name: "min.insync.replicas",
    value: "3",
  });
  const elr = record("FeatureLevelRecord", { name: "eligible.leader.replicas.version", featureLevel: 1 });
  const of = { ...state, image: applyRecords(state.image, [config, elr]) };
  const { records } = propose({ isr: inIsr([1]) }, of);
  expect(partitionOf(applyRecords(of.image, records), "a", 0)).toMatchObject({ isr: [1], elr: [2, 3] });
});

test("a leader that has recovered says so with its first change", () => {
  const recovering = record(
    "PartitionChangeRecord",
    {
      ...{ topicId, partitionId: 0, replicas: null, isr: [1], directories: null, leader: -2, leaderRecoveryState: 1 },
      ...{ removingReplicas: null, addingReplicas: null, eligibleLeaderReplicas: null, lastKnownElr: null },
    },
    0,
  );
  const of = { ...state, image: applyRecords(state.image, [recovering]) };
  const { records, answer } = propose({ isr: inIsr([1, 2]), partitionEpoch: 1 }, of);
  expect([errorName(answer.errorCode), answer.leaderRecoveryState]).toEqual(["NONE", 0]);
  expect(partitionOf(applyRecords(of.image, records), "a", 0)?.leaderRecoveryState).toBe(0);
});

test("a broker of another epoch is refused whole", () => {
  const topics = [{ topicId, partitions: [] }];
  expect(() => alterPartition(state, { brokerId: 1, brokerEpoch: 5, topics }, call(3))).toThrow("broker epoch");
});

import { expect, test } from "bun:test";
import { applyRecords } from "../apply.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { after, call, clusterImage, controllerState, topic } from "../testing/controller-fixture.ts";
import { balanceLeaders, electUncleanLeaders } from "./leader-balance.ts";
import type { ControllerState } from "./state.ts";
import { createTopics } from "./topics.ts";

/** A topic of so many partitions on brokers 1, 2 and 3, led by what the record of each says. */
function withTopic(partitions: number, change: object, configs: Readonly<Record<string, string>> = {}) {
  const three = controllerState(clusterImage([{ id: 1 }, { id: 2 }, { id: 3, fenced: true }]));
  const assignments = Array.from({ length: partitions }, (_, partitionIndex) => ({
    partitionIndex,
    brokerIds: [1, 2, 3],
  }));
  const entries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  const topics = [topic("a", { assignments, numPartitions: -1, replicationFactor: -1, configs: entries })];
  const state = after(three, createTopics(three, { topics, timeoutMs: 0, validateOnly: false }, call()));
  const topicId = state.image.topicsByName.get("a")?.id as string;
  const none = { isr: null, leader: -2, replicas: null, removingReplicas: null, addingReplicas: null };
  const changed = assignments.map(({ partitionIndex: partitionId }) =>
    record(
      "PartitionChangeRecord",
      {
        partitionId,
        topicId,
        ...none,
        leaderRecoveryState: -1,
        directories: null,
        eligibleLeaderReplicas: null,
        lastKnownElr: null,
        ...change,
      },
      2,
    ),
  );
  return { ...state, image: applyRecords(state.image, changed) };
}

const leaders = (records: readonly MetadataRecord[]) =>
  records.map(({ value }) => (value as { leader: number }).leader);
const next = (state: ControllerState, records: readonly MetadataRecord[]) => {
  return { ...state, image: applyRecords(state.image, records) };
};

test("leaders go back to the first replica, a thousand at a time", () => {
  const state = withTopic(1_001, { leader: 2 });
  const first = balanceLeaders(state);
  expect([first.records.length, first.reply]).toEqual([1_000, true]);
  const second = balanceLeaders(next(state, first.records));
  expect([leaders(second.records), second.reply]).toEqual([[1], false]);
  expect(balanceLeaders(next(next(state, first.records), second.records)).records).toEqual([]);
});

test("a first replica that is not in sync does not lead", () => {
  expect(balanceLeaders(withTopic(1, { leader: 2, isr: [2] })).records).toEqual([]);
});

test("a partition without a leader gets one out of sync where its topic allows it", () => {
  const lost = { leader: -1, isr: [3] };
  expect(electUncleanLeaders(withTopic(1, lost)).records).toEqual([]);
  const allowed = electUncleanLeaders(withTopic(1, lost, { "unclean.leader.election.enable": "true" }));
  expect(allowed.records.map(({ value }) => value)).toMatchObject([{ leader: 1, isr: [1], leaderRecoveryState: 1 }]);
  const led = withTopic(1, { leader: 2 }, { "unclean.leader.election.enable": "true" });
  expect(electUncleanLeaders(led).records).toEqual([]);
});

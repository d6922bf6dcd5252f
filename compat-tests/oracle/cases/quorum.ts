/** What replicas of the metadata log ask their leader: votes, epochs, records (KIP-595), snapshots (KIP-630). */
import type { AnyResponse, Ask, Case, Own } from "../raw/case.ts";
import type { Partial } from "../raw/fill.ts";
import { learnVoters } from "./voters.ts";

const name = "__cluster_metadata";
const metadataTopicId = "AAAAAAAAAAAAAAAAAAAAAQ";
const otherId = "MvDxzVmcRsaTz33bUuRU6A";

const epoch = (own: Own) => own.get("leaderEpoch") as number;
const cluster = (own: Own) => own.get("cluster") as string;
const directory = (own: Own) => own.get("directory") as string;

/** A leader that had to wait may have resigned: each side has an epoch of its own. */
function nameEpoch(response: AnyResponse, own: Own): void {
  if (typeof response !== "object" || response === null) return;
  for (const [field, value] of Object.entries(response)) {
    if (field === "leaderEpoch" && value === epoch(own)) response[field] = "the present one";
    else nameEpoch(value, own);
  }
}

type Made = Partial | ((own: Own) => Partial);
const made = (part: Made, own: Own) => (typeof part === "function" ? part(own) : part);

/** Asks of one API whose request differs from a sound one in the partition, or around it. */
function asks(api: string, whole: (own: Own, partition: Partial) => Partial, sound: (own: Own) => Partial) {
  return {
    partition: (change: Made, more: globalThis.Partial<Ask> = {}): Ask => ({
      api,
      controller: true,
      request: (own) => whole(own, { ...sound(own), ...made(change, own) }),
      save: nameEpoch,
      ...more,
    }),
    request: (change: Made, more: globalThis.Partial<Ask> = {}): Ask => ({
      api,
      controller: true,
      request: (own) => ({ ...whole(own, sound(own)), ...made(change, own) }),
      save: nameEpoch,
      ...more,
    }),
  };
}

/** Of another cluster, and of anything but the one partition that there is. */
function elsewhere(of: ReturnType<typeof asks>): Ask[] {
  const one = { partitionIndex: 0 };
  const whole = { topicName: name, partitions: [one] };
  return [
    of.request({ clusterId: "another" }, { versions: "all" }),
    of.request({ clusterId: null }),
    of.request({ topics: [whole, whole] }),
    of.request({ topics: [{ ...whole, partitions: [one, one] }] }),
    of.request({ topics: [{ ...whole, topicName: "another" }] }),
    of.partition({ partitionIndex: 1 }),
    of.request({ topics: [] }, { versions: "all" }),
    of.request({ topics: [{ ...whole, partitions: [] }] }),
  ];
}

const inTopic = (own: Own, partition: Partial) => ({
  clusterId: cluster(own),
  topics: [{ topicName: name, partitions: [partition] }],
});

const vote = asks(
  "Vote",
  (own, partition) => ({ voterId: 1, ...inTopic(own, partition) }),
  (own) => ({
    ...{ replicaEpoch: epoch(own), replicaId: 2, replicaDirectoryId: otherId },
    ...{ voterDirectoryId: directory(own), lastOffset: 1_000_000 },
  }),
);
const begin = asks(
  "BeginQuorumEpoch",
  (own, partition) => ({ voterId: 1, ...inTopic(own, partition) }),
  (own) => ({ voterDirectoryId: directory(own), leaderId: 1, leaderEpoch: epoch(own) }),
);
// By the leader itself: another leader of its own epoch would end Apache's process.
const end = asks("EndQuorumEpoch", inTopic, (own) => ({ leaderId: 1, leaderEpoch: epoch(own) }));
const fetch = asks(
  "Fetch",
  (own, partition) => ({
    ...{ clusterId: cluster(own), replicaState: { replicaId: 2, replicaEpoch: -1 }, maxBytes: 1_000_000 },
    topics: [{ topicId: metadataTopicId, partitions: [partition] }],
  }),
  (own) => ({ currentLeaderEpoch: epoch(own), fetchOffset: 0, lastFetchedEpoch: 0, partitionMaxBytes: 1_000_000 }),
);
const snapshot = asks(
  "FetchSnapshot",
  (own, partition) => ({
    ...{ clusterId: cluster(own), replicaId: 2, maxBytes: 1_000_000 },
    topics: [{ name, partitions: [partition] }],
  }),
  (own) => ({ currentLeaderEpoch: epoch(own), replicaDirectoryId: otherId }),
);
const ids = (brokerId: number, brokerEpoch: number): Ask => ({
  api: "AllocateProducerIds",
  controller: true,
  request: { brokerId, brokerEpoch },
});

export const quorumCases: readonly Case[] = [
  {
    title: "Vote: what a leader answers",
    steps: [
      ...learnVoters,
      ...elsewhere(vote),
      vote.partition({}, { versions: "all" }),
      vote.partition({ preVote: true }),
      vote.partition({ replicaEpoch: 0 }),
      vote.partition({ replicaEpoch: 0, preVote: true }),
      vote.partition((own) => ({ lastOffsetEpoch: epoch(own) }), { versions: "all" }),
      vote.partition((own) => ({ lastOffsetEpoch: epoch(own), preVote: true })),
      vote.partition((own) => ({ lastOffsetEpoch: epoch(own) + 1, preVote: true })),
      vote.partition({ lastOffset: -1 }),
      vote.partition({ lastOffsetEpoch: -1 }),
      vote.partition({ replicaId: -1 }),
      vote.partition({ replicaId: -1, replicaEpoch: 0, preVote: true }),
      vote.partition({ voterDirectoryId: otherId }),
      vote.request({ voterId: 9 }, { versions: "all" }),
      vote.request({ voterId: -1 }),
    ],
  },
  {
    title: "BeginQuorumEpoch: what a leader answers",
    steps: [
      ...learnVoters,
      ...elsewhere(begin),
      begin.partition({}, { versions: "all" }),
      begin.partition({ leaderEpoch: 0 }, { versions: "all" }),
      begin.partition({ leaderId: -1 }),
      begin.partition({ leaderId: -1, leaderEpoch: 0 }),
      begin.partition({ voterDirectoryId: otherId }),
      begin.request({ voterId: 9 }),
      begin.request({ voterId: -1 }),
    ],
  },
  {
    title: "EndQuorumEpoch: what a leader answers",
    steps: [
      ...learnVoters,
      ...elsewhere(end),
      end.partition({ leaderEpoch: 0 }, { versions: "all" }),
      end.partition({ leaderId: -1 }),
      end.partition({}, { versions: "all" }),
    ],
  },
  {
    title: "Fetch of the metadata log: what is refused",
    steps: [
      ...learnVoters,
      fetch.request({ clusterId: "another" }, { versions: [15, 17, 18] }),
      fetch.request({ topics: [] }),
      fetch.request({ topics: [{ topicId: metadataTopicId, partitions: [] }] }),
      fetch.request({ topics: [{ topicId: metadataTopicId, partitions: [{ partition: 0 }, { partition: 0 }] }] }),
      fetch.request({ topics: [{ topicId: otherId, partitions: [{ partition: 0 }] }] }),
      fetch.partition({ partition: 1 }),
      fetch.partition({ currentLeaderEpoch: 0 }),
      fetch.partition({ currentLeaderEpoch: 1_000_000 }),
      fetch.partition({ fetchOffset: -1 }),
      fetch.partition({ lastFetchedEpoch: -1 }),
      fetch.partition((own) => ({ lastFetchedEpoch: epoch(own) + 1 })),
      fetch.request({ maxWaitMs: -1 }),
    ],
  },
  {
    // No more: where Apache's controller refuses the partition it fails to write the answer, which has no records, and
    // where there is none it ends (CVE-2026-83525).
    title: "FetchSnapshot of another cluster",
    steps: [...learnVoters, snapshot.request({ clusterId: "another" }, { versions: "all" })],
  },
  { title: "AllocateProducerIds: what is refused", steps: [ids(9, 0), ids(-1, -1), ids(1, 1_000_000), ids(1, -1)] },
];

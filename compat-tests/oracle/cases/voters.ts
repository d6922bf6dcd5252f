/** AddRaftVoter, RemoveRaftVoter, UpdateRaftVoter (KIP-853), as far as a quorum of one node can show them. */
import type { Ask, Case, Own } from "../raw/case.ts";

const elsewhere = [{ name: "CONTROLLER", host: "localhost", port: 1 }];
const otherDirectory = "MvDxzVmcRsaTz33bUuRU6A";
const none = "AAAAAAAAAAAAAAAAAAAAAA";

/** The voter that there is, and the cluster. */
export const learnVoters: readonly Ask[] = [
  {
    api: "DescribeQuorum",
    request: { topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }] },
    quiet: true,
    save: ({ topics }, own) => {
      const [partition] = topics[0].partitions;
      own.set("directory", partition.currentVoters[0].replicaDirectoryId);
      own.set("leaderEpoch", partition.leaderEpoch);
    },
  },
  {
    api: "DescribeCluster",
    request: {},
    quiet: true,
    save: ({ clusterId }, own) => void own.set("cluster", clusterId),
  },
];

const cluster = (own: Own) => own.get("cluster") as string;

interface Addition {
  readonly clusterId?: string | null;
  readonly voterId?: number;
  readonly voterDirectoryId?: string;
  readonly listeners?: readonly { name: string; host: string; port: number }[];
}

const add = (change: Addition | ((own: Own) => Addition), more: Partial<Ask> = {}): Ask => ({
  api: "AddRaftVoter",
  waitMs: 10_000,
  request: (own) => ({
    clusterId: cluster(own),
    timeoutMs: 1000,
    voterId: 2,
    voterDirectoryId: otherDirectory,
    listeners: elsewhere,
    ...(typeof change === "function" ? change(own) : change),
  }),
  ...more,
});

const remove = (change: Addition | ((own: Own) => Addition), more: Partial<Ask> = {}): Ask => ({
  api: "RemoveRaftVoter",
  request: (own) => ({
    clusterId: cluster(own),
    voterId: 2,
    voterDirectoryId: otherDirectory,
    ...(typeof change === "function" ? change(own) : change),
  }),
  ...more,
});

const update = (change: Record<string, unknown>): Ask => ({
  api: "UpdateRaftVoter",
  controller: true,
  request: (own) => ({
    clusterId: cluster(own),
    currentLeaderEpoch: own.get("leaderEpoch") as number,
    voterId: 1,
    voterDirectoryId: own.get("directory") as string,
    listeners: elsewhere,
    kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    ...change,
  }),
});

const own = (known: Own) => ({ voterId: 1, voterDirectoryId: known.get("directory") as string });

export const voterCases: readonly Case[] = [
  {
    title: "AddRaftVoter refuses, in Kafka's order",
    steps: [
      ...learnVoters,
      add({ clusterId: "another" }, { versions: "all" }),
      add({ clusterId: "another", voterId: -1 }),
      add({ voterId: -1 }),
      add({ voterDirectoryId: none }),
      add({ voterDirectoryId: none, listeners: [] }),
      add({ listeners: [] }),
      add({ listeners: [{ name: "ANOTHER", host: "localhost", port: 1 }] }),
      add(own),
      add({ voterId: 1 }),
      add({ clusterId: null, voterId: 1 }),
      add({ clusterId: "another" }, { controller: true }),
      add(own, { controller: true }),
    ],
  },
  {
    title: "AddRaftVoter of a node that nobody reaches",
    steps: [...learnVoters, add({})],
  },
  {
    title: "RemoveRaftVoter refuses, in Kafka's order",
    steps: [
      ...learnVoters,
      remove({ clusterId: "another" }),
      remove({ voterId: -1 }),
      remove({ voterDirectoryId: none }),
      remove({}),
      remove({ voterId: 1 }),
      remove({ voterId: 1 }, { controller: true }),
      remove(own),
      remove(own, { controller: true }),
    ],
  },
  {
    title: "UpdateRaftVoter refuses, in Kafka's order",
    steps: [
      ...learnVoters,
      update({ clusterId: "another" }),
      update({ currentLeaderEpoch: 0 }),
      update({ currentLeaderEpoch: 1_000 }),
      update({ voterId: -1 }),
      update({ voterDirectoryId: none }),
      update({ listeners: [] }),
      update({ listeners: [{ name: "ANOTHER", host: "localhost", port: 1 }] }),
      update({ kRaftVersionFeature: { minSupportedVersion: -1, maxSupportedVersion: 1 } }),
      update({ kRaftVersionFeature: { minSupportedVersion: 1, maxSupportedVersion: 0 } }),
      update({ kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 0 } }),
      update({ voterId: 2 }),
      update({ voterDirectoryId: otherDirectory }),
    ],
  },
];

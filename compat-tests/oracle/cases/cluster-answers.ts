/**
 * What only brokers of a cluster answer. Node 2 leads a partition of which node 4, which is in sync, has stopped in the
 * middle of everything (SIGSTOP): then node 3 is told to lead, and does not know how far its records are committed.
 */
import type { Ask, Case } from "../raw/case.ts";
import { batch, produce } from "./steps.ts";

export const TOPIC = "uncertain";

const assigned = (brokerIds: readonly number[]) => [{ partitionIndex: 0, brokerIds }];
const admin = { timeoutMs: 10_000 };
const isAppended: Ask["until"] = ({ responses }) => responses[0].partitionResponses[0].errorCode === 0;

/** Two records that all have, committed. */
export const setUp: Case = {
  title: "a partition with three replicas and two records",
  steps: [
    {
      api: "CreateTopics",
      request: {
        ...admin,
        topics: [{ name: TOPIC, numPartitions: -1, replicationFactor: -1, assignments: assigned([2, 3, 4]) }],
      },
    },
    {
      api: "Metadata",
      request: { topics: [{ name: TOPIC }], allowAutoTopicCreation: false },
      until: ({ topics }) => topics[0].errorCode === 0 && topics[0].partitions[0]?.isrNodes.length === 3,
      save: ({ topics }, own) => own.set(`id of ${TOPIC}`, topics[0].topicId),
      quiet: true,
    },
    produce(TOPIC, batch(["a", "b"]), { versions: [11], until: isAppended }),
  ],
};

/** Node 4 has stopped: what is appended now stays uncommitted, and no longer time lets it leave. */
export const append: Case = {
  title: "two more that one replica in sync does not have",
  steps: [
    produce(TOPIC, batch(["c", "d"]), { versions: [11], acks: 1, until: isAppended }),
    // The next leader hears of it: only the first partition in the order of the replicas leads by preference.
    {
      api: "AlterPartitionReassignments",
      request: { ...admin, topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, replicas: [3, 2, 4] }] }] },
    },
  ],
};

/** Of node 3, which is asked as one who debugs asks a follower. */
export const followed: Case = {
  title: "the other replica has them",
  steps: [
    {
      ...listOffsets(-1, { replicaId: -2 }),
      versions: [11],
      until: ({ topics }) => topics[0].partitions[0].offset === 4,
    },
  ],
};

export const election: Case = {
  title: "it is elected",
  steps: [
    {
      api: "ElectLeaders",
      request: { ...admin, electionType: 0, topicPartitions: [{ topic: TOPIC, partitions: [0] }] },
      until: ({ replicaElectionResults: [topic] }) => [0, 84].includes(topic?.partitionResult[0]?.errorCode),
      quiet: true,
    },
  ],
};

function listOffsets(timestamp: number, more: object = {}): Ask {
  return {
    api: "ListOffsets",
    request: {
      replicaId: -1,
      isolationLevel: 0,
      ...more,
      topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }],
    },
  };
}

const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
/** A time before all records, and one after all. */
const [FIRST, NEVER] = [1, 9_000_000_000_000];

const isLeader: Ask = {
  ...listOffsets(EARLIEST),
  versions: [11],
  until: ({ topics }) => topics[0].partitions[0].errorCode === 0,
  quiet: true,
};

/** Of node 3 as the leader. */
export const uncertain: readonly Case[] = [
  ...[LATEST, EARLIEST, FIRST, NEVER].map((timestamp) => ({
    title: `ListOffsets of ${timestamp}`,
    steps: [isLeader, { ...listOffsets(timestamp), versions: "all" as const }],
  })),
  {
    title: "ListOffsets of the largest timestamp",
    steps: [isLeader, { ...listOffsets(MAX_TIMESTAMP), versions: [7, 8, 9, 10, 11] }],
  },
  {
    title: "ListOffsets of what is stable",
    steps: [isLeader, ...[LATEST, FIRST, NEVER].map((place) => listOffsets(place, { isolationLevel: 1 }))],
  },
  {
    title: "ListOffsets of a follower, and of who debugs",
    steps: [
      isLeader,
      ...[LATEST, NEVER].flatMap((place) => [2, -2].map((replicaId) => listOffsets(place, { replicaId }))),
    ],
  },
];

/** Node 4 goes on. */
export const certain: Case = {
  title: "ListOffsets once all have them",
  steps: [
    { ...listOffsets(LATEST), until: ({ topics }) => topics[0].partitions[0].errorCode === 0 },
    listOffsets(NEVER),
    listOffsets(FIRST),
  ],
};

/** Of a broker whose controller is gone. `waitMs`: Apache answers most of them after a minute. */
export const withoutController = (waitMs: number): readonly Case[] =>
  (
    [
      ["InitProducerId", { transactionalId: null, transactionTimeoutMs: 1_000, producerId: -1, producerEpoch: -1 }],
      ["CreateTopics", { ...admin, topics: [{ name: "late", numPartitions: 1, replicationFactor: 1 }] }],
      ["DeleteTopics", { ...admin, topics: [{ name: TOPIC }] }],
      ["CreatePartitions", { ...admin, topics: [{ name: TOPIC, count: 2 }] }],
      ["ElectLeaders", { ...admin, electionType: 0, topicPartitions: null }],
      ["AlterPartitionReassignments", { ...admin, topics: [] }],
      ["ListPartitionReassignments", { ...admin, topics: null }],
      ["IncrementalAlterConfigs", { resources: [{ resourceType: 2, resourceName: TOPIC, configs: [] }] }],
      ["AlterConfigs", { resources: [{ resourceType: 2, resourceName: TOPIC, configs: [] }] }],
      ["AlterClientQuotas", { entries: [{ entity: [{ entityType: "user", entityName: "u" }], ops: [] }] }],
      ["AlterUserScramCredentials", { deletions: [{ name: "u", mechanism: 1 }], upsertions: [] }],
      ["UpdateFeatures", { timeoutMs: 1_000, featureUpdates: [], validateOnly: true }],
      ["UnregisterBroker", { brokerId: 77 }],
      ["DescribeQuorum", { topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }] }],
      ["AddRaftVoter", { clusterId: null, timeoutMs: 1_000, voterId: 5, voterDirectoryId: "Directory0005AAAAAAAAA" }],
      ["RemoveRaftVoter", { clusterId: null, voterId: 5, voterDirectoryId: "Directory0005AAAAAAAAA" }],
    ] as const
  ).map(([api, request]) => ({ title: api, steps: [{ api, request, waitMs }] }));

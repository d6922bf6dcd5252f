/** CreateTopics, DeleteTopics, CreatePartitions, ElectLeaders and reassignments. */
import type { Ask, Case } from "../raw/case.ts";
import { createTopic, topicId } from "./steps.ts";

const create = (versions: readonly number[], topic: object, more: object = {}): Ask => ({
  api: "CreateTopics",
  versions,
  request: { topics: [{ numPartitions: 1, replicationFactor: 1, ...topic }], timeoutMs: 10_000, ...more },
  save: ({ topics }, own) => own.set(`id of ${topics[0].name}`, topics[0].topicId),
});

export const topicCases: readonly Case[] = [
  {
    title: "CreateTopics, each version",
    steps: [
      ...[2, 3, 4, 5, 6, 7].map((version) => create([version], { name: `created-v${version}`, numPartitions: 2 })),
      create([4, 5], { name: "created-default-4", numPartitions: -1, replicationFactor: -1 }, { validateOnly: true }),
      create([7], { name: "created-default", numPartitions: -1, replicationFactor: -1 }),
      create([2, 5, 7], { name: "created-v2" }),
    ],
  },
  {
    title: "CreateTopics that only validates",
    steps: [
      create(
        [2, 7],
        { name: "validated", numPartitions: 4, configs: [{ name: "retention.ms", value: "1000" }] },
        { validateOnly: true },
      ),
      { api: "Metadata", request: { topics: [{ name: "validated" }], allowAutoTopicCreation: false } },
      create([7], { name: "validated", replicationFactor: 5 }, { validateOnly: true }),
    ],
  },
  {
    title: "CreateTopics with names that are not allowed",
    steps: ["", ".", "..", "a/b", "x".repeat(249), "x".repeat(250), "ü", "a b", "__proto__", "constructor"].map(
      (name) => create([7], { name }, { validateOnly: true }),
    ),
  },
  {
    title: "CreateTopics: names that collide",
    steps: [
      create([7], { name: "col.lide" }),
      create([7], { name: "col_lide" }),
      create([7], { name: "col.lide" }),
      {
        api: "CreateTopics",
        request: {
          topics: [
            { name: "twice", numPartitions: 1, replicationFactor: 1 },
            { name: "twice", numPartitions: 2, replicationFactor: 1 },
            { name: "once", numPartitions: 1, replicationFactor: 1 },
          ],
          timeoutMs: 5000,
          validateOnly: true,
        },
      },
    ],
  },
  {
    title: "CreateTopics with wrong numbers",
    steps: [
      create([7], { name: "wrong", numPartitions: 0 }),
      create([7], { name: "wrong", numPartitions: -2 }),
      create([7], { name: "wrong", numPartitions: 20_000 }),
      create([7], { name: "wrong", replicationFactor: 0 }),
      create([7], { name: "wrong", replicationFactor: -3 }),
      create([7], { name: "wrong", replicationFactor: 2 }),
      create([7], { name: "wrong", numPartitions: 3, assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
    ],
  },
  {
    title: "CreateTopics with assignments",
    steps: [
      create([7], {
        name: "assigned",
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [
          { partitionIndex: 0, brokerIds: [1] },
          { partitionIndex: 1, brokerIds: [1] },
        ],
      }),
      create([7], {
        name: "assigned-2",
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 1, brokerIds: [1] }],
      }),
      create([7], {
        name: "assigned-3",
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds: [9] }],
      }),
      create([7], {
        name: "assigned-4",
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds: [1, 1] }],
      }),
      create([7], {
        name: "assigned-5",
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds: [] }],
      }),
      create([7], {
        name: "assigned-6",
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [
          { partitionIndex: 0, brokerIds: [1] },
          { partitionIndex: 0, brokerIds: [1] },
        ],
      }),
    ],
  },
  {
    title: "CreateTopics with settings",
    steps: [
      create(
        [5, 7],
        {
          name: "set",
          configs: [
            { name: "retention.ms", value: "1000" },
            { name: "cleanup.policy", value: "compact,delete" },
          ],
        },
        { validateOnly: true },
      ),
      ...[
        ["retention.ms", "abc"],
        ["retention.ms", null],
        ["retention.ms", ""],
        ["no.such", "1"],
        ["cleanup.policy", "shred"],
        ["cleanup.policy", ""],
        ["compression.type", "brotli"],
        ["min.insync.replicas", "0"],
        ["max.message.bytes", "-1"],
        ["segment.bytes", "13"],
        ["message.timestamp.type", "never"],
        ["min.cleanable.dirty.ratio", "1.5"],
        ["preallocate", "maybe"],
        ["segment.ms", "0"],
        ["min.compaction.lag.ms", "-1"],
        ["retention.bytes", "99999999999999999999"],
        ["leader.replication.throttled.replicas", "x"],
        ["unclean.leader.election.enable", "true"],
        ["remote.storage.enable", "true"],
        ["local.retention.ms", "5"],
      ].map(([name, value]) => create([7], { name: "set", configs: [{ name, value }] }, { validateOnly: true })),
    ],
  },
  {
    title: "DeleteTopics, each version",
    steps: [
      ...[1, 2, 3, 4, 5].flatMap((version) => [
        ...createTopic(`deleted-v${version}`),
        {
          api: "DeleteTopics",
          versions: [version],
          request: { topicNames: [`deleted-v${version}`, "gone"], timeoutMs: 10_000 },
        },
      ]),
      ...createTopic("deleted-v6"),
      { api: "DeleteTopics", request: { topics: [{ name: "deleted-v6" }, { name: "gone" }], timeoutMs: 10_000 } },
      ...createTopic("deleted-id"),
      {
        api: "DeleteTopics",
        request: (own) => ({ topics: [{ name: null, topicId: topicId(own, "deleted-id") }], timeoutMs: 10_000 }),
      },
      {
        api: "DeleteTopics",
        request: (own) => ({ topics: [{ name: null, topicId: topicId(own, "deleted-id") }], timeoutMs: 10_000 }),
      },
      { api: "DeleteTopics", request: { topics: [{ name: null }], timeoutMs: 10_000 } },
      { api: "DeleteTopics", request: { topics: [{ name: "gone" }, { name: "gone" }], timeoutMs: 10_000 } },
      { api: "DeleteTopics", request: { topics: [{ name: "a/b" }], timeoutMs: 10_000 } },
      { api: "Metadata", request: { topics: [{ name: "deleted-v1" }, { name: "deleted-id" }] } },
    ],
  },
  {
    title: "CreatePartitions",
    steps: [
      ...createTopic("grown", 1),
      ...[0, 1, 2, 3].map((version) => ({
        api: "CreatePartitions",
        versions: [version],
        request: { topics: [{ name: "grown", count: 2 + version, assignments: null }], timeoutMs: 10_000 },
      })),
      ...[0, -1, 2, 5, 100_000].map((count) => ({
        api: "CreatePartitions",
        request: { topics: [{ name: "grown", count, assignments: null }], timeoutMs: 10_000, validateOnly: true },
      })),
      {
        api: "CreatePartitions",
        request: { topics: [{ name: "gone", count: 3, assignments: null }], timeoutMs: 10_000 },
      },
      {
        api: "CreatePartitions",
        request: { topics: [{ name: "grown", count: 7, assignments: [{ brokerIds: [1] }] }], timeoutMs: 10_000 },
      },
      {
        api: "CreatePartitions",
        request: {
          topics: [{ name: "grown", count: 7, assignments: [{ brokerIds: [1] }, { brokerIds: [1] }] }],
          timeoutMs: 10_000,
        },
      },
      {
        api: "CreatePartitions",
        request: { topics: [{ name: "grown", count: 8, assignments: [{ brokerIds: [9] }] }], timeoutMs: 10_000 },
      },
      {
        api: "CreatePartitions",
        request: {
          topics: [
            { name: "grown", count: 8 },
            { name: "grown", count: 9 },
          ],
          timeoutMs: 10_000,
        },
      },
      { api: "Metadata", request: { topics: [{ name: "grown" }] } },
    ],
  },
  {
    title: "ElectLeaders",
    steps: [
      ...createTopic("elected", 2),
      {
        api: "ElectLeaders",
        versions: "all",
        request: { topicPartitions: [{ topic: "elected", partitions: [0, 1] }], timeoutMs: 5_000 },
      },
      {
        api: "ElectLeaders",
        versions: [1, 2],
        request: { electionType: 1, topicPartitions: [{ topic: "elected", partitions: [0] }], timeoutMs: 5_000 },
      },
      {
        api: "ElectLeaders",
        versions: [2],
        request: {
          topicPartitions: [
            { topic: "gone", partitions: [0] },
            { topic: "elected", partitions: [9] },
          ],
          timeoutMs: 5_000,
        },
      },
      {
        api: "ElectLeaders",
        versions: [2],
        request: { electionType: 5, topicPartitions: [{ topic: "elected", partitions: [0] }], timeoutMs: 5_000 },
      },
      { api: "ElectLeaders", versions: [2], request: { topicPartitions: null, timeoutMs: 5_000 } },
    ],
  },
  {
    title: "ListPartitionReassignments",
    steps: [
      ...createTopic("stays", 2),
      { api: "ListPartitionReassignments", request: { topics: null, timeoutMs: 5_000 } },
      {
        api: "ListPartitionReassignments",
        request: { topics: [{ name: "stays", partitionIndexes: [0, 1] }], timeoutMs: 5_000 },
      },
      {
        api: "ListPartitionReassignments",
        request: { topics: [{ name: "gone", partitionIndexes: [0] }], timeoutMs: 5_000 },
      },
    ],
  },
];

/**
 * What brokers ask of the controller: registration, heartbeats, in-sync replicas, directories. The brokers are made up:
 * one connection speaks for them all, so that a single node shows what a cluster's controller decides.
 */
import type { Case } from "../raw/case.ts";
import {
  assignedTopic,
  beat,
  clusterFacts,
  deleted,
  directory,
  elect,
  epochOf,
  inSync,
  lies,
  minInsync,
  partitionIs,
  register,
  replicasAre,
  unregister,
  up,
  zero,
} from "./broker-steps.ts";
import { createTopic, topicId } from "./steps.ts";

type Difference = readonly [field: string, apache: number | string, odradek: number | string];

/** What the description of the partition says otherwise. */
function inPartition(step: number, differences: readonly Difference[]): string[] {
  const api = "DescribeTopicPartitions";
  return differences.map(
    ([field, apache, odradek]) =>
      `${step} ${api} v0 | ${api} topics[0].partitions[0].${field}: Apache ${apache}, Odradek ${odradek}`,
  );
}

/** Of the next life. */
const otherDisk = { life: 1, fields: { logDirs: [directory(63, 7)] } };

export const brokerCases: readonly Case[] = [
  {
    title: "BrokerRegistration: what is refused, in which order",
    steps: [
      ...clusterFacts,
      register(50, { fields: { clusterId: "another" } }),
      register(50, { fields: { clusterId: "another", logDirs: [] } }),
      register(50, { fields: { logDirs: [] } }),
      register(50, { fields: { logDirs: [directory(50), directory(50)] } }),
      register(50, { fields: { logDirs: [zero] } }),
      register(50, { fields: { logDirs: ["AAAAAAAAAAAAAAAAAAAAAw"] } }),
      register(50, { fields: { isMigratingZkBroker: true } }),
      register(50, { features: { "metadata.version": null } }),
      register(50, { features: { "metadata.version": [1, 7] } }),
      register(50, { features: { "metadata.version": [31, 40] } }),
      register(50, { features: { "group.version": [0, 0] } }),
      register(50, { features: { "group.version": null } }),
      register(50, { features: { "metadata.version": [1, 7] }, fields: { logDirs: [] } }),
      register(50, { fields: { listeners: [] } }),
      register(51),
      register(50, { fields: { logDirs: [directory(51)] } }),
      unregister(50, { quiet: true }),
      unregister(51),
    ],
  },
  {
    title: "BrokerRegistration: lives of one broker",
    steps: [
      ...clusterFacts,
      register(52),
      register(52, { life: 1 }),
      beat(52, { wantFence: true }),
      register(52, { life: 2 }),
      register(52, { life: 1 }),
      beat(52),
      register(52, { life: 1, fields: { rack: "another" } }),
      beat(52, { brokerEpoch: 1 }),
      beat(52),
      beat(52, { wantFence: true, wantShutDown: true }),
      register(52, { life: 3 }),
      unregister(52),
      beat(52),
      { ...register(52), versions: [1, 2, 3, 4] },
      unregister(52),
    ],
  },
  {
    title: "BrokerHeartbeat: fenced, up, shutting down",
    steps: [
      ...clusterFacts,
      { ...beat(53, { brokerEpoch: 5 }), versions: "all" },
      register(53),
      beat(53, { brokerEpoch: 0 }),
      beat(53, { currentMetadataOffset: -1, wantFence: true }),
      beat(53, { currentMetadataOffset: -1 }),
      beat(53, { wantFence: true }),
      beat(53),
      beat(53),
      beat(53, { wantFence: true }),
      beat(53),
      ...assignedTopic("left", [53, 1]),
      beat(53, { wantShutDown: true }),
      partitionIs("left", 1, [1]),
      beat(53, { wantShutDown: true }, { until: ({ shouldShutDown }) => shouldShutDown }),
      beat(53, { wantShutDown: true }),
      unregister(53),
      deleted("left"),
    ],
  },
  {
    title: "BrokerHeartbeat: directories that fail",
    steps: [
      ...clusterFacts,
      register(54, { fields: { logDirs: [directory(54), directory(54, 1)] } }),
      beat(54),
      ...assignedTopic("on-disk", [54, 1]),
      lies(54, 1, "on-disk"),
      beat(54, { offlineLogDirs: [directory(54)] }),
      partitionIs("on-disk", 54, [54, 1]),
      beat(54, { offlineLogDirs: [directory(54), directory(54, 1)] }),
      partitionIs("on-disk", 1, [1]),
      unregister(54),
      deleted("on-disk"),
    ],
  },
  {
    title: "AssignReplicasToDirs: what is refused",
    steps: [
      ...clusterFacts,
      ...up(55),
      ...assignedTopic("placed", [55, 1]),
      ...assignedTopic("elsewhere", [1]),
      {
        api: "AssignReplicasToDirs",
        controller: true,
        request: { brokerId: 55, brokerEpoch: 0, directories: [] },
      },
      {
        api: "AssignReplicasToDirs",
        controller: true,
        request: { brokerId: 99, brokerEpoch: 0, directories: [] },
      },
      {
        api: "AssignReplicasToDirs",
        controller: true,
        request: (own) => ({
          brokerId: 55,
          brokerEpoch: epochOf(own, 55),
          directories: [
            {
              id: directory(55),
              topics: [
                { topicId: "AAAAAAAAAAAAAAAAAAAAFw", partitions: [{ partitionIndex: 0 }] },
                { topicId: topicId(own, "placed"), partitions: [{ partitionIndex: 0 }, { partitionIndex: 7 }] },
                { topicId: topicId(own, "elsewhere"), partitions: [{ partitionIndex: 0 }] },
              ],
            },
            {
              id: directory(55, 5),
              topics: [{ topicId: topicId(own, "placed"), partitions: [{ partitionIndex: 0 }] }],
            },
          ],
        }),
      },
      partitionIs("placed", 1, [1]),
      unregister(55),
      deleted("placed"),
    ],
  },
  {
    title: "AlterPartition: what is refused, in which order",
    steps: [
      ...clusterFacts,
      ...up(56),
      ...up(57),
      ...assignedTopic("synced", [56, 57, 1]),
      { ...inSync("synced", 56, [56], { leaderEpoch: 5 }), versions: [2, 3] },
      inSync("synced", 56, [56], { partitionEpoch: 5 }),
      inSync("synced", 56, [57], { leaderEpoch: 5, partitionEpoch: 5, recovery: 9 }),
      inSync("synced", 57, [57]),
      inSync("synced", 56, [57]),
      inSync("synced", 56, []),
      inSync("synced", 56, [56, 56]),
      inSync("synced", 56, [56, 1, 99]),
      inSync("synced", 56, [56, -1]),
      inSync("synced", 56, [56], { recovery: 1 }),
      // A recovery state that does not exist is left out: Apache's controller fails over it, and resigns.
      inSync("synced", 56, [56, 57], { epochs: { 57: 3 } }),
      inSync("synced", 56, [56], { partition: 3 }),
      {
        api: "AlterPartition",
        controller: true,
        request: (own) => ({ brokerId: 56, brokerEpoch: (epochOf(own, 56) as number) + 1, topics: [] }),
      },
      {
        api: "AlterPartition",
        controller: true,
        request: (own) => ({
          brokerId: 56,
          brokerEpoch: epochOf(own, 56),
          topics: [{ topicId: "AAAAAAAAAAAAAAAAAAAAFw", partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }],
        }),
      },
      inSync("synced", 56, [56, 57]),
      inSync("synced", 56, [56, 57]),
      inSync("synced", 56, [56, 57], { partitionEpoch: 1 }),
      beat(57, { wantFence: true }),
      inSync("synced", 56, [56, 57], { partitionEpoch: 2 }),
      inSync("synced", 56, [56, 1], { partitionEpoch: 2 }),
      beat(57),
      inSync("synced", 56, [56, 57, 1], { partitionEpoch: 3, epochs: { 57: -1 } }),
      unregister(57),
      partitionIs("synced", 56, [56, 1]),
      unregister(56),
      deleted("synced"),
    ],
  },
  {
    title: "Eligible leader replicas: below min.insync.replicas, elections, changed settings (KIP-966)",
    steps: [
      ...clusterFacts,
      ...up(58),
      ...up(59),
      ...assignedTopic("eligible", [58, 59, 1], { "min.insync.replicas": "2" }),
      inSync("eligible", 58, [58, 59]),
      inSync("eligible", 58, [58], { partitionEpoch: 1 }),
      partitionIs("eligible", 58, [58]),
      beat(58, { wantFence: true }),
      partitionIs("eligible", 59, [59]),
      beat(58),
      beat(59, { wantFence: true }),
      partitionIs("eligible", 58, [58]),
      minInsync("eligible", "1"),
      replicasAre("eligibleLeaderReplicas", "eligible", []),
      minInsync("eligible", "2"),
      beat(58, { wantFence: true }),
      partitionIs("eligible", -1, []),
      replicasAre("eligibleLeaderReplicas", "eligible", [58]),
      beat(59),
      replicasAre("offlineReplicas", "eligible", [58]),
      elect("eligible", 0),
      partitionIs("eligible", -1, []),
      elect("eligible", 1),
      partitionIs("eligible", 59, [59]),
      elect("eligible", 0),
      elect("eligible", 1),
      // The last leader is known, and the only one that may lead without an unclean election.
      minInsync("eligible", "1"),
      beat(59, { wantFence: true }),
      partitionIs("eligible", -1, []),
      beat(58),
      replicasAre("offlineReplicas", "eligible", [59]), // the broker that is asked hears of the heartbeat a little later
      partitionIs("eligible", -1, []),
      beat(59),
      partitionIs("eligible", 59, [59]),
      unregister(58),
      unregister(59),
      partitionIs("eligible", -1, []),
      deleted("eligible"),
    ],
  },
  {
    title: "Eligible leader replicas: one that is moved away",
    steps: [
      ...clusterFacts,
      ...up(61),
      ...up(62),
      ...assignedTopic("eligible-moved", [62, 61, 1], { "min.insync.replicas": "2" }),
      inSync("eligible-moved", 62, [62]),
      replicasAre("eligibleLeaderReplicas", "eligible-moved", [1, 61]),
      {
        api: "AlterPartitionReassignments",
        request: {
          topics: [{ name: "eligible-moved", partitions: [{ partitionIndex: 0, replicas: [62] }] }],
          timeoutMs: 5_000,
        },
      },
      {
        api: "DescribeTopicPartitions",
        request: { topics: [{ name: "eligible-moved" }] },
        until: ({ topics }) => topics[0].partitions[0].replicaNodes.length === 1,
      },
      unregister(61),
      unregister(62),
      deleted("eligible-moved"),
    ],
    otherwise: inPartition(10, [
      ["eligibleLeaderReplicas.length", 2, 0],
      ["eligibleLeaderReplicas[0]", 1, "(absent)"],
      ["eligibleLeaderReplicas[1]", 61, "(absent)"],
    ]),
  },
  {
    title: "The last known leader, back with another disk",
    steps: [
      ...clusterFacts,
      ...up(63),
      ...up(64),
      ...assignedTopic("last-known", [63, 64]),
      beat(64, { wantFence: true }),
      partitionIs("last-known", 63, [63]),
      beat(63, { wantShutDown: true }, { until: ({ shouldShutDown }) => shouldShutDown }),
      replicasAre("offlineReplicas", "last-known", [63, 64]),
      // Its session lasts 9 s; a step is asked for five.
      ...[1, 2].map(() => register(63, otherDisk, { until: ({ errorCode }) => errorCode === 0, quiet: true })),
      beat(63),
      partitionIs("last-known", -1, []),
      lies(63, 7, "last-known"),
      replicasAre("offlineReplicas", "last-known", [64]),
      beat(63, { wantFence: true }),
      replicasAre("offlineReplicas", "last-known", [63, 64]),
      beat(63), // Apache elects it now
      replicasAre("offlineReplicas", "last-known", [64]),
      elect("last-known", 1),
      partitionIs("last-known", 63, [63]),
      unregister(63),
      unregister(64),
      deleted("last-known"),
    ],
    otherwise: [
      ...[16, 18].flatMap((step) =>
        inPartition(step, [
          ["lastKnownElr.length", 1, 0],
          ["lastKnownElr[0]", 63, "(absent)"],
        ]),
      ),
      ...inPartition(20, [
        ["leaderId", 63, -1],
        ["isrNodes.length", 1, 0],
        ["isrNodes[0]", 63, "(absent)"],
      ]),
      "21 ElectLeaders v2 | ElectLeaders replicaElectionResults[0].partitionResult[0].errorCode: Apache 84, Odradek 0",
      "21 ElectLeaders v2 | ElectLeaders replicaElectionResults[0].partitionResult[0].errorMessage: " +
        'Apache "Leader election not needed for topic partition.", Odradek null',
    ],
  },
  {
    title: "CreateTopics and CreatePartitions with assignments on brokers that are down",
    steps: [
      ...clusterFacts,
      register(60),
      ...createTopic("grown"),
      {
        api: "CreatePartitions",
        request: { topics: [{ name: "grown", count: 2, assignments: [{ brokerIds: [60] }] }], timeoutMs: 5_000 },
      },
      {
        api: "CreatePartitions",
        request: { topics: [{ name: "grown", count: 2, assignments: [{ brokerIds: [60, 1] }] }], timeoutMs: 5_000 },
      },
      beat(60),
      {
        api: "CreatePartitions",
        request: {
          topics: [{ name: "grown", count: 3, assignments: [{ brokerIds: [60] }, { brokerIds: [1] }] }],
          timeoutMs: 5_000,
        },
      },
      {
        api: "DescribeTopicPartitions",
        request: { topics: [{ name: "grown" }] },
        until: ({ topics }) => topics[0].partitions.length === 3,
      },
      {
        api: "CreateTopics",
        request: {
          topics: [
            {
              name: "manual",
              numPartitions: -1,
              replicationFactor: -1,
              assignments: [
                { partitionIndex: 0, brokerIds: [1, 60] },
                { partitionIndex: 1, brokerIds: [60] },
              ],
            },
          ],
          timeoutMs: 5_000,
          validateOnly: true,
        },
      },
      unregister(60),
      deleted("grown"),
    ],
  },
];

/**
 * What brokers ask of the controller: registration, heartbeats, in-sync replicas, directories. The brokers are made up:
 * one connection speaks for them all, so that a single node shows what a cluster's controller decides.
 */
import type { Ask, Case, Own } from "../raw/case.ts";
import { createTopic, topicId } from "./steps.ts";

/** A directory of a broker, and one incarnation of it. */
const directory = (id: number, index = 0) => `QUJDREVGR0hJSktM${String(id).padStart(3, "A")}${index}AA`;
const incarnation = (id: number, life = 0) => `aaaaaaaaaaaaaaaa${String(id).padStart(3, "A")}${life}AA`;

/** What every registration repeats. */
export const clusterFacts: Ask[] = [
  {
    api: "DescribeCluster",
    request: {},
    save: ({ clusterId }, own) => own.set("cluster", clusterId),
    quiet: true,
  },
  {
    api: "ApiVersions",
    request: { clientSoftwareName: "oracle", clientSoftwareVersion: "1.0" },
    save: ({ supportedFeatures }, own) => own.set("features", supportedFeatures),
    quiet: true,
  },
];

interface Named {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
}

function features(own: Own, changed: Readonly<Record<string, readonly [number, number] | null>> = {}) {
  return (own.get("features") as Named[]).flatMap(({ name, minVersion, maxVersion }) => {
    const range = changed[name] === undefined ? ([minVersion, maxVersion] as const) : changed[name];
    return range === null ? [] : [{ name, minSupportedVersion: range[0], maxSupportedVersion: range[1] }];
  });
}

interface Registration {
  readonly life?: number;
  readonly features?: Readonly<Record<string, readonly [number, number] | null>>;
  /** Over the fields of the request. */
  readonly fields?: object | ((own: Own) => object);
  readonly previous?: (own: Own) => number;
}

/** Its epoch is saved as "epoch ID". */
export function register(id: number, how: Registration = {}, more: Partial<Ask> = {}): Ask {
  return {
    api: "BrokerRegistration",
    controller: true,
    request: (own) => ({
      brokerId: id,
      clusterId: own.get("cluster"),
      incarnationId: incarnation(id, how.life),
      listeners: [{ name: "PLAINTEXT", host: "localhost", port: 1, securityProtocol: 0 }],
      features: features(own, how.features),
      logDirs: [directory(id)],
      previousBrokerEpoch: how.previous?.(own) ?? -1,
      ...(typeof how.fields === "function" ? how.fields(own) : how.fields),
    }),
    save: ({ errorCode, brokerEpoch }, own) => {
      if (errorCode === 0) own.set(`epoch ${id}`, brokerEpoch);
    },
    ...more,
  };
}

const epochOf = (own: Own, id: number) => own.get(`epoch ${id}`) as number;

/** Far beyond the end of the metadata log: the broker has caught up. */
const CAUGHT_UP = 1_000_000;

export function beat(id: number, fields: object = {}, more: Partial<Ask> = {}): Ask {
  return {
    api: "BrokerHeartbeat",
    controller: true,
    request: (own) => ({
      brokerId: id,
      brokerEpoch: epochOf(own, id),
      currentMetadataOffset: CAUGHT_UP,
      wantFence: false,
      wantShutDown: false,
      ...fields,
    }),
    ...more,
  };
}

export const unregister = (id: number, more: Partial<Ask> = {}): Ask => ({
  api: "UnregisterBroker",
  request: { brokerId: id },
  ...more,
});

/** On brokers that are up. */
function assignedTopic(
  name: string,
  replicas: readonly number[],
  configs: Readonly<Record<string, string>> = {},
): Ask[] {
  return [
    {
      api: "CreateTopics",
      request: {
        topics: [
          {
            name,
            numPartitions: -1,
            replicationFactor: -1,
            assignments: [{ partitionIndex: 0, brokerIds: replicas }],
            configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
          },
        ],
        timeoutMs: 5_000,
      },
      save: ({ topics }, own) => own.set(`id of ${name}`, topics[0].topicId),
      quiet: true,
    },
  ];
}

const partitionIs = (name: string, leaderId: number, isr: readonly number[]): Ask => ({
  api: "DescribeTopicPartitions",
  request: { topics: [{ name }] },
  until: ({ topics }) => {
    const [partition] = topics[0].partitions;
    return partition?.leaderId === leaderId && JSON.stringify(partition.isrNodes) === JSON.stringify(isr);
  },
});

type ReplicaList = "eligibleLeaderReplicas" | "offlineReplicas";
const replicasAre = (list: ReplicaList, name: string, brokers: readonly number[]): Ask => ({
  api: "DescribeTopicPartitions",
  request: { topics: [{ name }] },
  until: ({ topics }) => JSON.stringify(topics[0].partitions[0][list]) === JSON.stringify(brokers),
});

const minInsync = (name: string, value: string): Ask => ({
  api: "IncrementalAlterConfigs",
  request: {
    resources: [
      { resourceType: 2, resourceName: name, configs: [{ name: "min.insync.replicas", configOperation: 0, value }] },
    ],
  },
});

/** 0 preferred, 1 unclean. */
const elect = (topic: string, electionType: number): Ask => ({
  api: "ElectLeaders",
  request: { electionType, topicPartitions: [{ topic, partitions: [0] }], timeoutMs: 5_000 },
});

interface Proposal {
  readonly leaderEpoch?: number;
  readonly partitionEpoch?: number;
  readonly recovery?: number;
  readonly partition?: number;
  /** Broker epochs other than those of the registrations. */
  readonly epochs?: Readonly<Record<number, number>>;
}

/** As the leader asks. */
function inSync(
  topic: string,
  leader: number,
  isr: readonly number[],
  how: Proposal = {},
  more: Partial<Ask> = {},
): Ask {
  return {
    api: "AlterPartition",
    controller: true,
    request: (own, version) => ({
      brokerId: leader,
      brokerEpoch: epochOf(own, leader),
      topics: [
        {
          topicId: topicId(own, topic),
          partitions: [
            {
              partitionIndex: how.partition ?? 0,
              leaderEpoch: how.leaderEpoch ?? 0,
              partitionEpoch: how.partitionEpoch ?? 0,
              leaderRecoveryState: how.recovery ?? 0,
              ...(version < 3
                ? { newIsr: isr }
                : {
                    newIsrWithEpochs: isr.map((brokerId) => ({
                      brokerId,
                      brokerEpoch: how.epochs?.[brokerId] ?? own.get(`epoch ${brokerId}`) ?? -1,
                    })),
                  }),
            },
          ],
        },
      ],
    }),
    ...more,
  };
}

const deleted = (name: string): Ask => ({
  api: "DeleteTopics",
  versions: [5],
  request: { topicNames: [name], timeoutMs: 5_000 },
  quiet: true,
});

const up = (id: number): Ask[] => [register(id), beat(id)];
const zero = "AAAAAAAAAAAAAAAAAAAAAA";

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
      {
        api: "AssignReplicasToDirs",
        controller: true,
        request: (own) => ({
          brokerId: 54,
          brokerEpoch: epochOf(own, 54),
          directories: [
            {
              id: directory(54, 1),
              topics: [{ topicId: topicId(own, "on-disk"), partitions: [{ partitionIndex: 0 }] }],
            },
          ],
        }),
      },
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

/** What brokers ask of the controller, step by step: they register, send heartbeats, propose in-sync replicas. */
import type { Ask, Own } from "../raw/case.ts";
import { topicId } from "./steps.ts";

/** A directory of a broker, and one incarnation of it. */
export const directory = (id: number, index = 0) => `QUJDREVGR0hJSktM${String(id).padStart(3, "A")}${index}AA`;
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

export const epochOf = (own: Own, id: number) => own.get(`epoch ${id}`) as number;

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
export function assignedTopic(
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

export const partitionIs = (name: string, leaderId: number, isr: readonly number[]): Ask => ({
  api: "DescribeTopicPartitions",
  request: { topics: [{ name }] },
  until: ({ topics }) => {
    const [partition] = topics[0].partitions;
    return partition?.leaderId === leaderId && JSON.stringify(partition.isrNodes) === JSON.stringify(isr);
  },
});

type ReplicaList = "eligibleLeaderReplicas" | "offlineReplicas";
export const replicasAre = (list: ReplicaList, name: string, brokers: readonly number[]): Ask => ({
  api: "DescribeTopicPartitions",
  request: { topics: [{ name }] },
  until: ({ topics }) => JSON.stringify(topics[0].partitions[0][list]) === JSON.stringify(brokers),
});

export const minInsync = (name: string, value: string): Ask => ({
  api: "IncrementalAlterConfigs",
  request: {
    resources: [
      { resourceType: 2, resourceName: name, configs: [{ name: "min.insync.replicas", configOperation: 0, value }] },
    ],
  },
});

/** 0 preferred, 1 unclean. */
export const elect = (topic: string, electionType: number): Ask => ({
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
export function inSync(
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

/** Partition 0 lies in that directory of the broker. */
export const lies = (id: number, index: number, topic: string): Ask => ({
  api: "AssignReplicasToDirs",
  controller: true,
  request: (own) => ({
    brokerId: id,
    brokerEpoch: epochOf(own, id),
    directories: [
      { id: directory(id, index), topics: [{ topicId: topicId(own, topic), partitions: [{ partitionIndex: 0 }] }] },
    ],
  }),
});

export const deleted = (name: string): Ask => ({
  api: "DeleteTopics",
  versions: [5],
  request: { topicNames: [name], timeoutMs: 5_000 },
  quiet: true,
});

export const up = (id: number): Ask[] => [register(id), beat(id)];
export const zero = "AAAAAAAAAAAAAAAAAAAAAA";

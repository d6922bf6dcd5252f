/** ApiVersions, Metadata, DescribeCluster, features and quorum: what a client asks first. */
import type { Case } from "../raw/case.ts";
import { createTopic, topicId } from "./steps.ts";

export const clusterCases: readonly Case[] = [
  {
    title: "ApiVersions, each version",
    steps: [
      { api: "ApiVersions", versions: "all", request: { clientSoftwareName: "oracle", clientSoftwareVersion: "1.0" } },
    ],
  },
  {
    title: "ApiVersions with names that are not allowed",
    steps: [
      { api: "ApiVersions", versions: [3, 4], request: { clientSoftwareName: "", clientSoftwareVersion: "1.0" } },
      { api: "ApiVersions", versions: [3], request: { clientSoftwareName: "or acle", clientSoftwareVersion: "1.0" } },
      { api: "ApiVersions", versions: [3], request: { clientSoftwareName: "oracle-", clientSoftwareVersion: "1" } },
    ],
  },
  {
    title: "ApiVersions on the controller listener",
    steps: [
      {
        api: "ApiVersions",
        versions: "all",
        request: { clientSoftwareName: "oracle", clientSoftwareVersion: "1.0" },
        controller: true,
      },
    ],
  },
  {
    title: "Metadata, each version: a topic, a missing topic, an invalid name",
    steps: [
      ...createTopic("meta", 3),
      { api: "Metadata", versions: "all", request: { topics: [{ name: "meta" }], allowAutoTopicCreation: true } },
      {
        api: "Metadata",
        versions: [4, 8, 12, 13],
        request: { topics: [{ name: "gone" }], allowAutoTopicCreation: false },
      },
      {
        api: "Metadata",
        versions: [4, 8, 12, 13],
        request: { topics: [{ name: "not/ok" }], allowAutoTopicCreation: true },
      },
      {
        api: "Metadata",
        versions: [4, 12, 13],
        request: { topics: [{ name: "__proto__" }], allowAutoTopicCreation: false },
      },
      { api: "Metadata", versions: [4, 12, 13], request: { topics: [], allowAutoTopicCreation: false } },
    ],
  },
  {
    title: "Metadata by topic id",
    steps: [
      ...createTopic("meta-id"),
      {
        api: "Metadata",
        versions: [12, 13],
        request: (own) => ({ topics: [{ topicId: topicId(own, "meta-id"), name: null }] }),
      },
      { api: "Metadata", versions: [12, 13], request: { topics: [{ topicId: "AAAAAAAAAAAAAAAAAAAAFw", name: null }] } },
      { api: "Metadata", versions: [12, 13], request: { topics: [{ name: null }] } },
      {
        api: "Metadata",
        versions: [10, 11],
        request: (own) => ({ topics: [{ topicId: topicId(own, "meta-id"), name: null }] }),
      },
      {
        api: "Metadata",
        versions: [12],
        request: (own) => ({ topics: [{ topicId: topicId(own, "meta-id"), name: "meta-id" }] }),
      },
    ],
  },
  {
    title: "Metadata with authorized operations",
    steps: [
      ...createTopic("meta-operations"),
      {
        api: "Metadata",
        versions: [8, 9, 10],
        request: {
          topics: [{ name: "meta-operations" }],
          includeClusterAuthorizedOperations: true,
          includeTopicAuthorizedOperations: true,
        },
      },
      {
        api: "Metadata",
        versions: [11, 12, 13],
        request: { topics: [{ name: "meta-operations" }], includeTopicAuthorizedOperations: true },
      },
    ],
  },
  {
    title: "Metadata creates a topic where it may",
    steps: [
      {
        api: "Metadata",
        request: { topics: [{ name: "auto" }], allowAutoTopicCreation: true },
      },
      {
        api: "Metadata",
        request: { topics: [{ name: "auto" }], allowAutoTopicCreation: true },
        until: ({ topics }) => topics[0].errorCode === 0,
        save: ({ topics }, own) => own.set("id of auto", topics[0].topicId),
      },
    ],
  },
  {
    title: "DescribeCluster",
    steps: [
      { api: "DescribeCluster", versions: "all", request: {} },
      { api: "DescribeCluster", versions: "all", request: { includeClusterAuthorizedOperations: true } },
      { api: "DescribeCluster", versions: [1, 2], request: { endpointType: 2 } },
      { api: "DescribeCluster", versions: [1, 2], request: { endpointType: 2 }, controller: true },
      { api: "DescribeCluster", versions: [1, 2], request: { endpointType: 1 }, controller: true },
      { api: "DescribeCluster", versions: [1, 2], request: { endpointType: 7 } },
      { api: "DescribeCluster", versions: [2], request: { endpointType: 1, includeFencedBrokers: true } },
    ],
  },
  {
    title: "DescribeTopicPartitions",
    steps: [
      ...createTopic("parts-a", 3),
      ...createTopic("parts-b", 2),
      {
        api: "DescribeTopicPartitions",
        request: { topics: [{ name: "parts-b" }, { name: "parts-a" }], responsePartitionLimit: 2000 },
      },
      {
        api: "DescribeTopicPartitions",
        request: { topics: [{ name: "parts-a" }, { name: "parts-b" }], responsePartitionLimit: 2 },
      },
      {
        api: "DescribeTopicPartitions",
        request: {
          topics: [{ name: "parts-a" }, { name: "parts-b" }],
          responsePartitionLimit: 2,
          cursor: { topicName: "parts-a", partitionIndex: 2 },
        },
      },
      {
        api: "DescribeTopicPartitions",
        request: { topics: [{ name: "gone" }, { name: "a/b" }], responsePartitionLimit: 10 },
      },
      { api: "DescribeTopicPartitions", request: { topics: [{ name: "parts-a" }], responsePartitionLimit: 0 } },
      {
        api: "DescribeTopicPartitions",
        request: {
          topics: [{ name: "parts-a" }],
          responsePartitionLimit: 5,
          cursor: { topicName: "parts-a", partitionIndex: -1 },
        },
      },
    ],
  },
  {
    title: "DescribeQuorum",
    steps: [
      ...[false, true].map((controller) => ({
        api: "DescribeQuorum",
        versions: "all" as const,
        request: { topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }] },
        controller,
      })),
      {
        api: "DescribeQuorum",
        versions: [2],
        request: { topics: [{ topicName: "other", partitions: [{ partitionIndex: 0 }] }] },
      },
      {
        api: "DescribeQuorum",
        versions: [2],
        request: { topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 1 }] }] },
      },
      { api: "DescribeQuorum", versions: [2], request: {} },
    ],
  },
  {
    title: "UpdateFeatures",
    steps: [
      {
        api: "UpdateFeatures",
        versions: [0],
        request: { timeoutMs: 5000, featureUpdates: [{ feature: "metadata.version", maxVersionLevel: 99 }] },
      },
      ...[1, 2].flatMap((version) => [
        {
          api: "UpdateFeatures",
          versions: [version],
          request: {
            timeoutMs: 5000,
            featureUpdates: [{ feature: "metadata.version", maxVersionLevel: 99, upgradeType: 1 }],
          },
        },
        {
          api: "UpdateFeatures",
          versions: [version],
          request: {
            timeoutMs: 5000,
            featureUpdates: [{ feature: "no.such.feature", maxVersionLevel: 1, upgradeType: 1 }],
          },
        },
        {
          api: "UpdateFeatures",
          versions: [version],
          request: {
            timeoutMs: 5000,
            featureUpdates: [{ feature: "group.version", maxVersionLevel: 0, upgradeType: 1 }],
          },
        },
        {
          api: "UpdateFeatures",
          versions: [version],
          request: {
            timeoutMs: 5000,
            validateOnly: true,
            featureUpdates: [{ feature: "group.version", maxVersionLevel: 0, upgradeType: 2 }],
          },
        },
        { api: "UpdateFeatures", versions: [version], request: { timeoutMs: 5000, featureUpdates: [] } },
        {
          api: "UpdateFeatures",
          versions: [version],
          request: {
            timeoutMs: 5000,
            featureUpdates: [{ feature: "metadata.version", maxVersionLevel: 7, upgradeType: 9 }],
          },
        },
      ]),
    ],
  },
  {
    title: "UnregisterBroker",
    steps: [{ api: "UnregisterBroker", request: { brokerId: 7 } }],
  },
];

/** What may differ between the two brokers: each mask with its reason. Fewer is better; the run prints how many. */
import type { Mask, Unordered } from "./raw/compare.ts";

export const masks: readonly Mask[] = [
  { api: /^(Metadata|DescribeCluster)$/, path: /^clusterId$/, reason: "every cluster has its own id" },
  {
    api: /^(CreateTopics|DeleteTopics|Metadata|DescribeTopicPartitions)$/,
    path: /topicId$/,
    reason: "topic ids are random",
  },
  {
    api: /^(Metadata|DescribeTopicPartitions)$/,
    path: /leaderEpoch$/,
    reason: "leaders of a topic just created may be elected again",
  },
  { api: /^ApiVersions$/, path: /^finalizedFeaturesEpoch$/, reason: "an offset of the metadata log" },
  {
    api: /^DescribeQuorum$/,
    path: /(logEndOffset|highWatermark|lastFetchTimestamp|lastCaughtUpTimestamp|leaderEpoch|DirectoryId)$/i,
    reason: "offsets, times and directory of the moment",
  },
  {
    api: /^UpdateRaftVoter$/,
    path: /^currentLeader\.leaderEpoch$/,
    reason: "a controller that resigned meanwhile leads in a later epoch",
  },
  { api: /^BrokerRegistration$/, path: /^brokerEpoch$/, reason: "an offset of the metadata log" },
  { api: /^AlterPartition$/, path: /topicId$/, reason: "topic ids are random" },
  { api: /^AssignReplicasToDirs$/, path: /topicId$/, reason: "topic ids are random" },
  { api: /^InitProducerId$/, path: /^producerId$/, reason: "ids follow what was asked before" },
  { api: /^Produce$/, path: /logAppendTimeMs$/, reason: "the broker's clock" },
  { api: /^DescribeLogDirs$/, path: /(totalBytes|usableBytes)$/, reason: "the disk changes while it is read" },
  { api: /^(Fetch)$/, path: /^sessionId$/, reason: "session ids are random" },
];

export const sorts: readonly Unordered[] = [
  { api: /^ApiVersions$/, path: "apiKeys", by: "apiKey" },
  { api: /^ApiVersions$/, path: "supportedFeatures", by: "name" },
  { api: /^ApiVersions$/, path: "finalizedFeatures", by: "name" },
  { api: /^Metadata$/, path: "topics", by: "name" },
  { api: /^(CreateTopics|DeleteTopics)$/, path: "topics", by: "name" },
  { api: /^CreateTopics$/, path: "topics[].configs", by: "name" },
  { api: /^DeleteTopics$/, path: "responses", by: "name" },
  { api: /^DescribeConfigs$/, path: "results[].configs", by: "name" },
  { api: /^ListConfigResources$/, path: "configResources", by: "resourceName" },
  { api: /^ElectLeaders$/, path: "replicaElectionResults", by: "topic" },
  { api: /^ElectLeaders$/, path: "replicaElectionResults[].partitionResult", by: "partitionId" },
  { api: /^ListGroups$/, path: "groups", by: "groupId" },
  { api: /^DescribeGroups$/, path: "groups[].members", by: "clientId" },
  { api: /^DescribeLogDirs$/, path: "results[].topics", by: "name" },
  { api: /^OffsetFetch$/, path: "topics", by: "name" },
  { api: /^(Alter|Describe)ClientQuotas$/, path: "entries", by: "" },
  { api: /^DescribeClientQuotas$/, path: "entries[].values", by: "key" },
  { api: /^(Alter|Describe)UserScramCredentials$/, path: "results", by: "user" },
  { api: /^DescribeUserScramCredentials$/, path: "results[].credentialInfos", by: "mechanism" },
];

/**
 * DescribeQuorum (key 55), v0-2: leader, voters and observers of the metadata quorum (KIP-595). v1 the times of fetches
 * (KIP-836), v2 directory ids, endpoints and messages (KIP-853). A broker asks the leader.
 * Errors, per partition: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { code, type ErrorName, errors, KafkaError } from "../../protocol/errors.ts";
import {
  DescribeQuorum,
  type DescribeQuorumRequest,
  type DescribeQuorumResponse,
  type ReplicaState,
} from "../../protocol/generated/describe-quorum.ts";
import { api } from "./api.ts";
import { anyMessage } from "./refusal.ts";
import type { QuorumReplica, QuorumView, Services } from "./services.ts";

const METADATA_TOPIC_NAME = "__cluster_metadata";

export const describeQuorum = api({
  message: DescribeQuorum,
  versions: [0, 2],
  listeners: ["broker", "controller"],
  refused: (_, errorCode, message) => ({
    errorCode,
    errorMessage: anyMessage(errorCode, message),
    topics: [],
    nodes: [],
  }),
  handle: (services, request, context) => {
    const { quorum, nodeId, controller } = services;
    if (context.listenerKind === "controller" || quorum().leaderId === nodeId) {
      return answer(services, request, context.apiVersion);
    }
    return controller.send(DescribeQuorum, request, context).catch((cause: unknown) => {
      // Meanwhile this node may have become the leader.
      if (!(cause instanceof KafkaError) || quorum().leaderId !== nodeId) throw cause;
      return answer(services, request, context.apiVersion);
    });
  },
});

function answer(
  { quorum, nodeId }: Pick<Services, "quorum" | "nodeId">,
  request: DescribeQuorumRequest,
  apiVersion: number,
): DescribeQuorumResponse {
  const view = quorum();
  if (!asksForMetadataLog(request)) return refusedPartitions(request, "UNKNOWN_TOPIC_OR_PARTITION");
  if (view.leaderId !== nodeId) return refusedPartitions(request, "NOT_LEADER_OR_FOLLOWER");
  return described(view, apiVersion);
}

function asksForMetadataLog({ topics: [topic, ...others] }: DescribeQuorumRequest): boolean {
  if (topic === undefined || others.length > 0 || topic.topicName !== METADATA_TOPIC_NAME) return false;
  return topic.partitions.length === 1 && topic.partitions[0]?.partitionIndex === 0;
}

const nobody = { leaderId: 0, leaderEpoch: 0, highWatermark: 0, currentVoters: [], observers: [] };

function refusedPartitions({ topics }: DescribeQuorumRequest, name: ErrorName): DescribeQuorumResponse {
  const error = { errorCode: code(name), errorMessage: errors[name].message };
  return {
    errorCode: 0,
    errorMessage: "",
    topics: topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, ...error, ...nobody })),
    })),
    nodes: [],
  };
}

function described(view: QuorumView, version: number): DescribeQuorumResponse {
  const { leaderId, epoch, highWatermark, voters, progress } = view;
  const isVoter = (replica: QuorumReplica) =>
    voters.some((voter) => voter.id === replica.id && voter.directoryId === replica.directoryId);
  const state = (replica: QuorumReplica): ReplicaState => ({
    replicaId: replica.id,
    replicaDirectoryId: version >= 2 ? replica.directoryId : ZERO_UUID,
    logEndOffset: replica.endOffset ?? -1,
    lastFetchTimestamp: replica.lastFetchMs,
    lastCaughtUpTimestamp: replica.lastCaughtUpMs,
  });
  const partition = {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: "",
    leaderId: leaderId ?? -1,
    leaderEpoch: epoch,
    highWatermark: highWatermark ?? -1,
    currentVoters: progress.filter(isVoter).map(state),
    observers: progress.filter((replica) => !isVoter(replica)).map(state),
  };
  const listeners = (endpoints: QuorumView["voters"][number]["endpoints"]) =>
    endpoints.map(({ name, host, port }) => ({ name, host, port }));
  return {
    errorCode: 0,
    errorMessage: "",
    topics: [{ topicName: METADATA_TOPIC_NAME, partitions: [partition] }],
    nodes: version < 2 ? [] : voters.map(({ id, endpoints }) => ({ nodeId: id, listeners: listeners(endpoints) })),
  };
}

/**
 * Metadata (key 3), v0-13: the brokers that are up, and topics with their partitions' leaders. v1 null asks for all
 * topics (an empty list does at v0), v4 a client may refuse auto-creation, v8 authorized operations (KIP-430), v9
 * flexible, v10 topic ids in the reply, v12 and in the request (KIP-516), v11 without the cluster's operations
 * (KIP-700), v13 an error code of the whole reply.
 * Errors, whole: INVALID_REQUEST for a null name or a topic id before v12, UNKNOWN_SERVER_ERROR for neither; per
 * topic: UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION (also of a topic being created), INVALID_TOPIC_EXCEPTION; per
 * partition (KRaftMetadataCache): LEADER_NOT_AVAILABLE, LISTENER_NOT_FOUND (from v6), REPLICA_NOT_AVAILABLE (v0 only).
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { code, KafkaError } from "../../protocol/errors.ts";
import {
  Metadata,
  type MetadataRequest,
  type MetadataResponseBroker,
  type MetadataResponsePartition,
  type MetadataResponseTopic,
} from "../../protocol/generated/metadata.ts";
import type { MetadataImage, PartitionRegistration, TopicImage } from "../metadata/image.ts";
import { isInternalTopic, topicNameProblem } from "../metadata/topic-names.ts";
import { anyAliveBroker, isReachable, leaderEndpoint, offlineReplicas } from "../metadata/topic-view.ts";
import { api, type RequestContext } from "./api.ts";
import { allClusterOperations, allTopicOperations, operationsOmitted } from "./authorized-operations.ts";
import type { Services } from "./services.ts";

const NO_CONTROLLER = -1;
const NO_LEADER_ID = -1;
const TOPIC_IDS_SINCE = 12;
const AUTHORIZED_OPERATIONS_SINCE = 8;
const CLUSTER_OPERATIONS_UNTIL = 10;
const LISTENER_NOT_FOUND_SINCE = 6;

export const metadata = api({
  message: Metadata,
  versions: [0, 13],
  listeners: ["broker"],
  refused: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    brokers: [],
    clusterId: null,
    controllerId: NO_CONTROLLER,
    topics: (topics ?? []).map(({ name, topicId }) => failedTopic(errorCode, name ?? "", topicId, false)),
    clusterAuthorizedOperations: operationsOmitted,
    errorCode,
  }),
  handle: (services, request, context) => {
    refuseWrongVersion(request, context.apiVersion);
    const image = services.image();
    const wantsOperations = context.apiVersion >= AUTHORIZED_OPERATIONS_SINCE;
    const clusterOperations =
      wantsOperations && context.apiVersion <= CLUSTER_OPERATIONS_UNTIL && request.includeClusterAuthorizedOperations;
    const topics = topicsOf(services, image, request, context);
    if (wantsOperations && request.includeTopicAuthorizedOperations) {
      // An unknown id has no name to be authorized for.
      for (const topic of topics) if (topic.name !== null) topic.topicAuthorizedOperations = allTopicOperations;
    }
    return {
      throttleTimeMs: 0,
      brokers: aliveBrokers(image, context.listener),
      clusterId: services.clusterId,
      controllerId: anyAliveBroker(image, services.random) ?? NO_CONTROLLER,
      topics,
      clusterAuthorizedOperations: clusterOperations ? allClusterOperations : operationsOmitted,
      errorCode: code("NONE"),
    };
  },
});

function refuseWrongVersion({ topics }: MetadataRequest, version: number): void {
  if (topics === null || version >= TOPIC_IDS_SINCE) return;
  for (const { name, topicId } of topics) {
    if (name === null) {
      throw new KafkaError("INVALID_REQUEST", `Topic name can not be null for version ${version}`);
    }
    if (topicId !== ZERO_UUID) {
      throw new KafkaError("INVALID_REQUEST", `Topic IDs are not supported in requests for version ${version}`);
    }
  }
}

/** One id among the topics makes it a request by id: names beside it are ignored, as in Kafka. */
function topicsOf(
  services: Services,
  image: MetadataImage,
  { topics, allowAutoTopicCreation }: MetadataRequest,
  context: RequestContext,
): MetadataResponseTopic[] {
  const describe = (topic: TopicImage) => describeTopic(image, topic, context);
  if (topics === null || (topics.length === 0 && context.apiVersion === 0)) {
    return [...image.topicsByName.values()].map(describe);
  }
  const ids = new Set(topics.map(({ topicId }) => topicId).filter((id) => id !== ZERO_UUID));
  if (ids.size > 0) {
    return [...ids].map((id) => {
      const topic = image.topicsById.get(id);
      return topic === undefined ? failedTopic(code("UNKNOWN_TOPIC_ID"), null, id, false) : describe(topic);
    });
  }
  const found: MetadataResponseTopic[] = [];
  const missing: string[] = [];
  for (const name of new Set(topics.map((topic) => topic.name))) {
    // Kafka trips over it.
    if (name === null) throw new KafkaError("UNKNOWN_SERVER_ERROR", "A topic has neither a name nor an id.");
    const topic = image.topicsByName.get(name);
    if (topic === undefined) missing.push(name);
    else found.push(describe(topic));
  }
  if (allowAutoTopicCreation && services.config.get("auto.create.topics.enable")) {
    for (const name of missing) autoCreate(services, name, context);
  }
  return [...found, ...missing.map(unknownTopic)];
}

/** The client asks again until the topic is there. */
function autoCreate({ autoTopics }: Services, name: string, context: RequestContext): void {
  const { apiVersion, clientId, clientHost, principal } = context;
  if (topicNameProblem(name) === null) autoTopics.create(name, { apiVersion, clientId, clientHost, principal });
}

function unknownTopic(name: string): MetadataResponseTopic {
  const error = topicNameProblem(name) === null ? "UNKNOWN_TOPIC_OR_PARTITION" : "INVALID_TOPIC_EXCEPTION";
  return failedTopic(code(error), name, ZERO_UUID, isInternalTopic(name));
}

function failedTopic(
  errorCode: number,
  name: string | null,
  topicId: string,
  isInternal: boolean,
): MetadataResponseTopic {
  return { errorCode, name, topicId, isInternal, partitions: [], topicAuthorizedOperations: operationsOmitted };
}

function describeTopic(image: MetadataImage, topic: TopicImage, context: RequestContext): MetadataResponseTopic {
  const partitions: MetadataResponsePartition[] = [];
  for (const [index, partition] of topic.partitions) {
    partitions.push(describePartition(image, index, partition, context));
  }
  return {
    errorCode: code("NONE"),
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions,
    topicAuthorizedOperations: operationsOmitted,
  };
}

function describePartition(
  image: MetadataImage,
  partitionIndex: number,
  partition: PartitionRegistration,
  { apiVersion, listener }: RequestContext,
): MetadataResponsePartition {
  // At v0 a client learns of a broker that is not there by an error; later by its absence among the brokers.
  const shown = (ids: readonly number[]) =>
    apiVersion === 0 ? ids.filter((id) => isReachable(image, id, listener)) : [...ids];
  const replicaNodes = shown(partition.replicas);
  const isrNodes = shown(partition.isr);
  const hasLeader = leaderEndpoint(image, partition, listener) !== undefined;
  const complete = replicaNodes.length === partition.replicas.length && isrNodes.length === partition.isr.length;
  const withLeader = complete ? code("NONE") : code("REPLICA_NOT_AVAILABLE");
  return {
    errorCode: hasLeader ? withLeader : noLeaderError(image, partition, apiVersion),
    partitionIndex,
    leaderId: hasLeader ? partition.leader : NO_LEADER_ID,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes,
    isrNodes,
    offlineReplicas: offlineReplicas(image, partition, listener),
  };
}

function noLeaderError(image: MetadataImage, { leader }: PartitionRegistration, version: number): number {
  const lacksListener = image.brokers.has(leader) && version >= LISTENER_NOT_FOUND_SINCE;
  return code(lacksListener ? "LISTENER_NOT_FOUND" : "LEADER_NOT_AVAILABLE");
}

function aliveBrokers(image: MetadataImage, listener: string): MetadataResponseBroker[] {
  const brokers: MetadataResponseBroker[] = [];
  for (const { id, rack, fenced, endpoints } of image.brokers.values()) {
    const endpoint = endpoints.get(listener);
    if (!fenced && endpoint !== undefined) {
      brokers.push({ nodeId: id, host: endpoint.host, port: endpoint.port, rack });
    }
  }
  return brokers;
}

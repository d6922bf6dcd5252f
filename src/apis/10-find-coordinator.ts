/**
 * FindCoordinator (key 10), v0-6: which node coordinates a group. v1 key types and messages, v3 flexible, v4 several
 * keys (KIP-699), v5 TRANSACTION_ABORTABLE, v6 share groups (KIP-932). The first one creates `__consumer_offsets`.
 * Errors in the order checked (KafkaApis.getCoordinator): INVALID_REQUEST (a share key before v6 or one that is none,
 * an unknown key type), COORDINATOR_NOT_AVAILABLE (while the topic is being created, or its partition has no leader
 * that is alive here).
 *
 * Transactions and share groups are not served yet: their coordinators are refused finally, as InitProducerId refuses
 * transactional ids, for clients would ask again and again after COORDINATOR_NOT_AVAILABLE.
 */
import { uuidToBytes } from "../../base/uuid.ts";
import { code, type ErrorName, errorName, errors, KafkaError } from "../../protocol/errors.ts";
import {
  FindCoordinator,
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
} from "../../protocol/generated/find-coordinator.ts";
import { offsetsTopic } from "../groups/coordinator.ts";
import { api, type RequestContext } from "./api.ts";
import type { Services } from "./services.ts";

const keyTypes = { group: 0, transaction: 1, share: 2 } as const;

interface Found {
  readonly error: ErrorName;
  readonly message: string | null;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

const nowhere = { nodeId: -1, host: "", port: -1 } as const;
const refusedWith = (error: ErrorName, message = errors[error].message): Found => ({ error, message, ...nowhere });

export const findCoordinator = api({
  message: FindCoordinator,
  versions: [0, 6],
  listeners: ["broker"],
  refused(request, errorCode, _, version) {
    const errorMessage = errors[errorName(errorCode)].message;
    if (version < 4) return { ...empty, errorCode, errorMessage, ...nowhere };
    const keys = request.coordinatorKeys;
    return { ...empty, coordinators: keys.map((key) => ({ key, ...nowhere, errorCode, errorMessage })) };
  },
  handle: (services, request, context) =>
    context.apiVersion < 4 ? findOne(services, request, context) : findMany(services, request, context),
});

const empty: FindCoordinatorResponse = {
  throttleTimeMs: 0,
  errorCode: 0,
  errorMessage: "",
  nodeId: 0,
  host: "",
  port: 0,
  coordinators: [],
};

function findOne(
  services: Services,
  request: FindCoordinatorRequest,
  context: RequestContext,
): FindCoordinatorResponse {
  const { error, message, nodeId, host, port } = find(services, request.keyType, request.key, context);
  // Kafka writes the name where an error without a message is none.
  return { ...empty, errorCode: code(error), errorMessage: message ?? error, nodeId, host, port };
}

function findMany(
  services: Services,
  request: FindCoordinatorRequest,
  context: RequestContext,
): FindCoordinatorResponse {
  const coordinators = request.coordinatorKeys.map((key) => {
    const { error, nodeId, host, port } = find(services, request.keyType, key, context);
    return { key, nodeId, host, port, errorCode: code(error), errorMessage: "" };
  });
  return { ...empty, coordinators };
}

/** @throws KafkaError INVALID_REQUEST for a type of key that there is not: no key is answered then. */
function find(services: Services, keyType: number, key: string, context: RequestContext): Found {
  switch (keyType) {
    case keyTypes.group:
      return findGroup(services, key, context.listener);
    case keyTypes.transaction:
      return refusedWith("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "Transactions are not supported yet");
    case keyTypes.share:
      return refusedWith(context.apiVersion < 6 || !isShareKey(key) ? "INVALID_REQUEST" : "UNSUPPORTED_VERSION");
    default:
      throw new KafkaError("INVALID_REQUEST", `Unknown coordinator type received: ${keyType}`);
  }
}

/** "group:topic id:partition"; the group may have colons of its own. */
function isShareKey(key: string): boolean {
  const [, groupId, topicId, partition] = /^(.*):([^:]*):([^:]+)$/s.exec(key) ?? [];
  if (groupId === undefined || topicId === undefined || partition === undefined || groupId.trim() === "") return false;
  return uuidToBytes(topicId, new Uint8Array(16)) && /^[+-]?\d+$/.test(partition);
}

function findGroup({ groups, image, autoTopics }: Services, groupId: string, listener: string): Found {
  const { topicsByName, brokers } = image();
  const topic = topicsByName.get(offsetsTopic);
  if (topic === undefined) {
    autoTopics.create(offsetsTopic);
    return refusedWith("COORDINATOR_NOT_AVAILABLE");
  }
  const leader = topic.partitions.get(groups.partitionFor(groupId))?.leader ?? -1;
  const broker = brokers.get(leader);
  const endpoint = broker?.endpoints.get(listener);
  if (broker === undefined || broker.fenced || endpoint === undefined) return refusedWith("COORDINATOR_NOT_AVAILABLE");
  return { error: "NONE", message: null, nodeId: leader, host: endpoint.host, port: endpoint.port };
}

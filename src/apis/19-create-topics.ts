/**
 * CreateTopics (key 19), v2-7: the active controller creates topics; the reply comes when this node has applied them.
 * v4 defaults by -1 (KIP-464), v5 the topic's configs in the reply (KIP-525), flexible, v6 throttling quota (KIP-599),
 * v7 topic ids (KIP-516). Errors, whole: POLICY_VIOLATION, NOT_CONTROLLER; per topic, in the order checked
 * (ControllerApis.createTopics, ReplicationControlManager.createTopics): INVALID_REQUEST, INVALID_TOPIC_EXCEPTION,
 * TOPIC_ALREADY_EXISTS, INVALID_CONFIG, INVALID_REQUEST, INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR,
 * INVALID_PARTITIONS.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { CreateTopics } from "../../protocol/generated/create-topics.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

export const createTopics = api({
  message: CreateTopics,
  versions: [2, 7],
  listeners: ["broker", "controller"],
  refused: ({ topics }, errorCode, message) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => ({
      name,
      topicId: ZERO_UUID,
      errorCode,
      errorMessage: ownMessage(errorCode, message),
      topicConfigErrorCode: 0,
      numPartitions: -1,
      replicationFactor: -1,
      configs: [],
    })),
  }),
  handle: ({ controller }, request, context) => controller.send(CreateTopics, request, context),
});

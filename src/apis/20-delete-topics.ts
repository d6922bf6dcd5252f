/**
 * DeleteTopics (key 20), v1-6: v3 TOPIC_DELETION_DISABLED (KIP-322), v4 flexible, v5 messages, v6 topic ids (KIP-516).
 * Errors, whole: TOPIC_DELETION_DISABLED (INVALID_REQUEST before v3), NOT_CONTROLLER; per topic
 * (ControllerApis.deleteTopics): INVALID_REQUEST, UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { DeleteTopics } from "../../protocol/generated/delete-topics.ts";
import { api } from "./api.ts";

export const deleteTopics = api({
  message: DeleteTopics,
  versions: [1, 6],
  listeners: ["broker", "controller"],
  refused: ({ topicNames, topics }, errorCode) => {
    const named = [...topicNames.map((name) => ({ name, topicId: ZERO_UUID })), ...topics];
    return {
      throttleTimeMs: 0,
      responses: named.map(({ name, topicId }) => ({ name, topicId, errorCode, errorMessage: null })),
    };
  },
  handle: ({ controller }, request, context) => controller.send(DeleteTopics, request, context),
});

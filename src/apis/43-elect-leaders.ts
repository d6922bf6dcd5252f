/**
 * ElectLeaders (key 43), v0-2: v0 preferred leaders (KIP-183), v1 unclean elections too (KIP-460), v2 flexible.
 * Errors, whole: INVALID_REQUEST for another election type, NOT_CONTROLLER; per partition
 * (ReplicationControlManager.electLeader): UNKNOWN_TOPIC_OR_PARTITION, ELECTION_NOT_NEEDED,
 * PREFERRED_LEADER_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE.
 */
import { ElectLeaders } from "../../protocol/generated/elect-leaders.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

export const electLeaders = api({
  message: ElectLeaders,
  versions: [0, 2],
  listeners: ["broker", "controller"],
  refused: ({ topicPartitions }, errorCode, message, version) => ({
    throttleTimeMs: 0,
    errorCode: version >= 1 ? errorCode : 0,
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => {
        return { partitionId, errorCode, errorMessage: ownMessage(errorCode, message) };
      }),
    })),
  }),
  handle: ({ controller }, request, context) => controller.send(ElectLeaders, request, context),
});

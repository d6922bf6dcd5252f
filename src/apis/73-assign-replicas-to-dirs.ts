/**
 * AssignReplicasToDirs (key 73), v0 (KIP-858), between nodes: the log directory of each replica of a broker.
 * Errors, whole: NOT_CONTROLLER, UNSUPPORTED_VERSION, STALE_BROKER_EPOCH; per partition: UNKNOWN_TOPIC_ID,
 * UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER.
 */
import { AssignReplicasToDirs } from "../../protocol/generated/assign-replicas-to-dirs.ts";
import { api } from "./api.ts";

export const assignReplicasToDirs = api({
  message: AssignReplicasToDirs,
  versions: [0, 0],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, directories: [] }),
  handle: ({ controller }, request, context) => controller.send(AssignReplicasToDirs, request, context),
});

/** Heartbeat on a classic group. */
import { code, KafkaError } from "../../../protocol/errors.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../../../protocol/generated/heartbeat.ts";
import type { Turn } from "../turn.ts";
import type { ClassicGroup } from "./group.ts";
import { keepSession } from "./rebalance.ts";

/**
 * @throws KafkaError in Kafka's order: COORDINATOR_NOT_AVAILABLE, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID,
 * ILLEGAL_GENERATION.
 */
export function heartbeat(turn: Turn, group: ClassicGroup, request: HeartbeatRequest): HeartbeatResponse {
  if (group.isIn("Dead")) throw new KafkaError("COORDINATOR_NOT_AVAILABLE");
  const member = group.requireMember(request.memberId, request.groupInstanceId);
  if (request.generationId !== group.generationId) throw new KafkaError("ILLEGAL_GENERATION");
  if (group.isIn("Empty")) return { throttleTimeMs: 0, errorCode: code("UNKNOWN_MEMBER_ID") };
  keepSession(turn, group, member.memberId, member.sessionTimeoutMs);
  // The new generation's members may already heartbeat while they wait for their assignment.
  const errorCode = group.isIn("PreparingRebalance") ? code("REBALANCE_IN_PROGRESS") : 0;
  return { throttleTimeMs: 0, errorCode };
}

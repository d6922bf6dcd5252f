/**
 * OffsetCommit, in the order of checks of Kafka's OffsetMetadataManager.commitOffset. Topics and their ids are
 * resolved.
 */
import { code, KafkaError } from "../../../protocol/errors.ts";
import type {
  OffsetCommitRequest,
  OffsetCommitRequestPartition,
  OffsetCommitResponse,
} from "../../../protocol/generated/offset-commit.ts";
import type { ClassicGroup } from "../classic/group.ts";
import { keepSession } from "../classic/rebalance.ts";
import { offsetCommitRecord } from "../records.ts";
import type { Turn } from "../turn.ts";

/** @throws KafkaError where the whole request is refused. */
export function commitOffsets(turn: Turn, group: ClassicGroup, request: OffsetCommitRequest): OffsetCommitResponse {
  requireCommitter(group, request);
  if (group.isIn("Stable", "PreparingRebalance")) {
    const member = group.members.get(request.memberId);
    if (member !== undefined) keepSession(turn, group, member.memberId, member.sessionTimeoutMs);
  }
  const topics = request.topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: commitOne(turn, request, name, topicId, partition),
    })),
  }));
  return { throttleTimeMs: 0, topics };
}

/** Who may commit: a member of the current generation, or anybody while the group is empty (a negative generation). */
export function requireCommitter(group: ClassicGroup, request: OffsetCommitRequest): void {
  const { memberId, groupInstanceId, generationIdOrMemberEpoch: generationId } = request;
  if (group.isIn("Dead")) throw new KafkaError("COORDINATOR_NOT_AVAILABLE");
  if (generationId < 0 && group.isIn("Empty")) return;
  if (generationId >= 0 || memberId !== "" || groupInstanceId !== null) {
    group.requireMember(memberId, groupInstanceId);
    if (generationId !== group.generationId) throw new KafkaError("ILLEGAL_GENERATION");
  } else if (!group.isIn("Empty")) {
    throw new KafkaError("UNKNOWN_MEMBER_ID");
  }
  // The member knows of the new generation but has no assignment yet: nothing in it to commit.
  if (group.isIn("CompletingRebalance")) throw new KafkaError("REBALANCE_IN_PROGRESS");
}

function commitOne(
  turn: Turn,
  request: OffsetCommitRequest,
  topic: string,
  topicId: string,
  partition: OffsetCommitRequestPartition,
): number {
  const metadata = partition.committedMetadata ?? "";
  if (metadata.length > turn.settings.metadataLengthMax) return code("OFFSET_METADATA_TOO_LARGE");
  const { partitionIndex, committedOffset, committedLeaderEpoch } = partition;
  const retentionMs = request.retentionTimeMs;
  turn.draft.write(
    offsetCommitRecord(request.groupId, topic, partitionIndex, {
      offset: committedOffset,
      leaderEpoch: committedLeaderEpoch,
      metadata,
      committedMs: turn.nowMs,
      expiresMs: retentionMs === -1 ? null : turn.nowMs + retentionMs,
      topicId,
      recordOffset: -1,
    }),
  );
  return 0;
}

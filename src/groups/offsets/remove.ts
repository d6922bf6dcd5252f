/** Committed offsets that go: by OffsetDelete, with their group or topic, with time. */
import { ZERO_UUID } from "../../../base/uuid.ts";
import { code, KafkaError } from "../../../protocol/errors.ts";
import type { OffsetDeleteRequest, OffsetDeleteResponse } from "../../../protocol/generated/offset-delete.ts";
import type { ClassicGroup } from "../classic/group.ts";
import { offsetTombstone } from "../records.ts";
import type { GroupState } from "../state.ts";
import type { Turn } from "../turn.ts";
import { hasPending, hasPendingInGroup } from "./pending.ts";
import { type CommittedOffset, eachOffset, offsetOf } from "./store.ts";

/** @throws KafkaError GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP. */
export function deleteOffsets(
  turn: Turn,
  state: GroupState,
  group: ClassicGroup,
  request: OffsetDeleteRequest,
): OffsetDeleteResponse {
  if (group.isIn("Dead")) throw new KafkaError("GROUP_ID_NOT_FOUND");
  // Of other kinds of members nobody knows which offsets they use.
  if (!group.isIn("Empty") && !group.usesConsumerProtocol) throw new KafkaError("NON_EMPTY_GROUP");
  const { groupId } = request;
  const topics = request.topics.map(({ name, partitions }) => {
    const errorCode = group.isSubscribedTo(name) ? code("GROUP_SUBSCRIBED_TO_TOPIC") : 0;
    for (const { partitionIndex } of errorCode === 0 ? partitions : []) {
      const exists = offsetOf(state.offsets, groupId, name, partitionIndex) !== undefined;
      if (!exists && !hasPending(state, groupId, name, partitionIndex)) continue;
      turn.draft.write(offsetTombstone(groupId, name, partitionIndex));
    }
    return { name, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) };
  });
  return { errorCode: 0, throttleTimeMs: 0, topics };
}

/** Everything that the group committed, in open transactions too. */
export function deleteAllOffsets(turn: Turn, state: GroupState, groupId: string): void {
  for (const [topic, partitions] of state.offsets.get(groupId) ?? []) {
    for (const partition of partitions.keys()) turn.draft.write(offsetTombstone(groupId, topic, partition));
  }
  const written = new Set<string>();
  for (const pending of state.pending.values()) {
    for (const [topic, partitions] of pending.get(groupId) ?? []) {
      for (const partition of partitions.keys()) {
        const name = `${partition} ${topic}`;
        if (written.has(name) || offsetOf(state.offsets, groupId, topic, partition) !== undefined) continue;
        written.add(name);
        turn.draft.write(offsetTombstone(groupId, topic, partition));
      }
    }
  }
}

/** An offset of a topic that had the name before stays: it has that topic's id, not this one's. */
export function deleteOffsetsOfTopics(
  turn: Turn,
  state: GroupState,
  deleted: readonly { readonly id: string; readonly name: string }[],
): void {
  const idOf = new Map(deleted.map(({ id, name }) => [name, id]));
  for (const offsets of [state.offsets, ...state.pending.values()]) {
    for (const { groupId, topic, partition, committed } of eachOffset(offsets)) {
      const id = idOf.get(topic);
      if (id === undefined || (committed.topicId !== ZERO_UUID && committed.topicId !== id)) continue;
      turn.draft.write(offsetTombstone(groupId, topic, partition));
    }
  }
}

/** Writes tombstones for expired offsets; true where the group then has none left. */
export function expireOffsets(turn: Turn, state: GroupState, group: ClassicGroup): boolean {
  const { groupId } = group;
  const topics = state.offsets.get(groupId);
  if (topics === undefined) return !hasPendingInGroup(state, groupId);
  const since = expiryBasis(group);
  if (since === null) return false;
  let all = true;
  for (const [topic, partitions] of topics) {
    const inUse = group.isSubscribedTo(topic);
    for (const [partition, committed] of partitions) {
      if (!inUse && isExpired(turn, committed, since) && !hasPending(state, groupId, topic, partition)) {
        turn.draft.write(offsetTombstone(groupId, topic, partition));
      } else {
        all = false;
      }
    }
  }
  return all && !hasPendingInGroup(state, groupId);
}

/** From when on the retention of an offset counts; null: nothing expires now. */
function expiryBasis(group: ClassicGroup): ((committed: CommittedOffset) => number) | null {
  const sinceCommit = (committed: CommittedOffset): number => committed.committedMs;
  if (group.protocolType === null) return sinceCommit; // offsets without members
  if (group.isIn("Empty")) return (committed) => group.stateTimestampMs ?? committed.committedMs;
  // Consumers that no longer subscribe to a topic leave its offsets behind.
  return group.usesConsumerProtocol && group.topics !== null && group.isIn("Stable") ? sinceCommit : null;
}

function isExpired(turn: Turn, committed: CommittedOffset, since: (committed: CommittedOffset) => number): boolean {
  if (committed.expiresMs !== null) return turn.nowMs >= committed.expiresMs;
  return turn.nowMs - since(committed) >= turn.settings.offsetsRetentionMs;
}

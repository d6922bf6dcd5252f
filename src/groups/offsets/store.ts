/**
 * Committed offsets by group, topic and partition, as a value that never changes: an earlier one is the state before a
 * failed append, or the one that is committed. Offsets of open transactions wait beside it, by producer id.
 */
import { PersistentMap } from "../../../base/persistent-map.ts";
import type { OffsetCommitValue } from "../../../protocol/generated/records/group/offset-commit-value.ts";

export interface CommittedOffset {
  readonly offset: number;
  /** Of the last record consumed; -1: not known. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly committedMs: number;
  /** An expiry of its own, from clients that send a retention time. */
  readonly expiresMs: number | null;
  /** ZERO_UUID where the commit did not say. */
  readonly topicId: string;
  /** Where its record lies: the later of two commits wins when a transaction ends. */
  readonly recordOffset: number;
}

export type PartitionOffsets = PersistentMap<number, CommittedOffset>;
export type TopicOffsets = PersistentMap<string, PartitionOffsets>;
export type Offsets = PersistentMap<string, TopicOffsets>;

export const noOffsets: Offsets = PersistentMap.empty();

export function offsetOf(
  offsets: Offsets,
  groupId: string,
  topic: string,
  partition: number,
): CommittedOffset | undefined {
  return offsets.get(groupId)?.get(topic)?.get(partition);
}

export function withOffset(
  offsets: Offsets,
  groupId: string,
  topic: string,
  partition: number,
  committed: CommittedOffset,
): Offsets {
  const topics: TopicOffsets = offsets.get(groupId) ?? PersistentMap.empty();
  const partitions: PartitionOffsets = topics.get(topic) ?? PersistentMap.empty();
  return offsets.with(groupId, topics.with(topic, partitions.with(partition, committed)));
}

/** Topics and groups that run empty leave with it. */
export function withoutOffset(offsets: Offsets, groupId: string, topic: string, partition: number): Offsets {
  const topics = offsets.get(groupId);
  const partitions = topics?.get(topic);
  if (topics === undefined || partitions === undefined || !partitions.has(partition)) return offsets;
  const left = partitions.without(partition);
  const topicsLeft = left.size > 0 ? topics.with(topic, left) : topics.without(topic);
  return topicsLeft.size > 0 ? offsets.with(groupId, topicsLeft) : offsets.without(groupId);
}

export function* eachOffset(
  offsets: Offsets,
): Generator<{ groupId: string; topic: string; partition: number; committed: CommittedOffset }> {
  for (const [groupId, topics] of offsets) {
    for (const [topic, partitions] of topics) {
      for (const [partition, committed] of partitions) yield { groupId, topic, partition, committed };
    }
  }
}

export function fromRecord(value: OffsetCommitValue, recordOffset: number): CommittedOffset {
  return {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    committedMs: value.commitTimestamp,
    expiresMs: value.expireTimestamp === -1 ? null : value.expireTimestamp,
    topicId: value.topicId,
    recordOffset,
  };
}

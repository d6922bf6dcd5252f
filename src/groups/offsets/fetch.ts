/** OffsetFetch: what a group has committed, as of the state given. */
import { ZERO_UUID } from "../../../base/uuid.ts";
import { code } from "../../../protocol/errors.ts";
import type {
  OffsetFetchRequestGroup,
  OffsetFetchResponseGroup,
  OffsetFetchResponsePartitions,
  OffsetFetchResponseTopics,
} from "../../../protocol/generated/offset-fetch.ts";
import type { GroupState } from "../state.ts";
import { hasPending } from "./pending.ts";
import type { CommittedOffset, TopicOffsets } from "./store.ts";

/** Topics null: every offset of the group. With `requireStable`, offsets in open transactions are told apart. */
export function fetchOffsets(
  state: GroupState,
  request: OffsetFetchRequestGroup,
  requireStable: boolean,
): OffsetFetchResponseGroup {
  const { groupId } = request;
  const known = state.groups.get(groupId);
  const offsets = known === undefined || known.isIn("Dead") ? undefined : state.offsets.get(groupId);
  const isUnstable = (topic: string, partition: number): boolean =>
    requireStable && hasPending(state, groupId, topic, partition);
  const topics = request.topics === null ? allTopics(offsets, isUnstable) : someTopics(request, offsets, isUnstable);
  return { groupId, topics, errorCode: 0 };
}

type IsUnstable = (topic: string, partition: number) => boolean;

function allTopics(offsets: TopicOffsets | undefined, isUnstable: IsUnstable): OffsetFetchResponseTopics[] {
  const topics: OffsetFetchResponseTopics[] = [];
  for (const [name, committed] of offsets ?? []) {
    const partitions = [...committed].map(([partition, offset]) =>
      isUnstable(name, partition) ? unstable(partition) : found(partition, offset),
    );
    topics.push({ name, topicId: ZERO_UUID, partitions });
  }
  return topics;
}

function someTopics(
  request: OffsetFetchRequestGroup,
  offsets: TopicOffsets | undefined,
  isUnstable: IsUnstable,
): OffsetFetchResponseTopics[] {
  return (request.topics ?? []).map(({ name, topicId, partitionIndexes }) => {
    const committed = offsets?.get(name);
    const partitions = partitionIndexes.map((partition) => {
      if (isUnstable(name, partition)) return unstable(partition);
      const offset = committed?.get(partition);
      return offset === undefined || isOfAnother(offset, topicId) ? notFound(partition) : found(partition, offset);
    });
    return { name, topicId, partitions };
  });
}

/** Committed for a topic of that name that was deleted since. */
function isOfAnother(offset: CommittedOffset, topicId: string): boolean {
  return offset.topicId !== ZERO_UUID && topicId !== ZERO_UUID && offset.topicId !== topicId;
}

function found(partitionIndex: number, committed: CommittedOffset): OffsetFetchResponsePartitions {
  const { offset, leaderEpoch, metadata } = committed;
  return { partitionIndex, committedOffset: offset, committedLeaderEpoch: leaderEpoch, metadata, errorCode: 0 };
}

export function notFound(partitionIndex: number, errorCode = 0): OffsetFetchResponsePartitions {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: "", errorCode };
}

const unstable = (partition: number): OffsetFetchResponsePartitions =>
  notFound(partition, code("UNSTABLE_OFFSET_COMMIT"));

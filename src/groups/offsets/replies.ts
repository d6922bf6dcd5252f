/** OffsetCommit and OffsetFetch refused as a whole. */
import { ZERO_UUID } from "../../../base/uuid.ts";
import { code, type ErrorName } from "../../../protocol/errors.ts";
import type { OffsetCommitRequest, OffsetCommitResponse } from "../../../protocol/generated/offset-commit.ts";
import type { OffsetFetchRequestGroup, OffsetFetchResponseGroup } from "../../../protocol/generated/offset-fetch.ts";
import { notFound } from "./fetch.ts";

/** Every partition asked for has the error. */
export function commitRefusal(request: OffsetCommitRequest, error: ErrorName): OffsetCommitResponse {
  const errorCode = code(error);
  const topics = request.topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));
  return { throttleTimeMs: 0, topics };
}

/** Version 1 has no error of the group's: there every partition asked for has it. */
export function fetchRefusal(
  group: OffsetFetchRequestGroup,
  error: ErrorName,
  apiVersion: number,
): OffsetFetchResponseGroup {
  const { groupId } = group;
  const errorCode = code(error);
  if (apiVersion >= 2) return { groupId, topics: [], errorCode };
  const topics = (group.topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    topicId: ZERO_UUID,
    partitions: partitionIndexes.map((partition) => notFound(partition, errorCode)),
  }));
  return { groupId, topics, errorCode: 0 };
}

/**
 * OffsetFetch (key 9), v1-10: what groups have committed. v2 all topics and an error of the group's, v5 leader epochs,
 * v6 flexible, v7 require stable (KIP-447), v8 several groups (KIP-709), v9 newer groups (KIP-848), v10 topic ids
 * (KIP-848).
 * Errors, of a group: INVALID_GROUP_ID, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS; of a
 * partition UNKNOWN_TOPIC_ID, UNSTABLE_OFFSET_COMMIT. A group that is not there has committed nothing.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { code } from "../../protocol/errors.ts";
import {
  OffsetFetch,
  type OffsetFetchRequest,
  type OffsetFetchRequestGroup,
  type OffsetFetchRequestTopics,
  type OffsetFetchResponse,
  type OffsetFetchResponseGroup,
} from "../../protocol/generated/offset-fetch.ts";
import { notFound } from "../groups/offsets/fetch.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { api, type RequestContext } from "./api.ts";
import type { Services } from "./services.ts";

export const offsetFetch = api({
  message: OffsetFetch,
  versions: [1, 10],
  listeners: ["broker"],
  refused: (request, errorCode, _, version) =>
    replyFrom(
      groupsOf(request, version).map((group) => refusedGroup(group, errorCode, version)),
      version,
    ),
  handle(services, request, context) {
    const version = context.apiVersion;
    const fetched = groupsOf(request, version).map((group) => fetchGroup(services, group, request, context));
    if (fetched.every(isReady)) return replyFrom(fetched, version);
    return Promise.all(fetched).then((groups) => replyFrom(groups, version));
  },
});

/** Before v8 a request is about one group. */
function groupsOf(request: OffsetFetchRequest, version: number): OffsetFetchRequestGroup[] {
  if (version >= 8) return request.groups;
  const topics = request.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null;
  return [{ groupId: request.groupId, memberId: null, memberEpoch: -1, topics }];
}

function replyFrom(groups: OffsetFetchResponseGroup[], version: number): OffsetFetchResponse {
  if (version >= 8) return { throttleTimeMs: 0, topics: [], errorCode: 0, groups };
  const { topics, errorCode } = groups[0] as OffsetFetchResponseGroup;
  return { throttleTimeMs: 0, topics, errorCode, groups: [] };
}

function refusedGroup(group: OffsetFetchRequestGroup, errorCode: number, version: number): OffsetFetchResponseGroup {
  const { groupId } = group;
  if (version >= 2) return { groupId, topics: [], errorCode };
  const topics = (group.topics ?? []).map(({ name, topicId, partitionIndexes }) => ({
    name,
    topicId,
    partitions: partitionIndexes.map((partition) => notFound(partition, errorCode)),
  }));
  return { groupId, topics, errorCode: 0 };
}

type MaybePromise<T> = T | Promise<T>;

const isReady = <T>(value: MaybePromise<T>): value is T => !(value instanceof Promise);

function fetchGroup(
  { groups, image }: Services,
  group: OffsetFetchRequestGroup,
  { requireStable }: OffsetFetchRequest,
  context: RequestContext,
): MaybePromise<OffsetFetchResponseGroup> {
  const byId = context.apiVersion >= 10;
  const then = <T, R>(value: MaybePromise<T>, next: (value: T) => R): MaybePromise<R> =>
    value instanceof Promise ? value.then(next) : next(value);
  if (group.topics === null) {
    const all = groups.fetchOffsets(group, requireStable, context);
    return byId ? then(all, (fetched) => withIds(image(), fetched)) : all;
  }
  if (!byId) return groups.fetchOffsets(group, requireStable, context);
  const { known, unknown } = named(image(), group.topics);
  const fetched = groups.fetchOffsets({ ...group, topics: known }, requireStable, context);
  return then(fetched, (answer) => (answer.errorCode === 0 ? withUnknown(answer, unknown) : answer));
}

/** Topics that the node does not know any more cannot be named by id: they are left out. */
function withIds(image: MetadataImage, fetched: OffsetFetchResponseGroup): OffsetFetchResponseGroup {
  const topics: OffsetFetchResponseGroup["topics"] = [];
  for (const topic of fetched.topics) {
    const known = image.topicsByName.get(topic.name);
    if (known !== undefined) topics.push({ ...topic, topicId: known.id });
  }
  return { ...fetched, topics };
}

function named(
  image: MetadataImage,
  topics: readonly OffsetFetchRequestTopics[],
): { known: OffsetFetchRequestTopics[]; unknown: OffsetFetchRequestTopics[] } {
  const known: OffsetFetchRequestTopics[] = [];
  const unknown: OffsetFetchRequestTopics[] = [];
  for (const topic of topics) {
    const name = image.topicsById.get(topic.topicId)?.name;
    if (name === undefined) unknown.push(topic);
    else known.push({ ...topic, name });
  }
  return { known, unknown };
}

function withUnknown(
  fetched: OffsetFetchResponseGroup,
  unknown: readonly OffsetFetchRequestTopics[],
): OffsetFetchResponseGroup {
  const errorCode = code("UNKNOWN_TOPIC_ID");
  const refused = unknown.map(({ name, topicId, partitionIndexes }) => ({
    name,
    topicId,
    partitions: partitionIndexes.map((partition) => notFound(partition, errorCode)),
  }));
  return { ...fetched, topics: [...fetched.topics, ...refused] };
}

/**
 * The follower's half of an incremental fetch session (KIP-227): a request names only the partitions of which something
 * is new, and those to forget. As Kafka's FetchSessionHandler.
 */

import { ZERO_UUID } from "../../base/uuid.ts";
import { code } from "../../protocol/errors.ts";
import type { FetchPartition, FetchTopic, ForgottenTopic } from "../../protocol/generated/fetch.ts";

/** What a follower asks of one partition. */
export interface Wanted {
  readonly topicId: string;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  readonly maxBytes: number;
  readonly leaderEpoch: number;
  /** -1 for an empty log. */
  readonly lastFetchedEpoch: number;
  /** As far as the follower knows (KIP-1166). */
  readonly highWatermark: number;
}

/** The session part of a Fetch request. */
export interface SessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: FetchTopic[];
  readonly forgotten: ForgottenTopic[];
}

const NO_SESSION = 0;
/** Asks for a new session, and ends the one named. */
const NEW = 0;

export class FollowerSession {
  private id = NO_SESSION;
  private epoch = NEW;
  /** By `keyOf`, as last sent. */
  private sent = new Map<string, Wanted>();

  /** The next request: it wants these partitions and no others. */
  next(wanted: readonly Wanted[]): SessionRequest {
    const before = this.sent;
    this.sent = new Map(wanted.map((each) => [keyOf(each.topicId, each.partition), each]));
    const { id: sessionId, epoch: sessionEpoch } = this;
    if (sessionEpoch === NEW) return { sessionId, sessionEpoch, topics: byTopic(wanted), forgotten: [] };
    const changed = wanted.filter((each) => isNew(before.get(keyOf(each.topicId, each.partition)), each));
    const gone = [...before].filter(([key]) => !this.sent.has(key)).map(([, each]) => each);
    return { sessionId, sessionEpoch, topics: byTopic(changed), forgotten: forgottenByTopic(gone) };
  }

  /** False: the answer tells nothing but that the session is over; the next request begins another. */
  answered(response: { readonly errorCode: number; readonly sessionId: number }): boolean {
    if (response.errorCode !== code("NONE")) {
      if (response.errorCode === code("FETCH_SESSION_ID_NOT_FOUND")) this.id = NO_SESSION;
      this.epoch = NEW;
      return false;
    }
    this.epoch = response.sessionId === NO_SESSION ? NEW : this.epoch === 0x7fff_ffff ? 1 : this.epoch + 1;
    this.id = response.sessionId;
    return true;
  }

  /** No answer: what the leader knows of the session is not known. */
  failed(): void {
    this.epoch = NEW;
  }
}

export const keyOf = (topicId: string, partition: number): string => `${partition}:${topicId}`;

function isNew(before: Wanted | undefined, now: Wanted): boolean {
  return (
    before === undefined ||
    before.fetchOffset !== now.fetchOffset ||
    before.logStartOffset !== now.logStartOffset ||
    before.maxBytes !== now.maxBytes ||
    before.leaderEpoch !== now.leaderEpoch ||
    before.lastFetchedEpoch !== now.lastFetchedEpoch ||
    before.highWatermark !== now.highWatermark
  );
}

function byTopic(wanted: readonly Wanted[]): FetchTopic[] {
  const topics = new Map<string, FetchTopic>();
  for (const each of wanted) {
    let topic = topics.get(each.topicId);
    if (topic === undefined) {
      topic = { topic: "", topicId: each.topicId, partitions: [] };
      topics.set(each.topicId, topic);
    }
    topic.partitions.push(asked(each));
  }
  return [...topics.values()];
}

const asked = (wanted: Wanted): FetchPartition => ({
  partition: wanted.partition,
  currentLeaderEpoch: wanted.leaderEpoch,
  fetchOffset: wanted.fetchOffset,
  lastFetchedEpoch: wanted.lastFetchedEpoch,
  logStartOffset: wanted.logStartOffset,
  partitionMaxBytes: wanted.maxBytes,
  replicaDirectoryId: ZERO_UUID,
  highWatermark: wanted.highWatermark,
});

function forgottenByTopic(gone: readonly Wanted[]): ForgottenTopic[] {
  return [...Map.groupBy(gone, ({ topicId }) => topicId)].map(([topicId, ofTopic]) => ({
    topic: "",
    topicId,
    partitions: ofTopic.map(({ partition }) => partition),
  }));
}

/**
 * Incremental fetch sessions (KIP-227): the broker remembers a consumer's partitions, requests name only what
 * changes, and answers only what has something new. Rules and limits as Apache's FetchManager, FetchContext and
 * FetchSessionCache.
 */

import type { Clock, Random } from "../../base/ports.ts";
import { ZERO_UUID } from "../../base/uuid.ts";
import type { ErrorName } from "../../protocol/errors.ts";

/** No session. */
export const INVALID_SESSION_ID = 0;
/** Asks for a new session. */
const INITIAL_EPOCH = 0;
/** Ends the session, or never had one. */
const FINAL_EPOCH = -1;
/** A session unused for this long gives way to any new one. */
const EVICTION_MS = 120_000;
/** Partitions that all sessions together remember: Apache bounds only the sessions, which a client can fill at will. */
const CACHED_PARTITIONS_MAX = 2_000_000;

/** One partition that a fetch asks for. */
export interface FetchTarget {
  /** Null while no topic of that id is known. */
  topic: string | null;
  /** ZERO_UUID before v13. */
  readonly topicId: string;
  readonly partition: number;
  fetchOffset: number;
  maxBytes: number;
  /** Of a follower. */
  logStartOffset: number;
  /** -1: not given. */
  currentLeaderEpoch: number;
  /** -1: not given. */
  lastFetchedEpoch: number;
  /** Of a follower: as far as it knows (KIP-1166); Infinity: it does not want to hear of it at once. */
  highWatermark: number;
}

/** The parts of an answer that decide whether a session has to send it. */
export interface FetchAnswer {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly preferredReadReplica: number;
  readonly divergingEpoch: { readonly endOffset: number };
  readonly records: Uint8Array | null;
}

/** A partition with its answer, in the order answered. */
export interface Answered<A extends FetchAnswer> {
  readonly target: FetchTarget;
  readonly answer: A;
}

export interface FetchReply<A extends FetchAnswer> {
  readonly error: ErrorName;
  readonly sessionId: number;
  readonly answered: readonly Answered<A>[];
}

/** One request's view of its session. */
export interface FetchContext {
  /** What has to be read, in order. */
  readonly targets: readonly FetchTarget[];
  /** What has to be sent, out of what was read. Once. */
  reply<A extends FetchAnswer>(answered: readonly Answered<A>[]): FetchReply<A>;
}

export interface FetchHead {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** v13 and later. */
  readonly usesTopicIds: boolean;
  /** A follower's session is worth more. */
  readonly fromFollower: boolean;
}

interface CachedPartition {
  readonly target: FetchTarget;
  sentHighWatermark: number;
  sentLogStartOffset: number;
}

interface Session {
  readonly id: number;
  readonly privileged: boolean;
  readonly usesTopicIds: boolean;
  readonly createdMs: number;
  /** In the order in which they are read: one that had records goes to the end. */
  readonly partitions: Map<string, CachedPartition>;
  epoch: number;
  lastUsedMs: number;
  /** As of the last request: what eviction compares. */
  size: number;
}

type Target = Pick<FetchTarget, "topic" | "topicId" | "partition">;

const keyOf = (target: Target): string =>
  target.topicId === ZERO_UUID ? `${target.partition}:${target.topic}` : `${target.partition}:${target.topicId}`;

const nextEpoch = (epoch: number): number => (epoch < 0 ? FINAL_EPOCH : epoch === 0x7fff_ffff ? 1 : epoch + 1);

export class FetchSessions {
  private readonly sessions = new Map<number, Session>();
  private cachedPartitions = 0;
  private readonly clock: Clock;
  private readonly random: Random;
  /** `max.incremental.fetch.session.cache.slots` */
  private readonly slots: () => number;
  private readonly cachedPartitionsMax: number;

  constructor(clock: Clock, random: Random, slots: () => number, cachedPartitionsMax = CACHED_PARTITIONS_MAX) {
    this.clock = clock;
    this.random = random;
    this.slots = slots;
    this.cachedPartitionsMax = cachedPartitionsMax;
  }

  get count(): number {
    return this.sessions.size;
  }

  /** `nameOf` resolves topic ids that were unknown when the session first heard of them. */
  open(
    head: FetchHead,
    targets: FetchTarget[],
    forgotten: readonly Target[],
    nameOf: (topicId: string) => string | null,
  ): FetchContext {
    const full = head.sessionEpoch === INITIAL_EPOCH || head.sessionEpoch === FINAL_EPOCH;
    if (!full) return this.openIncremental(head, targets, forgotten, nameOf);
    this.forget(head.sessionId);
    const distinct = distinctTargets(targets);
    return head.sessionEpoch === FINAL_EPOCH ? sessionless(distinct) : this.openFull(head, distinct);
  }

  private openFull(head: FetchHead, targets: readonly FetchTarget[]): FetchContext {
    return {
      targets,
      reply: (answered) => ({ error: "NONE", sessionId: this.create(head, answered), answered }),
    };
  }

  private openIncremental(
    head: FetchHead,
    targets: FetchTarget[],
    forgotten: readonly Target[],
    nameOf: (topicId: string) => string | null,
  ): FetchContext {
    const session = this.sessions.get(head.sessionId);
    if (session === undefined) return refused("FETCH_SESSION_ID_NOT_FOUND");
    if (session.epoch !== head.sessionEpoch) return refused("INVALID_FETCH_SESSION_EPOCH");
    if (session.usesTopicIds !== head.usesTopicIds) return refused("FETCH_SESSION_TOPIC_ID_ERROR");
    if (this.cachedPartitions + targets.length > this.cachedPartitionsMax) {
      this.forget(session.id);
      return refused("FETCH_SESSION_ID_NOT_FOUND"); // the client begins anew, and is told to go without a session
    }
    const before = session.partitions.size;
    update(session, targets, forgotten);
    this.cachedPartitions += session.partitions.size - before;
    if (session.partitions.size === 0) {
      this.forget(session.id);
      return sessionless(distinctTargets(targets));
    }
    session.lastUsedMs = this.clock.ticksMs();
    session.size = session.partitions.size;
    session.epoch = nextEpoch(session.epoch);
    const expectedEpoch = session.epoch;
    return {
      targets: targetsOf(session, nameOf),
      reply: (answered) => {
        // A second request may have used the session while this one was parked.
        if (session.epoch !== expectedEpoch) {
          return { error: "INVALID_FETCH_SESSION_EPOCH", sessionId: session.id, answered: [] };
        }
        return { error: "NONE", sessionId: session.id, answered: answered.filter((each) => mustSend(session, each)) };
      },
    };
  }

  private create(head: FetchHead, answered: readonly Answered<FetchAnswer>[]): number {
    const nowMs = this.clock.ticksMs();
    if (this.cachedPartitions + answered.length > this.cachedPartitionsMax) return INVALID_SESSION_ID;
    if (this.sessions.size >= this.slots() && !this.evict(head.fromFollower, answered.length, nowMs)) {
      return INVALID_SESSION_ID;
    }
    const partitions = new Map<string, CachedPartition>();
    for (const { target, answer } of answered) {
      partitions.set(keyOf(target), {
        target,
        sentHighWatermark: answer.highWatermark,
        sentLogStartOffset: answer.logStartOffset,
      });
    }
    const id = this.newId();
    this.cachedPartitions += partitions.size;
    this.sessions.set(id, {
      id,
      privileged: head.fromFollower,
      usesTopicIds: head.usesTopicIds,
      createdMs: nowMs,
      partitions,
      epoch: nextEpoch(INITIAL_EPOCH),
      lastUsedMs: nowMs,
      size: partitions.size,
    });
    return id;
  }

  private newId(): number {
    for (;;) {
      const id = 1 + this.random.below(0x7fff_fffe);
      if (!this.sessions.has(id)) return id;
    }
  }

  /** Makes room, if there is a session that is stale or worth less than the new one. */
  private evict(privileged: boolean, size: number, nowMs: number): boolean {
    let oldest: Session | null = null;
    let least: Session | null = null;
    for (const session of this.sessions.values()) {
      if (oldest === null || session.lastUsedMs < oldest.lastUsedMs) oldest = session;
      // A session is safe from its equals for a while; ordinary ones are never safe from a follower's.
      const evictable = nowMs - session.createdMs > EVICTION_MS || (privileged && !session.privileged);
      if (evictable && (least === null || worth(session) < worth(least))) least = session;
    }
    const stale = oldest !== null && nowMs - oldest.lastUsedMs > EVICTION_MS ? oldest : null;
    const victim = stale ?? (least !== null && worth({ privileged, size }) > worth(least) ? least : null);
    return victim !== null && this.forget(victim.id);
  }

  private forget(id: number): boolean {
    this.cachedPartitions -= this.sessions.get(id)?.partitions.size ?? 0;
    return this.sessions.delete(id);
  }
}

/** Followers first, then by size: one number, since sizes are int32. */
const worth = (session: { readonly privileged: boolean; readonly size: number }): number =>
  (session.privileged ? 0x8000_0000 : 0) + session.size;

const refused = (error: ErrorName): FetchContext => ({
  targets: [],
  reply: () => ({ error, sessionId: INVALID_SESSION_ID, answered: [] }),
});

const sessionless = (targets: readonly FetchTarget[]): FetchContext => ({
  targets,
  reply: (answered) => ({ error: "NONE", sessionId: INVALID_SESSION_ID, answered }),
});

/** A partition named twice is read once, with what was said last. */
function distinctTargets(targets: FetchTarget[]): FetchTarget[] {
  if (targets.length < 2) return targets;
  const byKey = new Map<string, FetchTarget>();
  for (const target of targets) byKey.set(keyOf(target), target);
  return byKey.size === targets.length ? targets : [...byKey.values()];
}

function update(session: Session, targets: readonly FetchTarget[], forgotten: readonly Target[]): void {
  for (const target of targets) {
    const key = keyOf(target);
    const cached = session.partitions.get(key);
    if (cached === undefined) {
      session.partitions.set(key, { target, sentHighWatermark: -1, sentLogStartOffset: -1 });
      continue;
    }
    cached.target.maxBytes = target.maxBytes;
    cached.target.fetchOffset = target.fetchOffset;
    cached.target.logStartOffset = target.logStartOffset;
    cached.target.currentLeaderEpoch = target.currentLeaderEpoch;
    cached.target.lastFetchedEpoch = target.lastFetchedEpoch;
    cached.target.highWatermark = target.highWatermark;
  }
  for (const target of forgotten) session.partitions.delete(keyOf(target));
}

function targetsOf(session: Session, nameOf: (topicId: string) => string | null): FetchTarget[] {
  const targets: FetchTarget[] = [];
  for (const { target } of session.partitions.values()) {
    if (session.usesTopicIds) target.topic ??= nameOf(target.topicId);
    targets.push(target);
  }
  return targets;
}

/** Something new for the client? Remembers what is sent. */
function mustSend(session: Session, { target, answer }: Answered<FetchAnswer>): boolean {
  const key = keyOf(target);
  const cached = session.partitions.get(key);
  if (cached === undefined) return false;
  const hasRecords = answer.records !== null && answer.records.length > 0;
  const failed = answer.errorCode !== 0;
  // A follower that does not know what it was sent has not got it: it had another role when it came.
  const moved =
    cached.sentHighWatermark !== answer.highWatermark ||
    cached.sentLogStartOffset !== answer.logStartOffset ||
    answer.highWatermark > target.highWatermark;
  // After an error nothing counts as sent, so that the partition comes again when the error is over.
  cached.sentHighWatermark = failed ? -1 : answer.highWatermark;
  cached.sentLogStartOffset = answer.logStartOffset;
  if (hasRecords) {
    session.partitions.delete(key);
    session.partitions.set(key, cached);
  }
  return hasRecords || failed || moved || answer.preferredReadReplica !== -1 || answer.divergingEpoch.endOffset >= 0;
}

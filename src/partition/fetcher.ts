/**
 * Copies partitions from one leader into one log directory: asks (Fetch, KIP-227, KIP-595), appends what comes, and
 * syncs it before it asks for more, so that the offset it asks from is durable here: that is what the leader counts.
 * One request at a time. A partition whose log is at work (a sync that lags, a truncation) is left out of the requests
 * until that is done; one with an error is left out for a while; the others go on. As Kafka's AbstractFetcherThread,
 * ReplicaFetcherThread and RemoteLeaderEndPoint.
 */
import { type Cancel, type Clock, DiskError, type Logger } from "../../base/ports.ts";
import { code, errorName, KafkaError } from "../../protocol/errors.ts";
import { Fetch, type FetchRequest, type FetchResponse, type PartitionData } from "../../protocol/generated/fetch.ts";
import type { Message } from "../../protocol/message.ts";
import { appendFetched, BeginsEarlier, truncationOffset } from "./follower.ts";
import { FollowerSession, keyOf, type SessionRequest, type Wanted } from "./follower-session.ts";
import { leaderOffset } from "./leader-offset.ts";
import type { Replica } from "./replica.ts";
import type { ReplicationQuota } from "./replication-quota.ts";

/** The connection to the leader: src/peer's Channel is one. */
export interface LeaderChannel {
  /** Resolves with the answer, rejects where there is none. */
  send<Request, Response>(
    message: Message<Request, Response>,
    request: Request | ((version: number) => Request),
    versionMax?: number | null,
    options?: { readonly timeoutMs?: number },
  ): Promise<Response>;
  close(): void;
}

/** The node's settings, read each time. */
export interface FetcherSettings {
  /** `replica.fetch.wait.max.ms` */
  readonly waitMaxMs: number;
  /** `replica.fetch.min.bytes` */
  readonly minBytes: number;
  /** `replica.fetch.response.max.bytes` */
  readonly responseMaxBytes: number;
  /** `replica.fetch.max.bytes` */
  readonly partitionMaxBytes: number;
  /** `replica.fetch.backoff.ms`: the longest pause of a partition with an error, or of a leader that is not reached. */
  readonly backoffMs: number;
  /** `replica.socket.timeout.ms` */
  readonly timeoutMs: number;
}

export interface FetcherOptions {
  readonly nodeId: number;
  /** Of this node's registration. */
  readonly brokerEpoch: () => number;
  readonly leaderId: number;
  readonly channel: LeaderChannel;
  readonly settings: FetcherSettings;
  readonly quota: ReplicationQuota;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Errors mostly pass soon (a leader that has not heard of its election yet): the first pause is short. */
const BACKOFF_MIN_MS = 20;
/** How long the others wait for logs at work before they ask without them. */
const GATHER_MS = 20;
/** With topic ids: every node of a KRaft cluster from 3.3 on speaks them. */
const FetchById: typeof Fetch = { ...Fetch, versions: [13, Fetch.versions[1]] };
const REPLICA_STATE_FROM = 15;

interface Followed {
  readonly key: string;
  readonly replica: Replica;
  readonly leaderEpoch: number;
  /** Work on its log that must end before anybody else may touch it. */
  disk: Promise<void> | null;
  /** It is not asked for: its log is at work, or the leader is asked where it begins. */
  busy: boolean;
  failures: number;
  delayedUntilMs: number;
  /** It has all that is committed, as the leader last said: it is not throttled. */
  caughtUp: boolean;
}

export class Fetcher {
  private readonly options: FetcherOptions;
  private readonly session = new FollowerSession();
  private readonly partitions = new Map<string, Followed>();
  private inFlight = false;
  private closed = false;
  private failures = 0;
  private cancelTimer: Cancel | null = null;
  private stepWanted = false;
  /** The others wait for logs at work, for a while. */
  private gathering = false;

  constructor(options: FetcherOptions) {
    this.options = options;
  }

  get isIdle(): boolean {
    return this.partitions.size === 0;
  }

  /** Follows the leader in this epoch from the log's end on. What the log holds is made durable before it counts. */
  add(replica: Replica, leaderEpoch: number): void {
    const key = keyOf(replica.topicId, replica.partition);
    const followed: Followed = {
      key,
      replica,
      leaderEpoch,
      disk: null,
      busy: false,
      failures: 0,
      delayedUntilMs: Number.NEGATIVE_INFINITY,
      caughtUp: false,
    };
    this.partitions.set(key, followed);
    const { log } = replica;
    // Batches from before leader epochs: nothing tells where the two logs part, only what is committed is common.
    if (log.epochs.latest === null && log.logEndOffset > log.highWatermark) {
      this.work(followed, log.truncateTo(log.highWatermark));
    } else if (replica.heldOffset < log.logEndOffset) this.work(followed, log.sync());
    this.stepSoon();
  }

  /** Resolves (null: at once) when nothing of the fetcher's touches the log any more. */
  remove(replica: Replica): Promise<void> | null {
    const key = keyOf(replica.topicId, replica.partition);
    const followed = this.partitions.get(key);
    if (followed === undefined || followed.replica !== replica) return null;
    this.partitions.delete(key);
    return followed.disk;
  }

  /** Resolves when nothing of the fetcher's touches a log any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelTimer?.();
    this.options.channel.close();
    const disks = [...this.partitions.values()].map(({ disk }) => disk);
    this.partitions.clear();
    await Promise.all(disks);
  }

  private stepSoon(): void {
    if (this.stepWanted || this.closed) return;
    this.stepWanted = true;
    this.options.clock.turnEnd(() => {
      this.stepWanted = false;
      this.step();
    });
  }

  /** Asks for all that is ready, unless a request is under way. */
  private step(): void {
    if (this.closed || this.inFlight) return;
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.gathering = false;
    const nowMs = this.options.clock.ticksMs();
    const ready: Followed[] = [];
    let nextMs = Number.POSITIVE_INFINITY;
    let busy = 0;
    const { excessMs } = this.options.quota;
    for (const followed of this.partitions.values()) {
      if (followed.busy) busy++;
      else if (followed.delayedUntilMs > nowMs) nextMs = Math.min(nextMs, followed.delayedUntilMs);
      else if (excessMs > 0 && !followed.caughtUp && isThrottled(followed)) nextMs = Math.min(nextMs, nowMs + excessMs);
      else ready.push(followed);
    }
    if (ready.length > 0) this.ask(ready, busy > 0, nextMs - nowMs);
    else if (nextMs < Number.POSITIVE_INFINITY) this.stepAfter(nextMs - nowMs);
  }

  private stepAfter(delayMs: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.clock.after(Math.ceil(delayMs), () => this.step());
  }

  private ask(ready: readonly Followed[], othersSoon: boolean, othersAfterMs: number): void {
    const { settings, channel } = this.options;
    const request = this.session.next(ready.map((followed) => this.wanted(followed)));
    // Who is left out now must not wait behind a request that the leader holds.
    const maxWaitMs = Math.max(0, Math.floor(Math.min(settings.waitMaxMs, othersSoon ? GATHER_MS : othersAfterMs)));
    this.inFlight = true;
    channel
      .send(FetchById, (version) => this.request(request, maxWaitMs, version), null, settings)
      .then(
        (response) => {
          this.inFlight = false;
          if (!this.closed) this.answered(ready, response);
        },
        (cause: unknown) => {
          this.inFlight = false;
          if (!this.closed) this.unanswered(cause);
        },
      );
  }

  private wanted({ replica, leaderEpoch }: Followed): Wanted {
    const { log } = replica;
    return {
      topicId: replica.topicId,
      partition: replica.partition,
      fetchOffset: log.logEndOffset,
      logStartOffset: log.logStartOffset,
      maxBytes: this.options.settings.partitionMaxBytes,
      leaderEpoch,
      lastFetchedEpoch: log.epochs.latest?.epoch ?? -1,
      highWatermark: log.highWatermark,
    };
  }

  private request(session: SessionRequest, maxWaitMs: number, version: number): FetchRequest {
    const { nodeId, brokerEpoch, settings } = this.options;
    const states = version >= REPLICA_STATE_FROM;
    return {
      clusterId: null,
      replicaId: states ? -1 : nodeId,
      replicaState: { replicaId: states ? nodeId : -1, replicaEpoch: states ? brokerEpoch() : -1 },
      maxWaitMs,
      minBytes: settings.minBytes,
      maxBytes: settings.responseMaxBytes,
      isolationLevel: 0,
      sessionId: session.sessionId,
      sessionEpoch: session.sessionEpoch,
      topics: session.topics,
      forgottenTopicsData: session.forgotten,
      rackId: "",
    };
  }

  private unanswered(cause: unknown): void {
    const { logger, settings, leaderId } = this.options;
    this.session.failed();
    logger.debug(`fetching from node ${leaderId}: ${cause instanceof Error ? cause.message : String(cause)}`);
    // The channel has its own pauses before it connects again; this one is for leaders that are reached and fail.
    this.stepAfter(backoffMs(this.failures++, settings.backoffMs));
  }

  private answered(asked: readonly Followed[], response: FetchResponse): void {
    if (!this.session.answered(response)) {
      this.unanswered(new KafkaError(errorName(response.errorCode)));
      return;
    }
    this.failures = 0;
    const byKey = new Map(asked.map((followed) => [followed.key, followed]));
    for (const { topicId, partitions } of response.responses) {
      for (const data of partitions) {
        const followed = byKey.get(keyOf(topicId, data.partitionIndex));
        if (followed !== undefined && this.isCurrent(followed)) this.take(followed, data);
        // Meanwhile it has another leader or epoch, or is gone: what the session takes for told was not heard.
        else this.session.failed();
      }
    }
    this.gathering = this.isAnyBusy;
    if (this.gathering) this.stepAfter(GATHER_MS);
    else this.step();
  }

  private get isAnyBusy(): boolean {
    for (const { busy } of this.partitions.values()) if (busy) return true;
    return false;
  }

  private take(followed: Followed, data: PartitionData): void {
    try {
      if (data.errorCode !== code("NONE")) this.refused(followed, data.errorCode);
      else if (data.divergingEpoch.endOffset >= 0) this.truncate(followed, data.divergingEpoch);
      else this.append(followed, data);
    } catch (cause) {
      this.failed(followed, cause);
    }
  }

  private append(followed: Followed, data: PartitionData): void {
    const { replica, leaderEpoch } = followed;
    const { log } = replica;
    const { highWatermark, logStartOffset, records } = data;
    followed.failures = 0;
    if (records !== null && records.length > 0) this.putLast(followed);
    if (isThrottled(followed)) this.options.quota.record(records?.length ?? 0);
    const told = (): void => {
      followed.caughtUp = log.logEndOffset >= highWatermark;
      replica.followed(highWatermark, logStartOffset);
    };
    try {
      if (records !== null && records.length > 0) appendFetched(log, records, leaderEpoch);
    } catch (cause) {
      if (!(cause instanceof BeginsEarlier)) throw cause;
      // Its own batch goes in at once: the leader does not give what lies below its start.
      const emptied = log.truncateFullyAndStartAt(cause.firstOffset);
      const appended = emptied.then(() => {
        appendFetched(log, records as Uint8Array, leaderEpoch);
        return log.sync();
      });
      this.work(followed, appended.then(told));
      return;
    }
    if (replica.heldOffset >= log.logEndOffset) told();
    else this.work(followed, log.sync().then(told));
  }

  /** Who had records waits for the others: a leader without a session fills its answers in the order asked. */
  private putLast(followed: Followed): void {
    this.partitions.delete(followed.key);
    this.partitions.set(followed.key, followed);
  }

  /** What the leader does not have goes. Where it does not know the leader's epoch, the next answer says more. */
  private truncate(followed: Followed, leader: { readonly epoch: number; readonly endOffset: number }): void {
    const { log } = followed.replica;
    this.work(
      followed,
      log.truncateTo(truncationOffset(log, leader)).then(() => {}),
    );
  }

  private refused(followed: Followed, errorCode: number): void {
    const { leaderId, logger } = this.options;
    const { name } = followed.replica;
    const error = errorName(errorCode);
    switch (error) {
      case "OFFSET_OUT_OF_RANGE":
        followed.busy = true;
        this.resetOffset(followed).then(
          () => this.done(followed),
          (cause: unknown) => this.done(followed, cause),
        );
        return;
      case "FENCED_LEADER_EPOCH":
        logger.info(
          `${name}: node ${leaderId} knows of a later epoch than ${followed.leaderEpoch}; the image will say`,
        );
        this.partitions.delete(followed.key);
        return;
      default:
        this.failed(followed, new KafkaError(error));
    }
  }

  /**
   * The leader has nothing at this log's end: it ends earlier (after an unclean election), or its start has moved
   * beyond. Otherwise the log goes on from where it is.
   */
  private async resetOffset(followed: Followed): Promise<void> {
    const { replica, leaderEpoch } = followed;
    const { log } = replica;
    const { nodeId, channel, settings, logger } = this.options;
    const asking = { nodeId, channel, timeoutMs: settings.timeoutMs, topic: replica.topic };
    const at = { partition: replica.partition, leaderEpoch };
    const leaderEnd = await leaderOffset(asking, at, "latest");
    if (!this.isCurrent(followed)) return;
    if (leaderEnd < log.logEndOffset) {
      logger.warn(`${replica.name}: the leader's log ends at ${leaderEnd}, this one at ${log.logEndOffset}`);
      await this.onDisk(followed, log.truncateTo(leaderEnd));
      return;
    }
    const leaderStart = await leaderOffset(asking, at, "earliest");
    if (!this.isCurrent(followed)) return;
    // The two logs overlap: an election is under way, or a leader that is restarting. Not to be asked again at once.
    if (leaderStart <= log.logEndOffset) throw new KafkaError("OFFSET_OUT_OF_RANGE");
    logger.warn(`${replica.name}: the leader's log begins at ${leaderStart}, this one ends at ${log.logEndOffset}`);
    await this.onDisk(followed, log.truncateFullyAndStartAt(leaderStart));
  }

  private isCurrent(followed: Followed): boolean {
    return !this.closed && this.partitions.get(followed.key) === followed;
  }

  /** The partition is left out until its log has done this. */
  private work(followed: Followed, disk: Promise<unknown>): void {
    followed.busy = true;
    this.onDisk(followed, disk).then(
      () => this.done(followed),
      (cause: unknown) => this.done(followed, cause),
    );
  }

  private onDisk(followed: Followed, disk: Promise<unknown>): Promise<unknown> {
    followed.disk = disk.then(
      () => {
        followed.disk = null;
      },
      () => {
        followed.disk = null; // whoever waits for the log does not wait for the reason
      },
    );
    return disk;
  }

  private done(followed: Followed, cause: unknown = null): void {
    followed.busy = false;
    if (!this.isCurrent(followed)) return;
    if (cause !== null) this.failed(followed, cause);
    if (!this.gathering || !this.isAnyBusy) this.stepSoon();
  }

  /** A failing disk ends it here, and its directory; everything else is tried again after a pause. */
  private failed(followed: Followed, cause: unknown): void {
    const { clock, logger, settings, leaderId } = this.options;
    const { name } = followed.replica;
    const message = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof DiskError) {
      logger.error(`${name} is not copied any more: ${message}`);
      this.partitions.delete(followed.key);
      return;
    }
    const pauseMs = backoffMs(followed.failures++, settings.backoffMs);
    followed.delayedUntilMs = clock.ticksMs() + pauseMs;
    logger.debug(`${name}: fetching from node ${leaderId}, again in ${pauseMs} ms: ${message}`);
  }
}

const isThrottled = ({ replica }: Followed): boolean => replica.rules.isThrottled("follower", replica.partition);

function backoffMs(failures: number, maxMs: number): number {
  return Math.min(BACKOFF_MIN_MS * 2 ** Math.min(failures, 20), maxMs);
}

/**
 * The partitions that live on this node: which there are, where their logs lie, and what the image says of them.
 * Created, changed and deleted by what a new image brings, in the order in which the images come.
 */
import { type Cancel, type Clock, DiskError, type Logger, type Random } from "../../base/ports.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { RecordValidator } from "../../protocol/records/validate.ts";
import { HIGH_WATERMARKS_FILE, LOG_CHECKPOINTS, type LogCheckpoint } from "../../storage/checkpoint.ts";
import { type CleanerSettings, LogCleaner } from "../../storage/cleaner.ts";
import { isDiskFull } from "../../storage/disk-reserve.ts";
import type { Log } from "../../storage/log.ts";
import type { LogDirectory } from "../../storage/log-dir.ts";
import {
  emptyImage,
  type MetadataImage,
  MIGRATING_DIRECTORY,
  type PartitionRegistration,
  type TopicImage,
  UNASSIGNED_DIRECTORY,
} from "../metadata/image.ts";
import { Fetchers, type FetchersOptions } from "./fetchers.ts";
import type { IsrProposals } from "./leadership.ts";
import { LogMoves } from "./log-moves.ts";
import { Replica, type ReplicaShared } from "./replica.ts";
import type { ReplicationQuota } from "./replication-quota.ts";
import type { PartitionRole } from "./role.ts";
import { SyncPressure } from "./sync-pressure.ts";
import type { TopicRules } from "./topic-rules.ts";

/** Bytes of all partitions that may be in the page cache alone; to be tuned by measurement. */
const UNSYNCED_BYTES_MAX = 64 * 1024 * 1024;

export interface ReplicaManagerOptions {
  readonly nodeId: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly directories: readonly LogDirectory[];
  /** Ids of log directories by their paths. */
  readonly directoryIds?: ReadonlyMap<string, string>;
  /** The live settings of a topic's partitions. */
  readonly rulesFor: (topic: string) => TopicRules;
  /** `odradek.flush.before.ack` */
  readonly flushBeforeAck: () => boolean;
  /** `log.initial.task.delay.ms`: after the start, before retention and the checkpoints of logs are first seen to */
  readonly initialTaskDelayMs: () => number;
  /** `log.retention.check.interval.ms` */
  readonly retentionCheckMs: () => number;
  /** How often each checkpoint is written. */
  readonly checkpointMs: Readonly<Record<LogCheckpoint, () => number>>;
  /** `log.cleaner.*` */
  readonly cleaner: CleanerSettings;
  /** Resolves when the metadata has the replica in the directory that `moves.directoryOf` names. */
  readonly assignDirectory?: (topicId: string, partition: number) => Promise<void>;
  readonly replication: ReplicationOptions;
}

/** What partitions need that have replicas on other nodes. */
export interface ReplicationOptions {
  /** `replica.lag.time.max.ms` */
  readonly lagTimeMaxMs: () => number;
  /** Of this node's registration; -1 before it. */
  readonly brokerEpoch: () => number;
  readonly proposals: IsrProposals;
  /** Of what this node sends to throttled followers. */
  readonly leaderQuota: ReplicationQuota;
  /** Of moves between log directories. */
  readonly moveQuota: ReplicationQuota;
  readonly fetching: Pick<FetchersOptions, "settings" | "listener" | "connect" | "quota">;
}

/** What a new image changes in the topics: the topic part of metadata's ImageChanges. */
export interface TopicChanges {
  readonly after: MetadataImage;
  readonly createdTopics: readonly TopicImage[];
  readonly deletedTopics: readonly TopicImage[];
  readonly changedTopics: readonly { readonly after: TopicImage; readonly partitions: readonly number[] }[];
}

interface HostedTopic {
  readonly id: string;
  readonly partitions: Map<number, Replica>;
  /** Partitions of this node whose log could not be opened, and why. */
  readonly broken: Map<number, DiskError | KafkaError>;
}

export class ReplicaManager {
  readonly directories: readonly LogDirectory[];
  private readonly options: ReplicaManagerOptions;
  /** Answers to Produce wait for its relief. */
  readonly pressure = new SyncPressure(UNSYNCED_BYTES_MAX);
  readonly leaderQuota: ReplicationQuota;
  /** Between the directories. */
  readonly moves: LogMoves;
  private readonly shared: ReplicaShared;
  private readonly cleaner: LogCleaner;
  /** Logs that a directory is making: they are not among its logs yet. */
  private readonly beingCreated = new Map<LogDirectory, number>();
  private readonly byName = new Map<string, HostedTopic>();
  private readonly byId = new Map<string, HostedTopic>();
  private image: MetadataImage = emptyImage();
  private applying: Promise<void> = Promise.resolve();
  /** Changes being worked off. */
  private busy = 0;
  private stopped = false;
  private cancels: Cancel[] = [];
  private readonly fetchers: Fetchers;
  /** Before that the image may be an old one: nobody is followed into it. */
  private started = false;
  /** Partitions with followers have come under this node in the present change. */
  private newlyLed = false;

  constructor(options: ReplicaManagerOptions) {
    this.options = options;
    this.leaderQuota = options.replication.leaderQuota;
    this.directories = options.directories;
    this.cleaner = new LogCleaner({ ...options, settings: options.cleaner });
    this.moves = new LogMoves({
      ...options,
      quota: options.replication.moveQuota,
      online: (topic, partition) => this.online(topic, partition),
      assign: options.assignDirectory ?? (() => Promise.resolve()),
      pause: (replica) => this.fetchers.hold(replica),
      resume: (replica) => {
        this.fetchers.release(replica);
        const isHere = this.getById(replica.topicId, replica.partition) === replica;
        if (!isHere || !replica.isFollower || !this.started || this.stopped) return;
        this.fetchers.follow(replica, this.image);
      },
    });
    this.shared = {
      clock: options.clock,
      logger: options.logger,
      validator: new RecordValidator(),
      pressure: this.pressure,
      flushBeforeAck: options.flushBeforeAck,
      leader: {
        clock: options.clock,
        logger: options.logger,
        nodeId: options.nodeId,
        lagTimeMaxMs: options.replication.lagTimeMaxMs,
        brokerEpoch: options.replication.brokerEpoch,
        broker: (nodeId) => this.image.brokers.get(nodeId),
        proposals: options.replication.proposals,
      },
    };
    const { nodeId, clock, logger, replication } = options;
    const { brokerEpoch, fetching } = replication;
    this.fetchers = new Fetchers({ nodeId, clock, logger, brokerEpoch, ...fetching });
  }

  get(topic: string, partition: number): Replica | undefined {
    return this.byName.get(topic)?.partitions.get(partition);
  }

  getById(topicId: string, partition: number): Replica | undefined {
    return this.byId.get(topicId)?.partitions.get(partition);
  }

  *all(): Iterable<Replica> {
    for (const { partitions } of this.byName.values()) yield* partitions.values();
  }

  /** Those that are offline included. */
  get partitionCount(): number {
    let count = 0;
    for (const { partitions, broken } of this.byName.values()) count += partitions.size + broken.size;
    return count;
  }

  /** Their log could not be opened, or its directory has failed. */
  get offlineCount(): number {
    let count = 0;
    for (const { broken } of this.byName.values()) count += broken.size;
    for (const { unavailable } of this.all()) if (unavailable === "KAFKA_STORAGE_ERROR") count++;
    return count;
  }

  /**
   * The partition, online.
   * @throws KAFKA_STORAGE_ERROR; NOT_LEADER_OR_FOLLOWER for one that the image has elsewhere (or not here yet);
   * UNKNOWN_TOPIC_OR_PARTITION.
   */
  online(topic: string, partition: number): Replica {
    const replica = this.get(topic, partition);
    if (replica !== undefined) return replica;
    if (this.byName.get(topic)?.broken.has(partition)) throw new KafkaError("KAFKA_STORAGE_ERROR");
    const known = this.image.topicsByName.get(topic)?.partitions.has(partition) ?? false;
    const name = known ? "NOT_LEADER_OR_FOLLOWER" : "UNKNOWN_TOPIC_OR_PARTITION";
    throw new KafkaError(name, known ? `${topic}-${partition} is not on this node` : null);
  }

  /** Follows the image; what it returns resolves once logs exist and roles are taken. One change after the other. */
  apply(changes: TopicChanges): Promise<void> | undefined {
    if (this.stopped) return; // its logs are being closed: nobody may begin to follow
    if (touchesNothing(changes) && this.busy === 0 && changes.after.brokers === this.image.brokers) {
      this.image = changes.after;
      return;
    }
    this.busy++;
    const applied = this.applying
      .then(() => this.applyNow(changes))
      .finally(() => {
        this.busy--;
      });
    this.applying = applied.catch(() => {});
    return applied;
  }

  /** The image is complete: logs that it does not place here are set aside, and the periodic work begins. */
  start(): void {
    this.setStraysAside();
    this.started = true;
    for (const replica of this.all()) if (!replica.isLeader) this.fetchers.follow(replica, this.image);
    this.every(
      () => this.options.replication.lagTimeMaxMs() / 2,
      () => {
        for (const replica of this.all()) replica.shrinkInSync();
      },
    );
    const { initialTaskDelayMs, retentionCheckMs, checkpointMs } = this.options;
    const maintain = (): void => {
      for (const directory of this.onlineDirectories()) directory.maintain(this.options.clock.nowMs());
    };
    this.every(retentionCheckMs, maintain, initialTaskDelayMs);
    for (const file of LOG_CHECKPOINTS) {
      const ofReplicas = file === HIGH_WATERMARKS_FILE; // not one of the logs' own tasks
      const write = (): void => {
        if (ofReplicas) this.openWhatFoundNoRoom();
        for (const directory of this.onlineDirectories()) this.heard(directory.checkpoint([file]));
      };
      this.every(checkpointMs[file], write, ofReplicas ? checkpointMs[file] : initialTaskDelayMs);
    }
    this.cleaner.start();
  }

  /** A directory has failed (KIP-112): its partitions are gone until the node starts again. */
  directoryFailed(directory: LogDirectory): void {
    for (const replica of this.all()) {
      if (directory.log(replica.topic, replica.partition) !== replica.log) continue;
      replica.stop("KAFKA_STORAGE_ERROR");
      void this.fetchers.unfollow(replica);
    }
  }

  /** Waiters are answered, timers end; closing the directories is their owner's. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.cancels) cancel();
    this.cancels = [];
    await Promise.all([this.applying, this.cleaner.stop(), this.moves.stop()]);
    await this.fetchers.close();
    await Promise.all(Array.from(this.all(), (replica) => replica.settle()));
    for (const replica of this.all()) replica.stop("NOT_LEADER_OR_FOLLOWER");
  }

  private async applyNow(changes: TopicChanges): Promise<void> {
    const { brokers } = this.image;
    this.image = changes.after;
    await Promise.all(changes.deletedTopics.map((topic) => this.remove(topic)));
    const hosted: Promise<void>[] = [];
    for (const topic of changes.createdTopics) hosted.push(this.host(topic, topic.partitions.keys()));
    for (const { after, partitions } of changes.changedTopics) hosted.push(this.host(after, partitions));
    await Promise.all(hosted);
    if (brokers !== this.image.brokers) await this.fetchers.brokersChanged(this.image);
    this.fetchers.closeIdle();
    if (this.newlyLed) this.wakeFollowers();
  }

  /** Their next fetches will name the partitions that this node now leads. */
  private wakeFollowers(): void {
    this.newlyLed = false;
    for (const replica of this.all()) replica.followerFetches.wakeAll();
  }

  /** The role from the image; who follows begins with each leader epoch anew. */
  private take(replica: Replica, role: PartitionRole): Promise<void> | null {
    const { leaderEpoch } = replica;
    const isNewEpoch = role.leaderEpoch !== leaderEpoch;
    const settled = isNewEpoch ? this.fetchers.unfollow(replica) : null;
    if (settled !== null) return settled.then(() => this.takeNow(replica, role, isNewEpoch));
    this.takeNow(replica, role, isNewEpoch);
    return null;
  }

  private takeNow(replica: Replica, role: PartitionRole, isNewEpoch: boolean): void {
    const wasLeader = replica.isLeader;
    replica.applyRole(role);
    if (replica.isLeader && !wasLeader && role.replicas.length > 1) this.newlyLed = true;
    if (this.started && isNewEpoch && !replica.isLeader) this.fetchers.follow(replica, this.image);
  }

  private async host(topic: TopicImage, partitions: Iterable<number>): Promise<void> {
    const opened: Promise<void>[] = [];
    for (const partition of partitions) {
      const role = topic.partitions.get(partition);
      if (role === undefined) continue;
      if (!role.replicas.includes(this.options.nodeId)) {
        opened.push(this.dropPartition(topic.name, partition, "NOT_LEADER_OR_FOLLOWER"));
        continue;
      }
      const existing = this.byId.get(topic.id)?.partitions.get(partition);
      if (existing !== undefined) opened.push(this.take(existing, role) ?? Promise.resolve());
      else opened.push(this.open(topic, partition));
    }
    await Promise.all(opened);
  }

  /** A partition that cannot be opened is offline; the others of the node go on. */
  private async open(topic: TopicImage, partition: number): Promise<void> {
    const hosted = this.hostedTopic(topic);
    try {
      const log = await this.openLog(topic, partition);
      const replica = new Replica(log, topic.id, this.options.nodeId, this.options.rulesFor(topic.name), this.shared);
      hosted.partitions.set(partition, replica);
      hosted.broken.delete(partition);
      const role = this.image.topicsById.get(topic.id)?.partitions.get(partition);
      if (role !== undefined) await this.take(replica, role);
    } catch (cause) {
      if (!(cause instanceof DiskError || cause instanceof KafkaError)) throw cause;
      this.options.logger.error(`${topic.name}-${partition} is offline: ${cause.message}`);
      hosted.broken.set(partition, cause);
    }
  }

  /** The disk was full when their logs were to be made: there may be room now. */
  private openWhatFoundNoRoom(): void {
    for (const { id, broken } of this.byId.values()) {
      const waiting = [...broken].flatMap(([n, cause]) => (cause instanceof DiskError && isDiskFull(cause) ? [n] : []));
      if (waiting.length === 0) continue;
      const opened = this.applying.then(() => {
        const topic = this.image.topicsById.get(id);
        return topic === undefined || this.stopped ? undefined : this.host(topic, waiting);
      });
      this.applying = opened.catch(() => {});
      this.heard(opened);
    }
  }

  private async openLog(topic: TopicImage, partition: number): Promise<Log> {
    const directory = this.directoryFor(topic, partition);
    if (directory === null) throw new KafkaError("KAFKA_STORAGE_ERROR", "Every log directory is offline");
    const found = directory.log(topic.name, partition);
    // Of a topic of the same name that was deleted while this node was away.
    if (found !== null && found.topicId !== null && found.topicId !== topic.id) {
      await directory.markStray(topic.name, partition);
    }
    this.beingCreated.set(directory, this.countIn(directory, 1));
    return directory.create(topic.name, partition, topic.id).finally(() => {
      this.beingCreated.set(directory, this.countIn(directory, -1));
    });
  }

  private countIn(directory: LogDirectory, change: number): number {
    return (this.beingCreated.get(directory) ?? 0) + change;
  }

  private hostedTopic(topic: TopicImage): HostedTopic {
    let hosted = this.byId.get(topic.id);
    if (hosted === undefined) {
      hosted = { id: topic.id, partitions: new Map(), broken: new Map() };
      this.byId.set(topic.id, hosted);
      this.byName.set(topic.name, hosted);
    }
    return hosted;
  }

  private setStraysAside(): void {
    for (const directory of this.onlineDirectories()) {
      for (const { topic, partition } of [...directory.logs.values()]) {
        if (this.get(topic, partition) !== undefined) continue;
        this.heard(directory.markStray(topic, partition));
      }
    }
  }

  private async remove(topic: TopicImage): Promise<void> {
    const gone = [...topic.partitions.keys()].map((partition) =>
      this.dropPartition(topic.name, partition, "UNKNOWN_TOPIC_OR_PARTITION"),
    );
    this.byId.delete(topic.id);
    if (this.byName.get(topic.name)?.id === topic.id) this.byName.delete(topic.name);
    await Promise.all(gone);
  }

  private async dropPartition(
    topic: string,
    partition: number,
    error: "UNKNOWN_TOPIC_OR_PARTITION" | "NOT_LEADER_OR_FOLLOWER",
  ): Promise<void> {
    const hosted = this.byName.get(topic);
    hosted?.broken.delete(partition);
    const replica = hosted?.partitions.get(partition);
    if (replica === undefined) return;
    hosted?.partitions.delete(partition);
    replica.stop(error);
    await Promise.all([this.fetchers.unfollow(replica), this.moves.cancel(topic, partition)]);
    const directory = this.onlineDirectories().find((each) => each.log(topic, partition) === replica.log);
    try {
      await directory?.delete(topic, partition);
    } catch (cause) {
      if (!(cause instanceof DiskError)) throw cause; // the directory is offline now
    }
  }

  /**
   * Where the log already is, damaged or not, else where there are fewest, those on their way included.
   * @throws KAFKA_STORAGE_ERROR where it lies in a directory that is offline: an empty log elsewhere would take its
   * place
   */
  private directoryFor(topic: TopicImage, partition: number): LogDirectory | null {
    const count = (directory: LogDirectory) => directory.logs.size + this.countIn(directory, 0);
    const name = `${topic.name}-${partition}`;
    const online = this.onlineDirectories();
    const here = online.find((each) => each.logs.has(name) || each.damaged.has(name));
    if (here !== undefined) return here;
    const offline = this.offlineHome(topic.partitions.get(partition));
    if (offline !== undefined) throw new KafkaError("KAFKA_STORAGE_ERROR", `${offline.path} is offline`);
    let fewest = this.moves.takePreferred(topic.name, partition);
    if (fewest !== null) return fewest;
    for (const directory of online) if (fewest === null || count(directory) < count(fewest)) fewest = directory;
    return fewest;
  }

  /**
   * The failed directory that the replica is assigned to, or may lie in: one that failed before it told its id may be
   * that of any id which is nobody's, and before KIP-858 any may be. So may any where a start does not find the log in
   * the directory that it is assigned to.
   */
  private offlineHome(role: PartitionRegistration | undefined): LogDirectory | undefined {
    const { directories, directoryIds, nodeId } = this.options;
    const assigned = role?.directories[role.replicas.indexOf(nodeId)];
    if (assigned === undefined || assigned === UNASSIGNED_DIRECTORY) return undefined;
    const ids = directoryIds ?? new Map<string, string>();
    const isNobodys = ![...ids.values()].includes(assigned);
    // A move may have got as far as that the metadata names the directory which the log was to come into.
    const mayBeOnItsWay = !this.started && !isNobodys;
    return directories.find(({ path, offline }) => {
      const isIt =
        assigned === MIGRATING_DIRECTORY || (ids.get(path) === undefined ? isNobodys : ids.get(path) === assigned);
      return offline !== null && (isIt || mayBeOnItsWay);
    });
  }

  private onlineDirectories(): LogDirectory[] {
    return this.directories.filter((directory) => directory.offline === null);
  }

  private every(intervalMs: () => number, run: () => void, firstMs = intervalMs): void {
    const { clock } = this.options;
    const index = this.cancels.length;
    const after = (delayMs: number): void => {
      this.cancels[index] = clock.after(delayMs, () => {
        if (this.stopped) return;
        run();
        if (intervalMs() > 0) after(intervalMs()); // 0 is no period, as Apache's scheduler takes it
      });
    };
    after(firstMs());
  }

  /** A failure takes the directory offline, which its owner reports; here it only may not go unheard. */
  private heard(work: Promise<void>): void {
    work.catch((cause: unknown) => this.options.logger.warn(String(cause)));
  }
}

const touchesNothing = ({ createdTopics, deletedTopics, changedTopics }: TopicChanges): boolean =>
  createdTopics.length === 0 && deletedTopics.length === 0 && changedTopics.length === 0;

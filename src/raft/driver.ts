/**
 * The only place where raft touches disk, network or time. Events go through `core.step` one by one; their effects are
 * performed strictly in order, and an effect that promises something to others waits for the disk before it. Appends of
 * one turn share one sync (group commit); the leader counts itself only after "disk done".
 */
import { assert, unreachable } from "../../base/assert.ts";
import type { Cancel, Clock, Disk, Logger, Random } from "../../base/ports.ts";
import { METADATA_TOPIC_ID } from "../../base/uuid.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { Log } from "../../storage/log.ts";
import { defaultLogSettings, type LogSettings } from "../../storage/settings.ts";
import { restore, step } from "./core.ts";
import { encodeEntries } from "./driver/batches.ts";
import { type LeaderAndEpoch, Listeners, type RaftListener } from "./driver/listeners.ts";
import { readHistories, reconcile, syncedEnd } from "./driver/load.ts";
import { electionText, readElection, writeElection } from "./driver/quorum-store.ts";
import { Snapshots } from "./driver/snapshots.ts";
import type {
  Effect,
  Endpoint,
  OffsetAndEpoch,
  Progress,
  RaftEvent,
  RaftMessage,
  RaftState,
  ReplicaKey,
  VoterSet,
} from "./state.ts";
import { kraftVersionOf, latest, votersOf } from "./voters.ts";

export const METADATA_TOPIC = "__cluster_metadata";

/** Read each time they are needed, so a live configuration may stand behind them. */
export interface RaftSettings {
  /** `controller.quorum.election.timeout.ms` */
  readonly electionTimeoutMs: number;
  /** `metadata.log.segment.bytes`, `metadata.log.segment.ms` */
  readonly segmentBytes: number;
  readonly segmentMs: number;
  /** `metadata.max.retention.bytes`, `metadata.max.retention.ms` */
  readonly retentionBytes: number;
  readonly retentionMs: number;
  /** What an index file is given at first; Apache's default where missing. */
  readonly segmentIndexBytes?: number;
}

/** Apache's defaults (4.3). */
export const defaultRaftSettings: RaftSettings = {
  electionTimeoutMs: 1000,
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  retentionBytes: 104_857_600,
  retentionMs: 604_800_000,
};

/** To the other voters. A quorum of one has none. */
export interface RaftNetwork {
  send(to: ReplicaKey, message: RaftMessage): void;
}

export interface RaftOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** `…/__cluster_metadata-0` */
  readonly path: string;
  /** From the checkpoint of the directory: below, all had been synced, and what is missing was damaged (default 0). */
  readonly recoveryPoint?: number;
  /** Held while the log is open; null where the directory is one of `log.dirs`, whose owner holds it. */
  readonly lockPath: string | null;
  readonly self: ReplicaKey;
  /** Where the own controller listeners are reached, with the ports that were bound. */
  readonly endpoints: readonly Endpoint[];
  /** From `controller.quorum.voters`; empty where the voters are in the log (kraft.version 1). */
  readonly staticVoters: VoterSet;
  readonly settings: RaftSettings;
  readonly network: RaftNetwork;
  /** The node cannot go on: the disk of the metadata log failed. */
  readonly onFatal: (error: unknown) => void;
}

/** What DescribeQuorum tells. */
export interface QuorumDescription {
  readonly leaderId: number | null;
  readonly epoch: number;
  readonly highWatermark: number | null;
  readonly voters: VoterSet;
  readonly progress: readonly Progress[];
  readonly kraftVersion: number;
}

const SNAPSHOT_CLEAN_INTERVAL_MS = 60_000;

export class RaftDriver {
  private readonly options: RaftOptions;
  private readonly log: Log;
  private readonly snapshots: Snapshots;
  private readonly listeners: Listeners;
  private readonly unlock: () => void;
  private state: RaftState;
  private readonly effects: Effect[] = [];
  private performing = false;
  private syncing = false;
  private syncScheduled = false;
  private announced: LeaderAndEpoch;
  private cancelElection: Cancel = () => {};
  private cancelClean: Cancel = () => {};
  private started = false;
  private closed = false;

  /** Loads the log and the last election. Nothing happens before `start`. */
  static async open(options: RaftOptions): Promise<RaftDriver> {
    const { disk, clock, random, logger, path, lockPath, settings, onFatal } = options;
    const lock = lockPath === null ? null : disk.lock(lockPath);
    if (lock === null && lockPath !== null) throw new Error(`${lockPath} is held by another process.`);
    disk.makeDirectory(path);
    const snapshots = new Snapshots(disk, clock, logger, path);
    const log = await Log.open({
      disk,
      clock,
      random,
      logger,
      path,
      topic: METADATA_TOPIC,
      partition: 0,
      settings: logSettings(settings),
      // As Apache: every start reads the metadata log from its first segment, whatever the checkpoints say.
      recoverAll: true,
      recoveryPoint: options.recoveryPoint ?? 0,
      cleanShutdown: false,
      onDiskError: onFatal,
    });
    await reconcile(log, snapshots);
    if (log.topicId === null) log.assignTopicId(METADATA_TOPIC_ID);
    const state = restore({
      self: options.self,
      endpoints: options.endpoints,
      election: readElection(disk, `${path}/quorum-state`),
      log: await syncedEnd(log, snapshots),
      ...readHistories(log, snapshots, options.staticVoters),
    });
    return new RaftDriver(options, log, snapshots, state, () => lock?.release());
  }

  private constructor(options: RaftOptions, log: Log, snapshots: Snapshots, state: RaftState, unlock: () => void) {
    this.unlock = unlock;
    this.options = options;
    this.log = log;
    this.snapshots = snapshots;
    this.state = state;
    this.listeners = new Listeners(log, snapshots);
    this.announced = { leaderId: state.leaderId, epoch: state.epoch };
  }

  /** Whoever wants to hear everything is registered: now they are told what there is, and elections may begin. */
  start(): void {
    this.started = true;
    this.deliver();
    this.scheduleClean();
    this.handle({ type: "started" });
  }

  register(listener: RaftListener): void {
    this.listeners.add(listener);
    this.deliver();
  }

  get leader(): LeaderAndEpoch {
    return this.announced;
  }
  get highWatermark(): number {
    return this.state.highWatermark ?? 0;
  }
  /** What the checkpoint may say: synced, and never truncated again. */
  get recoveryPoint(): number {
    return Math.max(this.options.recoveryPoint ?? 0, Math.min(this.log.recoveryPoint, this.highWatermark));
  }
  get endOffset(): number {
    return this.state.log.offset;
  }
  get latestSnapshotId(): OffsetAndEpoch | null {
    return this.snapshots.latestId;
  }

  /** Appends one batch; returns the offset of its last record at once. It is committed when `committed` says so. */
  append(epoch: number, records: readonly Uint8Array[]): number {
    const { role, epoch: current } = this.state;
    if (role.name !== "leader" || current !== epoch || this.closed) {
      throw new KafkaError("NOT_CONTROLLER", "This node no longer leads the metadata quorum.");
    }
    this.handle({ type: "append", epoch, records });
    return this.state.log.offset - 1;
  }

  resign(epoch: number): void {
    this.handle({ type: "resign", epoch });
  }

  describe(): QuorumDescription {
    const { leaderId, epoch, highWatermark, role, self, log } = this.state;
    const nowMs = this.options.clock.nowMs();
    const voters = votersOf(this.state);
    // With static voters no directory ids are known, this node's own included.
    const key = voters.find((voter) => voter.id === self.id) ?? self;
    const { id, directoryId } = key;
    const own: Progress = { id, directoryId, endOffset: log.offset, lastFetchMs: nowMs, lastCaughtUpMs: nowMs };
    const progress = role.name === "leader" ? [own, ...role.progress] : [];
    return { leaderId, epoch, highWatermark, voters, progress, kraftVersion: kraftVersionOf(this.state) };
  }

  async createSnapshot(
    id: OffsetAndEpoch,
    lastContainedLogTimeMs: number,
    records: Iterable<Uint8Array>,
  ): Promise<void> {
    assert(id.offset <= this.highWatermark, "a snapshot holds only what is committed");
    if (this.closed || id.offset < this.log.logStartOffset) return;
    // The voters in force at the snapshot's end, which need not be the latest.
    const { voters, kraftVersion } = this.state;
    await this.snapshots.write(id, {
      lastContainedLogTimeMs,
      kraftVersion: latest(kraftVersion.filter((since) => since.offset < id.offset)).value,
      voters: latest(voters.filter((since) => since.offset < id.offset)).value,
      records,
    });
  }

  /** Gives up leadership, syncs and closes the log. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.resign(this.state.epoch);
    this.closed = true;
    this.cancelElection();
    this.cancelClean();
    await this.log.close();
    this.unlock();
  }

  /** A message of another voter. */
  receive(message: RaftMessage): void {
    this.handle(message);
  }

  private handle(event: RaftEvent): void {
    if (this.closed) return;
    const next = step(this.state, event);
    this.state = next.state;
    this.effects.push(...next.effects);
    this.perform();
  }

  /** Until the queue is empty, or an effect has to wait: then it goes on when that is done. */
  private perform(): void {
    if (this.performing) return;
    this.performing = true;
    for (let effect = this.effects.shift(); effect !== undefined; effect = this.effects.shift()) {
      let waits: Promise<void> | undefined;
      try {
        waits = this.performOne(effect);
      } catch (error) {
        this.options.onFatal(error);
        return;
      }
      if (waits === undefined) continue;
      waits.then(
        () => {
          this.performing = false;
          this.perform();
        },
        (error) => this.options.onFatal(error),
      );
      return;
    }
    this.performing = false;
  }

  private performOne(effect: Effect): Promise<void> | undefined {
    const { disk, clock, path, network } = this.options;
    switch (effect.do) {
      case "persistElection": {
        const ids = votersOf(this.state).map((voter) => voter.id);
        const text = electionText(effect.election, kraftVersionOf(this.state), ids);
        return writeElection(disk, `${path}/quorum-state`, text);
      }
      case "append": {
        const { baseOffset, epoch, entries } = effect;
        assert(this.log.logEndOffset === baseOffset, "the log ends where the core thinks it does");
        this.log.append(encodeEntries(entries, baseOffset, epoch, clock.nowMs()), "raftLeader");
        this.scheduleSync();
        return undefined;
      }
      case "send":
        network.send(effect.to, effect.message);
        return undefined;
      case "armElectionTimer":
        this.armElectionTimer();
        return undefined;
      case "cancelElectionTimer":
        this.cancelElection();
        return undefined;
      case "leaderChanged":
        this.announced = { leaderId: effect.leaderId, epoch: effect.epoch };
        this.deliver();
        return undefined;
      case "highWatermark":
        this.log.updateHighWatermark(effect.offset);
        this.deliver();
        return undefined;
      default:
        return unreachable(effect);
    }
  }

  /** The appends of this turn go to the device together; what comes meanwhile is in the next sync. */
  private scheduleSync(): void {
    if (this.syncScheduled) return;
    this.syncScheduled = true;
    this.options.clock.turnEnd(() => this.sync());
  }

  private sync(): void {
    if (this.syncing || this.closed) return;
    this.syncing = true;
    this.syncScheduled = false;
    const offset = this.log.logEndOffset;
    this.log.sync().then(
      () => {
        this.syncing = false;
        if (this.syncScheduled) this.sync();
        if (offset > this.state.log.durableOffset) this.handle({ type: "durable", offset });
      },
      (error) => this.options.onFatal(error),
    );
  }

  private deliver(): void {
    if (!this.started) return;
    const { role } = this.state;
    this.listeners.deliver(this.highWatermark, this.announced, role.name === "leader" ? role.epochStartOffset : null);
  }

  private armElectionTimer(): void {
    this.cancelElection();
    const { clock, random, settings } = this.options;
    const timeoutMs = settings.electionTimeoutMs + random.below(settings.electionTimeoutMs);
    this.cancelElection = clock.after(timeoutMs, () => this.handle({ type: "electionTimeout" }));
  }

  private scheduleClean(): void {
    this.cancelClean = this.options.clock.after(SNAPSHOT_CLEAN_INTERVAL_MS, () => {
      if (this.closed) return;
      this.clean();
      this.scheduleClean();
    });
  }

  /** Old snapshots go with the log before the first that stays: by time, and by the size of all together. */
  private clean(): void {
    const { retentionMs, retentionBytes } = this.options.settings;
    const from = this.snapshots.retainedFrom(retentionMs, retentionBytes, this.log.sizeBytes);
    if (from === null || from.offset > this.highWatermark) return;
    this.log.advanceLogStart(from.offset, "snapshot");
    this.log.deleteBefore(from.offset);
    this.snapshots.deleteBefore(from);
  }
}

function logSettings(settings: RaftSettings): LogSettings {
  return {
    ...defaultLogSettings,
    segmentIndexBytes: settings.segmentIndexBytes ?? defaultLogSettings.segmentIndexBytes,
    get segmentBytes() {
      return settings.segmentBytes;
    },
    get segmentMs() {
      return settings.segmentMs;
    },
    retentionMs: -1,
    retentionBytes: -1,
    cleanupDelete: false,
  };
}

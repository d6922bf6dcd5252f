/**
 * The only place where raft touches disk, network or time. Events go through `core.step` one by one; their effects are
 * performed strictly in order, and an effect that promises something to others waits for the disk before it. Appends of
 * one turn share one sync (group commit); the leader counts itself only after "disk done".
 */
import { assert, unreachable } from "../../base/assert.ts";
import type { Cancel } from "../../base/ports.ts";
import { METADATA_TOPIC_ID } from "../../base/uuid.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { Log } from "../../storage/log.ts";
import { restore, step } from "./core.ts";
import { encodeEntries } from "./driver/batches.ts";
import { RaftClient } from "./driver/client.ts";
import { Fetcher } from "./driver/fetcher.ts";
import { Addresses, type HostAndPort, type RaftHost } from "./driver/host.ts";
import { type LeaderAndEpoch, Listeners, type RaftListener } from "./driver/listeners.ts";
import { readHistories, reconcile, syncedEnd } from "./driver/load.ts";
import { Membership } from "./driver/membership.ts";
import {
  defaultRaftSettings,
  logSettings,
  type QuorumDescription,
  type RaftOptions,
  type RaftSettings,
} from "./driver/options.ts";
import { electionText, readElection, writeElection } from "./driver/quorum-store.ts";
import { METADATA_TOPIC, RaftServer } from "./driver/server.ts";
import { Snapshots } from "./driver/snapshots.ts";
import { VoterRequests } from "./driver/voter-requests.ts";
import type { Effect, OffsetAndEpoch, Progress, RaftEvent, RaftState } from "./state.ts";
import { upgradeRefused } from "./voter-changes.ts";
import { kraftVersionOf, latest, sameReplica, votersOf } from "./voters.ts";

export { defaultRaftSettings, METADATA_TOPIC, type QuorumDescription, type RaftOptions, type RaftSettings };

type TimerEffect = Extract<
  Effect,
  { readonly do: "armElectionTimer" | "armFetchTimer" | "armCheckQuorumTimer" | "cancelTimer" }
>;

const shortensLog = (effect: Effect): boolean => effect.do === "truncateLog" || effect.do === "startLogAt";

const SNAPSHOT_CLEAN_INTERVAL_MS = 60_000;

export class RaftDriver {
  private readonly options: RaftOptions;
  private readonly log: Log;
  private readonly snapshots: Snapshots;
  private readonly listeners: Listeners;
  private readonly unlock: () => void;
  /** Answers the other replicas. */
  readonly server: RaftServer;
  readonly voterRequests: VoterRequests;
  private readonly client: RaftClient;
  private readonly membership: Membership;
  private readonly fetcher: Fetcher;
  private readonly addresses: Addresses;
  private readonly asHost: RaftHost;
  private state: RaftState;
  private readonly effects: Effect[] = [];
  private readonly idle: (() => void)[] = [];
  /** Of the log, decided and done: a sync that begins in between is of records that are given up. */
  private readonly truncations = { decided: 0, done: 0 };
  private performing = false;
  /** The effect that the others wait for. */
  private underWay: Promise<unknown> = Promise.resolve();
  private syncing = false;
  private syncScheduled = false;
  private announced: LeaderAndEpoch;
  private cancelTimer: Cancel = () => {};
  private cancelClean: Cancel = () => {};
  private toldOfEnd: Promise<void> = Promise.resolve();
  private started = false;
  private closed = false;

  /** Loads the log and the last election. Nothing happens before `start`. */
  static async open(options: RaftOptions): Promise<RaftDriver> {
    const { disk, clock, random, logger, path, lockPath, settings, onFatal } = options;
    const lock = lockPath === null ? null : disk.lock(lockPath);
    if (lock === null && lockPath !== null) throw new Error(`${lockPath} is held by another process.`);
    disk.makeDirectory(path);
    // Also where it was there: a start that was cut off may have made it. A vote counts only in a directory that stays.
    await disk.syncDirectory(path.slice(0, path.lastIndexOf("/")) || "/");
    const snapshots = new Snapshots(options);
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
      // What lies below the earliest snapshot has been given up, also where its segment is still there.
      logStartOffset: snapshots.earliestId?.offset ?? 0,
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
    const addresses = new Addresses();
    const host = this.host();
    this.server = new RaftServer(host, addresses);
    this.client = new RaftClient(host, addresses);
    this.fetcher = new Fetcher(host, addresses, this.client, options.staticVoters);
    this.addresses = addresses;
    this.asHost = host;
    this.voterRequests = new VoterRequests(host, () => this.leaderAddress);
    this.membership = new Membership(host, this.client, () => this.leaderAddress);
  }

  private host(): RaftHost {
    const self = this;
    const { endpoints } = this.options;
    return {
      ...this.options,
      canBecomeVoter: this.options.canBecomeVoter ?? true,
      listenerName: this.options.listenerName ?? endpoints[0]?.name ?? "CONTROLLER",
      log: this.log,
      snapshots: this.snapshots,
      get state() {
        return self.state;
      },
      get isClosed() {
        return self.closed;
      },
      handle: (event) => this.handle(event),
      whenIdle: (run) => this.whenIdle(run),
    };
  }

  /** Whoever wants to hear everything is registered: now they are told what there is, and elections may begin. */
  start(): void {
    this.started = true;
    this.deliver();
    this.scheduleClean();
    this.membership.start();
    this.handle({ type: "started" });
  }

  register(listener: RaftListener): void {
    this.listeners.add(listener);
    this.deliver();
  }

  get leader(): LeaderAndEpoch {
    return this.announced;
  }
  /** This replica leads, or its leader has answered since it last was missed: to know one is not to reach one. */
  get hearsLeader(): boolean {
    const { role } = this.state;
    return role.name === "leader" || (role.name === "follower" && role.hasFetched);
  }
  /** Where the leader's controller listener is reached; null where no leader is known, or not where. */
  get leaderAddress(): HostAndPort | null {
    const { leaderId } = this.announced;
    return leaderId === null ? null : this.addresses.ofLeader(this.asHost, leaderId);
  }
  get highWatermark(): number {
    return this.state.highWatermark ?? 0;
  }
  get toldHighWatermark(): number | null {
    return this.state.toldHighWatermark;
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

  /** Why the leader cannot finalize this kraft.version; null where it can. */
  upgradeRefused(level: number): string | null {
    return this.state.role.name === "leader" ? upgradeRefused(this.state, level) : "This node does not lead.";
  }

  /** Appends the level and the voters, of whom it is known that they can work with it. */
  upgradeKraftVersion(epoch: number, level: number): void {
    this.handle({ type: "upgradeKraftVersion", epoch, level });
  }

  describe(): QuorumDescription {
    const { leaderId, epoch, highWatermark, role, self, log } = this.state;
    const nowMs = this.options.clock.nowMs();
    const voters = votersOf(this.state);
    // With static voters no directory ids are known, this node's own included.
    const key = voters.find((voter) => sameReplica(voter, self)) ?? self;
    const { id, directoryId } = key;
    const times = { lastFetchMs: nowMs, lastCaughtUpMs: nowMs, leaderEndOffset: log.offset };
    const own: Progress = { id, directoryId, endOffset: log.offset, ...times };
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

  /** Gives up leadership, tells the other voters, syncs and closes the log. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.resign(this.state.epoch);
    await this.toldOfEnd;
    if (this.closed) return;
    this.closed = true;
    this.cancelTimer();
    this.cancelClean();
    this.membership.close();
    this.fetcher.close();
    this.snapshots.close();
    await this.underWay.catch(() => {}); // such as a truncation; told to `onFatal` where it failed
    await this.log.close();
    this.unlock();
  }

  private handle(event: RaftEvent): void {
    if (this.closed) return;
    const before = this.state;
    const next = step(before, event);
    this.state = next.state;
    this.truncations.decided += next.effects.filter(shortensLog).length;
    this.effects.push(...next.effects);
    this.perform();
  }

  private whenIdle(run: () => void): void {
    this.idle.push(run);
    this.perform();
  }

  /** Until both queues are empty, or an effect has to wait: then it goes on when that is done. */
  private perform(): void {
    while (!this.performing && !this.closed) {
      if (!this.performAll()) return;
      const run = this.idle.shift();
      if (run === undefined) break;
      run();
    }
    if (!this.performing && this.started && !this.closed) this.fetcher.pump();
  }

  /** False where an effect has to wait, or failed. */
  private performAll(): boolean {
    this.performing = true;
    for (let effect = this.effects.shift(); effect !== undefined; effect = this.effects.shift()) {
      let waits: Promise<unknown> | undefined;
      try {
        waits = this.performOne(effect);
      } catch (error) {
        this.options.onFatal(error);
        return false;
      }
      if (waits === undefined) continue;
      this.underWay = waits;
      waits.then(
        () => {
          this.performing = false;
          this.perform();
        },
        (error) => this.options.onFatal(error),
      );
      return false;
    }
    this.performing = false;
    return true;
  }

  private performOne(effect: Effect): Promise<unknown> | undefined {
    const { disk, clock, path } = this.options;
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
        this.server.wake();
        return undefined;
      }
      case "truncateLog":
        return this.log.truncateTo(effect.endOffset).then(() => this.truncated());
      case "startLogAt":
        return this.log.truncateFullyAndStartAt(effect.offset).then(() => {
          const { latestId } = this.snapshots;
          if (latestId !== null) this.snapshots.deleteBefore(latestId);
          this.truncated();
        });
      case "send":
        if (effect.message.type === "voteReply") this.server.voteReplied(effect.message);
        else this.client.askForVote(effect.to, effect.message);
        return undefined;
      case "beginQuorumEpoch":
        this.client.beginQuorumEpoch(effect.epoch);
        return undefined;
      case "endQuorumEpoch":
        this.toldOfEnd = this.client.endQuorumEpoch(effect.epoch, effect.successors);
        return undefined;
      case "leaderChanged":
        this.announced = { leaderId: effect.leaderId, epoch: effect.epoch };
        this.voterRequests.leaderChanged();
        this.deliver();
        this.server.wake();
        return undefined;
      case "highWatermark":
        this.log.updateHighWatermark(effect.offset);
        this.voterRequests.committed(effect.offset);
        this.deliver();
        this.server.wake();
        return undefined;
      default:
        this.armTimer(effect);
        return undefined;
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
    this.syncScheduled = false;
    const { decided, done } = this.truncations;
    if (decided > done) return; // what stays is durable then, and what is appended later has its own sync
    this.syncing = true;
    const offset = this.log.logEndOffset;
    const synced = () => {
      this.syncing = false;
      if (this.syncScheduled) this.sync();
      if (decided === this.truncations.decided && offset > this.state.log.durableOffset)
        this.handle({ type: "durable", offset });
    };
    this.log
      .sync()
      .then(synced)
      .catch((error) => this.options.onFatal(error));
  }

  private truncated(): void {
    this.truncations.done++;
  }

  private deliver(): void {
    if (!this.started) return;
    const { role, toldHighWatermark } = this.state;
    // How much of it is the beginning is not known before.
    const committed = toldHighWatermark === null ? 0 : this.highWatermark;
    this.listeners.deliver(committed, this.announced, role.name === "leader" ? role.epochStartOffset : null);
  }

  private armTimer(effect: TimerEffect): void {
    this.cancelTimer();
    const { clock, random, settings } = this.options;
    switch (effect.do) {
      case "armElectionTimer": {
        const timeoutMs = effect.delayMs ?? settings.electionTimeoutMs + random.below(settings.electionTimeoutMs);
        this.cancelTimer = clock.after(timeoutMs, () => this.handle({ type: "electionTimeout" }));
        return;
      }
      case "armFetchTimer":
        this.cancelTimer = clock.after(settings.fetchTimeoutMs, () => this.handle({ type: "electionTimeout" }));
        return;
      case "armCheckQuorumTimer": {
        // As Apache: somewhat longer than the followers wait, because their fetches travel.
        const timeoutMs = settings.fetchTimeoutMs * 1.5;
        this.cancelTimer = clock.after(timeoutMs, () => this.handle({ type: "checkQuorumTimeout" }));
        return;
      }
      case "cancelTimer":
        return;
      default:
        unreachable(effect);
    }
  }

  private scheduleClean(): void {
    this.cancelClean = this.options.clock.after(SNAPSHOT_CLEAN_INTERVAL_MS, () => {
      try {
        this.clean();
        this.scheduleClean();
      } catch (error) {
        this.options.onFatal(error);
      }
    });
  }

  /** The oldest snapshots go one by one, each with the log before the next: by time, and by the size of all. */
  private clean(): void {
    for (;;) {
      const from = this.snapshots.nextStart(this.log.sizeBytes);
      if (from === null || from.offset > this.highWatermark) return;
      this.log.deleteBefore(from.offset);
      this.snapshots.deleteBefore(from);
    }
  }
}

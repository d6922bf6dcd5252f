/**
 * One log directory (an entry of `log.dirs`): its lock, its checkpoints and the logs in it. The first failing
 * operation takes the whole directory offline (KIP-112); the others of the node go on.
 */
import { assert } from "../base/assert.ts";
import { type Cancel, DiskError } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import {
  CLEANER_OFFSETS_FILE,
  HIGH_WATERMARKS_FILE,
  LOG_STARTS_FILE,
  type LogCheckpoint,
  RECOVERY_POINTS_FILE,
  readOffsets,
} from "./checkpoint.ts";
import { type LastStop, readCleanShutdown, removeCleanShutdown, writeCleanShutdown } from "./clean-shutdown.ts";
import { CleanerState } from "./cleaner-state.ts";
import { DiskReserve, isDiskFull } from "./disk-reserve.ts";
import { FilePool } from "./file-pool.ts";
import {
  DELETE_DIRECTORY_SUFFIX,
  FUTURE_DIRECTORY_SUFFIX,
  type LogDirectoryName,
  logDirectoryName,
  markedDirectoryName,
  parseLogDirectoryName,
  STRAY_DIRECTORY_SUFFIX,
} from "./files.ts";
import { FoundDamage } from "./found-damage.ts";
import { inParallel, Progress } from "./load-progress.ts";
import { Log } from "./log.ts";
import { LogCheckpoints } from "./log-checkpoints.ts";
import type { LogDirectoryOptions } from "./log-dir-options.ts";
import { MovingLogs } from "./moving-logs.ts";
import { removeTree } from "./remove-tree.ts";

export type { LogDirectoryOptions } from "./log-dir-options.ts";

export const LOCK_FILE = ".lock";
const REMOTE_INDEX_DIRECTORY = "remote-log-index-cache";
const METADATA_TOPIC = "__cluster_metadata";

export class LogDirectory {
  readonly path: string;
  /** Logs that were not opened, with the reason: they are offline until an operator has looked. */
  readonly damaged: ReadonlyMap<string, Error> = new Map();
  readonly found = new FoundDamage();
  readonly cleaner: CleanerState;
  readonly reserve: DiskReserve;
  readonly moving: MovingLogs;
  private readonly options: LogDirectoryOptions;
  private readonly files: FilePool;
  private lock: { release(): void } | null = null;
  private stop: LastStop = { clean: false, brokerEpoch: -1 };
  private readonly open = new Map<string, Log>();
  private readonly opening = new Map<string, Promise<Log>>();
  private readonly checkpoints: LogCheckpoints;
  private readonly deletions = new Set<Cancel>();
  private failure: DiskError | null = null;
  /**
   * Logs that are no longer here, and which the checkpoints may still name: a new log of the same name is not begun
   * before, since what it lacks of the old one's offsets would be taken for damage.
   */
  private readonly gone = new Set<string>();
  private forgetting: Promise<void> | null = null;
  private loaded = false;
  private closed = false;

  /** Locks the directory and loads every log in it. A disk that fails meanwhile gives a directory that is offline. */
  static async open(options: LogDirectoryOptions): Promise<LogDirectory> {
    const directory = await LogDirectory.lock(options);
    await directory.load();
    return directory;
  }

  /** Takes the directory and reads how it was left. Its logs are there after `load`. */
  static async lock(options: LogDirectoryOptions): Promise<LogDirectory> {
    const directory = new LogDirectory(options);
    if (options.failure === undefined) await directory.orOffline(() => directory.take());
    else directory.fail(options.failure);
    return directory;
  }

  /** Once, and before anything else is asked of its logs: when the settings of topics are known. */
  async load(): Promise<void> {
    if (this.failure === null) await this.orOffline(() => this.loadLogs());
  }

  private constructor(options: LogDirectoryOptions) {
    this.options = options;
    this.path = options.path;
    this.files = new FilePool(options.disk, options.openFilesMax);
    this.checkpoints = new LogCheckpoints({
      ...options,
      logs: this.open,
      isInUse: () => this.loaded && !this.closed && this.failure === null,
      failIfDisk: (error) => this.failIfDisk(error),
    });
    const { path, clock, logger, reserveBytes = () => 0 } = options;
    this.reserve = new DiskReserve({ path, clock, logger, space: () => this.space(), reserveBytes });
    this.moving = new MovingLogs({
      path,
      disk: options.disk,
      logs: this.open,
      newName: (topic, partition) => this.markedName(topic, partition, FUTURE_DIRECTORY_SUFFIX),
      openLog: (name, topic, partition) => this.openLog(name, topic, partition, {}),
      deleteLog: (from, topic, partition) => this.deleteLog(from, topic, partition),
      ensureOnline: () => this.ensureOnline(),
      failIfDisk: (error) => this.failIfDisk(error),
    });
    this.cleaner = new CleanerState(options.disk, options.path, options.logger, this.open);
  }

  /** What the clean-shutdown marker said: -1 after an unclean stop. */
  get previousBrokerEpoch(): number {
    return this.stop.brokerEpoch;
  }

  get cleanShutdown(): boolean {
    return this.stop.clean;
  }

  /** By "topic-partition". */
  get logs(): ReadonlyMap<string, Log> {
    return this.open;
  }

  /** The failure that took the directory offline. */
  get offline(): DiskError | null {
    return this.failure;
  }

  log(topic: string, partition: number): Log | null {
    return this.open.get(logDirectoryName(topic, partition)) ?? null;
  }

  /** Opens the partition's log, making its directory where it is missing. Durable with the log's first sync. */
  async create(topic: string, partition: number, topicId: string): Promise<Log> {
    this.ensureOnline();
    const name = logDirectoryName(topic, partition);
    const damage = this.damaged.get(name);
    if (damage !== undefined) throw new KafkaError("KAFKA_STORAGE_ERROR", damage.message);
    while (this.gone.has(name)) await this.forget();
    let opening = this.opening.get(name);
    if (opening === undefined) {
      const existing = this.open.get(name);
      opening = existing === undefined ? this.openLog(name, topic, partition, {}) : Promise.resolve(existing);
      this.opening.set(name, opening);
    }
    try {
      const log = await opening;
      log.assignTopicId(topicId);
      this.open.set(name, log);
      return log;
    } catch (error) {
      this.failIfDisk(error);
      throw error;
    } finally {
      this.opening.delete(name);
    }
  }

  /** Renames to `TOPIC-N.UUID-delete` now; the files go after `file.delete.delay.ms`. */
  delete(topic: string, partition: number): Promise<void> {
    return this.deleteLog(this.open, topic, partition);
  }

  private async deleteLog(from: Map<string, Log>, topic: string, partition: number): Promise<void> {
    const delayMs = this.options.settingsFor(topic).fileDeleteDelayMs;
    const marked = await this.mark(topic, partition, DELETE_DIRECTORY_SUFFIX, from);
    if (marked !== null) this.deleteLater(marked, delayMs);
  }

  /** Renames to `TOPIC-N.UUID-stray`: the metadata does not know it here, an operator may. */
  async markStray(topic: string, partition: number): Promise<void> {
    const marked = await this.mark(topic, partition, STRAY_DIRECTORY_SUFFIX);
    if (marked !== null) this.options.logger.warn(`${topic}-${partition} is not this node's; it is kept as ${marked}`);
  }

  /** A log is not to be used until somebody has looked, as if it were damaged. */
  async withhold(log: Log, reason: string): Promise<void> {
    this.options.logger.error(reason);
    this.open.delete(log.name);
    (this.damaged as Map<string, Error>).set(log.name, new Error(reason));
    await log.close();
  }

  /** Writes the offsets of its logs, as far as they have changed; one run at a time. */
  async checkpoint(files?: readonly LogCheckpoint[]): Promise<void> {
    if (this.failure === null) await this.checkpoints.write(files);
  }

  /** One run for all that are gone. */
  private forget(): Promise<void> {
    this.forgetting ??= (async () => {
      const names = [...this.gone];
      try {
        await this.checkpoint();
        for (const name of names) this.gone.delete(name);
      } finally {
        this.forgetting = null;
      }
    })();
    return this.forgetting;
  }

  /**
   * Deletes by retention, forgets expired producers: every `log.retention.check.interval.ms`. Compacted logs are left
   * to the cleaner, which calls `deleteFromCompacted` between its compactions.
   */
  maintain(nowMs: number): void {
    this.eachLog((log) => {
      if (!log.compaction.settings.cleanupCompact) log.applyRetention(nowMs);
      log.producers.removeExpired(nowMs);
    });
  }

  deleteFromCompacted(nowMs: number): void {
    this.eachLog((log) => {
      if (log.compaction.settings.cleanupCompact && this.cleaner.isFree(log.name)) log.applyRetention(nowMs);
    });
  }

  sizeBytes(): number {
    let sum = 0;
    for (const log of this.open.values()) sum += log.sizeBytes;
    return sum;
  }

  space(): { totalBytes: number; usableBytes: number } {
    return this.options.disk.space(this.path);
  }

  /** Syncs and closes every log, checkpoints, and leaves the clean-shutdown marker. */
  async close(brokerEpoch: number): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const cancel of this.deletions) cancel();
    await Promise.allSettled([...this.opening.values(), this.cleaner.stopAll()]);
    if (this.failure !== null) return;
    if (!this.loaded) return this.lock?.release(); // everything is as the last stop left it
    try {
      await inParallel([...this.open.values()], this.concurrency, (log) => log.close());
      await this.checkpoint();
      // Of a damaged log nobody can say that it was closed well: the next start looks at it as closely as this one.
      if (this.damaged.size === 0) await writeCleanShutdown(this.options.disk, this.path, brokerEpoch);
    } catch (error) {
      this.failIfDisk(error);
      throw error;
    } finally {
      this.lock?.release();
    }
  }

  /** The directory has failed: its logs refuse every use from now on. */
  fail(error: DiskError): void {
    if (this.failure !== null) return;
    this.failure = error;
    this.options.logger.error(`Log directory ${this.path} is offline: ${error.message}`);
    for (const cancel of this.deletions) cancel();
    for (const log of [...this.open.values(), ...this.moving.all()]) log.takeOffline(error);
    this.options.onOffline?.(this, error);
  }

  private eachLog(use: (log: Log) => void): void {
    for (const log of this.open.values()) {
      if (this.failure !== null) return;
      try {
        use(log);
      } catch (error) {
        if (!(error instanceof DiskError)) throw error; // the directory is offline now
      }
    }
  }

  private get concurrency(): number {
    return this.options.concurrency?.() ?? 4;
  }

  /** A failing disk makes the directory one that is offline; whatever else is wrong ends the start. */
  private async orOffline(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof DiskError)) {
        this.lock?.release();
        throw error;
      }
      this.fail(error);
    }
  }

  private async take(): Promise<void> {
    const { disk, path } = this.options;
    if (disk.info(path) === null) {
      disk.makeDirectory(path);
      await disk.syncDirectory(path.slice(0, path.lastIndexOf("/")) || "/");
    }
    this.lock = disk.lock(`${path}/${LOCK_FILE}`);
    if (this.lock === null) throw new Error(`${path} is in use by another process, which holds its ${LOCK_FILE}`);
    this.stop = readCleanShutdown(disk, path);
  }

  private async loadLogs(): Promise<void> {
    const { disk, path, logger, settingsFor } = this.options;
    if (this.stop.clean) await removeCleanShutdown(disk, path);
    const skipped = this.options.skipTopics ?? new Set([METADATA_TOPIC]);
    const found: { name: string; parsed: LogDirectoryName }[] = [];
    for (const { name, directory } of disk.list(path)) {
      if (!directory || name === REMOTE_INDEX_DIRECTORY) continue;
      const parsed = parseLogDirectoryName(name);
      if (parsed === null) throw new Error(`${path}/${name} is not the directory of a partition`);
      if (skipped.has(parsed.topic)) continue;
      if (parsed.kind === "delete") this.deleteLater(name, settingsFor(parsed.topic).fileDeleteDelayMs);
      else if (parsed.kind === "current") found.push({ name, parsed });
      else logger.warn(`${path}/${name} is kept and not opened`);
    }
    await this.loadAll(found);
    this.loaded = true;
    await this.cleaner.load();
    if (!this.cleanShutdown) await this.checkpoint();
  }

  private async loadAll(found: readonly { name: string; parsed: LogDirectoryName }[]): Promise<void> {
    const recoveryPoints = this.readOffsets(RECOVERY_POINTS_FILE, "every segment is read again");
    const starts = this.readOffsets(LOG_STARTS_FILE, "logs start with their first segment");
    const highWatermarks = this.readOffsets(HIGH_WATERMARKS_FILE, "high watermarks start with their logs");
    const compacted = readOffsets(this.options.disk, `${this.path}/${CLEANER_OFFSETS_FILE}`);
    const progress = new Progress(found.length, this.options.onProgress);
    await inParallel(found, this.concurrency, async ({ name, parsed: { topic, partition } }) => {
      try {
        const log = await this.openLog(name, topic, partition, {
          cleanShutdown: this.cleanShutdown,
          recoveryPoint: recoveryPoints === null ? null : (recoveryPoints.get(name) ?? 0),
          logStartOffset: starts?.get(name) ?? 0,
          ...(this.options.highWatermarksAreSynced === false ? {} : { highWatermark: highWatermarks?.get(name) ?? 0 }),
          compactedTo: typeof compacted === "string" ? Number.POSITIVE_INFINITY : (compacted?.get(name) ?? 0),
          onProgress: (recovered, total) => progress.recovered(name, recovered, total),
        });
        log.updateHighWatermark(highWatermarks?.get(name) ?? 0);
        if (this.failure !== null) return log.takeOffline(this.failure); // another log has found the disk failing
        this.open.set(name, log);
      } catch (error) {
        if (error instanceof DiskError) throw error;
        const reason = error instanceof Error ? error : new Error(String(error));
        this.options.logger.error(`${this.path}/${name} is not opened: ${reason.message}`);
        if (this.options.corruptionIsFailure?.()) throw this.corruption(name, reason);
        (this.damaged as Map<string, Error>).set(name, reason);
        this.checkpoints.holdBack({
          recoveryPoint: { topic, partition, offset: recoveryPoints?.get(name) ?? 0 },
          logStart: { topic, partition, offset: starts?.get(name) ?? 0 },
          highWatermark: { topic, partition, offset: highWatermarks?.get(name) ?? 0 },
        });
      }
      progress.loaded();
    });
  }

  private openLog(
    name: string,
    topic: string,
    partition: number,
    loading: Partial<Parameters<typeof Log.open>[0]>,
  ): Promise<Log> {
    const { disk, clock, random, logger, settingsFor } = this.options;
    return Log.open({
      disk,
      clock,
      random,
      logger,
      path: `${this.path}/${name}`,
      topic,
      partition,
      settings: settingsFor(topic),
      files: this.files,
      admit: (bytes, origin) => this.reserve.admit(bytes, origin),
      onDiskError: (error) => this.fail(error),
      onSealedDurable: (bytes) => this.checkpoints.sealedDurable(bytes),
      onCorruption: (error) => {
        this.found.corruptBatches++;
        if (this.options.corruptionIsFailure?.()) this.fail(this.corruption(name, error));
      },
      onRecoveryCut: this.found.noteCut,
      truncation: (offset, change) =>
        this.cleaner.without(name, async () => {
          await this.cleaner.truncated(name, offset);
          await this.checkpoint();
          await change();
        }),
      ...loading,
    });
  }

  private async mark(
    topic: string,
    partition: number,
    suffix: typeof DELETE_DIRECTORY_SUFFIX | typeof STRAY_DIRECTORY_SUFFIX,
    from: Map<string, Log> = this.open,
  ): Promise<string | null> {
    this.ensureOnline();
    const { disk } = this.options;
    const name = logDirectoryName(topic, partition);
    await this.opening.get(name)?.catch(() => {});
    const log = from.get(name);
    if (log === undefined) return null;
    from.delete(name);
    try {
      await this.cleaner.without(name, () => log.retire());
      if (!this.open.has(name)) await this.cleaner.forget(name);
      const marked = this.markedName(topic, partition, suffix);
      disk.rename(log.directory, `${this.path}/${marked}`);
      await disk.syncDirectory(this.path);
      if (!this.open.has(name)) this.gone.add(name);
      return marked;
    } catch (error) {
      this.failIfDisk(error);
      throw error;
    }
  }

  private markedName(topic: string, partition: number, suffix: Parameters<typeof markedDirectoryName>[3]): string {
    return markedDirectoryName(topic, partition, uniqueId(this.options.random.bytes(16)), suffix);
  }

  private deleteLater(name: string, delayMs: number): void {
    const cancel = this.options.clock.after(delayMs, () => {
      this.deletions.delete(cancel);
      try {
        removeTree(this.options.disk, `${this.path}/${name}`);
      } catch (error) {
        this.failIfDisk(error);
      }
    });
    this.deletions.add(cancel);
  }

  /** Null where the file is missing or senseless. */
  private readOffsets(file: string, consequence: string): ReadonlyMap<string, number> | null {
    const offsets = readOffsets(this.options.disk, `${this.path}/${file}`);
    if (typeof offsets !== "string") return offsets;
    this.options.logger.warn(`${this.path}/${file} cannot be used, ${consequence}: ${offsets}`);
    return null;
  }

  /** As a file system says it of a block that it does not believe. */
  private corruption(name: string, cause: Error): DiskError {
    return new DiskError("check", `${this.path}/${name}`, "EBADMSG", cause);
  }

  private ensureOnline(): void {
    if (this.failure !== null) throw this.failure;
    assert(!this.closed, "a closed directory is not used");
  }

  private failIfDisk(error: unknown): void {
    if (error instanceof DiskError && !isDiskFull(error)) this.fail(error); // a full one may have room the next time
  }
}

/** 32 hexadecimal digits. */
function uniqueId(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

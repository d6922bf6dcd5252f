/**
 * Schedules compaction over the log directories of a node, as Apache's LogCleaner: again and again the log with the
 * largest share of new bytes, then the retention of all compacted logs, then a rest where nothing was to be done. It
 * works in slices, so that requests never wait long.
 */
import { type Clock, DiskError, type Logger, type Random } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import { type Cleanable, cleanableOf, isDue } from "./cleanable.ts";
import { type CompactionResult, CompactionStopped, compactLog, type Pace } from "./compact.ts";
import { isDiskFull } from "./disk-reserve.ts";
import type { Log } from "./log.ts";
import type { LogDirectory } from "./log-dir.ts";
import type { Segment } from "./segment.ts";

/** Work between two turns of the loop, by time and by bytes. */
const SLICE_MS = 2;
const SLICE_BYTES = 4 << 20;
const IO_BYTES_MIN = 4096;

/** Read each time they are needed. */
export interface CleanerSettings {
  /** `log.cleaner.enable`, and at least one of `log.cleaner.threads` */
  readonly enabled: boolean;
  /** `log.cleaner.backoff.ms` */
  readonly backoffMs: number;
  /** `log.cleaner.dedupe.buffer.size` for one compaction */
  readonly mapBytes: number;
  /** `log.cleaner.io.buffer.load.factor` */
  readonly mapLoadFactor: number;
  /** Half of `log.cleaner.io.buffer.size`: for reading, and as much for writing */
  readonly ioBytes: number;
  /** `log.cleaner.io.max.bytes.per.second` */
  readonly bytesPerSecondMax: number;
}

export interface LogCleanerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly directories: readonly LogDirectory[];
  readonly settings: CleanerSettings;
}

export class LogCleaner {
  private readonly options: LogCleanerOptions;
  private stopping = false;
  private wake: (() => void) | null = null;
  private ended: Promise<void> = Promise.resolve();

  constructor(options: LogCleanerOptions) {
    this.options = options;
  }

  start(): void {
    if (this.options.settings.enabled) this.ended = this.loop();
  }

  /** Resolves when nothing is being compacted; what was under way is given up. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake?.();
    await this.ended;
  }

  /** Compacts the log that needs it most; false where none does. Then old segments of compacted logs go. */
  async round(): Promise<boolean> {
    const nowMs = this.options.clock.nowMs();
    const found = await this.filthiest(nowMs);
    const cleaned = found !== null && (await this.clean(found.directory, found.cleanable, nowMs));
    for (const directory of this.online()) directory.deleteFromCompacted(this.options.clock.nowMs());
    return cleaned;
  }

  private async loop(): Promise<void> {
    while (!this.stopping) if (!(await this.round())) await this.sleep(this.options.settings.backoffMs);
  }

  private sleep(ms: number): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resume) => {
      const cancel = this.options.clock.after(ms, resume);
      this.wake = () => {
        cancel();
        resume();
      };
    });
  }

  private async filthiest(nowMs: number): Promise<{ directory: LogDirectory; cleanable: Cleanable } | null> {
    let found: { directory: LogDirectory; cleanable: Cleanable } | null = null;
    for (const directory of this.online()) {
      try {
        for (const cleanable of await this.dueIn(directory, nowMs)) {
          if (found === null || cleanable.ratio > found.cleanable.ratio) found = { directory, cleanable };
        }
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        directory.fail(error);
      }
    }
    return found;
  }

  private mustStop(directory: LogDirectory): boolean {
    return this.stopping || !directory.reserve.hasRoomToCompact;
  }

  private async dueIn(directory: LogDirectory, nowMs: number): Promise<Cleanable[]> {
    const { cleaner, logs } = directory;
    const due: Cleanable[] = [];
    for (const [name, log] of [...logs]) {
      if (!log.compaction.settings.cleanupCompact || !cleaner.isFree(name)) continue;
      const cleanable = cleanableOf(log, cleaner.cleanedTo(name), nowMs);
      if (cleanable.checkpointInvalid) await cleaner.cleaned(name, cleanable.firstDirtyOffset);
      if (isDue(cleanable)) due.push(cleanable);
    }
    return due;
  }

  /** False where it came to nothing. What goes wrong concerns this log alone, unless the disk fails. */
  private async clean(directory: LogDirectory, cleanable: Cleanable, nowMs: number): Promise<boolean> {
    const { logger } = this.options;
    const { log } = cleanable;
    const { cleaner } = directory;
    try {
      await cleaner.run(log.name, async (stopped) => {
        const began = this.options.clock.ticksMs();
        await this.settle(directory, log);
        const result = await this.compact(cleanable, nowMs, () => stopped() || this.mustStop(directory));
        await cleaner.cleaned(log.name, result.endOffset);
        logger.info(summary(cleanable, result, this.options.clock.ticksMs() - began));
      });
    } catch (error) {
      if (error instanceof CompactionStopped || directory.offline !== null) return false;
      if (directory.logs.get(log.name) !== log) return false; // deleted meanwhile, so its files are closed
      const reason = error instanceof Error ? error.message : String(error);
      const disk = error instanceof KafkaError ? error.cause : error;
      if (disk instanceof DiskError && isDiskFull(disk)) logger.warn(`${log.name} is compacted later: ${reason}`);
      else if (disk instanceof DiskError) directory.fail(disk);
      else {
        logger.error(`${log.directory} is not compacted until the next start: ${reason}`);
        cleaner.refuse(log.name);
      }
      return false;
    }
    return true;
  }

  /**
   * What is compacted is durable, and recovery knows: a later record that was lost would be missing where an earlier
   * one gave way to it, and recovery would take the gaps for losses.
   */
  private async settle(directory: LogDirectory, log: Log): Promise<void> {
    await log.sync();
    await directory.checkpoint();
  }

  private compact(cleanable: Cleanable, nowMs: number, stopped: () => boolean): Promise<CompactionResult> {
    const { random, clock, settings } = this.options;
    const { log, firstDirtyOffset, upperBoundOffset } = cleanable;
    return compactLog({
      log: log.compaction,
      firstDirtyOffset,
      upperBoundOffset,
      nowMs,
      mapBytes: settings.mapBytes,
      mapLoadFactor: settings.mapLoadFactor,
      ioBytes: Math.max(IO_BYTES_MIN, settings.ioBytes),
      random,
      pace: new Slices(clock, settings, stopped),
    });
  }

  private online(): LogDirectory[] {
    return this.options.directories.filter((directory) => directory.offline === null);
  }
}

/** Gives the loop its turn back after every slice, and keeps to the configured rate. */
class Slices implements Pace {
  private readonly clock: Clock;
  private readonly settings: CleanerSettings;
  private readonly stopped: () => boolean;
  private sliceBeganMs: number;
  private sliceBytes = 0;
  /** When the bytes so far may have been spent. */
  private paidUntilMs: number;

  constructor(clock: Clock, settings: CleanerSettings, stopped: () => boolean) {
    this.clock = clock;
    this.settings = settings;
    this.stopped = stopped;
    this.sliceBeganMs = clock.ticksMs();
    this.paidUntilMs = this.sliceBeganMs;
  }

  spent(bytes: number): Promise<void> | null {
    if (this.stopped()) throw new CompactionStopped("it was told to stop");
    this.sliceBytes += bytes;
    const nowMs = this.clock.ticksMs();
    const owedMs = (this.sliceBytes / this.settings.bytesPerSecondMax) * 1000;
    const inSlice = nowMs - this.sliceBeganMs < SLICE_MS && this.sliceBytes < SLICE_BYTES;
    if (inSlice && owedMs < SLICE_MS) return null;
    this.paidUntilMs = Math.max(this.paidUntilMs, this.sliceBeganMs) + owedMs;
    return this.pause(Math.max(0, this.paidUntilMs - nowMs));
  }

  warm({ file }: Segment, position: number, length: number): Promise<void> | null {
    const id = file.get();
    return file.disk.cached(id, position, length) ? null : file.disk.load(id, position, length);
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resume) => void this.clock.after(ms, resume));
    if (this.stopped()) throw new CompactionStopped("it was told to stop");
    this.sliceBeganMs = this.clock.ticksMs();
    this.sliceBytes = 0;
  }
}

function summary({ log, firstDirtyOffset, upperBoundOffset }: Cleanable, result: CompactionResult, ms: number): string {
  const { endOffset, keys, recordsRead, recordsKept, bytesRead, bytesWritten, recordsWithoutKey } = result;
  const without = recordsWithoutKey === 0 ? "" : `; ${recordsWithoutKey} records without a key are gone`;
  return (
    `${log.name} is compacted to ${endOffset} (new were ${firstDirtyOffset} to ${upperBoundOffset}, ${keys} keys): ` +
    `${recordsKept} of ${recordsRead} records and ${bytesWritten} of ${bytesRead} bytes are left, ` +
    `in ${Math.round(ms)} ms${without}`
  );
}

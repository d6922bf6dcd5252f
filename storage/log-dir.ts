/** One log directory (an entry of `log.dirs`): its lock, its checkpoints and the logs in it. */
import { AssertionError } from "../base/assert.ts";
import type { DiskError } from "../base/ports.ts";
import type { Log } from "./log.ts";
import type { LogDoors, LogSettings } from "./settings.ts";

export interface LogDirectoryOptions extends LogDoors {
  readonly path: string;
  /** The live settings of a topic's logs. */
  readonly settingsFor: (topic: string) => LogSettings;
  /** Logs loaded at a time (`num.recovery.threads.per.data.dir`). */
  readonly concurrency?: number;
  /** Topics whose log another owner opens (`__cluster_metadata`). */
  readonly skipTopics?: ReadonlySet<string>;
  /** False once the topic id on disk no longer exists: the log is renamed to `-stray`. */
  readonly isStray?: (log: Log) => boolean;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Once: the directory has failed. */
  readonly onOffline?: (directory: LogDirectory, error: DiskError) => void;
}

export interface LoadProgress {
  readonly logsLoaded: number;
  readonly logsTotal: number;
  readonly segmentsRecovered: number;
  readonly segmentsTotal: number;
}

const later = (): never => {
  throw new AssertionError("not written yet");
};

export class LogDirectory {
  readonly path: string;
  /** By "topic-partition". */
  readonly logs: ReadonlyMap<string, Log> = new Map();
  /** The failure that took the directory offline. */
  readonly offline: DiskError | null = null;
  /** Read from the clean-shutdown marker at open; -1 after an unclean stop. */
  readonly previousBrokerEpoch: number = -1;
  readonly cleanShutdown: boolean = false;

  /** Locks the directory and loads every log in it. */
  static open(_options: LogDirectoryOptions): Promise<LogDirectory> {
    return later();
  }
  private constructor(options: LogDirectoryOptions) {
    this.path = options.path;
  }

  /** Opens the partition's log, making its directory where it is missing. */
  create(_topic: string, _partition: number, _topicId: string): Promise<Log> {
    return later();
  }
  log(_topic: string, _partition: number): Log | null {
    return later();
  }
  /** Renames to `TOPIC-N.UUID-delete` now; the files go after `file.delete.delay.ms`. */
  delete(_topic: string, _partition: number): Promise<void> {
    return later();
  }
  /** Renames to `TOPIC-N.UUID-stray`: the metadata no longer knows it, an operator may. */
  markStray(_topic: string, _partition: number): Promise<void> {
    return later();
  }
  /** By "topic-partition", from `replication-offset-checkpoint`. */
  highWatermarks(): ReadonlyMap<string, number> {
    return later();
  }
  /** Writes recovery points, log starts and high watermarks. */
  checkpoint(): Promise<void> {
    return later();
  }
  /** Rolls by time, deletes by retention, expires producers: every few minutes (`log.retention.check.interval.ms`). */
  maintain(_nowMs: number): void {
    return later();
  }
  sizeBytes(): number {
    return later();
  }
  space(): { totalBytes: number; usableBytes: number } {
    return later();
  }
  /** Syncs and closes every log, checkpoints, and leaves the clean-shutdown marker. */
  close(_brokerEpoch: number): Promise<void> {
    return later();
  }
}

/**
 * What one log directory keeps about compaction: up to where each log is clean (`cleaner-offset-checkpoint`), which
 * logs
 * are being compacted and which cannot be. A checkpoint must never say more than is true: records below it are not
 * compared again, so a tombstone there could be dropped before the record that it deletes.
 */
import type { Disk, Logger } from "../base/ports.ts";
import { CLEANER_OFFSETS_FILE, offsetsText, readOffsets, replaceFile } from "./checkpoint.ts";
import type { Log } from "./log.ts";

interface Running {
  stopped: boolean;
  readonly ended: Promise<void>;
}

export class CleanerState {
  private readonly disk: Disk;
  private readonly path: string;
  private readonly logger: Logger;
  private readonly logs: ReadonlyMap<string, Log>;
  private readonly offsets = new Map<string, number>();
  private readonly running = new Map<string, Running>();
  private readonly refused = new Set<string>();
  private readonly paused = new Map<string, number>();
  private writing: Promise<void> = Promise.resolve();

  /** `logs` by "topic-partition", those that are open. */
  constructor(disk: Disk, directory: string, logger: Logger, logs: ReadonlyMap<string, Log>) {
    this.disk = disk;
    this.path = `${directory}/${CLEANER_OFFSETS_FILE}`;
    this.logger = logger;
    this.logs = logs;
  }

  /** After the logs are open. An entry without its log is dropped: a log of the same name would begin with it. */
  async load(): Promise<void> {
    const read = readOffsets(this.disk, this.path);
    if (typeof read === "string") this.logger.warn(`${this.path} cannot be used, logs are compacted anew: ${read}`);
    if (read === null || typeof read === "string") return;
    for (const [name, offset] of read) if (this.logs.has(name)) this.offsets.set(name, offset);
    if (this.offsets.size < read.size) await this.write();
  }

  /** Undefined where the log was never compacted. */
  cleanedTo(name: string): number | undefined {
    return this.offsets.get(name);
  }

  /** Durable once it resolves. */
  async cleaned(name: string, offset: number): Promise<void> {
    this.offsets.set(name, offset);
    await this.write();
  }

  async forget(name: string): Promise<void> {
    this.refused.delete(name);
    if (this.offsets.delete(name)) await this.write();
  }

  /** Nothing at or above the offset is left of the log. */
  async truncated(name: string, offset: number): Promise<void> {
    if ((this.offsets.get(name) ?? 0) > offset) await this.cleaned(name, offset);
  }

  /** False while it is being compacted, must not be, or could not be. */
  isFree(name: string): boolean {
    return !this.running.has(name) && !this.refused.has(name) && !this.paused.has(name);
  }

  /** The log is left alone until the node starts again. */
  refuse(name: string): void {
    this.refused.add(name);
  }

  get refusedCount(): number {
    return this.refused.size;
  }

  /** Runs a compaction, which asks `stopped` from time to time and then ends soon. */
  async run(name: string, compact: (stopped: () => boolean) => Promise<void>): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const running = { stopped: false, ended: ended.promise };
    this.running.set(name, running);
    try {
      await compact(() => running.stopped);
    } finally {
      this.running.delete(name);
      ended.resolve();
    }
  }

  /** Ends the compaction of the log and lets none begin during the change. */
  async without<Result>(name: string, change: () => Promise<Result>): Promise<Result> {
    this.paused.set(name, (this.paused.get(name) ?? 0) + 1);
    try {
      await this.stop(name);
      return await change();
    } finally {
      const pauses = (this.paused.get(name) ?? 1) - 1;
      if (pauses === 0) this.paused.delete(name);
      else this.paused.set(name, pauses);
    }
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running.keys()].map((name) => this.stop(name)));
    await this.writing;
  }

  private async stop(name: string): Promise<void> {
    const running = this.running.get(name);
    if (running === undefined) return;
    running.stopped = true;
    await running.ended;
  }

  private write(): Promise<void> {
    const written = this.writing.then(async () => {
      const entries = [...this.logs].flatMap(([name, { topic, partition }]) => {
        const offset = this.offsets.get(name);
        return offset === undefined ? [] : [{ topic, partition, offset }];
      });
      await replaceFile(this.disk, this.path, offsetsText(entries));
    });
    this.writing = written.catch(() => {});
    return written;
  }
}

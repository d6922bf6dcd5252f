/**
 * Log directories are loaded when the metadata is known and before anybody acts on it: recovery needs the settings of
 * topics, and partitions need their logs.
 */
import type { Logger } from "../../base/ports.ts";
import type { LogDirectory } from "../../storage/log-dir.ts";
import { setTwinsAside } from "../../storage/twins.ts";

export class DirectoryLoading {
  private readonly directories: readonly LogDirectory[];
  private readonly logger: Logger;
  private readonly loaded = Promise.withResolvers<void>();
  private begun = false;
  private ended = false;

  constructor(directories: readonly LogDirectory[], logger: Logger) {
    this.directories = directories;
    this.logger = logger;
  }

  /** Rejects where a directory holds what no start may pass over. */
  get done(): Promise<void> {
    return this.loaded.promise;
  }

  /** Never settles where the start has failed. */
  get ready(): Promise<void> {
    return this.done.catch(() => new Promise<void>(() => {}));
  }

  /** With the first image: those behind it wait. */
  begin(): Promise<void> | undefined {
    if (this.ended) return undefined;
    if (!this.begun) {
      this.begun = true;
      this.load().then(() => {
        this.ended = true;
        this.loaded.resolve();
      }, this.loaded.reject);
    }
    return this.ready;
  }

  private async load(): Promise<void> {
    await Promise.all(this.directories.map((directory) => directory.load()));
    await setTwinsAside(this.directories, this.logger);
    for (const { path, offline } of this.directories) {
      if (offline === null) this.logger.debug(`log directory ${path} is open`);
    }
  }
}

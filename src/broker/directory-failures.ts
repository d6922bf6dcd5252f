/** Log directories that fail (KIP-112), also while they are being opened, before there is anybody to tell. */
import type { DiskError } from "../../base/ports.ts";
import type { LogDirectory } from "../../storage/log-dir.ts";

type Handler = (directory: LogDirectory, error: DiskError) => void;

export class DirectoryFailures {
  private handler: Handler | null = null;
  private early: Parameters<Handler>[] = [];

  readonly report: Handler = (directory, error) => {
    if (this.handler === null) this.early.push([directory, error]);
    else this.handler(directory, error);
  };

  /** From now on; what has failed before is told at once. */
  handle(handler: Handler): void {
    this.handler = handler;
    for (const [directory, error] of this.early.splice(0)) handler(directory, error);
  }
}

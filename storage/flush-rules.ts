/** `flush.messages` and `flush.ms`: a log syncs although nobody asks. */
import type { Cancel, Clock } from "../base/ports.ts";
import type { LogSettings } from "./settings.ts";

export class FlushRules {
  private readonly clock: Clock;
  private readonly settings: LogSettings;
  private readonly sync: () => Promise<void>;
  private timer: Cancel | null = null;

  /** A failing sync tells the directory by itself. */
  constructor(
    { clock, settings }: { readonly clock: Clock; readonly settings: LogSettings },
    sync: () => Promise<void>,
  ) {
    this.clock = clock;
    this.settings = settings;
    this.sync = sync;
  }

  /** So many records are not durable now. */
  appended(unsynced: number): void {
    const { flushMessages, flushMs } = this.settings;
    if (unsynced >= flushMessages) this.flush();
    else if (flushMs < Number.MAX_SAFE_INTEGER && this.timer === null) this.flushAfter(flushMs);
  }

  private flushAfter(flushMs: number): void {
    this.timer = this.clock.after(flushMs, () => {
      this.timer = null;
      this.flush();
    });
  }

  /** What is sealed is synced soon, as in Apache, so that a crash leaves no more than the last segment to be read. */
  rolled(): void {
    this.flush();
  }

  stop(): void {
    this.timer?.();
    this.timer = null;
  }

  private flush(): void {
    this.sync().catch(() => {});
  }
}

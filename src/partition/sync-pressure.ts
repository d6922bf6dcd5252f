/**
 * Bytes of all partitions that are in the page cache and not yet on the device. Beyond a bound the answers of Produce
 * wait, which holds their connections: a writer that the kernel has to throttle would stall the loop, and with it
 * every client.
 */
export class SyncPressure {
  private readonly limitBytes: number;
  private bytes = 0;
  private waiting: (() => void)[] = [];

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  appended(bytes: number): void {
    this.bytes += bytes;
  }

  /** They are durable, or will never be. */
  settled(bytes: number): void {
    this.bytes -= bytes;
    if (this.bytes > this.limitBytes || this.waiting.length === 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go();
  }

  /** Null below the bound; otherwise resolves when the device has caught up. */
  relief(): Promise<void> | null {
    if (this.bytes <= this.limitBytes) return null;
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }
}

/**
 * How many bytes per second the throttled replicas of a node may take (`leader.` and
 * `follower.replication.throttled.rate`), measured over samples of a second or so: what is too much now is made up for
 * by what is left out later. As Kafka's ReplicationQuotaManager, with the rate of its SimpleRate.
 */
import type { Clock } from "../../base/ports.ts";

export interface QuotaSettings {
  /** Bytes per second. */
  readonly rate: number;
  /** `replication.quota.window.size.seconds` */
  readonly windowMs: number;
  /** `replication.quota.window.num` */
  readonly windows: number;
}

interface Sample {
  readonly startMs: number;
  lastMs: number;
  bytes: number;
}

/** Who waits looks again at least this often: the rate may be another. */
const LOOK_MS = 1_000;

export class ReplicationQuota {
  private readonly clock: Pick<Clock, "ticksMs">;
  private readonly settings: QuotaSettings;
  private samples: Sample[] = [];

  constructor(clock: Pick<Clock, "ticksMs">, settings: QuotaSettings) {
    this.clock = clock;
    this.settings = settings;
  }

  record(bytes: number): void {
    if (bytes === 0) return;
    const nowMs = this.clock.ticksMs();
    const current = this.samples.at(-1);
    if (current !== undefined && nowMs - current.startMs < this.settings.windowMs) {
      current.lastMs = nowMs;
      current.bytes += bytes;
    } else {
      if (this.samples.length === this.settings.windows) this.samples.shift();
      this.samples.push({ startMs: nowMs, lastMs: nowMs, bytes });
    }
  }

  get isExceeded(): boolean {
    return this.excessMs > 0;
  }

  /** How long to wait before the rate is kept again, at most until somebody should look again; 0: it is kept. */
  get excessMs(): number {
    const { rate, windowMs, windows } = this.settings;
    const nowMs = this.clock.ticksMs();
    const since = nowMs - windows * windowMs;
    this.samples = this.samples.filter(({ lastMs }) => lastMs > since);
    const [oldest] = this.samples;
    if (oldest === undefined) return 0;
    const elapsedMs = Math.max(nowMs - oldest.startMs, windowMs);
    const bytes = this.samples.reduce((total, sample) => total + sample.bytes, 0);
    if ((bytes * 1_000) / elapsedMs <= rate) return 0;
    const enoughMs = (bytes * 1_000) / rate - elapsedMs;
    return Math.min(LOOK_MS, Math.max(1, Math.ceil(enoughMs)));
  }
}

/** Makes the segments of a log, and takes their files away: renamed at once, unlinked after `file.delete.delay.ms`. */
import type { Cancel } from "../base/ports.ts";
import type { FilePool } from "./file-pool.ts";
import { indexName, logName, timeIndexName, txnIndexName } from "./files.ts";
import { Segment } from "./segment.ts";
import type { LogOptions } from "./settings.ts";

export class SegmentStore {
  private readonly options: LogOptions;
  private readonly pool: FilePool;
  private readonly failed: (error: unknown) => void;
  private readonly deletions = new Set<Cancel>();

  constructor(options: LogOptions, pool: FilePool, failed: (error: unknown) => void) {
    this.options = options;
    this.pool = pool;
    this.failed = failed;
  }

  /** The segment with this base, its files made where they are missing. */
  open(baseOffset: number, suffix = ""): Segment {
    const { clock, path, settings, random } = this.options;
    const jitterMs = Math.min(settings.segmentJitterMs, settings.segmentMs);
    const rollJitterMs = jitterMs <= 0 ? 0 : random.below(jitterMs);
    return new Segment({ pool: this.pool, clock, directory: path, baseOffset, suffix, settings, rollJitterMs });
  }

  /** As `open`, after what an earlier attempt may have left under these names is gone. */
  openFresh(baseOffset: number, suffix: string): Segment {
    const { disk, path } = this.options;
    for (const name of [logName, indexName, timeIndexName, txnIndexName]) {
      const file = `${path}/${name(baseOffset)}${suffix}`;
      if (disk.info(file) !== null) disk.unlink(file);
    }
    return this.open(baseOffset, suffix);
  }

  /** `snapshots`: files that go with the segments, already renamed. */
  delete(segments: readonly Segment[], snapshots: readonly string[]): void {
    for (const segment of segments) segment.markDeleted();
    const { disk, clock, settings } = this.options;
    const cancel = clock.after(settings.fileDeleteDelayMs, () => {
      this.deletions.delete(cancel);
      try {
        for (const segment of segments) segment.unlink();
        for (const path of snapshots) if (disk.info(path) !== null) disk.unlink(path);
      } catch (error) {
        this.failed(error);
      }
    });
    this.deletions.add(cancel);
  }

  /** What is marked stays marked; the next start removes it. */
  close(): void {
    for (const cancel of this.deletions) cancel();
    this.deletions.clear();
  }
}

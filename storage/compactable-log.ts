/** The side of a log that compaction sees: sealed segments to read, and their replacement by one that holds less. */
import { assert } from "../base/assert.ts";
import { DiskError } from "../base/ports.ts";
import { AbortedCheck } from "./aborted-check.ts";
import { CompactionStopped } from "./compact.ts";
import type { LastOfProducer } from "./compact-batch.ts";
import { CLEANED_SUFFIX, SWAP_SUFFIX } from "./files.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { AbortedTransaction } from "./log-read.ts";
import type { ProducerState } from "./producer-state.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import type { SegmentStore } from "./segment-store.ts";
import type { LogOptions, LogSettings } from "./settings.ts";

export interface LogParts {
  readonly options: LogOptions;
  readonly segments: SegmentList;
  readonly store: SegmentStore;
  readonly commit: GroupCommit;
  readonly producers: ProducerState;
  logStartOffset(): number;
  /** Throws what has made the log unusable. */
  ensureUsable(): void;
  failed(error: unknown): void;
}

export class CompactableLog {
  readonly settings: LogSettings;
  private readonly log: LogParts;

  constructor(log: LogParts) {
    this.log = log;
    this.settings = log.options.settings;
  }

  get active(): Segment {
    return this.log.segments.active;
  }

  /** From the segment that holds `from` on, those that begin below `to`. */
  segmentsBetween(from: number, to: number): Segment[] {
    if (from === to) return [];
    return this.log.segments.from(from).filter(({ baseOffset }) => baseOffset < to);
  }

  /** As `segmentsBetween`, up to the active one. */
  sealedFrom(from: number): Segment[] {
    const { baseOffset } = this.active;
    return from > baseOffset ? [] : this.segmentsBetween(from, baseOffset);
  }

  /** Aborted transactions whose entries lie from the segment of `from` on, and that begin below `upTo`. */
  abortedTransactions(from: number, upTo: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    const start = this.log.logStartOffset();
    for (const segment of this.log.segments.from(from)) {
      if (!segment.aborted.checked) new AbortedCheck(segment, this.log.segments).step(Number.POSITIVE_INFINITY);
      if (segment.aborted.collect(start, upTo, found)) break;
    }
    return found;
  }

  lastOfProducers(): Map<number, LastOfProducer> {
    const last = new Map<number, LastOfProducer>();
    for (const { producerId, producerEpoch } of this.log.producers.active()) {
      const lastDataOffset = this.log.producers.entry(producerId)?.last?.lastOffset ?? -1;
      last.set(producerId, { lastDataOffset, producerEpoch });
    }
    return last;
  }

  /** An empty segment beside those of the log, its files marked as unfinished. */
  openCleaned(baseOffset: number): Segment {
    const segment = this.log.store.openFresh(baseOffset, CLEANED_SUFFIX);
    segment.activate(false);
    return segment;
  }

  /** Removes the files of an output that will not be used. */
  discard(output: Segment): void {
    if (!output.file.path.endsWith(CLEANED_SUFFIX)) return; // in place already, or half: the next start finishes it
    try {
      output.unlink();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error; // the next start removes them
    }
  }

  /**
   * Puts the output, which is synced, in the place of the inputs. A crash at any point leaves the inputs or the output
   * (recover.ts completes or undoes): first the output becomes `.swap`, then the inputs `.deleted`, then the output
   * gets
   * its real names. Resolves when that survives power loss.
   */
  async replace(inputs: readonly Segment[], output: Segment): Promise<void> {
    const { segments, store, commit, producers, options } = this.log;
    this.log.ensureUsable();
    const present = new Set(segments.all);
    if (!inputs.every((segment) => present.has(segment))) throw new CompactionStopped("its segments have gone");
    assert(!inputs.includes(segments.active), "the active segment is not compacted");
    try {
      output.rename((path) => path.slice(0, -CLEANED_SUFFIX.length) + SWAP_SUFFIX);
      segments.replace(inputs, output);
      for (const segment of inputs) {
        commit.forget(segment);
        const snapshot =
          segment.baseOffset === output.baseOffset ? null : producers.markSnapshotDeleted(segment.baseOffset);
        store.delete([segment], snapshot === null ? [] : [snapshot]);
      }
      output.rename((path) => path.slice(0, -SWAP_SUFFIX.length));
      await options.disk.syncDirectory(options.path);
    } catch (error) {
      this.log.failed(error);
      throw error;
    }
  }
}

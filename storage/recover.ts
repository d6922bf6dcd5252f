/**
 * Opens what lies in a log's directory. After a clean stop that is little more than listing it; otherwise every
 * segment from the recovery point on is read, its batches checked and its indexes built again, and the log ends with
 * the last valid batch. Below the recovery point everything was synced: damage there is not a torn tail and is never
 * cut off.
 */
import { DiskError } from "../base/ports.ts";
import * as batch from "../protocol/records/batch.ts";
import { firstOffsetOf, isIntact, lastOffsetOf, leaderEpochOf, maxTimestampOf } from "./batch-facts.ts";
import { WholeWalk } from "./batch-walk.ts";
import { HIGH_WATERMARKS_FILE, LOG_STARTS_FILE, RECOVERY_POINTS_FILE } from "./checkpoint.ts";
import type { FilePool } from "./file-pool.ts";
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  INDEX_SUFFIX,
  LOG_SUFFIX,
  logName,
  offsetOf,
  SNAPSHOT_SUFFIX,
  SWAP_SUFFIX,
  TIME_INDEX_SUFFIX,
  TXN_INDEX_SUFFIX,
} from "./files.ts";
import { type EpochEntry, LEADER_EPOCHS_FILE, LeaderEpochs } from "./leader-epochs.ts";
import { pause, REPLAY_BUFFER_BYTES, rebuildProducers, SLICE_BYTES } from "./producer-rebuild.ts";
import { ProducerState } from "./producer-state.ts";
import { RangeCheck } from "./read-check.ts";
import type { Segment } from "./segment.ts";
import { SegmentList } from "./segment-list.ts";
import { SegmentStore } from "./segment-store.ts";
import type { LogOptions } from "./settings.ts";

/** Records below the recovery point cannot be read: the partition must not be served from this directory. */
export class LogDamaged extends Error {
  override readonly name = "LogDamaged";
  readonly path: string;
  readonly position: number;
  readonly offset: number;
  constructor(path: string, position: number, offset: number) {
    super(
      `${path} is damaged at byte ${position}: offset ${offset} had been synced and is in no valid batch (odradek verify ` +
        `tells what else is damaged; to give up what follows, set this partition to ${offset} in ` +
        `${RECOVERY_POINTS_FILE} and ${HIGH_WATERMARKS_FILE} and start again)`,
    );
    this.path = path;
    this.position = position;
    this.offset = offset;
  }
}

export interface LoadedLog {
  readonly segments: SegmentList;
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerState;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly recoveryPoint: number;
  /** Sealed segments that may lie in the page cache only. */
  readonly unsyncedSegments: readonly Segment[];
  /** Producer snapshots that were written and are not synced. */
  readonly unsyncedPaths: readonly string[];
}

export async function loadLog(options: LogOptions, pool: FilePool): Promise<LoadedLog> {
  return new Loader(options, pool).load();
}

class Loader {
  private readonly options: LogOptions;
  private readonly pool: FilePool;
  private readonly segments = new SegmentList();
  private readonly store: SegmentStore;
  private readonly epochs: LeaderEpochs;
  private readonly epochsWereEmpty: boolean;
  private readonly unsynced: string[] = [];
  private readonly reindexed = new Set<Segment>();
  private readonly clean: boolean;
  private readonly recoveryPoint: number;
  /**
   * A power cut may take the end of a segment and leave the next one. Above a known recovery point that shows as a gap
   * between them; only compaction makes gaps of its own.
   */
  private readonly gapsAreLosses: boolean;
  private readonly logStart: number;
  /** Below, all has been synced: what is missing there has been damaged. */
  private readonly promised: number;
  private recovered = 0;
  private toRecover = 0;

  constructor(options: LogOptions, pool: FilePool) {
    this.options = options;
    this.pool = pool;
    this.store = new SegmentStore(options, pool, () => {});
    this.clean = options.cleanShutdown ?? true;
    this.recoveryPoint = options.recoveryPoint ?? 0;
    this.gapsAreLosses = options.recoveryPoint !== null && !options.settings.cleanupCompact;
    this.logStart = options.logStartOffset ?? 0;
    // What only the log start has pushed up promises nothing about what lies below both.
    const promised = Math.max(this.recoveryPoint, options.highWatermark ?? 0);
    this.promised = promised > this.logStart ? promised : 0;
    options.disk.makeDirectory(options.path);
    this.epochs = new LeaderEpochs(pool, options.path);
    this.epochsWereEmpty = this.epochs.latest === null;
  }

  async load(): Promise<LoadedLog> {
    this.finishInterruptedWork();
    await this.openSegments();
    if (!this.clean) await this.recoverTail();
    const logEndOffset = this.findEnd();
    this.segments.active.activate(this.options.settings.preallocate);
    if (this.clean) this.compareEpochs(logEndOffset); // after another stop either side may be older than the other
    this.epochs.truncateFromEnd(logEndOffset);
    const epochsFault = this.epochsFault();
    if (epochsFault !== null) await this.rebuildEpochs(epochsFault);
    const logStartOffset = Math.max(this.logStart, this.segments.first.baseOffset);
    this.epochs.truncateFromStart(this.logStart);
    const producers = this.newProducers();
    producers.removeStraySnapshots(this.segments.baseOffsets());
    const rebuilt = { segments: this.segments, logStartOffset, upTo: logEndOffset, fromClean: this.clean };
    this.unsynced.push(...(await rebuildProducers(producers, rebuilt, this.options.clock)));
    const recoveryPoint = this.clean ? logEndOffset : Math.min(this.recoveryPoint, logEndOffset);
    const { segments, epochs } = this;
    const unsyncedSegments = segments.all.filter((each) => this.reindexed.has(each) && each !== segments.active);
    // After an unclean stop those of before may lie in the page cache only, too.
    const present = this.clean ? [] : this.names().filter((name) => name.endsWith(SNAPSHOT_SUFFIX));
    const unsyncedPaths = [...new Set([...this.unsynced, ...present.map((name) => `${this.options.path}/${name}`)])];
    return {
      segments,
      epochs,
      producers,
      logStartOffset,
      logEndOffset,
      recoveryPoint,
      unsyncedSegments,
      unsyncedPaths,
    };
  }

  /** Completes or undoes deletions and replacements that a stop has interrupted. */
  private finishInterruptedWork(): void {
    const { disk, path } = this.options;
    const names = this.names();
    const cleanedFrom = Math.min(
      ...names.filter((name) => name.endsWith(CLEANED_SUFFIX)).map((name) => offsetOf(name) ?? 0),
    );
    const incomplete = (name: string) => name.endsWith(SWAP_SUFFIX) && (offsetOf(name) ?? 0) >= cleanedFrom;
    const remove = (which: (name: string) => boolean) => {
      for (const name of names) if (which(name)) disk.unlink(`${path}/${name}`);
    };
    remove((name) => name.endsWith(DELETED_SUFFIX));
    // The marks of incompleteness go last, in case this is interrupted as well.
    remove(incomplete);
    remove((name) => name.endsWith(CLEANED_SUFFIX));
    this.replaceBySwaps(
      new Set(names.filter((name) => name.endsWith(SWAP_SUFFIX) && !incomplete(name)).sort(logsFirst)),
    );
  }

  /** Compaction had finished these; their inputs go and they take their places. */
  private replaceBySwaps(swaps: ReadonlySet<string>): void {
    const { disk, path } = this.options;
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const name of swaps) {
      if (!name.endsWith(LOG_SUFFIX + SWAP_SUFFIX)) continue;
      const base = offsetOf(name) ?? 0;
      from = Math.min(from, base);
      to = Math.max(to, endOfFile(this.pool, `${path}/${name}`, base));
    }
    for (const name of this.names()) {
      const offset = swaps.has(name) ? null : offsetOf(name);
      if (offset !== null && offset >= from && offset < to) disk.unlink(`${path}/${name}`);
    }
    for (const name of swaps) disk.rename(`${path}/${name}`, `${path}/${name.slice(0, -SWAP_SUFFIX.length)}`);
  }

  private async openSegments(): Promise<void> {
    const { disk, path, logger } = this.options;
    const names = this.names().sort();
    const present = new Set(names);
    const bases = names.filter((name) => name.endsWith(LOG_SUFFIX)).map((name) => offsetOf(name) ?? -1);
    const unflushedFrom = bases.findLast((base) => base <= this.recoveryPoint) ?? 0;
    for (const name of names) {
      const isIndex = [INDEX_SUFFIX, TIME_INDEX_SUFFIX, TXN_INDEX_SUFFIX].some((suffix) => name.endsWith(suffix));
      const base = isIndex ? offsetOf(name) : null;
      if (base === null || present.has(logName(base))) continue;
      logger.warn(`${path}/${name} belongs to no segment and is deleted`);
      disk.unlink(`${path}/${name}`);
    }
    for (const [n, base] of bases.entries()) {
      if (base < 0) continue;
      const missing = [INDEX_SUFFIX, TIME_INDEX_SUFFIX].find(
        (suffix) => !present.has(logName(base).replace(LOG_SUFFIX, suffix)),
      );
      const segment = this.store.open(base);
      this.segments.add(segment);
      if (!this.clean && base >= unflushedFrom) continue; // read and indexed again in any case
      const fault =
        missing === undefined ? indexFault(segment, bases[n + 1] ?? null) : `its ${missing} file is missing`;
      if (fault !== null) {
        logger.warn(`${segment.file.path}: ${fault}; its indexes are built again`);
        const { cut, end } = await this.recoverSegment(segment);
        if (cut > 0) throw new LogDamaged(segment.file.path, segment.sizeBytes, end);
      }
    }
  }

  /** Reads every segment from the recovery point on; what follows the last valid batch goes. */
  private async recoverTail(): Promise<void> {
    const from = this.options.recoverAll === true ? 0 : this.recoveryPoint;
    const unflushed = this.segments.count === 0 ? [] : this.segments.from(from);
    this.toRecover = unflushed.length;
    this.progress();
    // A sync may have failed before the stop: then memory holds, as if it were written, what the device never got.
    for (const segment of unflushed) this.options.disk.forget(segment.file.get());
    for (const [n, segment] of unflushed.entries()) {
      const { cut, end } = await this.recoverSegment(segment);
      this.recovered++;
      this.progress();
      const nextBase = unflushed[n + 1]?.baseOffset ?? end;
      const gap = this.gapsAreLosses && end < nextBase && nextBase > (this.options.compactedTo ?? 0);
      if (end < this.promised && (cut > 0 || gap || n === unflushed.length - 1)) {
        throw new LogDamaged(segment.file.path, segment.sizeBytes, end);
      }
      if (cut === 0 && !gap) continue;
      const { logger } = this.options;
      if (cut > 0) this.cut(segment, cut);
      let gone = cut;
      for (const later of unflushed.slice(n + 1)) {
        logger.warn(`${later.file.path} lies behind the end of the log and is deleted`);
        gone += later.sizeBytes;
        this.segments.remove(later);
        later.unlink();
      }
      this.options.onRecoveryCut?.(gone);
      return;
    }
  }

  private cut(segment: Segment, bytes: number): void {
    this.options.logger.warn(`${segment.file.path}: ${bytes} bytes behind the last valid batch are cut off`);
    segment.cutFile(segment.sizeBytes);
  }

  /** Builds the segment's indexes from its batches. Behind the last valid one nothing is read any more. */
  private async recoverSegment(segment: Segment): Promise<{ readonly cut: number; readonly end: number }> {
    const { disk, clock, settings } = this.options;
    const producers = this.newProducers();
    const { logStart, segments } = this;
    const written = await rebuildProducers(
      producers,
      { segments, logStartOffset: logStart, upTo: segment.baseOffset, fromClean: false },
      clock,
    );
    this.unsynced.push(...written);
    this.reindexed.add(segment);
    segment.resetIndexes();
    const sizeBytes = segment.sizeBytes;
    const walk = new WholeWalk(disk, segment.file.get(), 0, sizeBytes);
    let valid = 0;
    let paused = 0;
    let next = segment.baseOffset;
    let epoch = this.epochs.epochFor(next - 1) ?? -1;
    let epochsFit = true;
    while (walk.next() && isIntact(walk.bytes, walk.at)) {
      const lastOffset = lastOffsetOf(walk.bytes, walk.at);
      if (lastOffset < next || !segment.holds(lastOffset)) break;
      segment.note(lastOffset, maxTimestampOf(walk.bytes, walk.at), walk.position, settings.indexIntervalBytes);
      segment.countBytes(walk.sizeBytes);
      epoch = this.recoverEpoch(walk.bytes, walk.at, epoch);
      epochsFit &&= leaderEpochOf(walk.bytes, walk.at) === epoch;
      const ended = producers.replay(walk.bytes, walk.at);
      if (ended?.aborted) segment.aborted.append(ended);
      next = lastOffset + 1;
      producers.advanceTo(next);
      valid = walk.position + walk.sizeBytes;
      if (valid - paused > SLICE_BYTES) {
        paused = valid;
        await pause(clock);
      }
    }
    segment.sizeBytes = valid;
    if (epochsFit) segment.checked.add(0, valid); // else reads find the batch that does not
    segment.addLastTimestamp();
    segment.offsets.entries.seal();
    segment.times.entries.seal();
    const snapshot = producers.takeSnapshot();
    if (snapshot !== null) this.unsynced.push(snapshot);
    return { cut: sizeBytes - valid, end: next };
  }

  private findEnd(): number {
    const { path, logger } = this.options;
    if (this.segments.count === 0 && this.promised > 0) throw new LogDamaged(path, 0, this.logStart);
    if (this.segments.count > 0) {
      const end = this.segments.active.readNextOffset();
      if (this.clean) this.checkEnd(end);
      if (end >= this.logStart) return end;
      if (this.options.highWatermark !== undefined) throw new LogDamaged(path, this.segments.active.sizeBytes, end);
      logger.warn(`${path} ends at ${end}, below its log start ${this.logStart}: its segments are deleted`);
      for (const segment of [...this.segments.all]) {
        this.segments.remove(segment);
        segment.unlink();
      }
      this.epochs.clear();
    }
    this.segments.add(this.store.open(this.logStart));
    return this.logStart;
  }

  /**
   * After a clean stop nothing is read but the last batches: that they are whole, and that the log ends where it did.
   * @throws CORRUPT_MESSAGE, LogDamaged
   */
  private checkEnd(end: number): void {
    const { active } = this.segments;
    const from = active.searchFor(Number.POSITIVE_INFINITY).position;
    const around = { disk: this.options.disk, epochs: this.epochs, endOffset: end };
    const check = new RangeCheck(active, from, active.sizeBytes, around, 1 << 20);
    while (!check.step(Number.POSITIVE_INFINITY));
    const { promised, recoveryPoint } = this;
    const isShort = promised > 0 && end < (recoveryPoint === 0 ? promised : recoveryPoint);
    // Also where all that was synced has been deleted, and nothing is promised.
    const isLong = recoveryPoint > 0 && end > recoveryPoint;
    if (isShort || isLong)
      throw new LogDamaged(active.file.path, active.sizeBytes, Math.min(end, recoveryPoint || promised));
  }

  private epochsFault(): string | null {
    if (this.epochs.fault !== null) return this.epochs.fault;
    if (!this.epochsWereEmpty && this.epochs.latest !== null) return null;
    if (this.reindexed.has(this.segments.first)) return null; // all of them have been read again, with their epochs
    const walk = this.segments.first.headersFrom(0);
    return walk.next() && leaderEpochOf(walk.bytes, walk.at) >= 0 ? "the checkpoint names none" : null;
  }

  /**
   * Neither the file nor the epochs in batches have a checksum: at both sides of where an epoch begins they must agree,
   * and none begins below the log start. Where they do not, nobody can say which is right.
   */
  private compareEpochs(logEndOffset: number): void {
    const entries = this.epochs.entries();
    const from = entries[0]?.startOffset ?? this.logStart;
    if (from < this.logStart) {
      throw new Error(
        `${this.options.path} is damaged: it starts at ${this.logStart} in ${LOG_STARTS_FILE} and at ${from} in ` +
          `${LEADER_EPOCHS_FILE} (odradek verify tells more; without its line in the first it starts with its first segment)`,
      );
    }
    for (const [n, { epoch, startOffset }] of entries.entries()) {
      const { before, from } = this.batchesAround(startOffset);
      // The first may begin above the log start, whose checkpoint a crash has left behind.
      const isWrong = (n > 0 && this.contradicts(before)) || this.contradicts(from);
      if (!isWrong && startOffset <= logEndOffset) continue;
      throw new Error(
        `${this.options.path} is damaged: its ${LEADER_EPOCHS_FILE} lets epoch ${epoch} begin at offset ${startOffset} and ` +
          "the batches do not (odradek verify tells more; without the file it is built from the batches)",
      );
    }
  }

  private contradicts(found: EpochEntry | null): boolean {
    if (found === null || found.epoch === batch.NO_LEADER_EPOCH) return false;
    return found.epoch !== this.epochs.epochFor(found.startOffset);
  }

  /** An offset of the last batch below, and one of the first batch from there on, each with its epoch. */
  private batchesAround(offset: number): { readonly before: EpochEntry | null; readonly from: EpochEntry | null } {
    const { segments } = this;
    let before: EpochEntry | null = null;
    for (let n = Math.max(0, segments.floorIndex(offset - 1)); n < segments.count; n++) {
      const walk = (segments.at(n) as Segment).searchFor(offset - 1);
      while (walk.next()) {
        const epoch = leaderEpochOf(walk.bytes, walk.at);
        const first = firstOffsetOf(walk.bytes, walk.at);
        if (first < offset) before = { epoch, startOffset: Math.min(walk.lastOffset, offset - 1) };
        if (walk.lastOffset >= offset) return { before, from: { epoch, startOffset: Math.max(first, offset) } };
      }
    }
    return { before, from: null };
  }

  /** The epochs as the batches say them; epochs that left no batch are lost with the file. */
  private async rebuildEpochs(fault: string): Promise<void> {
    this.epochs.clear();
    this.options.logger.warn(`The leader epochs of ${this.options.path} are read from its batches: ${fault}`);
    const buffer = new Uint8Array(REPLAY_BUFFER_BYTES);
    for (const segment of this.segments.all) {
      const walk = segment.headersFrom(0, buffer);
      while (walk.next()) this.noteEpoch(walk.bytes, walk.at);
      await pause(this.options.clock);
    }
  }

  /**
   * Where syncs are left to the kernel, batches may have come to the device and the epochs that they began, or that a
   * truncation took back before, have not. No batch is of an earlier epoch than the one before it: such a one is
   * damaged, and what was synced is where the list says. Returns the epoch of the log so far.
   */
  private recoverEpoch(bytes: Uint8Array, at: number, before: number): number {
    const epoch = leaderEpochOf(bytes, at);
    if (epoch < before || epoch < 0) return before;
    const last = lastOffsetOf(bytes, at);
    if (this.clean || last < this.recoveryPoint) this.noteEpoch(bytes, at);
    else this.epochs.correct(epoch, batch.baseOffset(bytes, at), last);
    return epoch;
  }

  private noteEpoch(bytes: Uint8Array, at: number): void {
    const epoch = leaderEpochOf(bytes, at);
    if (epoch >= 0 && epoch > (this.epochs.latest?.epoch ?? -1)) this.epochs.assign(epoch, batch.baseOffset(bytes, at));
  }

  private newProducers(): ProducerState {
    const { disk, logger, path, topic, partition, settings } = this.options;
    const expirationMs = () => settings.producerIdExpirationMs;
    return new ProducerState({ disk, logger, partition: `${topic}-${partition}`, directory: path, expirationMs });
  }

  private names(): string[] {
    const entries = this.options.disk.list(this.options.path);
    return entries.filter((entry) => !entry.directory).map((entry) => entry.name);
  }

  private progress(): void {
    this.options.onProgress?.(this.recovered, this.toRecover);
  }
}

/** What is wrong with the indexes at a glance; null where they are plausible. */
function indexFault(segment: Segment, nextBase: number | null): string | null {
  const { offsets, times, aborted, baseOffset, sizeBytes } = segment;
  const position = offsets.entries.count === 0 ? 0 : offsets.last.position;
  if (position > 0 && position >= sizeBytes) return "its offset index points behind its end";
  const faults = [offsets.fault(), times.fault(), aborted.fault(baseOffset)];
  return faults.find((fault) => fault !== null) ?? lastEntryFault(segment, nextBase);
}

/** An entry for what is not there would stand in the way of every later one. */
function lastEntryFault(segment: Segment, nextBase: number | null): string | null {
  const { offsets, times } = segment;
  let end: number;
  try {
    end = nextBase ?? segment.readNextOffset();
  } catch (error) {
    if (error instanceof DiskError) throw error;
    return "its offset index does not lead to its last batch";
  }
  const behind = [offsets, times].find(({ entries, last }) => entries.count > 0 && last.offset >= end);
  return behind === undefined
    ? null
    : `${behind === offsets ? "its offset index" : "its time index"} names offset ${behind.last.offset}, it ends at ${end}`;
}

/** By offset, and the batches before their indexes: once they are in place nothing else of that base is removed. */
function logsFirst(a: string, b: string): number {
  const byOffset = (offsetOf(a) ?? 0) - (offsetOf(b) ?? 0);
  return byOffset !== 0 ? byOffset : Number(b.includes(LOG_SUFFIX)) - Number(a.includes(LOG_SUFFIX));
}

function endOfFile(pool: FilePool, path: string, baseOffset: number): number {
  const { disk } = pool;
  const file = disk.open(path, { readOnly: true });
  try {
    const walk = new WholeWalk(disk, file, 0, disk.sizeBytes(file));
    let next = baseOffset;
    while (walk.next()) next = lastOffsetOf(walk.bytes, walk.at) + 1;
    return next;
  } finally {
    disk.close(file);
  }
}

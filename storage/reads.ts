/** Where in which file a range of offsets lies; and that what lies there is whole, before it is handed out. */
import type { FileView } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import { AbortedCheck } from "./aborted-check.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import { type AbortedTransaction, emptyRead, type LogRead } from "./log-read.ts";
import { pause } from "./producer-rebuild.ts";
import { RangeCheck } from "./read-check.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import type { LogDoors, LogOptions } from "./settings.ts";

/** A larger range is checked in steps of this size, between which other work has its turn. */
const CHECK_STEP_BYTES = 256 * 1024;
/** Of the log, for an index of aborted transactions: only the headers of its batches are read. */
const ABORTED_STEP_BYTES = 16 << 20;

/** A range of one segment's file. */
interface Range {
  readonly segment: Segment;
  /** What says that `position` is the right place begins here. */
  readonly searchedFrom: number;
  readonly position: number;
  readonly length: number;
  readonly startOffset: number;
  readonly firstBatchIncomplete: boolean;
}

export interface ReadRequest {
  readonly offset: number;
  readonly maxBytes: number;
  /** Not beyond the end of the log. */
  readonly upToOffset: number;
  readonly minOneBatch: boolean;
}

type ReadDoors = LogDoors & Pick<LogOptions, "onCorruption">;

export class Reads {
  private readonly doors: ReadDoors;
  private readonly segments: SegmentList;
  private readonly epochs: LeaderEpochs;
  private readonly logEndOffset: () => number;
  /** A failing disk takes the directory offline. */
  private readonly guard: <T>(use: () => T) => T;
  /** Each is reported once. */
  private readonly damages = new Set<string>();

  constructor(
    doors: ReadDoors,
    { segments, epochs }: { readonly segments: SegmentList; readonly epochs: LeaderEpochs },
    logEndOffset: () => number,
    guard: <T>(use: () => T) => T,
  ) {
    this.guard = guard;
    this.doors = doors;
    this.segments = segments;
    this.epochs = epochs;
    this.logEndOffset = logEndOffset;
  }

  copy(request: ReadRequest): Uint8Array {
    const range = this.locate(request);
    return range === null ? new Uint8Array(0) : this.copyOf(range);
  }

  copyOf(range: Range): Uint8Array {
    this.check(range);
    const { segment, position, length } = range;
    return this.guard(() => this.doors.disk.read(segment.file.get(), position, length));
  }

  viewOf({ segment, position, length }: Range): FileView {
    const view = this.guard(() => this.doors.disk.view(segment.file.get(), position, length));
    segment.viewOpened(view, position + length);
    return view;
  }

  /** @throws CORRUPT_MESSAGE where the range is not what was written */
  check(range: Range): void {
    if (isChecked(range)) return;
    const check = this.checkOf(range);
    this.guard(() => this.reporting(() => check.step(Number.POSITIVE_INFINITY)));
  }

  /** Null where the range can be served now; otherwise what brings it into memory and checks it, in steps. */
  prepare(range: Range, withAborted: boolean): Promise<void> | null {
    const unchecked = withAborted && !range.segment.aborted.checked;
    const preparing = this.prepareBytes(range);
    return unchecked ? this.prepareAborted(range.segment, preparing) : preparing;
  }

  private async prepareAborted(segment: Segment, preparing: Promise<void> | null): Promise<void> {
    segment.file.pin();
    try {
      await preparing;
      const check = this.reporting(() => new AbortedCheck(segment, this.segments));
      while (!this.reporting(() => check.step(ABORTED_STEP_BYTES))) await pause(this.doors.clock);
    } finally {
      segment.file.unpin();
    }
  }

  private prepareBytes(range: Range): Promise<void> | null {
    const { segment, position, length } = range;
    const { disk } = this.doors;
    const file = segment.file.get();
    const warm = disk.cached(file, position, length);
    if (warm && (isChecked(range) || length <= CHECK_STEP_BYTES)) return null;
    // What has left memory comes back from the device, which may have changed it.
    if (!warm) segment.checked.forget(position, position + length);
    return this.prepareInSteps(range, warm ? null : disk.load(file, position, length));
  }

  private async prepareInSteps(range: Range, loading: Promise<void> | null): Promise<void> {
    const { segment } = range;
    segment.file.pin();
    try {
      await loading;
      const check = this.checkOf(range);
      while (!this.reporting(() => check.step(CHECK_STEP_BYTES))) await pause(this.doors.clock);
    } finally {
      segment.file.unpin();
    }
  }

  private checkOf({ segment, searchedFrom, position, length }: Range): RangeCheck {
    const endOffset = this.after(segment)?.baseOffset ?? this.logEndOffset();
    const around = { disk: this.doors.disk, epochs: this.epochs, endOffset };
    return new RangeCheck(segment, searchedFrom, position + length, around, CHECK_STEP_BYTES);
  }

  /** An operator must hear of damage, once. */
  private reporting<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      if (error instanceof KafkaError && error.error === "CORRUPT_MESSAGE" && !this.damages.has(error.message)) {
        this.damages.add(error.message);
        this.doors.logger.error(`${error.message}; it is not served. odradek verify tells what else is damaged.`);
        this.doors.onCorruption?.(error);
      }
      throw error;
    }
  }

  view(request: ReadRequest): LogRead {
    const range = this.locate(request);
    return range === null ? emptyRead(request.offset) : new RangeRead(this, request.offset, range);
  }

  /** Bytes of the batches in [offset, upToOffset). */
  bytesBetween(offset: number, upToOffset: number): number {
    if (offset >= upToOffset) return 0;
    let sum = 0;
    for (const segment of this.segments.from(offset)) {
      if (segment.baseOffset >= upToOffset) break;
      const from = segment.baseOffset >= offset ? 0 : (segment.locate(offset)?.position ?? segment.sizeBytes);
      sum += this.endPosition(segment, upToOffset) - from;
    }
    return sum;
  }

  aborted(offset: number, upToOffset: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    for (const segment of this.segments.from(offset)) {
      if (!segment.aborted.checked) this.checkAborted(segment);
      if (segment.aborted.collect(offset, upToOffset, found)) break;
    }
    return found;
  }

  /** @throws CORRUPT_MESSAGE where the index is not what the log says */
  checkAborted(segment: Segment): void {
    this.reporting(() => new AbortedCheck(segment, this.segments).step(Number.POSITIVE_INFINITY));
  }

  /** An offset that no record of the range reaches: what Apache asks the transaction index with. */
  endOffsetOf({ segment, position, length }: Range): number {
    return segment.offsets.offsetFrom(position + length) ?? this.after(segment)?.baseOffset ?? this.logEndOffset();
  }

  private locate({ offset, maxBytes, upToOffset, minOneBatch }: ReadRequest): Range | null {
    if (offset >= upToOffset) return null;
    for (let n = this.segments.floorIndex(offset); ; n++) {
      const segment = this.segments.at(n);
      if (segment === undefined || segment.baseOffset >= upToOffset) return null;
      const place = this.reporting(() => segment.locate(offset));
      if (place === null) {
        this.checkUpTo(segment, offset, segment.sizeBytes);
        continue; // compaction left a gap up to the next segment
      }
      const available = this.endPosition(segment, upToOffset) - place.position;
      const wanted = minOneBatch ? Math.max(maxBytes, place.sizeBytes) : maxBytes;
      const length = Math.min(available, wanted);
      if (length <= 0) return null;
      const { position, baseOffset, searchedFrom } = place;
      const firstBatchIncomplete = wanted < place.sizeBytes;
      return { segment, searchedFrom, position, length, startOffset: baseOffset, firstBatchIncomplete };
    }
  }

  /** Where in the segment's file the batches below `upTo` end. */
  private endPosition(segment: Segment, upTo: number): number {
    const end = this.after(segment)?.baseOffset ?? this.logEndOffset();
    if (upTo >= end) return segment.sizeBytes;
    const place = this.reporting(() => segment.locate(upTo));
    if (place !== null) this.checkUpTo(segment, upTo, place.position, place.searchedFrom);
    return place?.position ?? segment.sizeBytes;
  }

  /** The headers that a search has passed are the right ones. */
  private checkUpTo(
    segment: Segment,
    offset: number,
    end: number,
    searchedFrom: number = segment.searchFor(offset).position,
  ): void {
    this.checkRange(segment, searchedFrom, end);
  }

  /** `from` is where a batch begins. @throws CORRUPT_MESSAGE */
  readonly checkRange = (segment: Segment, from: number, to: number): void => {
    const range = { segment, searchedFrom: from, position: from, length: to - from };
    if (to > from) this.check({ ...range, startOffset: segment.baseOffset, firstBatchIncomplete: false });
  };

  private after(segment: Segment): Segment | undefined {
    return this.segments.at(this.segments.floorIndex(segment.baseOffset) + 1);
  }
}

class RangeRead implements LogRead {
  readonly startOffset: number;
  readonly sizeBytes: number;
  readonly firstBatchIncomplete: boolean;
  private readonly reads: Reads;
  private readonly offset: number;
  private readonly range: Range;
  private opened: FileView | null = null;

  constructor(reads: Reads, offset: number, range: Range) {
    this.reads = reads;
    this.offset = offset;
    this.range = range;
    this.startOffset = range.startOffset;
    this.sizeBytes = range.length;
    this.firstBatchIncomplete = range.firstBatchIncomplete;
  }

  get view(): FileView {
    this.opened ??= this.reads.viewOf(this.range);
    return this.opened;
  }

  copy(): Uint8Array {
    return this.reads.copyOf(this.range);
  }

  prepare(withAborted: boolean): Promise<void> | null {
    return this.reads.prepare(this.range, withAborted);
  }

  check(): void {
    this.reads.check(this.range);
  }

  aborted(): AbortedTransaction[] {
    return this.reads.aborted(this.offset, this.reads.endOffsetOf(this.range));
  }

  release(): void {
    if (this.opened === null) return;
    this.opened.release();
    this.range.segment.viewReleased(this.opened);
  }
}

function isChecked({ segment, searchedFrom, position, length }: Range): boolean {
  return segment.checked.covers(searchedFrom, position + length);
}

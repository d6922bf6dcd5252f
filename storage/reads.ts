/** Where in which file a range of offsets lies. */
import type { Disk, FileView } from "../base/ports.ts";
import { type AbortedTransaction, emptyRead, type LogRead } from "./log-read.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";

/** A range of one segment's file. */
interface Range {
  readonly segment: Segment;
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

export class Reads {
  private readonly disk: Disk;
  private readonly segments: SegmentList;
  private readonly logEndOffset: () => number;

  constructor(disk: Disk, segments: SegmentList, logEndOffset: () => number) {
    this.disk = disk;
    this.segments = segments;
    this.logEndOffset = logEndOffset;
  }

  copy(request: ReadRequest): Uint8Array {
    const range = this.locate(request);
    if (range === null) return new Uint8Array(0);
    return this.disk.read(range.segment.file.get(), range.position, range.length);
  }

  view(request: ReadRequest): LogRead {
    const range = this.locate(request);
    if (range === null) return emptyRead(request.offset);
    const { segment, position, length } = range;
    const view = this.disk.view(segment.file.get(), position, length);
    segment.viewOpened(view, position + length);
    return new MappedRead(this, this.disk, request.offset, range, view);
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
    for (const segment of this.segments.from(offset)) if (segment.aborted.collect(offset, upToOffset, found)) break;
    return found;
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
      const place = segment.locate(offset);
      if (place === null) continue; // compaction left a gap up to the next segment
      const available = this.endPosition(segment, upToOffset) - place.position;
      const wanted = minOneBatch ? Math.max(maxBytes, place.sizeBytes) : maxBytes;
      const length = Math.min(available, wanted);
      if (length <= 0) return null;
      const { position, baseOffset } = place;
      const firstBatchIncomplete = wanted < place.sizeBytes;
      return { segment, position, length, startOffset: baseOffset, firstBatchIncomplete };
    }
  }

  /** Where in the segment's file the batches below `upTo` end. */
  private endPosition(segment: Segment, upTo: number): number {
    const end = this.after(segment)?.baseOffset ?? this.logEndOffset();
    return upTo >= end ? segment.sizeBytes : (segment.locate(upTo)?.position ?? segment.sizeBytes);
  }

  private after(segment: Segment): Segment | undefined {
    return this.segments.at(this.segments.floorIndex(segment.baseOffset) + 1);
  }
}

class MappedRead implements LogRead {
  readonly startOffset: number;
  readonly sizeBytes: number;
  readonly view: FileView;
  readonly firstBatchIncomplete: boolean;
  private readonly reads: Reads;
  private readonly disk: Disk;
  private readonly offset: number;
  private readonly range: Range;

  constructor(reads: Reads, disk: Disk, offset: number, range: Range, view: FileView) {
    this.reads = reads;
    this.disk = disk;
    this.offset = offset;
    this.range = range;
    this.view = view;
    this.startOffset = range.startOffset;
    this.sizeBytes = range.length;
    this.firstBatchIncomplete = range.firstBatchIncomplete;
  }

  warm(): Promise<void> | null {
    const { segment, position, length } = this.range;
    const file = segment.file.get();
    return this.disk.cached(file, position, length) ? null : this.disk.load(file, position, length);
  }

  aborted(): AbortedTransaction[] {
    return this.reads.aborted(this.offset, this.reads.endOffsetOf(this.range));
  }

  release(): void {
    this.view.release();
    this.range.segment.viewReleased(this.view);
  }
}

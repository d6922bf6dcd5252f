/**
 * A transaction index has no checksum, and a wrong entry would show aborted records or hide committed ones: before its
 * first use it is compared with what the segment's batches say, from the producers' state at the segment's base on.
 * Where compaction has removed batches, an entry counts that nothing contradicts.
 */
import { KafkaError } from "../protocol/errors.ts";
import * as batch from "../protocol/records/batch.ts";
import type { HeaderWalk } from "./batch-walk.ts";
import { snapshotName } from "./files.ts";
import type { AbortedTransaction } from "./log-read.ts";
import { decodeProducerSnapshot } from "./producer-snapshot.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";

const HEADERS_BYTES = 4096;

export class AbortedCheck {
  private readonly segment: Segment;
  private readonly segments: SegmentList;
  private readonly walk: HeaderWalk;
  /** Entries by the offset of their marker. */
  private readonly entries: Map<number, AbortedTransaction>;
  /** Open transactions: producer → first offset. Of what was open at the base the end may have been compacted away. */
  private readonly open: Map<number, number>;
  /** Producer → its first batch here behind its last marker. */
  private readonly seen = new Map<number, number>();
  /** All that were open at the segment's base are known. */
  private readonly complete: boolean;
  /** Producer → its last marker. */
  private readonly ended = new Map<number, number>();

  constructor(segment: Segment, segments: SegmentList) {
    this.segment = segment;
    this.segments = segments;
    this.entries = new Map(segment.aborted.all().map((entry) => [entry.lastOffset, entry]));
    const before = openBefore(segment);
    this.complete = before !== null;
    this.open = before ?? new Map();
    this.walk = segment.headersFrom(0, new Uint8Array(HEADERS_BYTES));
    if (this.entries.size < segment.aborted.all().length) throw this.damaged();
  }

  /** True when every entry has been found right. @throws CORRUPT_MESSAGE */
  step(budgetBytes: number): boolean {
    const { walk, entries } = this;
    const until = walk.position + budgetBytes;
    while (entries.size > 0 && walk.position < until) {
      if (!walk.next()) throw this.damaged();
      const { bytes, at } = walk;
      if (batch.magic(bytes, at) < 2 || !batch.isTransactional(bytes, at)) continue;
      const producerId = batch.producerId(bytes, at);
      if (batch.isControl(bytes, at)) this.marker(producerId, batch.baseOffset(bytes, at));
      else this.data(producerId, batch.baseOffset(bytes, at));
    }
    if (entries.size > 0) return false;
    this.segment.aborted.checked = true;
    return true;
  }

  private data(producerId: number, offset: number): void {
    if (!this.open.has(producerId)) this.open.set(producerId, offset);
    if (!this.seen.has(producerId)) this.seen.set(producerId, offset);
  }

  private marker(producerId: number, offset: number): void {
    const entry = this.entries.get(offset);
    if (entry !== undefined && this.open.get(producerId) !== entry.firstOffset) this.doubt(producerId);
    const first = this.open.get(producerId) ?? null;
    this.open.delete(producerId);
    this.seen.delete(producerId);
    if (entry !== undefined) {
      const isRight = entry.producerId === producerId && this.isFirst(entry, first) && this.isStable(entry);
      if (!isRight) throw this.damaged();
      this.entries.delete(offset);
    }
    this.ended.set(producerId, offset);
  }

  private isFirst({ producerId, firstOffset, lastOffset }: AbortedTransaction, first: number | null): boolean {
    if (firstOffset === first) return true;
    if (firstOffset < 0 || firstOffset >= lastOffset || firstOffset < (this.ended.get(producerId) ?? -1)) return false;
    return (first === null || firstOffset < first) && this.mayBegin(firstOffset, producerId);
  }

  /** The first offset of the oldest transaction that stayed open, or what follows the marker. */
  private isStable({ lastOffset, lastStableOffset }: AbortedTransaction): boolean {
    for (const [producerId, first] of this.open) if (first < lastStableOffset) this.doubt(producerId);
    const expected = Math.min(lastOffset + 1, ...this.open.values());
    if (lastStableOffset === expected) return true;
    return lastStableOffset >= 0 && lastStableOffset < expected && this.mayBegin(lastStableOffset, null);
  }

  /**
   * What the producer had open at the base may have ended here, and compaction may have removed its marker: only where
   * it has removed all that the transaction had written.
   */
  private doubt(producerId: number): void {
    const { open, segment } = this;
    const first = open.get(producerId);
    if (first === undefined || first >= segment.baseOffset || this.isDataLeft(producerId, first)) return;
    const seen = this.seen.get(producerId);
    if (seen === undefined) open.delete(producerId);
    else open.set(producerId, seen);
  }

  /** In the segments before this one. */
  private isDataLeft(producerId: number, from: number): boolean {
    const { segments, segment } = this;
    for (const earlier of segments.from(from)) {
      if (earlier === segment) return false;
      const walk = earlier.searchFor(from);
      while (walk.next()) {
        const { bytes, at } = walk;
        if (walk.lastOffset < from || !batch.isTransactional(bytes, at) || batch.isControl(bytes, at)) continue;
        if (batch.producerId(bytes, at) === producerId) return true;
      }
    }
    return false;
  }

  /** A transaction may have begun there that the walk did not see. */
  private mayBegin(offset: number, producerId: number | null): boolean {
    const { segments, segment, complete } = this;
    if (complete && offset < segments.first.baseOffset) return false; // it would be known
    const walk = segments.at(segments.floorIndex(offset))?.searchFor(offset);
    while (walk?.next()) {
      if (walk.lastOffset < offset) continue;
      const { bytes, at } = walk;
      if (batch.baseOffset(bytes, at) > offset) return true; // compaction has removed what was there
      if (complete || offset >= segment.baseOffset || batch.baseOffset(bytes, at) < offset) return false;
      const isData = batch.isTransactional(bytes, at) && !batch.isControl(bytes, at);
      return isData && (producerId === null || batch.producerId(bytes, at) === producerId);
    }
    return true;
  }

  private damaged(): KafkaError {
    return new KafkaError("CORRUPT_MESSAGE", `${this.segment.aborted.file.path} is damaged: the log says otherwise`);
  }
}

/** What the producers had open when the segment began; null where that is not known. */
function openBefore({ baseOffset, file }: Segment): Map<number, number> | null {
  const path = `${file.path.slice(0, file.path.lastIndexOf("/"))}/${snapshotName(baseOffset)}`;
  const { disk } = file;
  const info = disk.info(path);
  if (info === null) return baseOffset === 0 ? new Map() : null;
  const snapshot = disk.open(path, { readOnly: true });
  try {
    const producers = decodeProducerSnapshot(disk.read(snapshot, 0, info.sizeBytes));
    if (typeof producers === "string") return null;
    const open = producers.filter(({ currentTxnFirstOffset }) => currentTxnFirstOffset >= 0);
    return new Map(open.map(({ producerId, currentTxnFirstOffset }) => [producerId, currentTxnFirstOffset]));
  } finally {
    disk.close(snapshot);
  }
}

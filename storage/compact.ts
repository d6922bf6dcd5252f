/**
 * Compaction of one log, from files to files (Apache's Cleaner): find the last offset of every key in what is new, then
 * write each group of segments again without the records that a later one has replaced. It reads and writes in pieces
 * and asks its pace between any two batches whether to pause or to stop.
 */
import type { Random } from "../base/ports.ts";
import * as batch from "../protocol/records/batch.ts";
import { RecordCursor } from "../protocol/records/cursor.ts";
import { readLegacyRecords } from "../protocol/records/legacy.ts";
import { isIntact, lastOffsetOf } from "./batch-facts.ts";
import { WholeWalk } from "./batch-walk.ts";
import { CleanedTransactions } from "./cleaned-transactions.ts";
import { BatchCompactor } from "./compact-batch.ts";
import type { CompactableLog } from "./compactable-log.ts";
import { OffsetMap } from "./offset-map.ts";
import type { Segment } from "./segment.ts";

const OFFSETS_PER_SEGMENT = 0x7fff_ffff;

/** How fast compaction may go. Both throw CompactionStopped where it has to end. */
export interface Pace {
  /** So many bytes were read or written; null: go on at once. */
  spent(bytes: number): Promise<void> | null;
  /** Resolves when the range can be read without waiting for the device. */
  warm(segment: Segment, position: number, length: number): Promise<void> | null;
}

/** The log was truncated, deleted or closed, or the node stops: nothing is wrong. */
export class CompactionStopped extends Error {
  override readonly name = "CompactionStopped";
}

/** A batch is not what was written: the partition is left as it is, for an operator to look at. */
export class CompactionRefused extends Error {
  override readonly name = "CompactionRefused";
}

export interface CompactionTask {
  readonly log: CompactableLog;
  /** Below, every key has been seen before. */
  readonly firstDirtyOffset: number;
  /** The base of a segment: from there on nothing is touched. */
  readonly upperBoundOffset: number;
  readonly nowMs: number;
  /** `log.cleaner.dedupe.buffer.size`, for this compaction. */
  readonly mapBytes: number;
  /** `log.cleaner.io.buffer.load.factor` */
  readonly mapLoadFactor: number;
  readonly ioBytes: number;
  readonly random: Random;
  readonly pace: Pace;
}

export interface CompactionResult {
  /** The next compaction begins here. */
  readonly endOffset: number;
  readonly keys: number;
  bytesRead: number;
  bytesWritten: number;
  recordsRead: number;
  recordsKept: number;
  recordsWithoutKey: number;
}

export async function compactLog(task: CompactionTask): Promise<CompactionResult> {
  const { log, firstDirtyOffset, upperBoundOffset } = task;
  const clean = log.segmentsBetween(0, firstDirtyOffset);
  const lastClean = clean.at(-1);
  const legacyHorizonMs = lastClean === undefined ? 0 : lastClean.modifiedMs() - log.settings.deleteRetentionMs;
  const map = await buildOffsetMap(task);
  const endOffset = map.latestOffset + 1;
  const result: CompactionResult = {
    endOffset,
    keys: map.size,
    bytesRead: 0,
    bytesWritten: 0,
    recordsRead: 0,
    recordsKept: 0,
    recordsWithoutKey: 0,
  };
  let output: Segment | null = null;
  const transactions = new CleanedTransactions((aborted) => output?.aborted.append(aborted));
  for (const group of groupSegments(log.segmentsBetween(0, endOffset), log.settings, upperBoundOffset)) {
    output = log.openCleaned((group[0] as Segment).baseOffset);
    try {
      await compactGroup(task, { group, output, map, transactions, legacyHorizonMs }, result);
      await log.replace(group, output);
    } catch (error) {
      log.discard(output);
      throw error;
    }
  }
  return result;
}

/** The keys of the dirty part with their last offsets, as far as the map has room. */
export async function buildOffsetMap(task: CompactionTask): Promise<OffsetMap> {
  const { log, firstDirtyOffset, upperBoundOffset, pace } = task;
  const map = new OffsetMap(task.mapBytes, task.random);
  const keysMax = Math.max(1, Math.min(map.slots - 1, Math.trunc(map.slots * task.mapLoadFactor)));
  const dirty = log.segmentsBetween(firstDirtyOffset, upperBoundOffset);
  const transactions = new CleanedTransactions();
  // Those that ended before the walk begins never meet their marker: with them, what the same producer committed next
  // would count as aborted, and a tombstone among it could go before the record that it deletes.
  const aborted = log.abortedTransactions(firstDirtyOffset, upperBoundOffset);
  transactions.expect(aborted.filter(({ lastOffset }) => lastOffset >= firstDirtyOffset));
  const indexer = new KeyIndexer(map, keysMax, firstDirtyOffset, transactions);
  for (const [n, segment] of dirty.entries()) {
    const { position } = segment.searchFor(firstDirtyOffset);
    const whole = await eachBatch(segment, position, task.ioBytes, pace, (bytes, at) => indexer.add(bytes, at));
    if (!whole) break;
    // Where the segment's last offsets are gone already, there is nothing up to the next one.
    map.latestOffset = (dirty[n + 1]?.baseOffset ?? upperBoundOffset) - 1;
  }
  return map;
}

/** Puts the keys of batch after batch into the map. */
class KeyIndexer {
  private readonly map: OffsetMap;
  private readonly keysMax: number;
  private readonly from: number;
  private readonly transactions: CleanedTransactions;
  private readonly cursor = new RecordCursor();

  constructor(map: OffsetMap, keysMax: number, from: number, transactions: CleanedTransactions) {
    this.map = map;
    this.keysMax = keysMax;
    this.from = from;
    this.transactions = transactions;
  }

  /** False where the map is full. */
  add(bytes: Uint8Array, at: number): boolean {
    const lastOffset = lastOffsetOf(bytes, at);
    if (batch.magic(bytes, at) >= 2 && batch.isControl(bytes, at)) this.transactions.control(bytes, at);
    else if (!this.transactions.data(bytes, at, lastOffset) && !this.addRecords(bytes, at)) return false;
    if (lastOffset >= this.from) this.map.latestOffset = lastOffset;
    return true;
  }

  private addRecords(bytes: Uint8Array, at: number): boolean {
    if (batch.magic(bytes, at) < 2) {
      return readLegacyRecords(bytes, at).every(
        ({ offset, key }) => key === null || this.addKey(key, 0, key.length, offset),
      );
    }
    const { cursor } = this;
    cursor.open(bytes, at);
    while (cursor.next()) {
      if (cursor.keyLength < 0) continue;
      if (!this.addKey(cursor.bytes, cursor.keyAt, cursor.keyLength, cursor.offset)) return false;
    }
    return true;
  }

  private addKey(bytes: Uint8Array, at: number, length: number, offset: number): boolean {
    if (offset < this.from) return true;
    if (this.map.size >= this.keysMax) return false;
    this.map.put(bytes, at, length, offset);
    return true;
  }
}

interface Group {
  readonly group: readonly Segment[];
  readonly output: Segment;
  readonly map: OffsetMap;
  readonly transactions: CleanedTransactions;
  readonly legacyHorizonMs: number;
}

/** Writes what stays of the segments of a group into one new segment, whose files are then complete and synced. */
async function compactGroup(task: CompactionTask, group: Group, result: CompactionResult): Promise<void> {
  const { log, nowMs, upperBoundOffset, pace, ioBytes } = task;
  const { output, map, transactions } = group;
  const { deleteRetentionMs } = log.settings;
  const producers = log.lastOfProducers();
  const compactor = new BatchCompactor({ nowMs, deleteRetentionMs, upperBoundOffset, producers, map, transactions });
  const writer = new SegmentWriter(output, ioBytes);
  for (const [n, segment] of group.group.entries()) {
    const end = group.group[n + 1]?.baseOffset ?? segment.readNextOffset();
    transactions.expect(log.abortedTransactions(segment.baseOffset, end));
    const keepLegacy = segment.modifiedMs() > group.legacyHorizonMs;
    await eachBatch(segment, 0, ioBytes, pace, (bytes, at) => {
      const kept = compactor.compact(bytes, at, keepLegacy);
      if (kept !== null) writer.add(kept);
      return true;
    });
    result.bytesRead += segment.sizeBytes;
  }
  writer.flush();
  output.seal();
  result.bytesWritten += output.sizeBytes;
  result.recordsRead += compactor.counts.recordsRead;
  result.recordsKept += compactor.counts.recordsKept;
  result.recordsWithoutKey += compactor.counts.withoutKey;
  await pace.spent(output.sizeBytes);
  await output.syncAll();
  const modifiedMs = (group.group.at(-1) as Segment).modifiedMs();
  output.setModified(modifiedMs);
}

/** Gathers batches, so that a write is worth its call. */
class SegmentWriter {
  private readonly output: Segment;
  private readonly buffer: Uint8Array;
  private used = 0;
  private lastOffset = -1;

  constructor(output: Segment, bufferBytes: number) {
    this.output = output;
    this.buffer = new Uint8Array(bufferBytes);
  }

  /** The bytes are copied. */
  add(bytes: Uint8Array): void {
    if (this.used + bytes.length > this.buffer.length) this.flush();
    if (bytes.length > this.buffer.length) {
      this.output.append(bytes, lastOffsetOf(bytes, 0));
      return;
    }
    this.buffer.set(bytes, this.used);
    this.used += bytes.length;
    this.lastOffset = lastOffsetOf(bytes, 0);
  }

  flush(): void {
    if (this.used === 0) return;
    this.output.append(this.buffer.subarray(0, this.used), this.lastOffset);
    this.used = 0;
  }
}

/** Calls for each batch from a position on, until it answers false; false then. Bytes are valid during the call. */
async function eachBatch(
  segment: Segment,
  from: number,
  blockBytes: number,
  pace: Pace,
  visit: (bytes: Uint8Array, at: number) => boolean,
): Promise<boolean> {
  const { file, sizeBytes } = segment;
  const id = file.get();
  file.pin();
  try {
    const walk = new WholeWalk(file.disk, id, from, sizeBytes, blockBytes);
    let warmUpTo = from;
    for (;;) {
      const next = walk.position + walk.sizeBytes;
      if (next === sizeBytes) return true;
      if (next >= warmUpTo) {
        warmUpTo = Math.min(next + blockBytes, sizeBytes);
        // The next block begins at a batch, at most that batch behind this one.
        await pace.warm(segment, next, Math.min(2 * blockBytes, sizeBytes - next));
      }
      if (!walk.next() || !isIntact(walk.bytes, walk.at)) {
        throw new CompactionRefused(`${file.path} has no valid batch at byte ${next}`);
      }
      if (!visit(walk.bytes, walk.at)) return false;
      const wait = pace.spent(walk.sizeBytes);
      if (wait !== null) await wait;
    }
  } finally {
    file.unpin();
  }
}

export interface GroupLimits {
  readonly segmentBytes: number;
  readonly segmentIndexBytes: number;
}

/** Neighbours that together stay within the size of a segment, of an index and of relative offsets. */
export function groupSegments(
  segments: readonly Segment[],
  { segmentBytes, segmentIndexBytes }: GroupLimits,
  firstUncleanableOffset: number,
): Segment[][] {
  const groups: Segment[][] = [];
  let sizeBytes = 0;
  let indexBytes = 0;
  let timeIndexBytes = 0;
  for (const [n, segment] of segments.entries()) {
    const group = groups.at(-1);
    const nextIndexBytes = segment.offsets.entries.sizeBytes;
    const nextTimeIndexBytes = segment.times.entries.sizeBytes;
    const lastOffset = (segments[n + 1]?.baseOffset ?? firstUncleanableOffset) - 1;
    const fits =
      group !== undefined &&
      sizeBytes + segment.sizeBytes <= segmentBytes &&
      indexBytes + nextIndexBytes <= segmentIndexBytes &&
      timeIndexBytes + nextTimeIndexBytes <= segmentIndexBytes &&
      (segment.sizeBytes === 0 || lastOffset - (group[0] as Segment).baseOffset <= OFFSETS_PER_SEGMENT);
    if (!fits) {
      groups.push([segment]);
      sizeBytes = 0;
      indexBytes = 0;
      timeIndexBytes = 0;
    } else {
      group.push(segment);
    }
    sizeBytes += segment.sizeBytes;
    indexBytes += nextIndexBytes;
    timeIndexBytes += nextTimeIndexBytes;
  }
  return groups;
}

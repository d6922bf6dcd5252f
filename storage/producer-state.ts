/**
 * What a log knows about each of its producers: epoch, last five batches, open transaction (Apache's
 * ProducerStateManager). It follows from the records alone, so recovery can always build it again; snapshots make that
 * short.
 */
import { assert } from "../base/assert.ts";
import type { Disk, Logger } from "../base/ports.ts";
import * as batch from "../protocol/records/batch.ts";
import { controlTypes } from "../protocol/records/builder.ts";
import { RecordCursor } from "../protocol/records/cursor.ts";
import { hasProducer } from "./batch-facts.ts";
import { DELETED_SUFFIX, offsetOf, SNAPSHOT_SUFFIX, snapshotName } from "./files.ts";
import type { AppendOrigin } from "./log.ts";
import {
  type BatchMetadata,
  type CompletedTransaction,
  type OpenTransaction,
  ProducerEntry,
  ProducerUpdate,
} from "./producer-entry.ts";
import { decodeProducerSnapshot, encodeProducerSnapshot } from "./producer-snapshot.ts";

/** For DescribeProducers. */
export interface ProducerDescription {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  /** -1 where no transaction is open. */
  readonly currentTxnStartOffset: number;
}

/** What an append would change; `apply` does it once the bytes are written. */
export interface ProducerChanges {
  readonly updates: ReadonlyMap<number, ProducerUpdate>;
  readonly completed: readonly CompletedTransaction[];
  /** The batch was appended before: nothing is to be done but to answer. */
  readonly duplicate: BatchMetadata | null;
}

const none: CompletedTransaction[] = [];
const noChanges: ProducerChanges = { updates: new Map(), completed: none, duplicate: null };

export interface ProducerStateOptions {
  readonly disk: Disk;
  readonly logger: Logger;
  /** For messages: "orders-0". */
  readonly partition: string;
  readonly directory: string;
  readonly expirationMs: () => number;
}

export class ProducerState {
  private readonly options: ProducerStateOptions;
  private readonly directory: string;
  private readonly entries = new Map<number, ProducerEntry>();
  /** By first offset, ascending: transactions without their marker. */
  private ongoing: OpenTransaction[] = [];
  /** By first offset, ascending: transactions whose marker the high watermark has not passed. */
  private unreplicated: CompletedTransaction[] = [];
  private mapEnd = 0;
  private snapshotEnd = 0;
  private snapshots: number[];
  private readonly cursor = new RecordCursor();

  constructor(options: ProducerStateOptions) {
    this.options = options;
    this.directory = options.directory;
    this.snapshots = this.listSnapshots();
  }

  /** One past the last offset that the state knows. */
  get mapEndOffset(): number {
    return this.mapEnd;
  }

  get count(): number {
    return this.entries.size;
  }

  get isEmpty(): boolean {
    return this.entries.size === 0 && this.unreplicated.length === 0;
  }

  active(): ProducerDescription[] {
    return [...this.entries.values()].map((entry) => ({
      producerId: entry.producerId,
      producerEpoch: entry.producerEpoch,
      lastSequence: entry.lastSequence,
      lastTimestamp: entry.lastTimestamp,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTxnStartOffset: entry.currentTxnFirstOffset,
    }));
  }

  entry(producerId: number): ProducerEntry | null {
    return this.entries.get(producerId) ?? null;
  }

  /** The first offset of a transaction that is open or whose marker is not replicated; null where there is none. */
  get firstUnstableOffset(): number | null {
    const open = this.ongoing[0]?.firstOffset ?? Number.POSITIVE_INFINITY;
    const completed = this.unreplicated[0]?.firstOffset ?? Number.POSITIVE_INFINITY;
    const first = Math.min(open, completed);
    return first === Number.POSITIVE_INFINITY ? null : first;
  }

  hasOngoingTransaction(producerId: number, producerEpoch: number): boolean {
    const entry = this.entries.get(producerId);
    return entry !== undefined && entry.currentTxnFirstOffset >= 0 && entry.producerEpoch === producerEpoch;
  }

  /** Checks the batches of one append, whose offsets are assigned; changes nothing. */
  check(bytes: Uint8Array, origin: AppendOrigin, transactionVersion: number): ProducerChanges {
    let updates: Map<number, ProducerUpdate> | null = null;
    let completed: CompletedTransaction[] = none;
    for (let at = 0; at < bytes.length; at += batch.sizeBytes(bytes, at)) {
      if (!hasProducer(bytes, at)) continue;
      if (origin === "client") {
        const duplicate = this.duplicate(bytes, at);
        if (duplicate !== null) return { updates: noChanges.updates, completed: [], duplicate };
      }
      updates ??= new Map();
      const update = this.updateOf(updates, batch.producerId(bytes, at), origin);
      const done = this.add(update, bytes, at, transactionVersion);
      if (done !== null) completed = [...completed, done];
    }
    return updates === null ? noChanges : { updates, completed, duplicate: null };
  }

  apply(changes: ProducerChanges): void {
    for (const update of changes.updates.values()) {
      const { updated } = update;
      let entry = this.entries.get(update.producerId);
      if (entry === undefined) {
        entry = new ProducerEntry(update.producerId);
        this.entries.set(update.producerId, entry);
      }
      entry.enterEpoch(updated.producerEpoch);
      for (const added of updated.batches) entry.addBatch(updated.producerEpoch, added);
      entry.coordinatorEpoch = updated.coordinatorEpoch;
      entry.currentTxnFirstOffset = updated.currentTxnFirstOffset;
      entry.lastTimestamp = updated.lastTimestamp;
      for (const started of update.started) insert(this.ongoing, started);
    }
  }

  /** The last stable offset as the marker's index entry records it. */
  lastStableOffset(completed: CompletedTransaction): number {
    const other = this.ongoing.find(({ producerId }) => producerId !== completed.producerId);
    return other?.firstOffset ?? completed.lastOffset + 1;
  }

  complete(completed: CompletedTransaction): void {
    const at = this.ongoing.findIndex(({ firstOffset }) => firstOffset === completed.firstOffset);
    assert(at >= 0, "a completed transaction was open");
    this.ongoing.splice(at, 1);
    insert(this.unreplicated, completed);
  }

  /**
   * One batch read back from the log; of a data batch the header is enough. Returns the transaction that it ended,
   * with its last stable offset.
   */
  replay(bytes: Uint8Array, at: number): (CompletedTransaction & { readonly lastStableOffset: number }) | null {
    if (!hasProducer(bytes, at)) return null;
    const updates = new Map<number, ProducerUpdate>();
    const completed = this.add(this.updateOf(updates, batch.producerId(bytes, at), "replication"), bytes, at, 0);
    this.apply({ updates, completed: [], duplicate: null });
    if (completed === null) return null;
    const lastStableOffset = this.lastStableOffset(completed);
    this.complete(completed);
    return { ...completed, lastStableOffset };
  }

  advanceTo(offset: number): void {
    this.mapEnd = offset;
  }

  highWatermarkMoved(offset: number): void {
    if (this.unreplicated.length === 0) return;
    this.unreplicated = this.unreplicated.filter(({ lastOffset }) => lastOffset >= offset);
  }

  logStartMoved(logStartOffset: number): void {
    this.highWatermarkMoved(logStartOffset);
    this.mapEnd = Math.max(this.mapEnd, logStartOffset);
    this.snapshotEnd = this.snapshots.at(-1) ?? logStartOffset;
  }

  removeExpired(nowMs: number): void {
    for (const [producerId, entry] of this.entries) if (this.isExpired(entry, nowMs)) this.entries.delete(producerId);
  }

  /** Goes back to what the newest usable snapshot at or below `logEndOffset` says; the caller replays the rest. */
  truncateAndReload(logStartOffset: number, logEndOffset: number, nowMs: number): void {
    for (const offset of [...this.snapshots]) {
      if (offset > logEndOffset || offset <= logStartOffset) this.deleteSnapshot(offset);
    }
    if (logEndOffset === this.mapEnd) {
      this.logStartMoved(logStartOffset);
      return;
    }
    this.clear();
    this.loadFromSnapshot(logStartOffset, nowMs);
  }

  truncateFullyAndStartAt(offset: number): void {
    this.clear();
    for (const snapshot of [...this.snapshots]) this.deleteSnapshot(snapshot);
    this.snapshotEnd = 0;
    this.mapEnd = offset;
  }

  /** Writes a snapshot if there is something newer than the last; the path, for the caller to sync, or null. */
  takeSnapshot(): string | null {
    if (this.mapEnd <= this.snapshotEnd) return null;
    const path = `${this.directory}/${snapshotName(this.mapEnd)}`;
    const { disk } = this.options;
    const file = disk.open(path);
    try {
      disk.truncate(file, 0);
      disk.write(file, 0, [encodeProducerSnapshot(this.entries.values())]);
    } finally {
      disk.close(file);
    }
    if (!this.snapshots.includes(this.mapEnd)) this.snapshots.push(this.mapEnd);
    this.snapshots.sort((a, b) => a - b);
    this.snapshotEnd = this.mapEnd;
    return path;
  }

  get latestSnapshotOffset(): number | null {
    return this.snapshots.at(-1) ?? null;
  }

  /** Snapshots belong to the bases of segments; of all others only the newest, above every base, may help. */
  removeStraySnapshots(baseOffsets: readonly number[]): void {
    const bases = new Set(baseOffsets);
    const lastBase = baseOffsets.at(-1) ?? 0;
    const stray = this.snapshots.filter((offset) => !bases.has(offset));
    const newest = stray.at(-1);
    for (const offset of stray) if (offset !== newest || offset < lastBase) this.deleteSnapshot(offset);
  }

  /** Renames the snapshot of a segment that is being deleted; the new path, or null where there is none. */
  markSnapshotDeleted(offset: number): string | null {
    if (!this.snapshots.includes(offset)) return null;
    this.snapshots = this.snapshots.filter((other) => other !== offset);
    const path = `${this.directory}/${snapshotName(offset)}`;
    const { disk } = this.options;
    if (disk.info(path) === null) return null;
    disk.rename(path, path + DELETED_SUFFIX);
    return path + DELETED_SUFFIX;
  }

  private updateOf(updates: Map<number, ProducerUpdate>, producerId: number, origin: AppendOrigin): ProducerUpdate {
    let update = updates.get(producerId);
    if (update === undefined) {
      const current = this.entries.get(producerId) ?? new ProducerEntry(producerId);
      update = new ProducerUpdate(current, origin, this.options.partition, this.options.logger);
      updates.set(producerId, update);
    }
    return update;
  }

  private duplicate(bytes: Uint8Array, at: number): BatchMetadata | null {
    const entry = this.entries.get(batch.producerId(bytes, at));
    if (entry === undefined) return null;
    const epoch = batch.producerEpoch(bytes, at);
    return entry.duplicateOf(epoch, batch.baseSequence(bytes, at), batch.lastSequence(bytes, at));
  }

  private add(
    update: ProducerUpdate,
    bytes: Uint8Array,
    at: number,
    transactionVersion: number,
  ): CompletedTransaction | null {
    const producerEpoch = batch.producerEpoch(bytes, at);
    const baseOffset = batch.baseOffset(bytes, at);
    if (batch.isControl(bytes, at)) {
      const marker = this.readMarker(bytes, at);
      if (marker === null) return null;
      return update.addMarker(marker, producerEpoch, baseOffset, this.cursor.timestamp, transactionVersion);
    }
    update.addData({
      producerEpoch,
      firstSequence: batch.baseSequence(bytes, at),
      lastSequence: batch.lastSequence(bytes, at),
      baseOffset,
      lastOffset: batch.lastOffset(bytes, at),
      maxTimestamp: batch.maxTimestamp(bytes, at),
      transactional: batch.isTransactional(bytes, at),
    });
    return null;
  }

  /** Null where compaction has removed the marker's record. */
  private readMarker(bytes: Uint8Array, at: number): { commit: boolean; coordinatorEpoch: number } | null {
    const { cursor } = this;
    cursor.open(bytes, at);
    if (!cursor.next()) return null;
    assert(cursor.keyLength >= 4 && cursor.valueLength >= 6, "a transaction marker has a type and a coordinator epoch");
    return {
      commit: batch.int16(cursor.bytes, cursor.keyAt + 2) === controlTypes.COMMIT,
      coordinatorEpoch: batch.int32(cursor.bytes, cursor.valueAt + 2),
    };
  }

  private clear(): void {
    this.entries.clear();
    this.ongoing = [];
    this.unreplicated = [];
  }

  private loadFromSnapshot(logStartOffset: number, nowMs: number): void {
    const { disk, logger } = this.options;
    for (;;) {
      const offset = this.snapshots.at(-1);
      if (offset === undefined) break;
      const path = `${this.directory}/${snapshotName(offset)}`;
      const entries = decodeProducerSnapshot(readWhole(disk, path));
      if (typeof entries === "string") {
        logger.warn(`Producer snapshot ${path} is not used and is deleted: ${entries}`);
        this.deleteSnapshot(offset);
        continue;
      }
      for (const entry of entries) if (!this.isExpired(entry, nowMs)) this.load(entry);
      this.snapshotEnd = offset;
      this.mapEnd = offset;
      return;
    }
    this.snapshotEnd = logStartOffset;
    this.mapEnd = logStartOffset;
  }

  private load(entry: ProducerEntry): void {
    const { producerId, currentTxnFirstOffset } = entry;
    this.entries.set(producerId, entry);
    if (currentTxnFirstOffset >= 0) insert(this.ongoing, { producerId, firstOffset: currentTxnFirstOffset });
  }

  private isExpired(entry: ProducerEntry, nowMs: number): boolean {
    return entry.currentTxnFirstOffset < 0 && nowMs - entry.lastTimestamp >= this.options.expirationMs();
  }

  private deleteSnapshot(offset: number): void {
    this.snapshots = this.snapshots.filter((other) => other !== offset);
    const path = `${this.directory}/${snapshotName(offset)}`;
    if (this.options.disk.info(path) !== null) this.options.disk.unlink(path);
  }

  private listSnapshots(): number[] {
    const names = this.options.disk.list(this.directory).filter(({ name }) => name.endsWith(SNAPSHOT_SUFFIX));
    const offsets = names.map(({ name }) => offsetOf(name)).filter((offset) => offset !== null);
    return offsets.sort((a, b) => a - b);
  }
}

function insert<T extends OpenTransaction>(into: T[], added: T): void {
  let at = into.length;
  while (at > 0 && (into[at - 1] as T).firstOffset > added.firstOffset) at--;
  into.splice(at, 0, added);
}

function readWhole(disk: Disk, path: string): Uint8Array {
  const file = disk.open(path, { readOnly: true });
  try {
    return disk.read(file, 0, disk.sizeBytes(file));
  } finally {
    disk.close(file);
  }
}

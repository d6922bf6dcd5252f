/**
 * What compaction knows of transactions while it walks a log's batches in order: whether a data batch was aborted, and
 * whether a marker has outlived its transaction. It never walks beyond the last stable offset, so every transaction
 * that it meets has been decided.
 */
import * as batch from "../protocol/records/batch.ts";
import { controlTypes } from "../protocol/records/builder.ts";
import { RecordCursor } from "../protocol/records/cursor.ts";
import type { AbortedTransaction } from "./log-read.ts";

interface OpenAbort {
  readonly transaction: AbortedTransaction;
  /** Batches of the transaction are still there, so its marker must stay. */
  seen: boolean;
}

export class CleanedTransactions {
  /** Producers of which a committed batch has been met whose marker has not. */
  private readonly committed = new Set<number>();
  private readonly aborting = new Map<number, OpenAbort>();
  /** Ahead of the walk, by first offset; those before `next` are behind it. */
  private ahead: AbortedTransaction[] = [];
  private next = 0;
  private readonly cursor = new RecordCursor();
  private readonly keep: (transaction: AbortedTransaction) => void;

  /** `keep` is told of each aborted transaction of which batches are still there: its index entry stays. */
  constructor(keep: (transaction: AbortedTransaction) => void = () => {}) {
    this.keep = keep;
  }

  /** Aborted transactions of the range that is walked next; it may name some again. */
  expect(aborted: readonly AbortedTransaction[]): void {
    if (aborted.length === 0) return;
    this.ahead = [...this.ahead.slice(this.next), ...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
    this.next = 0;
  }

  /** A data batch: true where its transaction was aborted. */
  data(bytes: Uint8Array, at: number, lastOffset: number): boolean {
    this.passTo(lastOffset);
    if (batch.magic(bytes, at) < 2 || !batch.isTransactional(bytes, at)) return false;
    const producerId = batch.producerId(bytes, at);
    const open = this.aborting.get(producerId);
    if (open === undefined) {
      this.committed.add(producerId);
      return false;
    }
    open.seen = true;
    return true;
  }

  /** A control batch: true where nothing of its transaction is left. */
  control(bytes: Uint8Array, at: number): boolean {
    this.passTo(batch.lastOffset(bytes, at));
    const { cursor } = this;
    cursor.open(bytes, at);
    if (!cursor.next()) return true; // emptied by an earlier compaction
    const type = cursor.keyLength < 4 ? -1 : batch.int16(cursor.bytes, cursor.keyAt + 2);
    const producerId = batch.producerId(bytes, at);
    if (type === controlTypes.COMMIT) return !this.committed.delete(producerId);
    if (type !== controlTypes.ABORT) return false;
    const open = this.aborting.get(producerId);
    this.aborting.delete(producerId);
    if (open?.seen !== true) return true;
    this.keep(open.transaction);
    return false;
  }

  private passTo(offset: number): void {
    for (let first = this.ahead[this.next]; first !== undefined; first = this.ahead[this.next]) {
      if (first.firstOffset > offset) return;
      this.next++;
      const { producerId } = first;
      if (!this.aborting.has(producerId)) this.aborting.set(producerId, { transaction: first, seen: false });
    }
  }
}

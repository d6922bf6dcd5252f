/** What a log hands out when it is asked for records. */
import type { FileView } from "../base/ports.ts";

/**
 * Whole and cut batches of one segment, as Apache returns them: it begins with the batch that contains the offset
 * asked for and may end inside a batch where `maxBytes` cut it. The bytes are for a socket; JavaScript that wants to
 * read them takes `Log.readCopy`.
 */
export interface LogRead {
  /**
   * The base offset of the first batch, at or below the offset asked for; the offset asked for where nothing was read.
   */
  readonly startOffset: number;
  readonly sizeBytes: number;
  /**
   * The mapped bytes, opened when first asked for; null where nothing was read. `prepare`, then `check`, come before.
   */
  readonly view: FileView | null;
  /** The bytes as JavaScript may read them. @throws CORRUPT_MESSAGE as `check` */
  copy(): Uint8Array;
  /** True: `maxBytes` was smaller than the first batch, which is in part or (minOneBatch) whole here. */
  readonly firstBatchIncomplete: boolean;
  /**
   * Null when the pages are in memory and found whole, or soon will be; otherwise resolves when they have been brought
   * in and checked, off the loop or in small steps; for a read_committed fetch the transaction index as well. Rejects
   * where they cannot be served, as `check` will say.
   */
  prepare(withAborted: boolean): Promise<void> | null;
  /** @throws CORRUPT_MESSAGE where the bytes are not those that were written: no client may see them */
  check(): void;
  /** For a read_committed fetch: the aborted transactions whose records may be in the bytes. */
  aborted(): AbortedTransaction[];
  /** Once: gives the view back, if it was opened. */
  release(): void;
}

/** Nothing to read. */
export function emptyRead(startOffset: number): LogRead {
  return {
    startOffset,
    sizeBytes: 0,
    view: null,
    copy: () => new Uint8Array(0),
    firstBatchIncomplete: false,
    prepare: () => null,
    check: () => {},
    aborted: () => [],
    release: () => {},
  };
}

/** A timestamp's place in the log, as ListOffsets answers it. */
export interface TimestampedOffset {
  readonly timestamp: number;
  readonly offset: number;
  /** Null where the batch carries none. */
  readonly leaderEpoch: number | null;
}

/** One entry of the aborted-transactions list of a read_committed fetch. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly lastStableOffset: number;
}

/**
 * What compaction leaves of one batch (Apache's Cleaner and MemoryRecords.filterTo). Offsets never change: a batch
 * keeps its base and its last offset, whichever of its records go.
 */
import { assert } from "../base/assert.ts";
import * as batch from "../protocol/records/batch.ts";
import { type BatchOptions, RecordBatchBuilder } from "../protocol/records/builder.ts";
import { codecOf } from "../protocol/records/codecs.ts";
import { RecordCursor } from "../protocol/records/cursor.ts";
import { readLegacyRecords } from "../protocol/records/legacy.ts";
import { hasProducer, lastOffsetOf, leaderEpochOf, maxTimestampOf } from "./batch-facts.ts";
import type { CleanedTransactions } from "./cleaned-transactions.ts";
import type { OffsetMap } from "./offset-map.ts";

/** The last thing that an active producer wrote. */
export interface LastOfProducer {
  /** Of its last data batch, -1 where only a marker is left. */
  readonly lastDataOffset: number;
  readonly producerEpoch: number;
}

export interface CompactionRules {
  readonly nowMs: number;
  readonly deleteRetentionMs: number;
  /** One past the last offset of the round. */
  readonly upperBoundOffset: number;
  readonly producers: ReadonlyMap<number, LastOfProducer>;
  readonly map: OffsetMap;
  readonly transactions: CleanedTransactions;
}

export interface CompactionCounts {
  recordsRead: number;
  recordsKept: number;
  /** Records without a key, which a compacted topic should not have. */
  withoutKey: number;
}

/** Whether the batch stays when all of its records go. */
type Emptied = "stays" | "goes";

interface Verdict {
  readonly emptied: Emptied;
  /** No record stays. */
  readonly discard: boolean;
  /** A marker of which nothing else is left: its time to go is now set. */
  readonly orphanedMarker: boolean;
}

export class BatchCompactor {
  readonly counts: CompactionCounts = { recordsRead: 0, recordsKept: 0, withoutKey: 0 };
  private readonly rules: CompactionRules;
  private readonly cursor = new RecordCursor();
  // Of the records that stay, one entry each.
  private readonly offsets: number[] = [];
  private readonly timestamps: number[] = [];
  private readonly contents: number[] = [];
  private readonly ends: number[] = [];

  constructor(rules: CompactionRules) {
    this.rules = rules;
  }

  /**
   * The batch as it stays: the same bytes, a new batch, or null. `keepLegacyTombstones` is for records of magic 0 and
   * 1, whose batches cannot say when tombstones may go.
   */
  compact(bytes: Uint8Array, at: number, keepLegacyTombstones: boolean): Uint8Array | null {
    const verdict = this.judge(bytes, at);
    if (verdict.discard && verdict.emptied === "goes") return null;
    if (batch.magic(bytes, at) < 2) return this.compactLegacy(bytes, at, verdict, keepLegacyTombstones);
    const { tombstones, all } = this.choose(bytes, at, verdict.discard);
    const count = this.offsets.length;
    this.counts.recordsKept += count;
    if (count === 0) return verdict.emptied === "stays" ? emptyBatch(bytes, at) : null;
    const horizonDue = (tombstones || verdict.orphanedMarker) && !batch.hasDeleteHorizon(bytes, at);
    if (all && !horizonDue) return bytes.subarray(at, at + batch.sizeBytes(bytes, at));
    return this.rebuild(bytes, at, this.horizonOf(bytes, at, horizonDue));
  }

  private judge(bytes: Uint8Array, at: number): Verdict {
    const { transactions, nowMs, upperBoundOffset } = this.rules;
    const lastOffset = lastOffsetOf(bytes, at);
    const isControl = batch.magic(bytes, at) >= 2 && batch.isControl(bytes, at);
    const orphaned = isControl ? transactions.control(bytes, at) : transactions.data(bytes, at, lastOffset);
    // A marker stays for as long as a tombstone does, from when its transaction's last record went.
    const timeUp = !isControl || (batch.hasDeleteHorizon(bytes, at) && batch.baseTimestamp(bytes, at) <= nowMs);
    const needed = this.isLastOfProducer(bytes, at, lastOffset) || lastOffset + 1 === upperBoundOffset;
    return { emptied: needed ? "stays" : "goes", discard: orphaned && timeUp, orphanedMarker: orphaned && isControl };
  }

  /** It holds the sequence that the producer goes on from, or the epoch that fences its predecessors. */
  private isLastOfProducer(bytes: Uint8Array, at: number, lastOffset: number): boolean {
    if (!hasProducer(bytes, at)) return false;
    const last = this.rules.producers.get(batch.producerId(bytes, at));
    if (last === undefined) return false;
    if (last.lastDataOffset >= 0) return lastOffset === last.lastDataOffset;
    return batch.isControl(bytes, at) && batch.producerEpoch(bytes, at) === last.producerEpoch;
  }

  /** Fills the lists of what stays. */
  private choose(bytes: Uint8Array, at: number, discard: boolean): { tombstones: boolean; all: boolean } {
    const { cursor, offsets, timestamps, contents, ends, rules } = this;
    offsets.length = 0;
    timestamps.length = 0;
    contents.length = 0;
    ends.length = 0;
    const isControl = batch.isControl(bytes, at);
    const keepTombstones = !batch.hasDeleteHorizon(bytes, at) || rules.nowMs < batch.baseTimestamp(bytes, at);
    let tombstones = false;
    let all = true;
    cursor.open(bytes, at);
    while (cursor.next()) {
      this.counts.recordsRead++;
      if (discard || !(isControl || this.staysInMap(keepTombstones))) {
        all = false;
        continue;
      }
      if (cursor.valueLength < 0) tombstones = true;
      offsets.push(cursor.offset);
      timestamps.push(cursor.timestamp);
      contents.push(cursor.contentAt);
      ends.push(cursor.endAt);
    }
    return { tombstones, all };
  }

  private staysInMap(keepTombstones: boolean): boolean {
    const { bytes, offset, keyAt, keyLength, valueLength } = this.cursor;
    const key = keyLength < 0 ? null : bytes;
    return this.stays(offset, key, keyAt, keyLength, valueLength >= 0 || keepTombstones);
  }

  private stays(offset: number, key: Uint8Array | null, keyAt: number, keyLength: number, mayStay: boolean): boolean {
    const { map } = this.rules;
    if (offset > map.latestOffset) return true;
    if (key === null) {
      this.counts.withoutKey++;
      return false;
    }
    return mayStay && offset >= map.get(key, keyAt, keyLength);
  }

  /** The records of the lists in a batch of their own. */
  private rebuild(bytes: Uint8Array, at: number, deleteHorizonMs: number | null): Uint8Array {
    const { cursor, offsets, timestamps, contents, ends } = this;
    const baseOffset = batch.baseOffset(bytes, at);
    const codec = codecOf(batch.compressionId(bytes, at));
    assert(codec !== null, "the batch has been read");
    const sizeHint = batch.HEADER_SIZE + cursor.bytes.length;
    const builder = new RecordBatchBuilder(
      {
        ...optionsOf(bytes, at),
        ...(deleteHorizonMs === null ? {} : { deleteHorizonMs }),
        codec,
        lastOffset: batch.lastOffset(bytes, at),
      },
      codec === "none" ? Math.min(sizeHint, batch.sizeBytes(bytes, at) + 16 * offsets.length) : sizeHint,
    );
    for (let n = 0; n < offsets.length; n++) {
      const content = cursor.bytes.subarray(contents[n], ends[n]);
      builder.appendContent((offsets[n] as number) - baseOffset, timestamps[n] as number, content);
    }
    return builder.build();
  }

  private horizonOf(bytes: Uint8Array, at: number, due: boolean): number | null {
    if (due) return this.rules.nowMs + this.rules.deleteRetentionMs;
    return batch.hasDeleteHorizon(bytes, at) ? batch.baseTimestamp(bytes, at) : null;
  }

  /** Message sets of magic 0 and 1 become batches of magic 2, whatever of them stays. */
  private compactLegacy(
    bytes: Uint8Array,
    at: number,
    { emptied }: Verdict,
    keepTombstones: boolean,
  ): Uint8Array | null {
    const records = readLegacyRecords(bytes, at);
    this.counts.recordsRead += records.length;
    const kept = records.filter(({ offset, key, value }) =>
      this.stays(offset, key, 0, key?.length ?? -1, value !== null || keepTombstones),
    );
    this.counts.recordsKept += kept.length;
    const first = kept[0];
    if (first === undefined) return emptied === "stays" ? emptyLegacyBatch(bytes, at) : null;
    const tombstones = kept.some(({ value }) => value === null);
    const { nowMs, deleteRetentionMs } = this.rules;
    const attributes = bytes[at + 17] as number;
    const logAppendTime = batch.magic(bytes, at) === 1 && (attributes & 0x08) !== 0;
    const builder = new RecordBatchBuilder({
      baseOffset: first.offset,
      codec: codecOf(attributes & 0x07) ?? "none",
      timestampType: logAppendTime ? "LogAppendTime" : "CreateTime",
      logAppendTimeMs: maxTimestampOf(bytes, at),
      ...(tombstones ? { deleteHorizonMs: nowMs + deleteRetentionMs } : {}),
    });
    for (const { offset, timestamp, key, value } of kept)
      builder.appendAt(offset - first.offset, timestamp, key, value);
    return builder.build();
  }
}

/** What a batch of magic 2 says of itself, apart from its records. */
function optionsOf(bytes: Uint8Array, at: number): BatchOptions {
  return {
    baseOffset: batch.baseOffset(bytes, at),
    partitionLeaderEpoch: batch.partitionLeaderEpoch(bytes, at),
    timestampType: batch.timestampType(bytes, at),
    logAppendTimeMs: batch.maxTimestamp(bytes, at),
    producerId: batch.producerId(bytes, at),
    producerEpoch: batch.producerEpoch(bytes, at),
    baseSequence: batch.baseSequence(bytes, at),
    isTransactional: batch.isTransactional(bytes, at),
    isControl: batch.isControl(bytes, at),
  };
}

/** The header alone, which keeps offsets, producer and sequence. */
function emptyBatch(bytes: Uint8Array, at: number): Uint8Array {
  const empty = new Uint8Array(batch.HEADER_SIZE);
  batch.writeHeader(empty, 0, {
    baseOffset: batch.baseOffset(bytes, at),
    lastOffsetDelta: batch.lastOffsetDelta(bytes, at),
    sizeBytes: batch.HEADER_SIZE,
    partitionLeaderEpoch: batch.partitionLeaderEpoch(bytes, at),
    compressionId: 0,
    timestampType: batch.timestampType(bytes, at),
    isTransactional: batch.isTransactional(bytes, at),
    isControl: batch.isControl(bytes, at),
    baseTimestamp: batch.NO_TIMESTAMP,
    maxTimestamp: batch.maxTimestamp(bytes, at),
    producerId: batch.producerId(bytes, at),
    producerEpoch: batch.producerEpoch(bytes, at),
    baseSequence: batch.baseSequence(bytes, at),
    count: 0,
  });
  return empty;
}

/** Apache gives the partition up here; a header of magic 2 keeps the last offset as well. */
function emptyLegacyBatch(bytes: Uint8Array, at: number): Uint8Array {
  const empty = new Uint8Array(batch.HEADER_SIZE);
  batch.writeHeader(empty, 0, {
    baseOffset: lastOffsetOf(bytes, at),
    lastOffsetDelta: 0,
    sizeBytes: batch.HEADER_SIZE,
    partitionLeaderEpoch: leaderEpochOf(bytes, at),
    compressionId: 0,
    timestampType: "CreateTime",
    isTransactional: false,
    isControl: false,
    baseTimestamp: batch.NO_TIMESTAMP,
    maxTimestamp: maxTimestampOf(bytes, at),
    producerId: batch.NO_PRODUCER_ID,
    producerEpoch: batch.NO_PRODUCER_EPOCH,
    baseSequence: batch.NO_SEQUENCE,
    count: 0,
  });
  return empty;
}

/**
 * What the batches say of their producers, recomputed one after the other: producer snapshots and transaction indexes
 * must agree with it. Where the log no longer begins at offset 0, the snapshot at its first segment is the start.
 */
import type { Logger } from "../../base/ports.ts";
import * as batch from "../../protocol/records/batch.ts";
import { controlTypes } from "../../protocol/records/builder.ts";
import { RecordCursor } from "../../protocol/records/cursor.ts";
import { hasProducer } from "../batch-facts.ts";
import type { AbortedTransaction } from "../log-read.ts";
import { type OpenTransaction, ProducerEntry, ProducerUpdate } from "../producer-entry.ts";

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export class ProducerRecomputation {
  /** All that came before is known: the comparison may be strict. */
  readonly exact: boolean;
  private readonly partition: string;
  private readonly entries = new Map<number, ProducerEntry>();
  private readonly cursor = new RecordCursor();
  private ongoing: OpenTransaction[] = [];

  constructor(partition: string, start: readonly ProducerEntry[] | null) {
    this.partition = partition;
    this.exact = start !== null;
    for (const entry of start ?? []) {
      this.entries.set(entry.producerId, entry);
      const { producerId, currentTxnFirstOffset: firstOffset } = entry;
      if (firstOffset >= 0) this.ongoing.push({ producerId, firstOffset });
    }
    this.ongoing.sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /**
   * Takes one batch in; returns the aborted transaction that it ended.
   * @throws KafkaError where no broker would have appended it
   */
  batch(bytes: Uint8Array, at: number): AbortedTransaction | null {
    if (!hasProducer(bytes, at)) return null;
    const producerId = batch.producerId(bytes, at);
    const entry = this.entries.get(producerId) ?? new ProducerEntry(producerId);
    const update = new ProducerUpdate(entry, "replication", this.partition, silent);
    if (batch.isControl(bytes, at)) return this.marker(update, entry, bytes, at);
    update.addData({
      producerEpoch: batch.producerEpoch(bytes, at),
      firstSequence: batch.baseSequence(bytes, at),
      lastSequence: batch.lastSequence(bytes, at),
      baseOffset: batch.baseOffset(bytes, at),
      lastOffset: batch.lastOffset(bytes, at),
      maxTimestamp: batch.maxTimestamp(bytes, at),
      transactional: batch.isTransactional(bytes, at),
    });
    this.keep(entry, update);
    this.ongoing.push(...update.started);
    return null;
  }

  /** What an entry of a snapshot taken now should say and does not; null where it is right or nothing can be said. */
  fault(found: ProducerEntry): string | null {
    const known = this.entries.get(found.producerId);
    if (known === undefined) {
      return this.exact ? `it knows producer ${found.producerId}, which has written nothing before it` : null;
    }
    if (!this.exact && known.last === null) return null;
    const facts = (entry: ProducerEntry) =>
      `epoch ${entry.producerEpoch}, sequence ${entry.lastSequence}, offset ${entry.last?.lastOffset ?? -1}, ` +
      `${(entry.last?.offsetDelta ?? 0) + 1} records, timestamp ${entry.lastTimestamp}, ` +
      `coordinator epoch ${entry.coordinatorEpoch}, transaction from ${entry.currentTxnFirstOffset}`;
    const [says, should] = [facts(found), facts(known)];
    return says === should ? null : `it says of producer ${found.producerId}: ${says}; the log says: ${should}`;
  }

  private marker(
    update: ProducerUpdate,
    entry: ProducerEntry,
    bytes: Uint8Array,
    at: number,
  ): AbortedTransaction | null {
    const { cursor } = this;
    cursor.open(bytes, at);
    if (!cursor.next()) return null; // compaction has removed its record
    const marker = {
      commit: batch.int16(cursor.bytes, cursor.keyAt + 2) === controlTypes.COMMIT,
      coordinatorEpoch: batch.int32(cursor.bytes, cursor.valueAt + 2),
    };
    const baseOffset = batch.baseOffset(bytes, at);
    const ended = update.addMarker(marker, batch.producerEpoch(bytes, at), baseOffset, cursor.timestamp, 0);
    this.keep(entry, update);
    if (ended === null) return null;
    const { producerId, firstOffset, lastOffset } = ended;
    this.ongoing = this.ongoing.filter((open) => open.firstOffset !== firstOffset);
    if (!ended.aborted) return null;
    return { producerId, firstOffset, lastOffset, lastStableOffset: this.ongoing[0]?.firstOffset ?? lastOffset + 1 };
  }

  private keep(entry: ProducerEntry, { updated }: ProducerUpdate): void {
    entry.enterEpoch(updated.producerEpoch);
    for (const added of updated.batches) entry.addBatch(updated.producerEpoch, added);
    entry.coordinatorEpoch = updated.coordinatorEpoch;
    entry.currentTxnFirstOffset = updated.currentTxnFirstOffset;
    entry.lastTimestamp = updated.lastTimestamp;
    this.entries.set(entry.producerId, entry);
  }
}

/** One producer as a log knows it, and the checks of a batch against it (Apache's ProducerAppendInfo). */
import type { Logger } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import { NO_PRODUCER_EPOCH, NO_SEQUENCE, NO_TIMESTAMP } from "../protocol/records/batch.ts";
import type { AppendOrigin } from "./log.ts";

/** So many batches can be recognised when they are sent again: as many as a producer may have in flight. */
export const BATCHES_KEPT = 5;
const SEQUENCE_MAX = 0x7fff_ffff;
const EPOCH_MAX = 0x7fff;

export interface BatchMetadata {
  readonly lastSequence: number;
  readonly lastOffset: number;
  readonly offsetDelta: number;
  readonly timestamp: number;
}

export interface OpenTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

export interface CompletedTransaction extends OpenTransaction {
  readonly lastOffset: number;
  readonly aborted: boolean;
}

export interface EndMarker {
  readonly commit: boolean;
  readonly coordinatorEpoch: number;
}

/** Sequences count from 0 to 2^31-1 and begin again. */
export function firstSequence({ lastSequence, offsetDelta }: BatchMetadata): number {
  if (lastSequence >= offsetDelta) return lastSequence - offsetDelta;
  return SEQUENCE_MAX - (offsetDelta - lastSequence) + 1;
}

export class ProducerEntry {
  readonly producerId: number;
  producerEpoch: number = NO_PRODUCER_EPOCH;
  coordinatorEpoch = -1;
  lastTimestamp: number = NO_TIMESTAMP;
  /** -1: no transaction is open. */
  currentTxnFirstOffset = -1;
  batches: BatchMetadata[] = [];

  constructor(producerId: number) {
    this.producerId = producerId;
  }

  get last(): BatchMetadata | null {
    return this.batches[this.batches.length - 1] ?? null;
  }

  get lastSequence(): number {
    return this.last?.lastSequence ?? NO_SEQUENCE;
  }

  addBatch(producerEpoch: number, batch: BatchMetadata): void {
    this.enterEpoch(producerEpoch);
    if (this.batches.length === BATCHES_KEPT) this.batches.shift();
    this.batches.push(batch);
    this.lastTimestamp = batch.timestamp;
  }

  enterEpoch(producerEpoch: number): void {
    if (this.producerEpoch === producerEpoch) return;
    this.batches = [];
    this.producerEpoch = producerEpoch;
  }

  /** The batch of the same epoch with exactly these sequences. */
  duplicateOf(producerEpoch: number, first: number, last: number): BatchMetadata | null {
    if (producerEpoch !== this.producerEpoch) return null;
    return this.batches.find((batch) => batch.lastSequence === last && firstSequence(batch) === first) ?? null;
  }
}

/** A data batch as far as producers are concerned. */
export interface ProducerBatch {
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
  readonly transactional: boolean;
}

/** What the batches of one append change about one producer; nothing is changed before all of them have passed. */
export class ProducerUpdate {
  readonly producerId: number;
  /** The producer as it will be: batches hold only what is new. */
  readonly updated: ProducerEntry;
  readonly started: OpenTransaction[] = [];
  private readonly current: ProducerEntry;
  private readonly origin: AppendOrigin;
  private readonly logger: Logger;
  private readonly partition: string;

  constructor(current: ProducerEntry, origin: AppendOrigin, partition: string, logger: Logger) {
    this.producerId = current.producerId;
    this.current = current;
    this.origin = origin;
    this.partition = partition;
    this.logger = logger;
    const updated = new ProducerEntry(current.producerId);
    updated.producerEpoch = current.producerEpoch;
    updated.coordinatorEpoch = current.coordinatorEpoch;
    updated.lastTimestamp = current.lastTimestamp;
    updated.currentTxnFirstOffset = current.currentTxnFirstOffset;
    this.updated = updated;
  }

  addData(batch: ProducerBatch): void {
    const { updated } = this;
    this.checkEpoch(batch.producerEpoch, batch.baseOffset, 0);
    if (this.origin === "client") this.checkSequence(batch);
    updated.addBatch(batch.producerEpoch, {
      lastSequence: batch.lastSequence,
      lastOffset: batch.lastOffset,
      offsetDelta: batch.lastOffset - batch.baseOffset,
      timestamp: batch.maxTimestamp,
    });
    if (updated.currentTxnFirstOffset >= 0 && !batch.transactional) {
      throw new KafkaError(
        "INVALID_TXN_STATE",
        `Producer ${this.producerId} has a transaction open in ${this.partition} and wrote outside of it`,
      );
    }
    if (updated.currentTxnFirstOffset < 0 && batch.transactional) {
      updated.currentTxnFirstOffset = batch.baseOffset;
      this.started.push({ producerId: this.producerId, firstOffset: batch.baseOffset });
    }
  }

  /** The marker that ends a transaction; null where none was open. */
  addMarker(
    marker: EndMarker,
    producerEpoch: number,
    offset: number,
    timestamp: number,
    transactionVersion: number,
  ): CompletedTransaction | null {
    const { updated, producerId } = this;
    this.checkEpoch(producerEpoch, offset, transactionVersion);
    this.checkCoordinatorEpoch(marker, offset);
    const firstOffset = updated.currentTxnFirstOffset;
    updated.enterEpoch(producerEpoch);
    updated.coordinatorEpoch = marker.coordinatorEpoch;
    updated.currentTxnFirstOffset = -1;
    updated.lastTimestamp = timestamp;
    return firstOffset < 0 ? null : { producerId, firstOffset, lastOffset: offset, aborted: !marker.commit };
  }

  /** With transactions of version 2 every transaction has an epoch of its own, so its marker's must be a new one. */
  private checkEpoch(producerEpoch: number, offset: number, transactionVersion: number): void {
    const { producerEpoch: seen, currentTxnFirstOffset } = this.updated;
    const stale = transactionVersion >= 2 ? producerEpoch <= seen : producerEpoch < seen;
    if (!stale) return;
    const ended = currentTxnFirstOffset < 0 || producerEpoch === EPOCH_MAX;
    // The marker came before and its answer was lost.
    if (transactionVersion >= 2 && producerEpoch === seen && ended) return;
    const message =
      `Producer ${this.producerId} wrote to ${this.partition} at offset ${offset} with epoch ${producerEpoch}; ` +
      `the last epoch seen is ${seen}`;
    if (this.origin !== "replication") throw new KafkaError("INVALID_PRODUCER_EPOCH", message);
    this.logger.warn(message);
  }

  private checkCoordinatorEpoch(marker: EndMarker, offset: number): void {
    const seen = this.updated.coordinatorEpoch;
    if (marker.coordinatorEpoch >= seen) return;
    const message =
      `A transaction marker for producer ${this.producerId} in ${this.partition} at offset ${offset} comes from ` +
      `coordinator epoch ${marker.coordinatorEpoch}, but epoch ${seen} has been seen`;
    if (this.origin !== "replication") throw new KafkaError("TRANSACTION_COORDINATOR_FENCED", message);
    this.logger.info(message);
  }

  private checkSequence(batch: ProducerBatch): void {
    const { updated, current } = this;
    if (batch.producerEpoch !== updated.producerEpoch) {
      if (batch.firstSequence === 0 || updated.producerEpoch === NO_PRODUCER_EPOCH) return;
      throw this.outOfOrder(batch, `the new epoch ${batch.producerEpoch} must begin with sequence 0`);
    }
    let last = NO_SEQUENCE;
    if (updated.last !== null) last = updated.lastSequence;
    else if (batch.producerEpoch === current.producerEpoch) last = current.lastSequence;
    if (current.producerEpoch === NO_PRODUCER_EPOCH || inSequence(last, batch.firstSequence)) return;
    throw this.outOfOrder(batch, `the last sequence is ${last}`);
  }

  private outOfOrder(batch: ProducerBatch, why: string): KafkaError {
    return new KafkaError(
      "OUT_OF_ORDER_SEQUENCE_NUMBER",
      `Producer ${this.producerId} sent sequence ${batch.firstSequence} to ${this.partition} ` +
        `at offset ${batch.baseOffset}: ${why}`,
    );
  }
}

function inSequence(last: number, next: number): boolean {
  return next === last + 1 || (next === 0 && last === SEQUENCE_MAX);
}

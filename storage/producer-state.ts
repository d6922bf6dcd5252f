/** What a log knows about each producer: its epoch, last five batches and open transaction. */
export interface ProducerDescription {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  /** -1 where no transaction is open. */
  readonly currentTxnStartOffset: number;
}

export interface ProducerState {
  /** For DescribeProducers. */
  active(): ProducerDescription[];
  readonly count: number;
  /** The first offset of a transaction that is open or not yet replicated, null where there is none. */
  readonly firstUnstableOffset: number | null;
  hasOngoingTransaction(producerId: number, producerEpoch: number): boolean;
  removeExpired(nowMs: number): void;
}

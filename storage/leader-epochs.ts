/** The start offset of each leader epoch in a log: `leader-epoch-checkpoint` (KIP-101, KIP-279, KIP-320). */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

export interface LeaderEpochs {
  readonly latest: EpochEntry | null;
  readonly earliest: EpochEntry | null;
  entries(): readonly EpochEntry[];
  /** The largest epoch at or below the one asked for and where it ends; epoch -1 and offset -1 where unknown. */
  endOffsetFor(epoch: number, logEndOffset: number): { readonly epoch: number; readonly endOffset: number };
  /** The epoch of the record at `offset`, null where unknown. */
  epochFor(offset: number): number | null;
  previousEpoch(epoch: number): number | null;
  /** A leader starts an epoch at its log end, before it has appended anything. */
  assign(epoch: number, startOffset: number): void;
}

/**
 * What the controller and the image loader need of the metadata log (`__cluster_metadata-0`). `raft/driver.ts` is one;
 * a test may be another. Records are framed metadata records (frame version, type, version, body), as in a batch.
 */
export interface LeaderAndEpoch {
  /** Null while no leader is known. */
  readonly leaderId: number | null;
  readonly epoch: number;
}

export interface OffsetAndEpoch {
  readonly offset: number;
  readonly epoch: number;
}

/** One batch of the log that is committed: it will be at these offsets on every node, for ever. */
export interface CommittedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly appendTimeMs: number;
  readonly sizeBytes: number;
  /** Empty for a control batch: it only moves the offset. */
  readonly records: readonly Uint8Array[];
}

/** The whole state before `id.offset` (the first offset that is not in it). */
export interface MetadataSnapshot {
  readonly id: OffsetAndEpoch;
  readonly lastContainedLogTimeMs: number;
  readonly sizeBytes: number;
  readonly records: Iterable<Uint8Array>;
}

export interface MetadataLogListener {
  /** Batches in offset order, each once, none before it is committed. */
  committed(batches: readonly CommittedBatch[]): void;
  /** Replaces all state: at start, or where the log no longer reaches back to what the listener has. */
  snapshot(snapshot: MetadataSnapshot): void;
  /**
   * A new leader or epoch. On the new leader it comes after every batch of earlier epochs was handed to `committed`, so
   * that whoever activates on it knows the whole log.
   */
  leaderChanged(leader: LeaderAndEpoch): void;
}

export interface MetadataLog {
  readonly leader: LeaderAndEpoch;
  /** The first offset that is not committed; 0 until it is known. */
  readonly highWatermark: number;
  /**
   * The first offset that is not committed as the leader tells, also where this log does not reach so far yet; null
   * until a leader has told.
   */
  readonly toldHighWatermark: number | null;
  /** The offset that the next record gets. */
  readonly endOffset: number;
  /** From now on; the listener first gets the latest snapshot and all that is committed. */
  register(listener: MetadataLogListener): void;
  /**
   * Appends the records as one batch (all or none survive a crash) and returns the offset of the last one at once;
   * `committed` tells when a majority has it durably. KafkaError NOT_CONTROLLER where this node no longer leads
   * `epoch`.
   */
  append(epoch: number, records: readonly Uint8Array[]): number;
  /** This node leads `epoch` and gives it up, because it cannot go on (a failed assert, a failing disk, shutdown). */
  resign(epoch: number): void;
  readonly latestSnapshotId: OffsetAndEpoch | null;
  /** Writes a snapshot of the committed state before `id.offset`; the log behind it is deleted later. */
  createSnapshot(id: OffsetAndEpoch, lastContainedLogTimeMs: number, records: Iterable<Uint8Array>): Promise<void>;
}

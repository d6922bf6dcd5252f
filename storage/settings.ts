/** What a log is told from outside: the topic's settings it obeys and the doors it works through. */
import type { Clock, Disk, DiskError, Logger, Random } from "../base/ports.ts";
import type { KafkaError } from "../protocol/errors.ts";
import type { FilePool } from "./file-pool.ts";
import type { AppendOrigin } from "./log.ts";

/**
 * A topic's settings as its log reads them, under the topic's own names. The log keeps no copy: it reads the property
 * each time it decides, so an object with getters over the live configuration makes every change take effect at once.
 */
export interface LogSettings {
  /** `segment.bytes` */
  readonly segmentBytes: number;
  /** `segment.ms` */
  readonly segmentMs: number;
  /** `segment.jitter.ms` */
  readonly segmentJitterMs: number;
  /** `segment.index.bytes` */
  readonly segmentIndexBytes: number;
  /** `index.interval.bytes` */
  readonly indexIntervalBytes: number;
  /** `retention.ms`; -1 keeps for ever */
  readonly retentionMs: number;
  /** `retention.bytes`; -1 keeps all */
  readonly retentionBytes: number;
  /** Whether `cleanup.policy` contains `delete`; without it only what lies below the log start is removed. */
  readonly cleanupDelete: boolean;
  /** Whether `cleanup.policy` contains `compact`. */
  readonly cleanupCompact: boolean;
  /** `min.cleanable.dirty.ratio`: the share of bytes that must be new before a log is compacted again */
  readonly minCleanableRatio: number;
  /** `min.compaction.lag.ms` */
  readonly minCompactionLagMs: number;
  /** `max.compaction.lag.ms`: older records are compacted whatever their share */
  readonly maxCompactionLagMs: number;
  /** `delete.retention.ms`: how long a tombstone stays once nothing precedes it */
  readonly deleteRetentionMs: number;
  /** `file.delete.delay.ms` */
  readonly fileDeleteDelayMs: number;
  /** `flush.messages`: unsynced records at which the log syncs by itself */
  readonly flushMessages: number;
  /** `flush.ms`: longest time that a record stays unsynced before the log syncs by itself */
  readonly flushMs: number;
  /** `preallocate`: new segments get their full length at once */
  readonly preallocate: boolean;
  /** `producer.id.expiration.ms` (a broker setting) */
  readonly producerIdExpirationMs: number;
}

/** Apache's defaults (4.3), for tools and tests. */
export const defaultLogSettings: LogSettings = {
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  retentionMs: 604_800_000,
  retentionBytes: -1,
  cleanupDelete: true,
  cleanupCompact: false,
  minCleanableRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  deleteRetentionMs: 86_400_000,
  fileDeleteDelayMs: 60_000,
  flushMessages: Number.MAX_SAFE_INTEGER,
  flushMs: Number.MAX_SAFE_INTEGER,
  preallocate: false,
  producerIdExpirationMs: 86_400_000,
};

/** The doors of one log directory: shared by all of its logs. */
export interface LogDoors {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface LogOptions extends LogDoors {
  /** The partition's directory, absolute: `/data/orders-0`. Made where it is missing. */
  readonly path: string;
  readonly topic: string;
  readonly partition: number;
  readonly settings: LogSettings;
  /** From the directory's checkpoints; 0 where they do not name this partition. */
  readonly logStartOffset?: number;
  /** The same; null where the checkpoint could not be read, so that nothing is known to be synced or not. */
  readonly recoveryPoint?: number | null;
  /** The same, where a high watermark promises that what lies below was synced: nothing of it is ever cut off. */
  readonly highWatermark?: number;
  /** Whatever the recovery point says, an unclean start reads and checks every segment. */
  readonly recoverAll?: boolean;
  /** Up to here compaction has been, as its checkpoint says: gaps between segments are its own. */
  readonly compactedTo?: number;
  /** False: what lies above the recovery point is read and checked before the log opens (default true). */
  readonly cleanShutdown?: boolean;
  /** Shared by the logs of a directory, so that their open files have one limit. */
  readonly files?: FilePool;
  /**
   * Around a truncation to `offset`: the checkpoints must not name what the log no longer reaches, and nothing else may
   * work on its files.
   */
  readonly truncation?: (offset: number, change: () => Promise<void>) => Promise<void>;
  /** A failed write or sync, once: the directory goes offline, every later call on the log throws the same error. */
  readonly onDiskError?: (error: DiskError) => void;
  /** Sealed segments of so many bytes, with their indexes, have become durable. */
  readonly onSealedDurable?: (bytes: number) => void;
  /** A read has found what was not written; it is refused. Once for each damage. */
  readonly onCorruption?: (error: KafkaError) => void;
  /** Recovery has cut so many bytes off the end of the log. At most once. */
  readonly onRecoveryCut?: (bytes: number) => void;
  /** Before each append: throws KAFKA_STORAGE_ERROR where the disk has no room for it. */
  readonly admit?: (bytes: number, origin: AppendOrigin) => void;
  /** Segments read so far and to read, during recovery. */
  readonly onProgress?: (recovered: number, total: number) => void;
}

/** Which part of a log may be compacted, and whether it is worth it (Apache's LogCleanerManager, LogToClean). */
import type { Log } from "./log.ts";
import type { Segment } from "./segment.ts";

export interface Cleanable {
  readonly log: Log;
  /** Below, compaction has seen every record. */
  readonly firstDirtyOffset: number;
  /** The base of a segment, the active one at the latest. */
  readonly upperBoundOffset: number;
  readonly cleanableBytes: number;
  /** Clean and cleanable. */
  readonly totalBytes: number;
  /** The share of what is new. */
  readonly ratio: number;
  /** Records have been waiting for longer than `max.compaction.lag.ms`. */
  readonly overdue: boolean;
  /** The checkpoint is no offset of this log: it must be corrected. */
  readonly checkpointInvalid: boolean;
}

/** `cleanedTo`: what the checkpoint says, undefined where it does not know the log. */
export function cleanableOf(log: Log, cleanedTo: number | undefined, nowMs: number): Cleanable {
  const { compaction, logStartOffset, logEndOffset } = log;
  const checkpointed = cleanedTo ?? logStartOffset;
  const checkpointInvalid = checkpointed < logStartOffset || checkpointed > logEndOffset;
  const firstDirtyOffset = checkpointInvalid ? logStartOffset : checkpointed;
  const uncleanable = Math.max(firstDirtyOffset, firstUncleanable(log, firstDirtyOffset, nowMs));
  const bound = compaction.sealedFrom(uncleanable)[0] ?? compaction.active;
  const upperBoundOffset = bound.baseOffset;
  const dirty = compaction.segmentsBetween(Math.min(firstDirtyOffset, upperBoundOffset), upperBoundOffset);
  const clean = compaction.segmentsBetween(0, firstDirtyOffset);
  const cleanableBytes = bytesOf(dirty);
  const totalBytes = bytesOf(clean) + cleanableBytes;
  const ratio = totalBytes === 0 ? 0 : cleanableBytes / totalBytes;
  const overdue = isOverdue(log, firstDirtyOffset, nowMs);
  return { log, firstDirtyOffset, upperBoundOffset, cleanableBytes, totalBytes, ratio, overdue, checkpointInvalid };
}

export function isDue({ log, overdue, cleanableBytes, totalBytes, ratio }: Cleanable): boolean {
  if (totalBytes === 0) return false;
  return (overdue && cleanableBytes > 0) || ratio > log.compaction.settings.minCleanableRatio;
}

/** Undecided transactions, the active segment and what is too young stay as they are. */
function firstUncleanable(log: Log, firstDirtyOffset: number, nowMs: number): number {
  const { compaction, lastStableOffset } = log;
  const bound = Math.min(lastStableOffset, compaction.active.baseOffset);
  const lagMs = compaction.settings.minCompactionLagMs;
  if (lagMs <= 0) return bound;
  const young = compaction.sealedFrom(firstDirtyOffset).find((segment) => segment.largestTimestamp() > nowMs - lagMs);
  return Math.min(bound, young?.baseOffset ?? bound);
}

function isOverdue(log: Log, firstDirtyOffset: number, nowMs: number): boolean {
  const { compaction } = log;
  const latestMs = nowMs - Math.max(compaction.settings.maxCompactionLagMs, 0);
  return compaction.sealedFrom(firstDirtyOffset).some((segment) => {
    const timestamp = segment.firstBatchTimestamp();
    return timestamp > 0 && timestamp < latestMs;
  });
}

function bytesOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

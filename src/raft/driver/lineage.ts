/**
 * Whether another replica's log is a beginning of this one, and where the two part: KIP-595's reconciliation by the
 * epochs and where each begins. As Kafka's RaftLog.
 */
import type { Log } from "../../../storage/log.ts";
import type { OffsetAndEpoch } from "../state.ts";
import type { Snapshots } from "./snapshots.ts";

export type Position =
  | { readonly kind: "valid" }
  /** The largest end of an epoch up to the one asked for, as far as this log knows. */
  | { readonly kind: "diverging"; readonly end: OffsetAndEpoch }
  /** This log no longer reaches back so far. */
  | { readonly kind: "snapshot"; readonly id: OffsetAndEpoch };

/** Is a log that ends at `offset` with a record of `epoch` a beginning of this log? */
export function locate(log: Log, snapshots: Snapshots, { offset, epoch }: OffsetAndEpoch): Position {
  const start = log.logStartOffset;
  const { earliestId, latestId } = snapshots;
  const isEmpty = offset === 0;
  // An empty log is filled faster from a snapshot than from the records; the one of offset 0 holds none.
  if (isEmpty && latestId !== null && latestId.offset > 0) return { kind: "snapshot", id: latestId };
  if (isEmpty && start === 0) return { kind: "valid" };
  if (earliestId !== null && latestId !== null) {
    const isOther = offset === start && epoch !== earliestId.epoch && earliestId.offset === start;
    if (offset < start || isOther || epoch < earliestId.epoch) return { kind: "snapshot", id: latestId };
  }
  const end = endOfEpoch(log, snapshots, epoch);
  return end.epoch === epoch && end.offset >= offset ? { kind: "valid" } : { kind: "diverging", end };
}

/** Of the largest epoch up to the one asked for. */
function endOfEpoch(log: Log, snapshots: Snapshots, asked: number): OffsetAndEpoch {
  const { epoch, endOffset } = log.epochs.endOffsetFor(asked, log.logEndOffset);
  if (endOffset < 0) return { offset: log.logEndOffset, epoch: epochBefore(log, snapshots, log.logEndOffset) };
  const { earliestId } = snapshots;
  if (earliestId !== null && endOffset === earliestId.offset && endOffset === log.logStartOffset) return earliestId;
  return { offset: endOffset, epoch };
}

/** Where this log is cut so that it is a beginning of the leader's, whose epoch `end.epoch` ends at `end.offset`. */
export function truncationPoint(log: Log, snapshots: Snapshots, end: OffsetAndEpoch): OffsetAndEpoch {
  const own = end.epoch === 0 ? { offset: log.logEndOffset, epoch: 0 } : endOfEpoch(log, snapshots, end.epoch);
  const offset = own.epoch === end.epoch ? Math.min(own.offset, end.offset) : own.offset;
  return { offset, epoch: epochBefore(log, snapshots, offset) };
}

/** The epoch of the last record before `offset`; 0 where there is none. */
export function epochBefore(log: Log, snapshots: Snapshots, offset: number): number {
  const { earliestId, latestId } = snapshots;
  if (earliestId?.offset === offset && offset === log.logStartOffset) return earliestId.epoch;
  if (latestId?.offset === offset && offset === log.logStartOffset) return latestId.epoch;
  return log.epochs.epochFor(offset - 1) ?? 0;
}

/**
 * How a follower's log follows its leader's: it takes batches as they are, and gives up what the leader does not have
 * (KIP-101, KIP-279, KIP-595). As Kafka's ReplicaFetcherThread and UnifiedLog.appendAsFollower.
 */
import { KafkaError } from "../../protocol/errors.ts";
import * as batch from "../../protocol/records/batch.ts";
import { isIntact, lastOffsetOf, leaderEpochOf, smallestBytes } from "../../storage/batch-facts.ts";
import type { Log } from "../../storage/log.ts";

/** The log is empty, and the leader's first batch begins below its start: records before it were deleted. */
export class BeginsEarlier extends Error {
  override readonly name = "BeginsEarlier";
  readonly firstOffset: number;
  constructor(firstOffset: number) {
    super(`the first batch begins at ${firstOffset}`);
    this.firstOffset = firstOffset;
  }
}

/**
 * Appends the whole batches in `bytes`; a last one that was cut is left for the next fetch, and so is what a later
 * leader wrote: between its election and this follower's hearing of it the log may yet be truncated. Returns the bytes
 * taken.
 * @throws CORRUPT_MESSAGE before anything is appended; BeginsEarlier; DiskError.
 */
export function appendFetched(log: Log, bytes: Uint8Array, leaderEpoch: number): number {
  const end = checkedEnd(log, bytes, leaderEpoch);
  let at = 0;
  while (at < end) {
    const next = fitting(log, bytes, at, end);
    log.append(bytes.subarray(at, next), "replication");
    at = next;
  }
  return end;
}

/** Where the batches end that can be appended. */
function checkedEnd(log: Log, bytes: Uint8Array, leaderEpoch: number): number {
  let nextOffset = log.logEndOffset;
  let at = 0;
  while (bytes.length - at >= batch.HEADER_UP_TO_MAGIC) {
    const sizeBytes = batch.sizeBytes(bytes, at);
    if (sizeBytes < smallestBytes(bytes, at)) throw corrupt(log, `a batch of ${sizeBytes} bytes`);
    if (sizeBytes > bytes.length - at || leaderEpochOf(bytes, at) > leaderEpoch) break;
    if (!isIntact(bytes, at)) throw corrupt(log, `the checksum of the batch at ${batch.baseOffset(bytes, at)}`);
    const baseOffset = batch.baseOffset(bytes, at);
    const lastOffset = lastOffsetOf(bytes, at);
    if (baseOffset < nextOffset) {
      const isFirst = at === 0 && log.logEndOffset === log.logStartOffset && lastOffset >= nextOffset;
      if (isFirst) throw new BeginsEarlier(baseOffset);
      throw corrupt(log, `a batch from ${baseOffset} to ${lastOffset} where ${nextOffset} is next`);
    }
    nextOffset = lastOffset + 1;
    at += sizeBytes;
  }
  return at;
}

/** As many batches as the active segment takes, so that it is rolled before the same batch as the leader's. */
function fitting(log: Log, bytes: Uint8Array, from: number, end: number): number {
  const room = log.segmentRoomBytes;
  let at = from + batch.sizeBytes(bytes, from);
  while (at < end && at + batch.sizeBytes(bytes, at) - from <= room) at += batch.sizeBytes(bytes, at);
  return at;
}

function corrupt(log: Log, what: string): KafkaError {
  return new KafkaError("CORRUPT_MESSAGE", `The leader of ${log.name} sent ${what}`);
}

/**
 * Where a log is truncated whose leader says that the epoch it last had ends elsewhere: `leader` is the largest epoch
 * of
 * the leader's at or below that one, and its end. Where this log does not know that epoch it gives up all that is
 * later, and the next fetch asks with what is left.
 */
export function truncationOffset(
  log: Pick<Log, "logEndOffset" | "epochs">,
  leader: { readonly epoch: number; readonly endOffset: number },
): number {
  const { logEndOffset, epochs } = log;
  const own = epochs.endOffsetFor(leader.epoch, logEndOffset);
  if (own.endOffset === -1) return Math.min(leader.endOffset, logEndOffset);
  const isShared = own.epoch === leader.epoch;
  return Math.min(isShared ? Math.min(own.endOffset, leader.endOffset) : own.endOffset, logEndOffset);
}
